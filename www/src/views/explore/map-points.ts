// Where the points of the map lie on the screen, and which one is meant.

import type { SampleMap } from "../../engine/arrays";

const MARGIN = 14;

/** The label of a point. */
export function labelOf(map: SampleMap, i: number): string {
  return map.label_names[map.labels[i] ?? 0] ?? "";
}

/** The id of the recording that a point is a window of. */
export function recordingOf(map: SampleMap, i: number): string {
  return map.ids[map.recordings[i] ?? 0] ?? "";
}

/** Screen positions `[points, x and y]` in a box of `width` × `height`: one scale for both directions' spread. */
export function place(map: SampleMap, width: number, height: number): Float32Array {
  const fit = (values: Float32Array, room: number) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const v of values) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
    const by = high > low ? (room - 2 * MARGIN) / (high - low) : 0;
    return (v: number) => (by > 0 ? MARGIN + (v - low) * by : room / 2);
  };
  const [x, y] = [fit(map.x, width), fit(map.y, height)];
  const at = new Float32Array(map.x.length * 2);
  for (let i = 0; i < map.x.length; i++) {
    at[2 * i] = x(map.x[i] ?? 0);
    at[2 * i + 1] = height - y(map.y[i] ?? 0);
  }
  return at;
}

/** The nearest point to a place within `reach` pixels, or -1. */
export function nearest(at: Float32Array, x: number, y: number, reach: number): number {
  let best = -1;
  let least = reach * reach;
  for (let i = 0; 2 * i < at.length; i++) {
    const d = ((at[2 * i] ?? 0) - x) ** 2 + ((at[2 * i + 1] ?? 0) - y) ** 2;
    if (d < least) {
      least = d;
      best = i;
    }
  }
  return best;
}

/**
 * The point that an arrow key leads to: the nearest one in that direction, where what lies
 * aside counts as twice as far. Stays where it is at the edge.
 */
export function toward(at: Float32Array, from: number, dx: number, dy: number): number {
  const [x, y] = [at[2 * from] ?? 0, at[2 * from + 1] ?? 0];
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; 2 * i < at.length; i++) {
    const [ax, ay] = [(at[2 * i] ?? 0) - x, (at[2 * i + 1] ?? 0) - y];
    const ahead = ax * dx + ay * dy;
    const aside = Math.abs(ax * dy - ay * dx);
    if (ahead < 0.5 || aside > 2 * ahead) continue;
    const d = ahead + 2 * aside;
    if (d < least) {
      least = d;
      best = i;
    }
  }
  return best;
}
