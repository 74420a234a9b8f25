// The store: one transaction for each change that a person would call one, so that
// a full disk or a crash leaves all of it or nothing. A promise that is fulfilled
// means that the bytes were handed to the disk (`durability: 'strict'`).
import type { IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import { deleteDB, openDB } from "idb";
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import type { Kept, StorageInfo } from "../state/types";
import { TroubleError } from "../worker/client";
import { isEncoded, sizeOf } from "../worker/pcm";
import type { FreshLook, FullRecording } from "../worker/protocol";
import {
  NAME,
  type Schema,
  type StoredModel,
  type StoredProject,
  type TakePart,
  upgrade,
  VERSION,
} from "./schema";

export type { MadeWith, Readings, StoredModel, StoredProject, TakeHead, TakePart } from "./schema";

type Stores = StoreNames<Schema>;
type Writing = IDBPTransaction<Schema, Stores[], "readwrite">;

let opened: Promise<IDBPDatabase<Schema>> | null = null;
/** The store was deleted or renewed: a page of before must not make a new one, with what it still has. */
let closed = false;
/** Called when another tab needs this one to let go of the database. */
let onOutdated: () => void = () => undefined;

export function whenOutdated(tell: () => void): void {
  onOutdated = tell;
}

const CLOSED = {
  what: "The store was deleted or renewed, perhaps in another tab",
  place: "browser storage",
  remedy: "Reload this page",
};

function database(): Promise<IDBPDatabase<Schema>> {
  if (closed) return Promise.reject(new TroubleError(CLOSED));
  opened ??= openDB<Schema>(NAME, VERSION, {
    upgrade: (db, from, to, transaction) => upgrade(db, from, to ?? VERSION, transaction),
    blocking: (_current, _blocked, event) => {
      closed = true;
      (event.target as IDBDatabase).close();
      onOutdated();
    },
    terminated: () => {
      opened = null;
    },
  }).catch((error: unknown) => {
    opened = null;
    throw new TroubleError({
      what: `The browser's store can't be opened: ${text(error)}`,
      place: "browser storage",
      remedy:
        "Private windows and full disks may refuse it; use an ordinary window, close other tabs of this page, then reload",
    });
  });
  return opened;
}

/** Everything in `work`, or nothing of it. */
async function change(stores: Stores[], work: (tx: Writing) => Promise<unknown>[]): Promise<void> {
  const db = await database();
  try {
    const tx = db.transaction(stores, "readwrite", { durability: "strict" });
    try {
      await Promise.all(work(tx));
    } catch (error) {
      giveUp(tx);
      await tx.done.catch(() => undefined);
      // Of a transaction that the browser ended, its requests know only that it was ended.
      throw tx.error ?? error;
    }
    await tx.done;
  } catch (error) {
    throw refusal(error);
  }
}

function giveUp(tx: Writing): void {
  try {
    tx.abort();
  } catch {
    // The browser has ended it already.
  }
}

/** There is no room: what can be spared may make some. */
export class StoreFull extends TroubleError {
  constructor() {
    super({
      what: "There is no room left to save this",
      place: "browser storage",
      remedy:
        "Export and delete projects or recordings that you no longer need, or free disk space",
    });
  }
}

function refusal(error: unknown): TroubleError {
  if (error instanceof TroubleError) return error;
  if ((error as DOMException)?.name === "QuotaExceededError") return new StoreFull();
  return new TroubleError({
    what: `Saving failed; nothing was changed: ${text(error)}`,
    place: "browser storage",
    remedy: "Try again; if it stays, export the project and reload",
  });
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** All keys that begin with these parts. */
function below(...parts: string[]): IDBKeyRange {
  return IDBKeyRange.bound(parts, [...parts, []]);
}

// ── projects ─────────────────────────────────────────────────────────────────

export async function allProjects(): Promise<(StoredProject & { recordings: number })[]> {
  const db = await database();
  const projects = await db.getAll("projects");
  return Promise.all(
    projects.map(async (project) => ({
      ...project,
      recordings: await db.countFromIndex("recordings", "project", project.id),
    })),
  );
}

export async function getProject(id: string): Promise<StoredProject | null> {
  return (await (await database()).get("projects", id)) ?? null;
}

export function saveProject(project: StoredProject): Promise<void> {
  return change(["projects"], (tx) => [tx.objectStore("projects").put(project)]);
}

/** Changes some of a project that is there, deleted or not, and nothing of one that is gone. */
export function changeProject(id: string, some: Partial<Omit<StoredProject, "id">>): Promise<void> {
  return change(["projects"], (tx) => [
    projectIn(tx, id).then((stored) => tx.objectStore("projects").put({ ...stored, ...some })),
  ]);
}

const GONE = {
  what: "This project is gone",
  place: "projects",
  remedy: "It was deleted, perhaps in another tab: open another one",
};

export function gone(): TroubleError {
  return new TroubleError(GONE);
}

/** Ends the transaction if the project is not there. */
async function projectIn(tx: Writing, id: string): Promise<StoredProject> {
  const stored = await tx.objectStore("projects").get(id);
  if (!stored) throw gone();
  return stored;
}

/** Takes all of a project away, unless it is no longer deleted, or was deleted after `before_ms`. */
export function purgeProject(id: string, before_ms = Number.POSITIVE_INFINITY): Promise<void> {
  const stores: Stores[] = ["projects", "recordings", "samples", "trash", "models", "takes"];
  const all = async (tx: Writing) => {
    const stored = await tx.objectStore("projects").get(id);
    if (stored && (stored.deleted_ms === null || stored.deleted_ms > before_ms)) return;
    await Promise.all([
      tx.objectStore("projects").delete(id),
      tx.objectStore("recordings").delete(below(id)),
      tx.objectStore("samples").delete(below(id)),
      tx.objectStore("trash").delete(below(id)),
      tx.objectStore("models").delete(id),
      tx.objectStore("takes").delete(below(id)),
    ]);
  };
  return change(stores, (tx) => [all(tx)]);
}

/**
 * A deep copy, some recordings at a time. `copy` counts as deleted while it is coming, so that one
 * which a crash cut off is cleared away at a later start.
 */
export async function copyProject(
  from: string,
  copy: StoredProject,
  copied: (counted: { done: number; total: number }) => void,
): Promise<void> {
  await saveProject(copy);
  for await (const { recordings, done, total } of recordingsIn(from)) {
    copied({ done, total });
    await addRecordings(copy.id, recordings);
  }
  const model = await modelOf(from);
  await change(["projects", "models"], (tx) => [
    tx.objectStore("projects").put({ ...copy, deleted_ms: null }),
    ...(model ? [tx.objectStore("models").put(model, copy.id)] : []),
  ]);
}

/** Bytes of a project's arrays, by what they hold. */
export interface Sizes {
  readings: number;
  sounds: number;
  pictures: number;
  models: number;
  takes: number;
}

/** By project. Looks at one recording after another, never at all of them in memory. */
export async function sizes(): Promise<Map<string, Sizes>> {
  const found = new Map<string, Sizes>();
  const of = (project: string): Sizes => {
    const none = { readings: 0, sounds: 0, pictures: 0, models: 0, takes: 0 };
    const known = found.get(project) ?? none;
    found.set(project, known);
    return known;
  };
  const tx = (await database()).transaction(["samples", "models", "takes"]);
  for await (const { key, value } of tx.objectStore("samples").iterate())
    of(key[0])[kindOf(value)] += bytesOf(value);
  for await (const { key, value } of tx.objectStore("models").iterate())
    of(key).models += bytesOf(value);
  for await (const { key, value } of tx.objectStore("takes").iterate())
    of(key[0]).takes += bytesOf(value);
  return found;
}

function kindOf(kept: Kept): "readings" | "sounds" | "pictures" {
  if ("pcm" in kept) return "sounds";
  return "encoded" in kept ? "pictures" : "readings";
}

function bytesOf(value: object): number {
  let sum = 0;
  for (const one of Object.values(value)) if (ArrayBuffer.isView(one)) sum += one.byteLength;
  return sum;
}

// ── recordings ───────────────────────────────────────────────────────────────

function putRecording(tx: Writing, project: string, one: FullRecording): Promise<unknown>[] {
  const { meta, ...kept } = one;
  return [
    tx.objectStore("recordings").put({ project, id: meta.id, meta }),
    tx.objectStore("samples").put(kept, [project, meta.id]),
    // The same one may have been removed a moment ago: it is among the recordings again.
    tx.objectStore("trash").delete([project, meta.id]),
  ];
}

function dropRecording(tx: Writing, project: string, id: string): Promise<unknown>[] {
  return [
    tx.objectStore("recordings").delete([project, id]),
    tx.objectStore("samples").delete([project, id]),
  ];
}

export async function metasOf(project: string): Promise<RecordingMeta[]> {
  const rows = await (await database()).getAllFromIndex("recordings", "project", project);
  return rows.map((row) => row.meta);
}

export async function samplesIn(project: string, id: string): Promise<Kept | null> {
  return (await (await database()).get("samples", [project, id])) ?? null;
}

/** So many recordings are in memory at once, while all of a project are read… */
const BATCH = 200;
/** …or fewer, once they reach so many bytes. */
const BATCH_BYTES = 8_000_000;

export interface Batch {
  recordings: FullRecording[];
  /** Recordings before these, and all there were at the start. */
  done: number;
  total: number;
}

export async function idsOf(project: string): Promise<string[]> {
  const keys = await (await database()).getAllKeysFromIndex("recordings", "project", project);
  return keys.map(([, id]) => id);
}

/**
 * All recordings of a project, or those of `some` ids, a few at a time, in the order of their ids. What is removed while
 * it is being read is left out.
 */
export async function* recordingsIn(project: string, some?: string[]): AsyncGenerator<Batch> {
  const db = await database();
  const ids = some ?? (await idsOf(project));
  let done = 0;
  while (done < ids.length) {
    const tx = db.transaction(["recordings", "samples"]);
    const recordings: FullRecording[] = [];
    let bytes = 0;
    const from = done;
    while (done < ids.length && recordings.length < BATCH && bytes < BATCH_BYTES) {
      const some = ids.slice(done, done + READ_AT_ONCE);
      const read = await Promise.all(some.map((id) => recordingIn(tx, project, id)));
      for (const one of read) {
        if (!one) continue;
        bytes += sizeOf(one);
        recordings.push(one);
      }
      done += some.length;
    }
    yield { recordings, done: from, total: ids.length };
  }
}

/** Requests within a transaction that are on their way together. */
const READ_AT_ONCE = 20;

async function recordingIn(
  tx: IDBPTransaction<Schema, ("recordings" | "samples")[], "readonly">,
  project: string,
  id: string,
): Promise<FullRecording | null> {
  const [row, kept] = await Promise.all([
    tx.objectStore("recordings").get([project, id]),
    tx.objectStore("samples").get([project, id]),
  ]);
  return row && kept ? { meta: row.meta, ...kept } : null;
}

/** Adds recordings to a project that is there; `take`, if given, is the finished take that became one of them. */
export function addRecordings(
  project: string,
  recordings: FullRecording[],
  take: string | null = null,
): Promise<void> {
  return change(["projects", "recordings", "samples", "trash", "takes"], (tx) => [
    projectIn(tx, project),
    ...recordings.flatMap((one) => putRecording(tx, project, one)),
    ...(take ? [tx.objectStore("takes").delete(below(project, take))] : []),
  ]);
}

/** Of recordings that are there; returns those. One that was removed meanwhile stays removed. */
export async function saveMetas(project: string, metas: RecordingMeta[]): Promise<RecordingMeta[]> {
  const there: RecordingMeta[] = [];
  await change(["recordings"], (tx) =>
    metas.map(async (meta) => {
      const rows = tx.objectStore("recordings");
      if ((await rows.getKey([project, meta.id])) === undefined) return;
      there.push(meta);
      await rows.put({ project, id: meta.id, meta });
    }),
  );
  return there;
}

/** What pictures look like, as this version's engine made it; of those that are there. */
export function saveLooks(project: string, looks: FreshLook[]): Promise<void> {
  return change(["samples"], (tx) =>
    looks.map(async ({ id, look }) => {
      const kept = await tx.objectStore("samples").get([project, id]);
      if (kept && isEncoded(kept))
        await tx.objectStore("samples").put({ ...kept, look }, [project, id]);
    }),
  );
}

/** Puts `recordings` in the place of others, in one change. */
export function replaceRecordings(
  project: string,
  ids: string[],
  recordings: FullRecording[],
): Promise<void> {
  return change(["projects", "recordings", "samples", "trash"], (tx) => [
    projectIn(tx, project),
    ...ids.flatMap((id) => dropRecording(tx, project, id)),
    ...recordings.flatMap((one) => putRecording(tx, project, one)),
  ]);
}

/** Takes recordings out of the project; until the trash is emptied they can be had back. */
export function removeRecordings(project: string, ids: string[]): Promise<void> {
  const removed_ms = Date.now();
  return change(["recordings", "trash"], (tx) =>
    ids.map(async (id) => {
      const row = await tx.objectStore("recordings").get([project, id]);
      if (!row) return;
      await Promise.all([
        tx.objectStore("recordings").delete([project, id]),
        tx.objectStore("trash").put({ ...row, removed_ms }),
      ]);
    }),
  );
}

/** Those of `ids` that are in the trash are recordings again; returns them. */
export async function restoreRecordings(project: string, ids: string[]): Promise<RecordingMeta[]> {
  const back: RecordingMeta[] = [];
  await change(["recordings", "trash"], (tx) =>
    ids.map(async (id) => {
      const found = await tx.objectStore("trash").get([project, id]);
      if (!found) return;
      back.push(found.meta);
      await Promise.all([
        tx.objectStore("recordings").put({ project, id, meta: found.meta }),
        tx.objectStore("trash").delete([project, id]),
      ]);
    }),
  );
  return back;
}

/** Deletes for good what was removed before then, of all projects; whether there was anything. */
export async function emptyTrash(before_ms: number): Promise<boolean> {
  let found = false;
  await change(["samples", "trash"], (tx) => [
    (async () => {
      const old = IDBKeyRange.upperBound(before_ms, true);
      const keys = await tx.objectStore("trash").index("removed").getAllKeys(old);
      found = keys.length > 0;
      await Promise.all(
        keys.flatMap((key) => [
          tx.objectStore("trash").delete(key),
          tx.objectStore("samples").delete(key),
        ]),
      );
    })(),
  ]);
  return found;
}

// ── takes in progress ────────────────────────────────────────────────────────

export function appendTake(project: string, part: TakePart): Promise<void> {
  return change(["takes"], (tx) => [tx.objectStore("takes").put({ project, ...part })]);
}

/** Unfinished takes: the first part of each. */
export async function takesOf(project: string): Promise<TakePart[]> {
  const firsts: TakePart[] = [];
  const tx = (await database()).transaction("takes");
  for await (const { value } of tx.store.iterate(below(project)))
    if (value.part === 0) firsts.push(value);
  return firsts;
}

/** The parts of one take in order, one at a time: a long take is never in memory twice. */
export async function eachPart(
  project: string,
  take: string,
  visit: (part: TakePart) => void,
): Promise<void> {
  const tx = (await database()).transaction("takes");
  for await (const { value } of tx.store.iterate(below(project, take))) visit(value);
}

export function dropTake(project: string, take: string): Promise<void> {
  return change(["takes"], (tx) => [tx.objectStore("takes").delete(below(project, take))]);
}

// ── models ───────────────────────────────────────────────────────────────────

export async function modelOf(project: string): Promise<StoredModel | null> {
  return (await (await database()).get("models", project)) ?? null;
}

export function saveModel(project: string, model: StoredModel): Promise<void> {
  return change(["projects", "models"], (tx) => [
    projectIn(tx, project),
    tx.objectStore("models").put(model, project),
  ]);
}

// ── the store as a whole ─────────────────────────────────────────────────────

/** Asks the browser not to clear the store when disk space runs low. */
export async function askToPersist(): Promise<boolean> {
  return (await navigator.storage?.persist?.().catch(() => false)) ?? false;
}

export async function storageInfo(): Promise<StorageInfo | null> {
  if (!navigator.storage?.estimate) return null;
  const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted?.() ?? false,
  ]);
  return { used: usage, quota, persisted };
}

export async function destroy(): Promise<void> {
  const db = await database();
  closed = true;
  db.close();
  await deleteDB(NAME);
}
