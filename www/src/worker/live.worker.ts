// The live worker: one model at the rate of a sensor, and its stopwatch.

import type { LiveAnswer } from "../engine/types/LiveAnswer";
import init, { Live } from "../engine/web";
import { probe } from "../privacy/probe";
import type { Stat } from "../state/types";
import type { Context } from "./host";
import { serve } from "./host";
import type { Counted, LiveJobs, Pushed, Seen } from "./protocol";

const BLOCKS = 50;
/** Browser clocks are coarse (up to 1 ms, for privacy), so a block lasts this long at least. */
const BLOCK_MS = 20;

let live: Live | null = null;

serve<LiveJobs>(init, {
  load: ({ bundle }) => {
    live?.free();
    live = null;
    live = new Live(bundle);
    return live.info();
  },
  push: ({ values, times_ms }) => {
    const model = loaded();
    return pushed(model, model.push(values, times_ms));
  },
  see: ({ rgba, width, height, t_ms }) => {
    const model = loaded();
    return seen(model, model.see(rgba, width, height, t_ms));
  },
  seeFile: ({ encoded, t_ms }) => {
    const model = loaded();
    return seen(model, model.see_file(encoded, t_ms));
  },
  decide: ({ decision }) => {
    loaded().set_decision(decision);
    return null;
  },
  measure: async (_, context) => {
    const model = loaded();
    const features = await timed((n) => model.spin_features(n), 0, context);
    const network = await timed((n) => model.spin(n), BLOCKS, context);
    return { features, network };
  },
  probe: () => probe(),
});

function pushed(model: Live, answer: LiveAnswer): Pushed {
  const rate_hz = model.sensor_rate();
  return {
    ...answer,
    rate_hz: Number.isFinite(rate_hz) && rate_hz > 0 ? rate_hz : null,
    refusal: model.refusal() ?? null,
  };
}

const seen = (model: Live, answer: LiveAnswer): Seen => ({
  ...pushed(model, answer),
  shown: model.shown(),
});

function loaded(): Live {
  if (live) return live;
  throw { what: "No model is loaded", place: "live worker", remedy: "Train a model first" };
}

/** Microseconds for one of what `spin` does `n` times: median and 95th percentile over the blocks. */
async function timed(
  spin: (n: number) => void,
  before: number,
  context: Context<Counted>,
): Promise<Stat> {
  let count = 1;
  let elapsed = stopwatch(spin, count);
  while (elapsed < BLOCK_MS) {
    // Straight to the goal once the clock can be believed, with a tenth to spare.
    count = elapsed < 2 ? count * 4 : Math.ceil((count * BLOCK_MS * 1.1) / elapsed);
    elapsed = stopwatch(spin, count);
  }
  const each: number[] = [];
  while (each.length < BLOCKS) {
    let repeated = count;
    let block = stopwatch(spin, count);
    while (block < BLOCK_MS) {
      block += stopwatch(spin, count);
      repeated += count;
    }
    each.push((block * 1000) / repeated);
    if (each.length % 5 === 0) {
      context.note({ done: before + each.length, total: 2 * BLOCKS });
      await context.breathe();
    }
  }
  each.sort((a, b) => a - b);
  const at = (share: number) => each[Math.min(BLOCKS - 1, Math.floor(share * BLOCKS))] ?? 0;
  return {
    median: ((at(0.5) + (each[BLOCKS / 2 - 1] ?? 0)) as number) / 2,
    p95: at(0.95),
    blocks: BLOCKS,
  };
}

function stopwatch(spin: (n: number) => void, n: number): number {
  const begun = performance.now();
  spin(n);
  return performance.now() - begun;
}
