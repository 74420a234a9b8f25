// What the engine gives in typed arrays, of which no types are generated.

/** What the block makes of one window; `values` is `[frames, columns]`, `samples` `[window, axes]`. */
export interface Picture {
  frames: number;
  columns: number;
  values: Float32Array;
  samples: Float32Array;
  column_names: string[];
  axes: string[];
  rate_hz: number;
  /** Samples that one frame is of, and from one frame to the next. */
  frame_samples: number;
  stride_samples: number;
  label: string | null;
  label_scores: number[] | null;
}

/** Windows on a plane, near where their features are alike. */
export interface SampleMap {
  x: Float32Array;
  y: Float32Array;
  /** Of each window: which of `ids`, its first sample at the model's rate, which of `label_names`. */
  recordings: Uint32Array;
  starts: Uint32Array;
  labels: Uint32Array;
  ids: string[];
  label_names: string[];
  /** Share of all differences that the plane shows, 0 to 1. */
  shown: number;
}

/** What the model sees of a picture: `[height, width, channels]`, 0 to 255. */
export interface Shown {
  width: number;
  height: number;
  channels: number;
  bytes: Uint8Array;
}

/** The mean of each label's pictures, as the model sees them: `[labels, height, width, channels]`. */
export interface Means {
  width: number;
  height: number;
  channels: number;
  labels: string[];
  /** Pictures of each label. */
  counts: Uint32Array;
  bytes: Uint8Array;
}

/** What the model says to each window that it was measured on. */
export interface Answers {
  /** Of each window: its recording, and its first sample at the model's rate. */
  ids: string[];
  starts: Uint32Array;
  labels: string[];
  /** Of each window: which of `labels` it is, and which was said. */
  truth: Uint32Array;
  said: Uint32Array;
  /** `[windows, labels]`, 0 to 1. */
  scores: Float32Array;
}

/** A replayed stream in columns of equal length. */
export interface Timeline {
  /** Share of the windows ending in it that were computed; -1 where none ended. */
  awake: Float32Array;
  /** Highest score of the best label, 0 to 1, and the index of that label. */
  score: Float32Array;
  best: Float32Array;
}
