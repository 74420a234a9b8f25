// The life of projects: which there are, which is open, and what opening one means.
import { batch, signal } from "@preact/signals";
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import type { Settings } from "../engine/types/Settings";
import {
  addRecordings,
  allProjects,
  changeProject,
  copyProject,
  destroy,
  getProject,
  gone,
  type MadeWith,
  metasOf,
  modelOf,
  purgeProject,
  type StoredModel,
  type StoredProject,
  saveProject,
} from "../store";
import { plural } from "../widgets/format";
import { TroubleError, type WorkerClient } from "../worker/client";
import type { Counted, FullRecording, ImportJobs, ReadProject } from "../worker/protocol";
import { settleTakes } from "./capture";
import { clearAway, showRecordings } from "./data";
import { newId } from "./id";
import { MOST_BYTES, takeAll, tooLarge } from "./import";
import { forgetKeys } from "./keys";
import { stopLive } from "./live";
import { type Lock, lock, whileFree } from "./lock";
import { pack, projectZip, save, showModel, slug } from "./model";
import { forgetOffline } from "./offline";
import { stopPlaying } from "./playback";
import {
  catalog,
  isOpen,
  mayWrite,
  project,
  readOnly,
  refreshStorage,
  renameProject,
  saveNow,
  warnIfTooMuch,
} from "./project";
import { completed, defaultsOf, isGroup } from "./settings";
import { recoverTakes } from "./takes";
import { attempt, busily, busy, notify, tell, UNDO_MS } from "./toasts";
import { cancelTraining, showTraining } from "./training";
import type { ProjectSummary, Training } from "./types";
import { lab, newImportWorker } from "./workers";

const LAST = "lampyris.project";
const FIRST_NAME = "My first project";
/** So long a project that is still being copied or imported is left alone by other tabs that start. */
const INCOMING_MS = 3_600_000;

export const projects = signal<ProjectSummary[]>([]);

/** Of the store: another tab may have changed it. */
export async function listProjects(): Promise<void> {
  const all = await allProjects();
  projects.value = all
    .filter((one) => one.deleted_ms === null)
    .map(({ settings, deleted_ms: _, ...one }) => ({ ...one, task: settings.task }))
    .sort((a, b) => b.changed_ms - a.changed_ms);
}

/** Opens the project of last time, or makes the first one. */
export async function openLast(): Promise<void> {
  void clearAway();
  await listProjects();
  const last = localStorage.getItem(LAST);
  const found = projects.value.find((one) => one.id === last) ?? projects.value[0];
  await show(found?.id ?? (await another()));
}

/** The name, or with a number if another project has it. */
function free(name: string): string {
  const taken = new Set(projects.value.map((one) => one.name));
  if (!taken.has(name)) return name;
  const bare = name.replace(/ \(\d+\)$/, "");
  let n = 2;
  while (taken.has(`${bare} (${n})`)) n++;
  return `${bare} (${n})`;
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

/** What this tab has of the project that is open in it. */
let mine: Lock | null = null;
/** One project after another becomes the open one: each begins when the one before is through. */
let line: Promise<unknown> = Promise.resolve();

function inLine(work: () => Promise<void>): Promise<void> {
  const done = line.then(work);
  line = done.catch(() => undefined);
  return done;
}

/** Makes this project the open one, for writing if no other tab has it; throws if it can't be read. */
function show(id: string): Promise<void> {
  return inLine(() => showNow(id));
}

/** Until the other project is read, the one before stays open, with its lock. */
async function showNow(id: string): Promise<void> {
  if (mine?.project === id) return;
  // First of all: a first take may give its project other settings.
  await settleTakes();
  const next: Lock = await lock(id, () => void inLine(() => takeOver(next)));
  try {
    const found = await read(id);
    await saveNow();
    present(found, next);
  } catch (error) {
    next.release();
    throw error;
  }
  await presented(next.writable);
}

interface Found {
  stored: StoredProject;
  metas: RecordingMeta[];
  model: StoredModel | null;
}

async function read(id: string): Promise<Found> {
  const stored = await stillThere(id);
  const [metas, model] = await Promise.all([metasOf(id), modelOf(id)]);
  return { stored, metas, model };
}

function present({ stored, metas, model }: Found, held: Lock, writable = held.writable): void {
  cancelTraining();
  stopLive();
  stopPlaying();
  const { deleted_ms: _, ...state } = stored;
  batch(() => {
    project.value = { ...state, settings: withDefaults(state.settings) };
    readOnly.value = !writable;
    showModel(model && { ...model, made_with: withDefaultsMade(model.made_with) });
    showTraining();
  });
  if (mine !== held) mine?.release();
  mine = held;
  localStorage.setItem(LAST, stored.id);
  showRecordings(stored.id, metas);
}

async function presented(writable: boolean): Promise<void> {
  await attempt(async () => {
    if (writable) await recoverTakes();
    await listProjects();
    await refreshStorage();
  });
}

/** The tab that had the project let go of it: perhaps because it was deleted there. */
async function takeOver(held: Lock): Promise<void> {
  if (mine !== held) return;
  await attempt(async () => {
    const found = await read(held.project).catch(tell);
    if (!found) return showNow(await another());
    present(found, held, true);
    notify("info", "The other tab let go of this project: it can be changed here now");
    await presented(true);
  });
}

/** The project that was changed last, or a new one. */
async function another(): Promise<string> {
  await listProjects();
  return projects.value[0]?.id ?? (await create(FIRST_NAME));
}

/** Settings that this version has and the stored ones have not, as they are by default. */
function withDefaults(settings: Settings): Settings {
  return completed(settings, defaultsOf(settings.task));
}

/** So that a setting which came later does not look like one that was changed. */
function withDefaultsMade(made: MadeWith): MadeWith {
  return { ...made, settings: withDefaults(made.settings) };
}

export async function newProject(name?: string, settings?: Settings): Promise<void> {
  await attempt(async () => {
    const wanted = name?.trim() || `Project ${projects.value.length + 1}`;
    await show(await create(free(wanted), settings));
  });
}

export async function openProject(id: string): Promise<void> {
  if (id !== project.value?.id) await attempt(() => show(id));
}

/** Changes a project that need not be the open one; says so if another tab has it. */
async function changing(id: string, work: () => Promise<void>): Promise<void> {
  if (id === project.value?.id) {
    if (mayWrite()) await attempt(work);
    return;
  }
  await attempt(async () => {
    if (await whileFree(id, work)) return;
    throw new TroubleError({
      what: "This project is open in another tab",
      place: "projects",
      remedy: "Change it there, or close that tab first",
    });
  });
}

export function renameAny(id: string, name: string): Promise<void> {
  const trimmed = name.trim();
  if (!trimmed) return Promise.resolve();
  return changing(id, async () => {
    if (id === project.value?.id) await renameProject(trimmed);
    else {
      await stillThere(id);
      await changeProject(id, { name: trimmed, changed_ms: Date.now() });
    }
    await listProjects();
  });
}

async function stillThere(id: string): Promise<StoredProject> {
  const stored = await getProject(id);
  if (stored && stored.deleted_ms === null) return stored;
  await listProjects();
  throw gone();
}

/** Copies all of a project, recordings and model as well, under a name of its own. */
export async function duplicateProject(id: string): Promise<void> {
  await busily("Copying the project", async (counted) => {
    await saveNow();
    const stored = await stillThere(id);
    const now = Date.now();
    const copy = {
      ...stored,
      id: newId(),
      name: free(stored.name),
      created_ms: now,
      changed_ms: now,
      deleted_ms: now + INCOMING_MS,
    };
    try {
      await copyProject(id, copy, counted);
    } catch (error) {
      await purgeProject(copy.id).catch(() => undefined);
      throw error;
    }
    await listProjects();
    await refreshStorage();
    notify("success", `Copied to "${copy.name}"`, {
      action: { label: "Open", run: () => void openProject(copy.id) },
    });
  });
}

export function deleteProject(id: string): Promise<void> {
  return changing(id, async () => {
    const open = id === project.value?.id;
    if (open) await settleTakes();
    await saveNow();
    const { name } = await stillThere(id);
    await changeProject(id, { deleted_ms: Date.now() });
    setTimeout(() => void clearAway(), UNDO_MS);
    notify("info", `Deleted the project "${name}"`, {
      action: { label: "Undo", run: () => void attempt(() => putBack(id, open)) },
    });
    if (open) await show(await another());
    else await listProjects();
  });
}

async function putBack(id: string, open: boolean): Promise<void> {
  await changeProject(id, { deleted_ms: null });
  if (open) await show(id);
  else await listProjects();
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
  const worker = newImportWorker();
  let reading = true;
  await busily(
    `Reading ${file.name}`,
    async (counted) => {
      try {
        if (file.size > MOST_BYTES) throw new TroubleError({ ...tooLarge(file), place: file.name });
        await warnIfTooMuch(file.size);
        const read = await worker.call("readProject", { file }, { signal: abort.signal });
        reading = false;
        await openImported(
          await storeImported(worker, read, file.name, counted, abort.signal),
          read,
        );
      } finally {
        worker.stop();
      }
    },
    () => {
      abort.abort();
      // It is read in one go, which no message interrupts; nothing of it is stored yet.
      if (reading) worker.stop();
    },
  );
}

/** The project counts as deleted until all of it is there: of a crash meanwhile nothing is left. */
async function storeImported(
  worker: WorkerClient<ImportJobs>,
  read: ReadProject,
  file: string,
  counted: (counted: Counted & { what: string }) => void,
  signal: AbortSignal,
): Promise<StoredProject> {
  await listProjects();
  const now = Date.now();
  const made: StoredProject = {
    id: newId(),
    name: free(read.name || file.replace(/\..*$/, "")),
    settings: read.settings,
    created_ms: now,
    changed_ms: now,
    deleted_ms: now + INCOMING_MS,
  };
  try {
    await saveProject(made);
    const store = (part: FullRecording[]) => addRecordings(made.id, part);
    await takeAll(worker, read.recordings, store, counted, signal);
    await changeProject(made.id, { deleted_ms: null });
  } catch (error) {
    await purgeProject(made.id).catch(() => undefined);
    throw error;
  }
  return made;
}

async function openImported(made: StoredProject, read: ReadProject): Promise<void> {
  await show(made.id);
  const { trained } = read;
  const history = historyIn(read.history_json);
  // The model is made again from its net, so it is checked on the way in.
  if (trained && history) {
    const { progress, seconds } = history;
    const made_with = withDefaultsMade(history.made_with);
    await attempt(() => pack(made.id, trained, made_with.settings, made_with, progress, seconds));
    if (isOpen(made.id)) showTraining();
  }
  notify("success", `Imported "${made.name}": ${plural(read.recordings, "recording")}`);
  if (trained && !history)
    notify("warning", "The model was left out", {
      detail: {
        what: "The file does not tell how its model was made in a way that this page reads",
        place: "project.json, history",
        remedy: "Train again: the recordings and settings are here",
      },
    });
}

/** What was written by this page, or null: any other program may have written what it likes. */
function historyIn(json: string): History | null {
  const history: unknown = JSON.parse(json || "null");
  if (!isGroup(history) || !isGroup(history.made_with)) return null;
  const { progress, seconds } = history;
  const { settings, recordings } = history.made_with;
  const told =
    isGroup(settings) &&
    Array.isArray(recordings) &&
    recordings.every(isGroup) &&
    typeof seconds === "number" &&
    (progress === null || (isGroup(progress) && Array.isArray(progress.history)));
  return told ? (history as unknown as History) : null;
}

export async function deleteEverything(): Promise<void> {
  // Whatever else is on its way would write again what has just been deleted.
  busy.value?.cancel?.();
  cancelTraining();
  stopLive();
  await attempt(() =>
    inLine(async () => {
      await settleTakes();
      project.value = null;
      await destroy();
      mine?.release();
      forgetKeys();
      await forgetOffline();
      location.reload();
    }),
  );
}
