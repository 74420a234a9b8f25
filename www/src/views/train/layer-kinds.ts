// The kinds of layers, one row each: name, one sentence, what a new one is like, its fields. The
// editor draws whatever stands here; the engine alone decides what fits together.

import type { LayerSpec } from "../../engine/types/LayerSpec";

export type Kind = LayerSpec["kind"];

/** `ids` names one number, or two of a pair (height over time, width over columns). */
export type Field =
  | { form: "whole"; id: string; title: string; min: number; max: number }
  | { form: "pair"; id: string; title: string; min: number; max: number }
  | { form: "percent"; id: string; title: string; min: number; max: number }
  | { form: "choice"; id: string; title: string; options: readonly (readonly [string, string])[] };

export interface KindInfo {
  title: string;
  help: string;
  fresh: LayerSpec;
  fields: readonly Field[];
}

const MOST_FILTERS = 1024;
const MOST_KERNEL = 1024;
const MOST_BACK = 64;

const units: Field = { form: "whole", id: "units", title: "Units", min: 1, max: MOST_FILTERS };
const filters: Field = {
  form: "whole",
  id: "filters",
  title: "Filters",
  min: 1,
  max: MOST_FILTERS,
};
const kernel: Field = { form: "pair", id: "kernel", title: "Kernel", min: 1, max: MOST_KERNEL };
const stride: Field = { form: "pair", id: "stride", title: "Stride", min: 1, max: MOST_KERNEL };
const size: Field = { form: "pair", id: "size", title: "Size", min: 1, max: MOST_KERNEL };
const padding: Field = {
  form: "choice",
  id: "padding",
  title: "Padding",
  options: [
    ["same", "same"],
    ["valid", "valid"],
  ],
};
const activation: Field = {
  form: "choice",
  id: "activation",
  title: "Activation",
  options: [
    ["relu", "ReLU"],
    ["relu6", "ReLU6"],
    ["none", "none"],
  ],
};

export const KINDS: Readonly<Record<Kind, KindInfo>> = {
  dense: {
    title: "Dense",
    help: "Every unit sees everything; a picture is flattened first.",
    fresh: { kind: "dense", units: 16, activation: "relu" },
    fields: [units, activation],
  },
  conv1d: {
    title: "Conv 1-D",
    help: "Filters that slide over time and see all columns at once.",
    fresh: {
      kind: "conv1d",
      filters: 16,
      kernel: 3,
      stride: 1,
      padding: "same",
      activation: "relu",
    },
    fields: [
      filters,
      { ...kernel, form: "whole" },
      { ...stride, form: "whole" },
      padding,
      activation,
    ],
  },
  conv2d: {
    title: "Conv 2-D",
    help: "Filters that slide over time and columns.",
    fresh: {
      kind: "conv2d",
      filters: 8,
      kernel: [3, 3],
      stride: [1, 1],
      padding: "same",
      activation: "relu",
    },
    fields: [filters, kernel, stride, padding, activation],
  },
  depthwise_conv2d: {
    title: "Depthwise",
    help: "One small filter a channel: far cheaper; a 1 × 1 Conv 2-D behind it mixes channels.",
    fresh: {
      kind: "depthwise_conv2d",
      kernel: [3, 3],
      stride: [1, 1],
      padding: "same",
      activation: "relu",
    },
    fields: [kernel, stride, padding, activation],
  },
  max_pool: {
    title: "Max pool",
    help: "Keeps the largest value of each block: smaller, and less picky about place.",
    fresh: { kind: "max_pool", size: [2, 2] },
    fields: [size, stride],
  },
  average_pool: {
    title: "Average pool",
    help: "Keeps the mean of each block.",
    fresh: { kind: "average_pool", size: [2, 2] },
    fields: [size, stride],
  },
  global_average_pool: {
    title: "Global average",
    help: "The mean of each channel over the whole picture: few weights behind it.",
    fresh: { kind: "global_average_pool" },
    fields: [],
  },
  batch_norm: {
    title: "Batch norm",
    help: "Steadies learning; on the chip it is part of the layer above, which has no activation.",
    fresh: { kind: "batch_norm", activation: "relu" },
    fields: [activation],
  },
  dropout: {
    title: "Dropout",
    help: "Silences values while training, against learning by heart; nothing on the chip.",
    fresh: { kind: "dropout", rate: 0.2 },
    fields: [{ form: "percent", id: "rate", title: "Silenced, %", min: 0, max: 90 }],
  },
  flatten: {
    title: "Flatten",
    help: "The picture as one row of values.",
    fresh: { kind: "flatten" },
    fields: [],
  },
  add: {
    title: "Add",
    help: "Adds what an earlier layer of the same shape gave: a short cut past the layers between.",
    fresh: { kind: "add", back: 2, activation: "relu" },
    fields: [
      { form: "whole", id: "back", title: "Layers back", min: 2, max: MOST_BACK },
      activation,
    ],
  },
};

/** A new layer at the end of a drawing. Behind a Conv 1-D there is only time left to pool over. */
export function freshAfter(kind: Kind, network: readonly LayerSpec[]): LayerSpec {
  const { fresh } = KINDS[kind];
  const narrow = network.some((layer) => layer.kind === "conv1d");
  return "size" in fresh && narrow ? { ...fresh, size: [2, 1] } : structuredClone(fresh);
}

export const KIND_IDS = Object.keys(KINDS) as Kind[];

/** A field's numbers. A pool's stride that is not said is its size. */
export function numbers(layer: LayerSpec, id: string): number[] {
  const all = layer as unknown as Record<string, number | number[] | undefined>;
  const value = all[id] ?? (id === "stride" ? all.size : undefined);
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** The layer with one field changed. */
export function withField(layer: LayerSpec, id: string, value: unknown): LayerSpec {
  return { ...layer, [id]: value } as LayerSpec;
}
