// The part of the lab worker that runs a long stream through the model. Each slice is a request
// of its own, so that whatever else the lab is asked meanwhile is answered in between.
import type { Lab, Replaying } from "../engine/web";
import type { Handlers } from "./host";
import type { Replayed, ReplayJobs } from "./protocol";

/** Short enough that nobody who asks the lab for something else notices. */
const SLICE_MS = 40;

let replaying: Replaying | null = null;

/** Forgets the replay that is on its way, if there is one. */
export function forgetReplay(): void {
  replaying?.free();
  replaying = null;
}

export function replayJobs(lab: () => Lab): Handlers<ReplayJobs> {
  return {
    beginReplay: ({ settings, options }) => {
      forgetReplay();
      replaying = lab().replay(settings, options);
      return replaying.total();
    },
    stepReplay: () => {
      if (!replaying) throw NONE;
      const ended = replaying.advance(lab(), SLICE_MS);
      const [done, total] = [replaying.done(), replaying.total()];
      if (!ended) return { done, total, found: null };
      // Finishing it frees it.
      const whole = replaying;
      replaying = null;
      return { done, total, found: foundIn(whole) };
    },
    endReplay: () => {
      forgetReplay();
      return null;
    },
  };
}

const NONE = {
  what: "No replay is on its way",
  place: "lab worker",
  remedy: "Start it again",
};

function foundIn(whole: Replaying): Replayed {
  const found = whole.finish();
  try {
    const timeline = { awake: found.awake(), score: found.score(), best: found.best() };
    return { told: found.told(), timeline };
  } finally {
    found.free();
  }
}
