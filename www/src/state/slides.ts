// Stored pictures that can be shown in the place of a camera.
import { computed } from "@preact/signals";
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import { isPicture, type Slide } from "../sensors";
import { overview, recordings } from "./data";

const labelOf = (meta: RecordingMeta) => meta.spans[0]?.label ?? "";

/** Label after label, so that the model's averages are not torn from one to the other. */
function some(keep: (meta: RecordingMeta) => boolean): Slide[] {
  return recordings.value
    .filter((meta) => isPicture(meta.axes) && keep(meta))
    .sort((a, b) => (labelOf(a) < labelOf(b) ? -1 : labelOf(a) > labelOf(b) ? 1 : 0))
    .map((meta) => ({ id: meta.id, caption: `${meta.name} (${labelOf(meta)})` }));
}

/** `slides:test`, `slides:all` or `slides:label:<label>`. */
export function slidesOf(id: string): Slide[] {
  const which = id.slice("slides:".length);
  if (which === "all") return some(() => true);
  if (which === "test") {
    const splits = overview.value?.splits ?? {};
    return some((meta) => splits[meta.id] === "test");
  }
  const label = which.slice("label:".length);
  return some((meta) => labelOf(meta) === label);
}

/** The shows that there are pictures for. */
export const slideChoices = computed<{ id: string; title: string }[]>(() => {
  const pictures = recordings.value.filter((meta) => isPicture(meta.axes));
  if (pictures.length === 0) return [];
  const splits = overview.value?.splits ?? {};
  const tested = pictures.some((meta) => splits[meta.id] === "test");
  return [
    ...(tested ? [{ id: "slides:test", title: "Stored pictures of the test" }] : []),
    { id: "slides:all", title: "All stored pictures" },
    ...[...new Set(pictures.map(labelOf))]
      .sort()
      .map((label) => ({ id: `slides:label:${label}`, title: `Stored pictures of ${label}` })),
  ];
});
