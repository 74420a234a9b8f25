// The last ten seconds of readings, for the live plot: one ring, written at the
// sensor's pace and read once a frame. No signal: nothing is drawn because of it.
import type { Chunk } from "../sensors";
import type { Trace } from "./types";

const SHOWN_MS = 10_000;
/** 10 s at 200 Hz. */
const CAPACITY = 2048;
const RATE_READINGS = 100;

export const trace: Trace = {
  times_ms: new Float64Array(CAPACITY),
  values: new Float32Array(CAPACITY * 3),
  axes: [],
  head: 0,
  length: 0,
};

export function resetTrace(axes: string[]): void {
  trace.axes = axes;
  trace.values = new Float32Array(CAPACITY * axes.length);
  trace.head = 0;
  trace.length = 0;
}

export function pushTrace({ times_ms, values }: Chunk): void {
  const axes = trace.axes.length;
  for (const [i, t] of times_ms.entries()) {
    trace.times_ms[trace.head] = t;
    trace.values.set(values.subarray(i * axes, (i + 1) * axes), trace.head * axes);
    trace.head = (trace.head + 1) % CAPACITY;
    trace.length = Math.min(trace.length + 1, CAPACITY);
  }
  while (trace.length > 1 && newest() - time(0) > SHOWN_MS) trace.length -= 1;
}

/** Over the last readings; null while there are too few. */
export function measuredRate(): number | null {
  const n = Math.min(trace.length, RATE_READINGS);
  const span = newest() - time(trace.length - n);
  return n > 1 && span > 0 ? ((n - 1) * 1000) / span : null;
}

const time = (i: number) =>
  trace.times_ms[(trace.head - trace.length + i + CAPACITY) % CAPACITY] ?? 0;
const newest = () => time(trace.length - 1);
