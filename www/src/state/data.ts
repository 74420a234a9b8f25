// The project's recordings, what is known of them before any training, and every
// way to change them. A change is in the store before it is in the page.

import { batch, computed, effect, signal } from "@preact/signals";
import type { Overview } from "../engine/types/Overview";
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import type { Split } from "../engine/types/Split";
import { isPicture } from "../sensors";
import {
  addRecordings,
  allProjects,
  askToPersist,
  emptyTrash,
  purgeProject,
  removeRecordings,
  replaceRecordings,
  restoreRecordings,
  StoreFull,
  samplesIn,
  saveMetas,
} from "../store";
import { plural } from "../widgets/format";
import { buffersOf } from "../worker/buffers";
import { TroubleError } from "../worker/client";
import { isEncoded, isPcm, PCM_SCALE, unpacked } from "../worker/pcm";
import type { FullRecording } from "../worker/protocol";
import { forgetBitmaps } from "./bitmaps";
import { whileFree } from "./lock";
import { isOpen, mayWrite, project, refreshStorage, stillOpen } from "./project";
import { adoptTask } from "./task";
import { attempt, notify, troubleOf, UNDO_MS } from "./toasts";
import type { Kept, Samples, Signal, Thumbnail, Trouble } from "./types";
import { filling, fillLab, lab, refillLab, respawns } from "./workers";

const OVERVIEW_MS = 80;
const COLUMNS = 120;
/** Samples of the recordings looked at last stay at hand: so many recordings, so many values. */
const SAMPLES_KEPT = 12;
const VALUES_KEPT = 8_000_000;

export { bitmapOf } from "./bitmaps";

export const recordings = signal<RecordingMeta[]>([]);
export const overview = signal<Overview | null>(null);
export const overviewTrouble = signal<Trouble | null>(null);
/** Recordings are being added part by part: what is known of all of them waits for the last. */
export const arriving = signal(false);
/** An overview of the present state is on its way. */
export const overviewPending = signal(false);

const byName = new Intl.Collator(undefined, { numeric: true });
const sorted = (metas: RecordingMeta[]) =>
  metas.toSorted((a, b) => byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));

/** Shows these recordings as the open project's; the engine gets them in the background. */
export function showRecordings(open: string, metas: RecordingMeta[]): void {
  samplesKept.clear();
  thumbnails.clear();
  forgetBitmaps();
  batch(() => {
    recordings.value = sorted(metas);
    overview.value = null;
    overviewTrouble.value = null;
  });
  void attempt(() => fillLab(open));
}

// ── before any training ──────────────────────────────────────────────────────

let wanted = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const settings = computed(() => project.value?.settings ?? null);

/** Keeps the overview up to date; only the latest state is ever asked for. */
let failed: { settings: unknown; recordings: unknown; times: number } = {
  settings: null,
  recordings: null,
  times: 0,
};

export function watchOverview(): void {
  effect(() => {
    const now = settings.value;
    const some = recordings.value.length > 0;
    respawns.value;
    const mine = ++wanted;
    clearTimeout(timer);
    if (!now || !some) {
      overview.value = null;
      overviewTrouble.value = null;
      overviewPending.value = false;
      return;
    }
    // What has stopped the engine twice would stop it again and again.
    if (failed.settings === now && failed.recordings === recordings.value && failed.times > 1) {
      overviewPending.value = false;
      return;
    }
    overviewPending.value = true;
    // Of half the recordings nothing is to be said.
    if (filling.value || arriving.value) return;
    timer = setTimeout(() => refreshOverview(mine), OVERVIEW_MS);
  });
}

/** Resolves once what is shown fits the present state. */
export function overviewSettled(): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (overviewPending.value) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

async function refreshOverview(mine: number): Promise<void> {
  const now = settings.peek();
  if (!now || mine !== wanted) return;
  let found: Overview | null = null;
  let trouble: Trouble | null = null;
  try {
    found = await lab.call("overview", { settings: now });
  } catch (error) {
    // Another project was opened, which asks for itself.
    if (error instanceof TroubleError && error.cancelled) return;
    trouble = troubleOf(error);
    const same = failed.settings === now && failed.recordings === recordings.peek();
    failed = {
      settings: now,
      recordings: recordings.peek(),
      times: same ? failed.times + 1 : 1,
    };
    // A respawn may have asked anew meanwhile; the trouble is told all the same.
    overviewTrouble.value = trouble;
  }
  if (mine !== wanted) return;
  batch(() => {
    if (found) overview.value = found;
    overviewTrouble.value = trouble;
    overviewPending.value = false;
  });
}

// ── samples ──────────────────────────────────────────────────────────────────

const samplesKept = new Map<string, Promise<Samples>>();
const thumbnails = new Map<string, Promise<Thumbnail>>();

export function samplesOf(id: string): Promise<Samples> {
  const kept = samplesKept.get(id) ?? signalOf(id).then(unpacked);
  // The latest asked for is the last to be forgotten.
  samplesKept.delete(id);
  samplesKept.set(id, kept);
  kept.catch(() => samplesKept.delete(id));
  const sizes = new Map(recordings.peek().map((meta) => [meta.id, meta.samples]));
  let values = 0;
  for (const [i, one] of [...samplesKept.keys()].reverse().entries()) {
    values += sizes.get(one) ?? 0;
    if (i > 0 && (i >= SAMPLES_KEPT || values > VALUES_KEPT)) samplesKept.delete(one);
  }
  return kept;
}

/** Readings as they lie in the store. */
export async function signalOf(id: string): Promise<Signal> {
  const kept = await keptOf(id);
  if (!isEncoded(kept)) return kept;
  throw new TroubleError({
    what: "This recording is a picture",
    place: id.slice(0, 8),
    remedy: "Pictures have no readings to play or to cut",
  });
}

async function keptOf(id: string): Promise<Kept> {
  const open = project.peek()?.id;
  const kept = open ? await samplesIn(open, id) : null;
  if (kept) return kept;
  throw new TroubleError({
    what: "The content of this recording is gone",
    place: id.slice(0, 8),
    remedy: "It was removed, perhaps in another tab: reload the page",
  });
}

export function thumbnailOf(id: string): Promise<Thumbnail> {
  let thumbnail = thumbnails.get(id);
  if (!thumbnail) {
    thumbnail = drawThumbnail(id);
    thumbnails.set(id, thumbnail);
    thumbnail.catch(() => thumbnails.delete(id));
  }
  return thumbnail;
}

async function drawThumbnail(id: string): Promise<Thumbnail> {
  const axes = recordings.peek().find((meta) => meta.id === id)?.axes.length ?? 1;
  const kept = await signalOf(id);
  const sound = isPcm(kept);
  const values = sound ? kept.pcm : kept.values;
  const full = sound ? PCM_SCALE : 1;
  const samples = Math.floor(values.length / axes);
  const columns = Math.max(1, Math.min(COLUMNS, samples));
  const min = new Float32Array(axes * columns).fill(Number.POSITIVE_INFINITY);
  const max = new Float32Array(axes * columns).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < samples; i++) {
    const column = Math.floor((i * columns) / samples);
    for (let a = 0; a < axes; a++) {
      const value = (values[i * axes + a] ?? 0) / full;
      const at = a * columns + column;
      if (value < (min[at] ?? 0)) min[at] = value;
      if (value > (max[at] ?? 0)) max[at] = value;
    }
  }
  return { min, max };
}

/** An id is a hash of what a recording holds: equal ones are one recording. */
export function eachOnce(full: FullRecording[]): FullRecording[] {
  const met = new Set<string>();
  return full.filter(({ meta }) => !met.has(meta.id) && met.add(meta.id));
}

/**
 * Stores recordings in the project `open`, then shows them if it is still the open one; `take`
 * is the finished take that became one of them. The lab gets their memory; `given` resolves once it
 * has them, too.
 */
export async function add(
  open: string,
  full: FullRecording[],
  take: string | null = null,
): Promise<{ given: Promise<boolean> }> {
  await addRecordings(open, full, take).catch(async (error: unknown) => {
    if (!(error instanceof StoreFull) || !(await clearAway())) throw error;
    await addRecordings(open, full, take);
  });
  if (!isOpen(open)) return { given: Promise.resolve(true) };
  if (recordings.value.length === 0) adoptTask(full.map((one) => one.meta));
  const added = new Set(full.map((one) => one.meta.id));
  recordings.value = sorted([
    ...recordings.value.filter((meta) => !added.has(meta.id)),
    ...full.map((one) => one.meta),
  ]);
  void refreshStorage();
  askOnce();
  // It is safe in the store; a lab that is busy takes it when it can.
  const given = attempt(async () => {
    await lab.call("put", { recordings: full }, { transfer: buffersOf(full) });
  });
  return { given };
}

let asked = false;
function askOnce(): void {
  if (asked) return;
  asked = true;
  void askToPersist().then(refreshStorage);
}

// ── changes ──────────────────────────────────────────────────────────────────

export function relabel(ids: string[], label: string): Promise<void> {
  const trimmed = label.trim();
  if (trimmed === "") {
    notify("warning", "A label can't be empty");
    return Promise.resolve();
  }
  return undoably(
    ids,
    (what) => `${what} now "${trimmed}"`,
    ["spans"],
    (meta) => ({ ...meta, spans: [{ start: 0, end: meta.samples, label: trimmed }] }),
  );
}

export function setGroup(ids: string[], group: string | null): Promise<void> {
  const name = group?.trim() || null;
  return undoably(
    ids,
    (what) => (name ? `${what} now of "${name}"` : `${what} now without a group`),
    ["group"],
    (meta) => ({ ...meta, group: name }),
  );
}

const USES: Readonly<Record<Split, string>> = {
  auto: "used as the settings choose",
  train: "used to train",
  validation: "used to validate",
  test: "held out for the test",
};

export function setSplit(ids: string[], split: Split): Promise<void> {
  return undoably(
    ids,
    (what) => `${what} now ${USES[split]}`,
    ["split"],
    (meta) => ({ ...meta, split }),
  );
}

/** A change of some fields of many, with the way back for those very fields. */
async function undoably(
  ids: string[],
  told: (what: string) => string,
  fields: readonly (keyof RecordingMeta)[],
  change: (meta: RecordingMeta) => RecordingMeta,
): Promise<void> {
  const open = project.value?.id;
  const some = new Set(ids);
  const before = new Map<string, RecordingMeta>();
  for (const meta of recordings.value) if (some.has(meta.id)) before.set(meta.id, meta);
  if (!open || before.size === 0 || !(await changeMetas(ids, change))) return;
  const back = (meta: RecordingMeta) => {
    const then = before.get(meta.id);
    return then
      ? { ...meta, ...Object.fromEntries(fields.map((field) => [field, then[field]])) }
      : meta;
  };
  const what = thingsOf([...before.values()]);
  notify("info", told(`${what} ${before.size === 1 ? "is" : "are"}`), {
    action: {
      label: "Undo",
      run: () => void (stillOpen(open) && changeMetas([...before.keys()], back)),
    },
  });
}

/** "circle.1" in quotes, or "3 pictures". */
function thingsOf(metas: readonly RecordingMeta[]): string {
  const [first] = metas;
  if (first && metas.length === 1) return `"${first.name}"`;
  const pictures = metas.every((one) => isPicture(one.axes));
  return plural(metas.length, pictures ? "picture" : "recording");
}

export async function rename(id: string, name: string): Promise<void> {
  await changeMetas([id], (meta) => ({ ...meta, name: name.trim() || meta.name }));
}

export async function setNotes(id: string, notes: string): Promise<void> {
  await changeMetas([id], (meta) => ({ ...meta, notes }));
}

async function changeMetas(
  ids: string[],
  change: (meta: RecordingMeta) => RecordingMeta,
): Promise<boolean> {
  const open = project.value?.id;
  if (!open || !mayWrite()) return false;
  const some = new Set(ids);
  const changed = new Map<string, RecordingMeta>();
  for (const meta of recordings.value) if (some.has(meta.id)) changed.set(meta.id, change(meta));
  return attempt(async () => {
    const metas = await saveMetas(open, [...changed.values()]);
    if (!isOpen(open)) return;
    recordings.value = sorted(recordings.value.map((meta) => changed.get(meta.id) ?? meta));
    await lab.call("putMetas", { metas });
  });
}

export async function remove(ids: string[]): Promise<void> {
  const open = project.value?.id;
  if (!open || ids.length === 0 || !mayWrite()) return;
  const some = new Set(ids);
  await attempt(async () => {
    const metas = recordings.value.filter((meta) => some.has(meta.id));
    await removeRecordings(
      open,
      metas.map((meta) => meta.id),
    );
    setTimeout(() => void clearAway(), UNDO_MS);
    if (isOpen(open)) recordings.value = recordings.value.filter((meta) => !some.has(meta.id));
    forgetSamples(ids);
    notify("info", `Deleted ${thingsOf(metas)}`, {
      action: { label: "Undo", run: () => void putBack(open, ids) },
    });
    await lab.call("remove", { ids });
    void refreshStorage();
  });
}

/** Frees what was removed too long ago to be undone; whether there was any. What fails now is done at the next start. */
export async function clearAway(): Promise<boolean> {
  const before_ms = Date.now() - UNDO_MS;
  let freed = await emptyTrash(before_ms).catch(() => false);
  const purge = async (id: string) => {
    await purgeProject(id, before_ms);
    freed = true;
  };
  for (const { id, deleted_ms } of await allProjects().catch(() => []))
    if (deleted_ms !== null && deleted_ms <= before_ms)
      // A tab that still has it open takes another one first.
      await whileFree(id, () => purge(id)).catch(() => false);
  void refreshStorage();
  return freed;
}

async function fullOf(meta: RecordingMeta): Promise<FullRecording> {
  return { meta, ...(await keptOf(meta.id)) };
}

function forgetSamples(ids: string[]): void {
  for (const id of ids) {
    samplesKept.delete(id);
    thumbnails.delete(id);
  }
  forgetBitmaps(ids);
}

async function putBack(open: string, ids: string[]): Promise<void> {
  if (!stillOpen(open)) return;
  await attempt(async () => {
    const back = await restoreRecordings(open, ids);
    if (back.length < ids.length)
      notify("warning", `${ids.length - back.length} of ${ids.length} can't be had back any more`);
    if (!isOpen(open) || back.length === 0) return;
    const ours = new Set(back.map((meta) => meta.id));
    recordings.value = sorted([...recordings.value.filter((m) => !ours.has(m.id)), ...back]);
    await refillLab(open, [...ours]);
    void refreshStorage();
  });
}

/**
 * Puts `made` in the place of `old`: one change, which can be undone. What is among the recordings
 * already stays as it is, then and at the undo; `said` is told how many are new.
 */
export async function replace(
  old: RecordingMeta[],
  made: FullRecording[],
  said: (fresh: number) => string,
): Promise<boolean> {
  const open = project.value?.id;
  if (!open || !mayWrite()) return false;
  return attempt(async () => {
    const gone = await Promise.all(old.map(fullOf));
    const fresh = await exchange(open, gone, made);
    notify("success", said(fresh.length), {
      action: {
        label: "Undo",
        run: () =>
          void (
            stillOpen(open) &&
            attempt(async () => {
              await exchange(open, fresh, gone);
            })
          ),
      },
    });
  });
}

/** Returns those of `into` that were not there before. */
async function exchange(
  open: string,
  out: FullRecording[],
  into: FullRecording[],
): Promise<FullRecording[]> {
  const leaving = new Set(out.map((one) => one.meta.id));
  const staying = recordings.value.map((meta) => meta.id).filter((id) => !leaving.has(id));
  const there = new Set(staying);
  const fresh = eachOnce(into).filter((one) => !there.has(one.meta.id));
  const coming = new Set(fresh.map((one) => one.meta.id));
  const going = [...leaving].filter((id) => !coming.has(id));
  await replaceRecordings(open, going, fresh);
  if (!isOpen(open)) return fresh;
  recordings.value = sorted([
    ...recordings.value.filter((meta) => !leaving.has(meta.id) && !coming.has(meta.id)),
    ...fresh.map((one) => one.meta),
  ]);
  forgetSamples(going);
  // The change is made: a lab that fails here is told of, and built again from the store.
  await attempt(async () => {
    await lab.call("put", { recordings: fresh });
    await lab.call("remove", { ids: going });
  });
  void refreshStorage();
  return fresh;
}
