// Which pictures the grid shows: of a label, a person, a part, or those that something is wrong with.

import { computed, signal } from "@preact/signals";
import type { Issue } from "../../engine/types/Issue";
import type { RecordingMeta } from "../../engine/types/RecordingMeta";
import type { Split } from "../../engine/types/Split";
import { isPicture, overview, recordings } from "../../state";
import { groups, labelIndex, labels, mainLabel } from "../shared";

/** Pictures that health complains of: their ids as they were when one asked. */
export interface Doubt {
  what: string;
  ids: ReadonlySet<string>;
}

export const label = signal<string | null>(null);
/** "" stands for those without a person or occasion. */
export const group = signal<string | null>(null);
export const part = signal<Split | null>(null);
export const doubt = signal<Doubt | null>(null);

export const pictures = computed(() => recordings.value.filter((meta) => isPicture(meta.axes)));

/** What health has to say of single pictures. */
export const doubts = computed<Issue[]>(() =>
  (overview.value?.issues ?? []).filter((issue) => issue.recordings.length > 0),
);

/** Where a picture goes, "auto" resolved; null where it is not used. */
export function partOf(meta: RecordingMeta): Split | null {
  return meta.split === "auto" ? (overview.value?.splits[meta.id] ?? null) : meta.split;
}

/** What is wished, as long as there is such a thing: with its last picture a label is gone. */
export const wished = computed(() => ({
  label: labels.value.includes(label.value ?? "") ? label.value : null,
  group: group.value === "" || groups.value.includes(group.value ?? "") ? group.value : null,
}));

/** By label, then as the recordings are sorted. */
export const shown = computed(() => {
  const { label: l, group: g } = wished.value;
  const [p, d] = [part.value, doubt.value];
  const order = new Map<string, number>();
  const place = (meta: RecordingMeta) => {
    const main = mainLabel(meta);
    const known = order.get(main) ?? labelIndex(main);
    order.set(main, known);
    return known;
  };
  return pictures.value
    .filter(
      (meta) =>
        (l === null || mainLabel(meta) === l) &&
        (g === null || (meta.group ?? "") === g) &&
        (p === null || partOf(meta) === p) &&
        (d === null || d.ids.has(meta.id)),
    )
    .toSorted((a, b) => place(a) - place(b));
});

export function showDoubtful(issue: Issue): void {
  label.value = group.value = part.value = null;
  doubt.value = { what: issue.what, ids: new Set(issue.recordings) };
}

export function showAll(): void {
  label.value = group.value = part.value = doubt.value = null;
}
