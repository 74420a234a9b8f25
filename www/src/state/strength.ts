// How strong a signal is, the way the gate sees it; pure.

/** Root mean square around each axis's mean, all axes together, of readings `[samples, axes]`. */
export function strengthOf(values: ArrayLike<number>, axes: number): number {
  const samples = Math.floor(values.length / axes);
  if (samples === 0) return 0;
  let power = 0;
  for (let a = 0; a < axes; a++) {
    let sum = 0;
    let squares = 0;
    for (let i = a; i < samples * axes; i += axes) {
      const v = values[i] ?? 0;
      sum += v;
      squares += v * v;
    }
    power += squares / samples - (sum / samples) ** 2;
  }
  return Math.sqrt(Math.max(0, power));
}
