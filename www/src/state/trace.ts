// The last ten seconds of readings, for the live plot: one ring, written at the
// sensor's pace and read once a frame. No signal: nothing is drawn because of it.
// Of sound, which is faster than any screen, it holds the lowest and the highest
// value of each hundredth of a second.

import type { Axis } from "../engine/types/Axis";
import { type Chunk, isSound } from "../sensors";
import type { Trace } from "./types";

const SHOWN_MS = 10_000;
/** 10 s at 200 Hz. */
const CAPACITY = 2048;
const RATE_READINGS = 100;
const COLUMN_MS = 10;

export const trace: Trace = {
  times_ms: new Float64Array(CAPACITY),
  values: new Float32Array(CAPACITY * 3),
  axes: [],
  head: 0,
  length: 0,
};

let sound = false;
let column = { begun_ms: Number.NEGATIVE_INFINITY, low: 0, high: 0 };
/** Of sound: what its own times say. */
let sound_hz: number | null = null;

export function resetTrace(axes: readonly Axis[]): void {
  sound = isSound(axes);
  sound_hz = null;
  column = { begun_ms: Number.NEGATIVE_INFINITY, low: 0, high: 0 };
  trace.axes = axes.map((axis) => axis.name);
  trace.values = new Float32Array(CAPACITY * axes.length);
  trace.head = 0;
  trace.length = 0;
}

export function pushTrace(chunk: Chunk): void {
  if (sound) pushSound(chunk);
  else {
    const axes = trace.axes.length;
    for (const [i, t] of chunk.times_ms.entries())
      put(t, chunk.values.subarray(i * axes, (i + 1) * axes));
  }
  while (trace.length > 1 && newest() - time(0) > SHOWN_MS) trace.length -= 1;
}

const NOTHING = new Float32Array(1);

/** A picture: only its time is a reading of its own. */
export function tracePicture(t_ms: number): void {
  pushTrace({ times_ms: Float64Array.of(t_ms), values: NOTHING });
}

function pushSound({ times_ms, values }: Chunk): void {
  const n = times_ms.length;
  // Sound has a whole number of samples a second; its times are that number's, rounded.
  if (n > 1)
    sound_hz = Math.round(((n - 1) * 1000) / ((times_ms[n - 1] ?? 0) - (times_ms[0] ?? 0)));
  for (let i = 0; i < n; i++) {
    const [t, value] = [times_ms[i] ?? 0, values[i] ?? 0];
    if (t - column.begun_ms >= COLUMN_MS) {
      if (column.begun_ms > Number.NEGATIVE_INFINITY) {
        put(column.begun_ms, [column.low]);
        put(column.begun_ms + COLUMN_MS / 2, [column.high]);
      }
      column = { begun_ms: t, low: value, high: value };
    }
    column.low = Math.min(column.low, value);
    column.high = Math.max(column.high, value);
  }
}

function put(t: number, reading: ArrayLike<number>): void {
  trace.times_ms[trace.head] = t;
  trace.values.set(reading, trace.head * trace.axes.length);
  trace.head = (trace.head + 1) % CAPACITY;
  trace.length = Math.min(trace.length + 1, CAPACITY);
}

/** Over the last readings; null while there are too few. */
export function measuredRate(): number | null {
  if (sound) return sound_hz;
  const n = Math.min(trace.length, RATE_READINGS);
  const span = newest() - time(trace.length - n);
  return n > 1 && span > 0 ? ((n - 1) * 1000) / span : null;
}

const time = (i: number) =>
  trace.times_ms[(trace.head - trace.length + i + CAPACITY) % CAPACITY] ?? 0;
const newest = () => time(trace.length - 1);
