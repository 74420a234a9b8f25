// Changes of the network as drawn, each of which can be taken back.
import { computed, signal } from "@preact/signals";
import type { BlockChoice } from "../engine/types/BlockChoice";
import type { LayerSpec } from "../engine/types/LayerSpec";
import { project, updateSettings } from "./project";

const KEPT = 50;
/** Changes of one field that follow each other this fast are one: a number being typed. */
const TYPING_MS = 1000;

/** A network, and the block whose features it is drawn for. */
interface Drawn {
  network: LayerSpec[];
  block: BlockChoice;
}

/** What was drawn before each change, oldest first; of one project only. */
const past = signal<{ project: string; drawn: Drawn[] }>({ project: "", drawn: [] });

export const undoable = computed(
  () => past.value.project === project.value?.id && past.value.drawn.length > 0,
);

let last = { what: "", ms: Number.NEGATIVE_INFINITY };

/** `what` names the field that is changed, where it may be typed in. A preset may want another block. */
export function changeNetwork(
  edit: (network: LayerSpec[], settings: Drawn) => void,
  what = "",
): void {
  const open = project.value;
  if (!open) return;
  const { network, block } = open.settings;
  updateSettings((settings) => edit(settings.network, settings));
  if (project.value === open) return;
  const now_ms = performance.now();
  const typing = what !== "" && what === last.what && now_ms - last.ms < TYPING_MS;
  last = { what, ms: now_ms };
  if (typing) return;
  const drawn = past.value.project === open.id ? past.value.drawn : [];
  past.value = { project: open.id, drawn: [...drawn, { network, block }].slice(-KEPT) };
}

export function undoNetwork(): void {
  const before = past.value.drawn.at(-1);
  if (!undoable.value || !before) return;
  last = { what: "", ms: Number.NEGATIVE_INFINITY };
  past.value = { ...past.value, drawn: past.value.drawn.slice(0, -1) };
  updateSettings((settings) => {
    Object.assign(settings, structuredClone(before));
  });
}
