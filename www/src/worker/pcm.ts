// Sound as it is kept: 16-bit numbers, 32768 of which make 1. The engine counts in f32, and
// turning one into the other loses nothing: each such number has an f32 of its own.
import type { Encoded, Kept, Pcm, Samples, Signal } from "../state/types";

export const PCM_SCALE = 32768;

export function isPcm(kept: Kept): kept is Pcm {
  return "pcm" in kept;
}

export function isEncoded(kept: Kept): kept is Encoded {
  return "encoded" in kept;
}

/** Readings as the engine takes them. */
export function unpacked(kept: Signal): Samples {
  if (!isPcm(kept)) return { values: kept.values, times_ms: kept.times_ms };
  const values = new Float32Array(kept.pcm.length);
  for (let i = 0; i < values.length; i++) values[i] = (kept.pcm[i] ?? 0) / PCM_SCALE;
  return { values, times_ms: null };
}

/** Half the bytes, where that loses nothing: one axis, even times, each value a 16-bit number. */
export function packed(axes: number, { values, times_ms }: Samples): Signal {
  if (axes !== 1 || times_ms) return { values, times_ms };
  const pcm = new Int16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const scaled = (values[i] ?? 0) * PCM_SCALE;
    pcm[i] = scaled;
    // What does not fit, is no whole number or not a number is kept as it is.
    if (pcm[i] !== scaled) return { values, times_ms };
  }
  return { pcm };
}

/** Part of a recording, from reading `start` to before `end`, in memory of its own. */
export function sliced(kept: Signal, axes: number, start: number, end: number): Signal {
  if (isPcm(kept)) return { pcm: kept.pcm.slice(start, end) };
  const times = kept.times_ms?.slice(start, end) ?? null;
  const first = times?.[0] ?? 0;
  return {
    values: kept.values.slice(start * axes, end * axes),
    times_ms: times?.map((t) => t - first) ?? null,
  };
}

/** Bytes of a recording's content. */
export function sizeOf(kept: Kept): number {
  const parts = isEncoded(kept)
    ? [kept.encoded, kept.look]
    : isPcm(kept)
      ? [kept.pcm]
      : [kept.values, kept.times_ms];
  return parts.reduce((sum, part) => sum + (part?.byteLength ?? 0), 0);
}
