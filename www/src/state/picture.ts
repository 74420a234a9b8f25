// What the network will see of the window under the glass, recomputed as settings change.
import { signal } from "@preact/signals";
import type { Picture } from "../engine/arrays";
import type { BlockInfo } from "../engine/types/BlockInfo";
import type { Settings } from "../engine/types/Settings";
import type { WindowView } from "../engine/types/WindowView";
import { latestOnly } from "./latest";
import { catalog } from "./project";
import { troubleOf } from "./toasts";
import type { Trouble } from "./types";
import { lab } from "./workers";

export interface Wish {
  id: string;
  /** The window's first sample at the model's rate. */
  start: number;
  settings: Settings;
}

/** One window as pictures. */
export interface Looked extends Wish {
  features: Picture;
  /** Frequencies over time of a sound, where the features are something else. */
  spectrogram: Picture | null;
  /** Each feature with its name and its usual range, where they are of the window as a whole. */
  list: WindowView | null;
}

export const looked = signal<Looked | null>(null);
export const lookTrouble = signal<Trouble | null>(null);

/** Below this a signal has no sound in it. */
const SOUND_HZ = 1000;

let kept: { key: string; picture: Promise<Picture> } | null = null;

export const lookAt = latestOnly(async (wish: Wish) => {
  const { settings, id, start } = wish;
  try {
    const features = await lab.call("picture", { settings, id, start });
    const spectrogram = await spectrogramOf(wish);
    // Names and usual ranges take a pass over the training data, so only a short list has them.
    const list = features.frames === 1 ? await lab.call("window", { settings, id, start }) : null;
    looked.value = { ...wish, features, spectrogram, list };
    lookTrouble.value = null;
  } catch (error) {
    lookTrouble.value = troubleOf(error);
  }
});

export function forgetLooked(): void {
  looked.value = null;
  lookTrouble.value = null;
}

/** Does not change with the block's settings, so the last one is kept; null where there is none. */
async function spectrogramOf({ settings, id, start }: Wish): Promise<Picture | null> {
  const block = catalog.peek()?.blocks.find((one) => one.id === "spectrogram");
  if (!block || settings.rate_hz < SOUND_HZ || settings.block.id === block.id) return null;
  const key = JSON.stringify([id, start, settings.rate_hz, settings.window_ms, settings.axes]);
  if (kept?.key !== key) {
    const plain = {
      ...settings,
      block: { id: block.id, settings: fitting(block, settings.rate_hz) },
    };
    kept = { key, picture: lab.call("picture", { settings: plain, id, start }) };
  }
  try {
    return await kept.picture;
  } catch {
    // What the network gets is shown all the same.
    kept = null;
    return null;
  }
}

/** A frame of usual length in an FFT that holds it, and no more columns for that. */
function fitting(block: BlockInfo, rate_hz: number): Record<string, number> {
  const usual = (id: string) => block.settings.find((one) => one.id === id)?.default ?? 1;
  const frame = Math.round((usual("frame_ms") * rate_hz) / 1000);
  let [fft_length, group_bins] = [usual("fft_length"), usual("group_bins")];
  while (fft_length < frame) {
    fft_length *= 2;
    group_bins *= 2;
  }
  return { fft_length, group_bins };
}
