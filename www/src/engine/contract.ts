// What the engine gives and takes that its generated types don't say yet.
import type { LiveEvent } from "./types/LiveEvent";

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

/** One window of a running model. */
export interface LiveMoment extends LiveEvent {
  /** The label is new and counts: what a product acts on. */
  fired: boolean;
  /** Whether the window was computed; if not, the gate let the chip sleep. */
  awake: boolean;
  /** Microseconds of each stage; none while asleep. */
  features_us: number | null;
  network_us: number | null;
}
