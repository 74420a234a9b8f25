// The trainer worker: Burn, in slices short enough that pause and cancel are felt
// at once. What is trained does not depend on how it is sliced. Ended after each
// run, so that its memory returns.
import init, { JobReader, Trainer } from "../engine/web-train";
import { probe } from "../privacy/probe";
import { serve } from "./host";
import type { TrainerJobs } from "./protocol";

const SLICE_MS = 50;

let reader: JobReader | null = null;

serve<TrainerJobs>(init, {
  take: ({ piece }) => {
    reader ??= new JobReader();
    reader.push(piece);
    return null;
  },
  train: async (_, context) => {
    const trainer = new Trainer(reader ?? new JobReader());
    reader = null;
    try {
      let batches = 1;
      for (;;) {
        const begun = performance.now();
        const progress = trainer.advance(batches);
        const took = performance.now() - begun;
        context.note(progress);
        if (progress.finished) return trainer.finish();
        batches = next(batches, took);
        await context.breathe();
      }
    } finally {
      trainer.free();
    }
  },
  probe: () => probe(),
});

/** Toward the slice's length, at most doubling, so that one odd measurement can't freeze it. */
function next(batches: number, took_ms: number): number {
  const wanted = (batches * SLICE_MS) / Math.max(took_ms, 1);
  return Math.max(1, Math.min(batches * 2, Math.floor(wanted)));
}
