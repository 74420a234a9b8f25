// The open project: its name and settings, saved as they change.
import { computed, signal } from "@preact/signals";
import type { Catalog } from "../engine/types/Catalog";
import type { Settings } from "../engine/types/Settings";
import { saveProject, storageInfo } from "../store";
import { attempt, notify } from "./toasts";
import type { ProjectState, StorageInfo } from "./types";

const AUTOSAVE_MS = 300;

export const project = signal<ProjectState | null>(null);
export const catalog = signal<Catalog | null>(null);
export const readOnly = signal(false);
export const storage = signal<StorageInfo | null>(null);

let timer: ReturnType<typeof setTimeout> | null = null;

/** May this tab change the project? Says so if not. */
export function mayWrite(): boolean {
  if (!project.value) return false;
  if (readOnly.value)
    notify("warning", "This project is open in another tab, so it can only be read here", {
      detail: {
        what: "Another tab has this project open; two at once would overwrite each other",
        place: "this tab",
        remedy: "Close the other tab: this one takes over by itself. Or open another project here",
      },
    });
  return !readOnly.value;
}

export function updateSettings(change: (settings: Settings) => void): void {
  if (!project.value || !mayWrite()) return;
  const settings = structuredClone(project.value.settings);
  change(settings);
  if (JSON.stringify(settings) === JSON.stringify(project.value.settings)) return;
  touch({ settings });
}

/** The settings of the project's task when nothing is said. */
export const defaults = computed<Settings | null>(() => {
  const known = catalog.value;
  if (!known) return null;
  const task = project.value?.settings.task;
  return known.tasks.find((one) => one.id === task)?.defaults ?? known.defaults;
});

export function resetSettings(): void {
  replaceSettings(defaults.value, "Settings are back at their defaults");
}

/** Takes other settings as they are, and offers the way back. */
export function replaceSettings(next: Settings | null, told: string): void {
  if (!next || !project.value) return;
  const before = project.value.settings;
  updateSettings((settings) => Object.assign(settings, structuredClone(next)));
  if (project.value.settings === before) return;
  notify("info", told, {
    action: {
      label: "Undo",
      run: () => updateSettings((settings) => Object.assign(settings, before)),
    },
  });
}

export async function renameProject(name: string): Promise<void> {
  const trimmed = name.trim();
  if (!project.value || !trimmed || trimmed === project.value.name || !mayWrite()) return;
  touch({ name: trimmed });
  await saveNow();
}

function touch(change: Partial<ProjectState>): void {
  if (!project.value) return;
  project.value = { ...project.value, ...change, changed_ms: Date.now() };
  if (timer === null) timer = setTimeout(saveNow, AUTOSAVE_MS);
}

/** Saves what is not yet saved. */
export async function saveNow(): Promise<void> {
  if (timer === null) return;
  clearTimeout(timer);
  timer = null;
  const now = project.value;
  if (now && !readOnly.value) await attempt(() => saveProject({ ...now, deleted_ms: null }));
}

export async function refreshStorage(): Promise<void> {
  storage.value = await storageInfo().catch(() => null);
}
