// Plays a recording as if its sensor were there: its own readings at its own times.
import { isSound, type Replayable, type Running, type Sensor } from "./sensor";

const TICK_MS = 20;
/** Quiet that follows a sound: a clip that is one window long alone would be judged once, and an
    average over several windows would never be told. */
const QUIET_MS = 1000;

export function replay(recording: Replayable): Sensor {
  const axes = recording.axes.length;
  const recorded = recording.values.length / axes;
  const quiet = isSound(recording.axes) ? Math.round((recording.rate_hz * QUIET_MS) / 1000) : 0;
  const readings = recorded + quiet;
  const time = (i: number) => recording.times_ms?.[i] ?? (i * 1000) / recording.rate_hz;
  const part = (first: number, next: number) => {
    const values = new Float32Array((next - first) * axes);
    values.set(recording.values.subarray(first * axes, next * axes));
    return values;
  };
  return {
    id: `replay:${recording.id}`,
    title: `Replay of ${recording.name}`,
    axes: recording.axes,
    needs_tap: false,
    unavailable: () => "",
    async open(listener): Promise<Running> {
      const begun = performance.now();
      let next = 0;
      const timer = setInterval(() => {
        const now = performance.now() - begun;
        const first = next;
        while (next < readings && time(next) <= now) next += 1;
        if (next > first)
          listener.chunk({
            first,
            times_ms: Float64Array.from({ length: next - first }, (_, i) => time(first + i)),
            values: part(first, next),
          });
        if (next === readings) {
          clearInterval(timer);
          listener.ended(null);
        }
      }, TICK_MS);
      return { close: () => clearInterval(timer) };
    },
  };
}
