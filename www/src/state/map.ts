// All windows on a plane: made when somebody looks at it, and again once changes have come to rest.
import { effect, signal } from "@preact/signals";
import type { SampleMap } from "../engine/arrays";
import type { Settings } from "../engine/types/Settings";
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

/** What a map is made of. */
interface Wish {
  settings: Settings;
  shape: string;
  recordings: unknown;
}

/** The newest wish; the last that was handed on; the last that was answered. */
let wanted: Wish | null = null;
let asked: Wish | null = null;
let answered: Wish | null = null;

const make = latestOnly(async (wish: Wish) => {
  const done = (change: Partial<MapState>) => {
    answered = wish;
    // Of other recordings, such as another project's, it is of no use.
    if (wanted?.recordings !== wish.recordings) return;
    sampleMap.value = { ...sampleMap.value, ...change, pending: wish !== wanted };
  };
  try {
    const map = await lab.call("map", { settings: wish.settings });
    done({ map, trouble: null });
  } catch (error) {
    // Not asked any more, so that the next look tries again.
    if (asked === wish) asked = null;
    done({ trouble: troubleOf(error) });
  }
});

/** The settings that decide which windows there are, what is computed of them, and their norms. */
function shapeOf(settings: Settings): string {
  const { rate_hz, window_ms, hop_ms, axes, merge, block, task, split, training } = settings;
  const cut = [rate_hz, window_ms, hop_ms, training.hop_ms, axes, merge, split];
  return JSON.stringify([...cut, block, task]);
}

/** Keeps the map up to date until the function that is given back is called. */
export function watchMap(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const settings = project.value?.settings;
    const some = recordings.value;
    const known = overview.value;
    clearTimeout(timer);
    if (!settings || some.length === 0 || !known) {
      wanted = asked = null;
      sampleMap.value = NOTHING;
      return;
    }
    const wish: Wish = { settings, shape: shapeOf(settings), recordings: some };
    if (asked?.shape === wish.shape && asked.recordings === some) {
      wanted = asked;
      sampleMap.value = { ...sampleMap.peek(), pending: asked !== answered };
      return;
    }
    wanted = wish;
    sampleMap.value = { ...sampleMap.peek(), pending: true };
    timer = setTimeout(() => {
      asked = wish;
      make(wish);
    }, CALM_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
