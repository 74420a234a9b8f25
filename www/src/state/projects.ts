// The life of projects: which there are, which is open, and what opening one means.
import { batch, signal } from "@preact/signals";
import type { Settings } from "../engine/types/Settings";
import {
  addRecordings,
  allProjects,
  destroy,
  getProject,
  type MadeWith,
  metasOf,
  modelOf,
  purgeProject,
  type StoredProject,
  saveProject,
} from "../store";
import { TroubleError, type WorkerClient } from "../worker/client";
import type { Counted, ImportJobs, ReadProject } from "../worker/protocol";
import { settleTakes } from "./capture";
import { clearAway, count, showRecordings } from "./data";
import { newId } from "./id";
import { stopLive } from "./live";
import { lock, unlock } from "./lock";
import { pack, projectZip, save, showModel, slug } from "./model";
import { stopPlaying } from "./playback";
import { catalog, mayWrite, project, readOnly, refreshStorage, saveNow } from "./project";
import { recoverTakes } from "./takes";
import { attempt, busily, notify } from "./toasts";
import { cancelTraining, showTraining } from "./training";
import type { ProjectSummary, Training } from "./types";
import { lab, newImportWorker } from "./workers";

const LAST = "lampyris.project";
const FIRST_NAME = "My first project";
/** A deleted project can be undone for this long, then it goes at the next start. */
const UNDO_MS = 60_000;

export const projects = signal<ProjectSummary[]>([]);

async function listProjects(): Promise<void> {
  const all = await allProjects();
  projects.value = all
    .filter((one) => one.deleted_ms === null)
    .map(({ id, name, changed_ms, recordings }) => ({ id, name, changed_ms, recordings }))
    .sort((a, b) => b.changed_ms - a.changed_ms);
}

/** Opens the project of last time, or makes the first one. */
export async function openLast(): Promise<void> {
  for (const { id, deleted_ms } of await allProjects())
    if (deleted_ms !== null && Date.now() - deleted_ms > UNDO_MS) await purgeProject(id);
  void clearAway();
  await listProjects();
  const last = localStorage.getItem(LAST);
  const found = projects.value.find((one) => one.id === last) ?? projects.value[0];
  await show(found?.id ?? (await create(FIRST_NAME)));
}

async function create(name: string, settings?: Settings): Promise<string> {
  const now = Date.now();
  const defaults = settings ?? (catalog.value?.defaults as Settings);
  const made: StoredProject = {
    id: newId(),
    name,
    settings: structuredClone(defaults),
    created_ms: now,
    changed_ms: now,
    deleted_ms: null,
  };
  await saveProject(made);
  return made.id;
}

/** Makes this project the open one, for writing if no other tab has it; throws if it can't be read. */
async function show(id: string): Promise<void> {
  // First of all: a first take may give its project other settings.
  await settleTakes();
  await saveNow();
  cancelTraining();
  stopLive();
  stopPlaying();
  const takeOver = () => void attempt(() => load(id, true)).then(tookOver);
  await load(id, await lock(id, takeOver));
}

async function load(id: string, writable: boolean): Promise<void> {
  const [stored, metas, model] = await Promise.all([getProject(id), metasOf(id), modelOf(id)]);
  if (!stored)
    throw new TroubleError({
      what: "This project is gone",
      place: "projects",
      remedy: "It was deleted, perhaps in another tab: open another one",
    });
  const { deleted_ms: _, ...state } = stored;
  batch(() => {
    project.value = { ...state, settings: withDefaults(state.settings) };
    readOnly.value = !writable;
    showModel(model && { ...model, made_with: withDefaultsMade(model.made_with) });
    showTraining();
  });
  localStorage.setItem(LAST, id);
  showRecordings(id, metas);
  if (writable) await recoverTakes();
  await listProjects();
  await refreshStorage();
}

/** Settings that this version has and the stored ones have not, as they are by default. */
function withDefaults(settings: Settings): Settings {
  const tasks = catalog.value?.tasks ?? [];
  const usual = tasks.find(({ id }) => id === settings.task)?.defaults ?? settings;
  return filled(settings, structuredClone(usual)) as Settings;
}

/** So that a setting which came later does not look like one that was changed. */
function withDefaultsMade(made: MadeWith): MadeWith {
  return { ...made, settings: withDefaults(made.settings) };
}

/** Groups are filled one by one; which names stand in a merge or a block is not the page's business. */
function filled(stored: object, usual: object): object {
  const whole: Record<string, unknown> = { ...usual, ...stored };
  for (const [key, group] of Object.entries(usual)) {
    const own = (stored as Record<string, unknown>)[key];
    if (key !== "merge" && key !== "block" && isGroup(group) && isGroup(own))
      whole[key] = filled(own, group);
  }
  return whole;
}

function isGroup(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tookOver(well: boolean): void {
  if (well) notify("info", "The other tab let go of this project: it can be changed here now");
}

export async function newProject(name?: string): Promise<void> {
  await attempt(async () => {
    await show(await create(name?.trim() || `Project ${projects.value.length + 1}`));
  });
}

export async function openProject(id: string): Promise<void> {
  if (id !== project.value?.id) await attempt(() => show(id));
}

export async function deleteProject(id: string): Promise<void> {
  if (id === project.value?.id && !mayWrite()) return;
  await attempt(async () => {
    if (id === project.value?.id) await settleTakes();
    await saveNow();
    const stored = await getProject(id);
    if (!stored) return;
    await saveProject({ ...stored, deleted_ms: Date.now() });
    await listProjects();
    if (id === project.value?.id) await show(projects.value[0]?.id ?? (await create(FIRST_NAME)));
    notify("info", `Deleted the project "${stored.name}"`, {
      action: {
        label: "Undo",
        run: () =>
          void attempt(async () => {
            await saveProject({ ...stored, deleted_ms: null });
            await show(id);
          }),
      },
    });
  });
}

// ── one file ─────────────────────────────────────────────────────────────────

/** What the project's file keeps of a training beside the net. */
type History = Pick<Training, "progress" | "seconds"> & { made_with: MadeWith };

export async function exportProject(): Promise<void> {
  await busily("Packing the project", async () => {
    save(await projectZip(), `${slug()}.lampyris.zip`, "application/zip");
  });
}

/** The recordings alone, one folder a label: what other tools read, and this page as well. */
export async function exportDataset(): Promise<void> {
  await busily("Packing the recordings", async () => {
    save(await lab.call("dataset", null), `${slug()}-recordings.zip`, "application/zip");
  });
}

export async function importProject(file: File): Promise<void> {
  const abort = new AbortController();
  await busily(
    `Reading ${file.name}`,
    async (counted) => {
      const worker = newImportWorker();
      try {
        const read = await worker.call("readProject", { file }, { signal: abort.signal });
        await openImported(
          await storeImported(worker, read, file.name, counted, abort.signal),
          read,
        );
      } finally {
        worker.stop();
      }
    },
    () => abort.abort(),
  );
}

/** Recordings that go into the store in one transaction. */
const PART = 250;
/** So long a project that is being imported is left alone by other tabs that start. */
const INCOMING_MS = 3_600_000;

/** The project counts as deleted until all of it is there: of a crash meanwhile nothing is left. */
async function storeImported(
  worker: WorkerClient<ImportJobs>,
  read: ReadProject,
  file: string,
  counted: (counted: Counted & { what: string }) => void,
  signal: AbortSignal,
): Promise<StoredProject> {
  const now = Date.now();
  const made: StoredProject = {
    id: newId(),
    name: read.name || file.replace(/\..*$/, ""),
    settings: read.settings,
    created_ms: now,
    changed_ms: now,
    deleted_ms: now + INCOMING_MS,
  };
  try {
    await saveProject(made);
    const what = `Saving ${count(read.recordings, "recording")}`;
    for (let done = 0; ; ) {
      if (read.recordings > PART) counted({ what, done, total: read.recordings });
      const part = await worker.call("takeRead", { most: PART }, { signal });
      if (part.length === 0) break;
      await addRecordings(made.id, part);
      done += part.length;
    }
    await saveProject({ ...made, deleted_ms: null });
  } catch (error) {
    await purgeProject(made.id).catch(() => undefined);
    throw error;
  }
  return made;
}

async function openImported(made: StoredProject, read: ReadProject): Promise<void> {
  await show(made.id);
  const history = JSON.parse(read.history_json || "null") as History | null;
  // The model is made again from its net, so it is checked on the way in.
  if (read.trained && history) {
    const { progress, seconds } = history;
    const made_with = withDefaultsMade(history.made_with);
    await attempt(() =>
      pack(read.trained as Uint8Array, made_with.settings, made_with, progress, seconds),
    );
    showTraining();
  }
  notify("success", `Imported "${made.name}": ${count(read.recordings, "recording")}`);
}

export async function deleteEverything(): Promise<void> {
  await attempt(async () => {
    cancelTraining();
    stopLive();
    await settleTakes();
    unlock();
    project.value = null;
    await destroy();
    localStorage.clear();
    location.reload();
  });
}
