// Changes of the network as drawn, each of which can be taken back.
import { computed, signal } from "@preact/signals";
import type { LayerSpec } from "../engine/types/LayerSpec";
import { project, updateSettings } from "./project";

const KEPT = 50;
/** Changes of one field that follow each other this fast are one: a number being typed. */
const TYPING_MS = 1000;

/** Networks before each change, oldest first; of one project only. */
const past = signal<{ project: string; networks: LayerSpec[][] }>({ project: "", networks: [] });

export const undoable = computed(
  () => past.value.project === project.value?.id && past.value.networks.length > 0,
);

let last = { what: "", ms: Number.NEGATIVE_INFINITY };

/** `what` names the field that is changed, where it may be typed in. */
export function changeNetwork(edit: (network: LayerSpec[]) => void, what = ""): void {
  const open = project.value;
  if (!open) return;
  const before = open.settings.network;
  updateSettings((settings) => edit(settings.network));
  if (project.value?.settings.network === before || project.value === open) return;
  const now_ms = performance.now();
  const typing = what !== "" && what === last.what && now_ms - last.ms < TYPING_MS;
  last = { what, ms: now_ms };
  if (typing) return;
  const networks = past.value.project === open.id ? past.value.networks : [];
  past.value = { project: open.id, networks: [...networks, before].slice(-KEPT) };
}

export function undoNetwork(): void {
  const before = past.value.networks.at(-1);
  if (!undoable.value || !before) return;
  last = { what: "", ms: Number.NEGATIVE_INFINITY };
  past.value = { ...past.value, networks: past.value.networks.slice(0, -1) };
  updateSettings((settings) => {
    settings.network = structuredClone(before);
  });
}
