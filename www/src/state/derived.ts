// What is made of all recordings at once: made when somebody looks at it, and again once changes have
// come to rest.
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Settings } from "../engine/types/Settings";
import { overview, recordings } from "./data";
import { latestOnly } from "./latest";
import { project } from "./project";
import { troubleOf } from "./toasts";
import type { Trouble } from "./types";

/** It takes everything there is, so that it waits until a slider has been let go. */
const CALM_MS = 600;

export interface Derived<T> {
  value: T | null;
  /** What is shown is of older settings or recordings; a newer one is on its way. */
  pending: boolean;
  trouble: Trouble | null;
}

/** What it is made of. */
interface Wish {
  settings: Settings;
  shape: string;
  recordings: unknown;
}

/**
 * `make` asks the engine for it; `shapeOf` gives what of the settings decides about it. `watch`
 * keeps `state` up to date until the function that it gives back is called.
 */
export function derived<T>(
  make: (settings: Settings) => Promise<T>,
  shapeOf: (settings: Settings) => unknown,
): { state: ReadonlySignal<Derived<T>>; watch: () => () => void } {
  const nothing: Derived<T> = { value: null, pending: false, trouble: null };
  const state = signal(nothing);
  /** The newest wish; the last that was handed on; the last that was answered. */
  let wanted: Wish | null = null;
  let asked: Wish | null = null;
  let answered: Wish | null = null;

  const ask = latestOnly(async (wish: Wish) => {
    const done = (change: Partial<Derived<T>>) => {
      answered = wish;
      // Of other recordings, such as another project's, it is of no use.
      if (wanted?.recordings !== wish.recordings) return;
      state.value = { ...state.value, ...change, pending: wish !== wanted };
    };
    try {
      done({ value: await make(wish.settings), trouble: null });
    } catch (error) {
      // Not asked any more, so that the next look tries again.
      if (asked === wish) asked = null;
      done({ trouble: troubleOf(error) });
    }
  });

  const watch = () => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = effect(() => {
      const settings = project.value?.settings;
      const some = recordings.value;
      const known = overview.value;
      clearTimeout(timer);
      if (!settings || some.length === 0 || !known) {
        wanted = asked = null;
        state.value = nothing;
        return;
      }
      const shape = JSON.stringify(shapeOf(settings));
      const wish: Wish = { settings, shape, recordings: some };
      if (asked?.shape === wish.shape && asked.recordings === some) {
        wanted = asked;
        state.value = { ...state.peek(), pending: asked !== answered };
        return;
      }
      const first = asked === null;
      wanted = wish;
      state.value = { ...state.peek(), pending: true };
      const go = () => {
        asked = wish;
        ask(wish);
      };
      // Nothing is changing yet when one begins to look.
      if (first) go();
      else timer = setTimeout(go, CALM_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  };
  return { state, watch };
}
