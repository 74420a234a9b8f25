// How loud a microphone is just now: its effective value, its peak, and whether it clips.
import { signal } from "@preact/signals";

export interface Level {
  /** Shares of full scale, 0 to 1. */
  rms: number;
  peak: number;
  /** The highest peak of the last seconds. */
  held: number;
  /** It clips, or did within the last seconds. */
  clipping: boolean;
  /** Only zeros have come for some time: no microphone is that quiet. */
  dead: boolean;
}

const SILENT: Level = { rms: 0, peak: 0, held: 0, clipping: false, dead: false };
const HOLD_MS = 1500;
const CLIP_MS = 2000;
const DEAD_MS = 3000;
/** A 16-bit converter's last step below full scale. */
const CLIPPED = 32766 / 32768;

export const level = signal<Level>(SILENT);

let held_ms = 0;
let clipped_ms = Number.NEGATIVE_INFINITY;
let heard_ms = 0;

export function resetLevel(): void {
  held_ms = 0;
  clipped_ms = Number.NEGATIVE_INFINITY;
  heard_ms = performance.now();
  level.value = SILENT;
}

export function measureLevel(values: Float32Array): void {
  let sum = 0;
  let peak = 0;
  for (const value of values) {
    sum += value * value;
    peak = Math.max(peak, Math.abs(value));
  }
  const now = performance.now();
  const before = level.value;
  if (peak > 0) heard_ms = now;
  if (peak >= CLIPPED) clipped_ms = now;
  const keep = before.held > peak && now - held_ms < HOLD_MS;
  if (!keep) held_ms = now;
  level.value = {
    rms: Math.sqrt(sum / Math.max(1, values.length)),
    peak,
    held: keep ? before.held : peak,
    clipping: now - clipped_ms < CLIP_MS,
    dead: now - heard_ms > DEAD_MS,
  };
}
