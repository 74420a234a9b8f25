// What the engine gives and takes that its generated types don't say yet.
import type { Settings } from "./types/Settings";

/** What the block makes of one window; `values` is `[frames, columns]`, `samples` `[window, axes]`. */
export interface Picture {
  frames: number;
  columns: number;
  values: Float32Array;
  samples: Float32Array;
  column_names: string[];
}

/** Windows on a plane, near where their features are alike. */
export interface SampleMap {
  x: Float32Array;
  y: Float32Array;
  ids: string[];
  starts: Uint32Array;
  labels: string[];
}

export type PictureOf = (settings: Settings, id: string, start: number) => Picture;
