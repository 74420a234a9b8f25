// Which samples stand behind a cell of the confusion matrix, and in which order.

import { computed, signal } from "@preact/signals";
import type { Answers } from "../../engine/arrays";
import { answered, report } from "../../state";
import { byId } from "../shared";

export interface Cell {
  truth: number;
  said: number;
}

/** The cell that is opened. */
export const cell = signal<Cell | null>(null);
/** The least sure of the right label first: what is labelled wrongly is among them. */
export const worstFirst = signal(true);

/** Answers of the model that is shown. */
export const answers = computed<Answers | null>(() => {
  const now = answered.value;
  return now && now.model_sha256 === report.value?.model_sha256 ? now.answers : null;
});

/** One window with all of its scores. */
export interface Sample {
  /** Unique among the samples. */
  key: string;
  id: string;
  start: number;
  scores: Float32Array;
}

/** Those of the opened cell that have not been deleted since. */
export const samples = computed<Sample[]>(() => {
  const [all, at] = [answers.value, cell.value];
  if (!all || !at) return [];
  const n = all.labels.length;
  const found: Sample[] = [];
  for (const [i, id] of all.ids.entries()) {
    if (all.truth[i] !== at.truth || all.said[i] !== at.said || !byId.value.has(id)) continue;
    const start = all.starts[i] ?? 0;
    const scores = all.scores.subarray(i * n, (i + 1) * n);
    found.push({ key: `${id}:${start}`, id, start, scores });
  }
  const way = worstFirst.value ? 1 : -1;
  return found.sort((a, b) => way * ((a.scores[at.truth] ?? 0) - (b.scores[at.truth] ?? 0)));
});
