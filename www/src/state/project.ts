// The open project: its name and settings, saved as they change.
import { computed, signal } from "@preact/signals";
import type { Catalog } from "../engine/types/Catalog";
import type { Settings } from "../engine/types/Settings";
import { askToPersist, changeProject, storageInfo } from "../store";
import { attempt, notify } from "./toasts";
import type { ProjectState, StorageInfo } from "./types";

const AUTOSAVE_MS = 300;

export const project = signal<ProjectState | null>(null);
export const catalog = signal<Catalog | null>(null);
export const readOnly = signal(false);
export const storage = signal<StorageInfo | null>(null);

/** Whether the project's name and settings are in the store. */
export const saved = signal<"saved" | "saving" | "failed">("saved");
/** Above this share of what the browser allows, the person is told. */
const NEARLY_FULL = 0.8;
const FULL_REMEDY =
  "Save projects as files, then delete those that you no longer need: the project menu lists them";

let timer: ReturnType<typeof setTimeout> | null = null;
/** The save that is on its way, so that nobody takes what is being written for written. */
let saving: Promise<void> = Promise.resolve();

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

export function isOpen(id: string | undefined): boolean {
  return project.value?.id === id;
}

/** The same before a change is undone; says so if another project is open. */
export function stillOpen(id: string): boolean {
  if (isOpen(id)) return true;
  notify("warning", "Open the project again to undo the change there");
  return false;
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
  const { id, settings: before } = project.value;
  updateSettings((settings) => Object.assign(settings, structuredClone(next)));
  if (project.value.settings === before) return;
  notify("info", told, {
    action: {
      label: "Undo",
      run: () => {
        if (stillOpen(id)) updateSettings((settings) => Object.assign(settings, before));
      },
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
  saved.value = "saving";
  if (timer === null) timer = setTimeout(saveNow, AUTOSAVE_MS);
}

/** Resolves when what there is to save is handed to the disk. */
export function saveNow(): Promise<void> {
  if (timer === null) return saving;
  clearTimeout(timer);
  timer = null;
  const now = project.value;
  if (!now || readOnly.value) return saving;
  saving = saving.then(async () => {
    const well = await attempt(() => changeProject(now.id, now));
    if (timer === null) saved.value = well ? "saved" : "failed";
  });
  return saving;
}

let warned = false;

export async function refreshStorage(): Promise<void> {
  storage.value = await storageInfo().catch(() => null);
  const full = share(storage.value) >= NEARLY_FULL;
  if (full && !warned)
    notify("warning", "The browser's store is nearly full", {
      detail: {
        what: `${Math.round(share(storage.value) * 100)} % of what the browser allows is used`,
        place: "browser storage",
        remedy: FULL_REMEDY,
      },
    });
  warned = full;
}

function share(info: StorageInfo | null): number {
  return info && info.quota > 0 ? info.used / info.quota : 0;
}

export const nearlyFull = computed(() => share(storage.value) >= NEARLY_FULL);

/** Says so if so many bytes will hardly fit. They may still be tried: nothing is half-written. */
export async function warnIfTooMuch(bytes: number): Promise<void> {
  const info = await storageInfo().catch(() => null);
  if (!info || info.quota === 0 || bytes < info.quota - info.used) return;
  const megabytes = (n: number) => `${Math.max(0, Math.round(n / 1e6))} MB`;
  notify("warning", "This will hardly fit", {
    detail: {
      what: `It is ${megabytes(bytes)}, and about ${megabytes(info.quota - info.used)} are left`,
      place: "browser storage",
      remedy: FULL_REMEDY,
    },
  });
}

/** Asks the browser to keep the store when space runs short. */
export async function askToKeep(): Promise<void> {
  const kept = await askToPersist();
  await refreshStorage();
  if (!kept)
    notify("info", "The browser did not promise it", {
      detail: {
        what: "Browsers decide by themselves, mostly by how often a page is used",
        place: "browser storage",
        remedy: "Install the page or bookmark it, then ask again; a project file is safe anyway",
      },
    });
}
