import type { StepId, StepState } from "../../state";

/** The line that data travels, in order. */
export const STEPS: readonly { id: StepId; title: string }[] = [
  { id: "record", title: "Record" },
  { id: "explore", title: "Explore" },
  { id: "train", title: "Train" },
  { id: "quantize", title: "Quantize" },
  { id: "run", title: "Run" },
  { id: "deploy", title: "Deploy" },
];

export const STATE_WORDS: Readonly<Record<StepState, string>> = {
  empty: "Empty",
  ready: "Ready",
  working: "Working",
  stale: "Out of date",
  done: "Done",
};
