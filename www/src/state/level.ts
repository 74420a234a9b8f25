// How strong a signal is; pure.
import type { Level } from "./types";

/** Of readings `[samples, axes]`: around each axis's mean, all axes together, as the gate has it. */
export function levelOf(values: ArrayLike<number>, axes: number): Level {
  const samples = Math.floor(values.length / axes);
  if (samples === 0) return { rms: 0, peak: 0 };
  let power = 0;
  let peak = 0;
  for (let a = 0; a < axes; a++) {
    let sum = 0;
    let squares = 0;
    for (let i = a; i < samples * axes; i += axes) {
      const v = values[i] ?? 0;
      sum += v;
      squares += v * v;
      peak = Math.max(peak, Math.abs(v));
    }
    power += squares / samples - (sum / samples) ** 2;
  }
  return { rms: Math.sqrt(Math.max(0, power)), peak };
}
