// Where the points of the map lie on the screen, and which one is meant.

import type { SampleMap } from "../../engine/arrays";

const MARGIN = 20;

/** How much nearer one looks than at all of it, and how far the plane is moved, in pixels. */
export interface View {
  by: number;
  x: number;
  y: number;
}

export const WHOLE: View = { by: 1, x: 0, y: 0 };
const NEAREST = 64;

/** `by` times nearer around a place, which stays where it is; never so far that nothing is in sight. */
export function nearer(view: View, by: number, at: [number, number], room: [number, number]): View {
  const next = Math.max(1, Math.min(NEAREST, view.by * by));
  const share = next / view.by;
  return held(
    { by: next, x: at[0] - (at[0] - view.x) * share, y: at[1] - (at[1] - view.y) * share },
    room,
  );
}

/** The plane covers the whole box. */
export function held(view: View, room: [number, number]): View {
  const within = (v: number, size: number) => Math.max(size * (1 - view.by), Math.min(0, v));
  return { by: view.by, x: within(view.x, room[0]), y: within(view.y, room[1]) };
}

/** The view in which a point is in sight; the same one where it is already. */
export function showing(view: View, x: number, y: number, room: [number, number]): View {
  const inside = x >= 0 && y >= 0 && x <= room[0] && y <= room[1];
  if (inside) return view;
  return held({ by: view.by, x: view.x + room[0] / 2 - x, y: view.y + room[1] / 2 - y }, room);
}

/** The label of a point. */
export function labelOf(map: SampleMap, i: number): string {
  return map.label_names[map.labels[i] ?? 0] ?? "";
}

/** The id of the recording that a point is a window of. */
export function recordingOf(map: SampleMap, i: number): string {
  return map.ids[map.recordings[i] ?? 0] ?? "";
}

/** Screen positions `[points, x and y]` in a box of `width` × `height`, filled in both directions. */
export function place(map: SampleMap, width: number, height: number, view = WHOLE): Float32Array {
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
    at[2 * i] = x(map.x[i] ?? 0) * view.by + view.x;
    at[2 * i + 1] = (height - y(map.y[i] ?? 0)) * view.by + view.y;
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

/**
 * Points that have room for a square of `side` pixels around them: none lies over another, and only
 * a few points lie under each. At most `most`, spread over all.
 */
export function roomy(
  at: Float32Array,
  side: number,
  most: number,
  room: [number, number],
): number[] {
  const key = (column: number, row: number) => column * 8192 + row;
  const cells = new Map<number, number[]>();
  const n = at.length / 2;
  const cellOf = (i: number): [number, number] => [
    Math.floor((at[2 * i] ?? 0) / side),
    Math.floor((at[2 * i + 1] ?? 0) / side),
  ];
  const inside = (i: number) => {
    const [x, y] = [at[2 * i] ?? 0, at[2 * i + 1] ?? 0];
    return x >= 0 && y >= 0 && x <= room[0] && y <= room[1];
  };
  for (let i = 0; i < n; i++) {
    if (!inside(i)) continue;
    const [column, row] = cellOf(i);
    const cell = cells.get(key(column, row));
    if (cell) cell.push(i);
    else cells.set(key(column, row), [i]);
  }
  const chosen: number[] = [];
  const taken = new Set<number>();
  const close = (i: number, j: number, reach: number) =>
    Math.abs((at[2 * i] ?? 0) - (at[2 * j] ?? 0)) < reach &&
    Math.abs((at[2 * i + 1] ?? 0) - (at[2 * j + 1] ?? 0)) < reach;
  for (let i = 0; i < n && chosen.length < most; i++) {
    if (!inside(i)) continue;
    const [column, row] = cellOf(i);
    let under = 0;
    let free = true;
    for (let c = column - 1; c <= column + 1 && free; c++)
      for (let r = row - 1; r <= row + 1 && free; r++)
        for (const j of cells.get(key(c, r)) ?? []) {
          if (close(i, j, side / 2)) under++;
          if (under > CROWD || (taken.has(j) && close(i, j, side))) {
            free = false;
            break;
          }
        }
    if (!free) continue;
    taken.add(i);
    chosen.push(i);
  }
  return chosen;
}

/** So many points may lie under a square, itself among them. */
const CROWD = 4;
