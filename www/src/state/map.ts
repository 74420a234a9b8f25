// All windows on a plane: made when somebody looks at it, and again once changes have come to rest.
import { effect, signal } from "@preact/signals";
import type { SampleMap } from "../engine/arrays";
import { overview, recordings } from "./data";
import { latestOnly } from "./latest";
import { project } from "./project";
import { troubleOf } from "./toasts";
import type { Trouble } from "./types";
import { lab } from "./workers";

/** It takes the features of everything, so that it waits until a slider has been let go. */
const CALM_MS = 600;

export interface MapState {
  map: SampleMap | null;
  /** What is shown is of older settings or recordings; a newer one is on its way. */
  pending: boolean;
  trouble: Trouble | null;
}

const NOTHING: MapState = { map: null, pending: false, trouble: null };
export const sampleMap = signal<MapState>(NOTHING);

const make = latestOnly(async (settings: NonNullable<typeof project.value>["settings"]) => {
  try {
    const map = await lab.call("map", { settings });
    sampleMap.value = { map, pending: false, trouble: null };
  } catch (error) {
    sampleMap.value = { ...sampleMap.value, pending: false, trouble: troubleOf(error) };
  }
});

/** What the map that is shown, or on its way, was made of. */
let made: { shape: string; recordings: unknown } = { shape: "", recordings: null };

/** Keeps the map up to date until the function that is given back is called. */
export function watchMap(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const settings = project.value?.settings;
    const some = recordings.value;
    const known = overview.value;
    clearTimeout(timer);
    if (!settings || some.length === 0 || !known) {
      sampleMap.value = NOTHING;
      return;
    }
    const { rate_hz, window_ms, hop_ms, axes, merge, block, task } = settings;
    const shape = JSON.stringify([rate_hz, window_ms, hop_ms, axes, merge, block, task]);
    const same = made.shape === shape && made.recordings === some;
    if (sampleMap.peek().pending === same && same) {
      sampleMap.value = { ...sampleMap.peek(), pending: false };
    }
    if (same) return;
    sampleMap.value = { ...sampleMap.peek(), pending: true };
    timer = setTimeout(() => {
      made = { shape, recordings: some };
      make(settings);
    }, CALM_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
