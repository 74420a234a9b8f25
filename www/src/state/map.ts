// All windows on a plane, and the mean picture of each label.
import type { Means, SampleMap } from "../engine/arrays";
import type { Settings } from "../engine/types/Settings";
import { derived } from "./derived";
import { lab } from "./workers";

/** The settings that decide which windows there are, what is computed of them, and their norms. */
function shapeOf(settings: Settings): unknown {
  const { rate_hz, window_ms, hop_ms, axes, merge, block, task, split, training } = settings;
  // Pictures are compared by their looks, whatever the network is shown of them.
  if (task === "image") return [task, merge, split];
  return [rate_hz, window_ms, hop_ms, training.hop_ms, axes, merge, split, block, task];
}

export const { state: sampleMap, watch: watchMap } = derived<SampleMap>(
  (settings) => lab.call("map", { settings }),
  shapeOf,
);

export const { state: meanPictures, watch: watchMeans } = derived<Means>(
  (settings) => lab.call("means", { settings }),
  ({ merge, block, task, split }) => [merge, block, task, split],
);
