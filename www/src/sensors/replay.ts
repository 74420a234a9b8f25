// Plays a recording as if its sensor were there: its own readings at its own times.
import type { Replayable, Running, Sensor } from "./sensor";

const TICK_MS = 20;

export function replay(recording: Replayable): Sensor {
  const axes = recording.axes.length;
  const readings = recording.values.length / axes;
  const time = (i: number) => recording.times_ms?.[i] ?? (i * 1000) / recording.rate_hz;
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
            values: recording.values.slice(first * axes, next * axes),
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
