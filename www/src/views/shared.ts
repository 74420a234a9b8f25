// What several views share: which recording is looked at, and where a class stands among all.

import { computed, signal } from "@preact/signals";
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import type { Split } from "../engine/types/Split";
import { overview, project, recordings, report, route } from "../state";
import { plural } from "../widgets/format";

/** The recording under the glass in Explore, and the window's first sample at the model's rate. */
export const focus = signal<{ id: string; start: number } | null>(null);

/** Shows a recording, and a window of it, in Explore. */
export function openRecording(id: string, start = 0): void {
  focus.value = { id, start };
  route.value = "explore";
}

/** Labels in the order that the model has or will have them: by bytes. */
export const labels = computed<string[]>(() => {
  const known = overview.value?.labels.map((l) => l.label);
  if (known && known.length > 0) return known;
  const model = report.value?.labels;
  if (model) return model;
  const seen = new Set(recordings.value.flatMap((r) => r.spans.map((s) => s.label)));
  return [...seen].sort();
});

export function labelIndex(label: string): number {
  return labels.value.indexOf(label);
}

/** What a recording is called by its label; the first one where it has several. */
export function mainLabel(meta: RecordingMeta): string {
  return meta.spans[0]?.label ?? "";
}

/** How many there are of each label. */
export function perLabel(metas: readonly RecordingMeta[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const meta of metas) {
    const label = mainLabel(meta);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

export function seconds(meta: RecordingMeta): number {
  return meta.rate_hz > 0 ? meta.samples / meta.rate_hz : 0;
}

/** Axes' names, and their common unit where they have one. */
export function axesOf(meta: RecordingMeta): { names: string[]; unit: string } {
  const unit = meta.axes[0]?.unit ?? "";
  const common = meta.axes.every((a) => a.unit === unit);
  return { names: meta.axes.map((a) => a.name), unit: common ? unit.replace("m/s2", "m/s²") : "" };
}

/** What a recording is used for: as a choice, and as what was chosen for it. */
export const SPLITS: readonly { id: Split; title: string; use: string }[] = [
  { id: "auto", title: "Auto", use: "not used" },
  { id: "train", title: "Train", use: "to train" },
  { id: "validation", title: "Validation", use: "to validate" },
  { id: "test", title: "Test", use: "to test" },
];

/** The entry of one use. */
export function splitOf(id: Split) {
  return SPLITS.find((one) => one.id === id);
}

/** Groups that occur, for suggestions. */
export const groups = computed<string[]>(() => {
  const seen = new Set(recordings.value.map((r) => r.group).filter((g): g is string => !!g));
  return [...seen].sort();
});

export const byId = computed(() => new Map(recordings.value.map((meta) => [meta.id, meta])));

/** Whether pictures are told apart: then a window is one of them. */
export const ofPictures = computed(() => project.value?.settings.task === "image");

/** "1 window", "3 pictures": what a decision is about, in the words of the task. */
export function windows(n: number): string {
  return plural(n, ofPictures.value ? "picture" : "window");
}

/** "1 recording", "3 pictures". */
export function things(n: number): string {
  return plural(n, ofPictures.value ? "picture" : "recording");
}

/** "recordings", "pictures": in the middle of a sentence. */
export function thingsWord(): string {
  return ofPictures.value ? "pictures" : "recordings";
}

/** Of the task's plural, as a heading. */
export function windowsWord(): string {
  return ofPictures.value ? "Pictures" : "Windows";
}

/** "320 × 240 px". */
export function sizeOf(meta: RecordingMeta): string {
  return meta.size ? `${meta.size[0]} × ${meta.size[1]} px` : "size unknown";
}
