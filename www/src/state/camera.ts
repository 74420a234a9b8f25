// Pictures of what a camera shows, one after another while a person wants them: frame → JPEG →
// checked and measured in a worker of its own → the store, a second's worth in one transaction.
// What can't be stored as fast as it is taken is left out and counted; nothing queues up.
import { signal } from "@preact/signals";
import type { NewRecording } from "../engine/types/NewRecording";
import { PICTURE_AXIS, type Pictures, Still } from "../sensors";
import { plural } from "../widgets/format";
import type { WorkerClient } from "../worker/client";
import type { MadePicture, PictureJobs } from "../worker/protocol";
import { add, recordings, remove } from "./data";
import { isOpen, mayWrite, project } from "./project";
import { mixes } from "./task";
import { attempt, notify, tell } from "./toasts";
import type { Burst, BurstOptions, Capture, Shot } from "./types";
import { newPictureWorker } from "./workers";

/** A press shorter than this takes one picture, whatever the rate. */
const HOLD_MS = 300;
/** Pictures on their way to the store, at most: four seconds of the usual rate. */
const MOST_WAITING = 20;
/** Pictures that are being made at once. */
const MOST_MAKING = 3;
/** The list and the overview follow each store, so it is not done for each picture. */
const STORE_MS = 1000;
const STRIP = 12;

const NONE: Burst = { label: "", taken: 0, saved: 0, left_out: 0, known: 0, ids: [] };

/** The burst that is being taken, or was last. */
export const burst = signal<Burst>(NONE);
/** The last pictures, the newest first. */
export const strip = signal<Shot[]>([]);

type Tell = (change: Partial<Pick<Capture, "state" | "countdown">>) => void;

let pictures: Pictures | null = null;
let told: Tell = () => undefined;
let worker: WorkerClient<PictureJobs> | null = null;
const still = new Still();

/** The burst on its way: when its next picture is due and when it ends, on the page's clock. */
interface Running {
  options: BurstOptions;
  project: string;
  due_ms: number;
  until_ms: number;
  /** Grows with each burst, so that a late picture counts for its own. */
  serial: number;
  /** Pictures of this label before it. */
  before: number;
  /** One could not be made. */
  failed: boolean;
}
let running: Running | null = null;
let counting: ReturnType<typeof setInterval> | undefined;
let serial = 0;
let shots = 0;

interface Made {
  project: string;
  serial: number;
  shot: number;
  picture: MadePicture;
}
/** Made, and not in the store yet. */
let waiting: Made[] = [];
let making = 0;
let writing = false;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Wake whoever waits until nothing is on its way. */
const waking: (() => void)[] = [];

// ── the camera ───────────────────────────────────────────────────────────────

/** Pictures may be taken of `source` from now on; `tell` shows what is going on. */
export function openPictures(source: Pictures, tell: Tell): void {
  pictures = source;
  told = tell;
}

/** Nothing more is taken; what was is stored. */
export function closePictures(): void {
  endBurst();
  pictures = null;
  told = () => undefined;
  unstrip(() => true);
  settle();
}

/** Resolves once nothing is on its way to the store; whether every picture that was taken is there. */
export async function picturesStored(): Promise<boolean> {
  if (onTheWay()) await new Promise<void>((wake) => waking.push(wake));
  return waiting.length === 0;
}

const onTheWay = () => making > 0 || writing || timer !== undefined;

function settle(): void {
  if (onTheWay()) return;
  for (const wake of waking.splice(0)) wake();
  if (pictures) return;
  worker?.stop();
  worker = null;
}

/** A new picture is there: it is taken where one is due. */
export function pictureShown(t_ms: number): void {
  if (!running || t_ms < running.due_ms) return;
  if (t_ms >= running.until_ms) {
    endBurst();
    return;
  }
  // After a pause of the camera there is nothing to make up for.
  running.due_ms = Math.max(running.due_ms + 1000 / running.options.rate_hz, t_ms);
  take(running);
}

// ── bursts ───────────────────────────────────────────────────────────────────

/** Takes a picture at once, or after the countdown, and goes on until it is ended. */
export function startBurst(options: BurstOptions): void {
  if (!pictures || running || counting || !mayWrite()) return;
  if (options.label.trim() === "") {
    notify("warning", "Say first what is in the pictures: they need a label");
    return;
  }
  if (mixes([{ name: PICTURE_AXIS, unit: "" }], recordings.value)) return;
  if (options.countdown_s > 0) countDown(options);
  else begin(options);
}

function countDown(options: BurstOptions): void {
  let left = Math.ceil(options.countdown_s);
  told({ state: "countdown", countdown: left });
  counting = setInterval(() => {
    left -= 1;
    told({ countdown: left });
    if (left > 0) return;
    stopCounting();
    begin(options);
  }, 1000);
}

function stopCounting(): void {
  clearInterval(counting);
  counting = undefined;
}

function begin(options: BurstOptions): void {
  const open = project.value?.id;
  if (!open) return;
  const label = options.label.trim();
  const now_ms = performance.now();
  const { seconds, rate_hz } = options;
  const named = recordings.value.filter((meta) => meta.spans.some((s) => s.label === label));
  running = {
    options: { ...options, label, group: options.group.trim() || `${label} ${clockTime()}` },
    project: open,
    due_ms: now_ms + Math.max(seconds === null ? HOLD_MS : 0, 1000 / rate_hz),
    until_ms: seconds === null ? Number.POSITIVE_INFINITY : now_ms + seconds * 1000,
    serial: ++serial,
    before: named.length,
    failed: false,
  };
  burst.value = { ...NONE, label };
  told({ state: "recording", countdown: 0 });
  take(running);
}

/**
 * Pictures of one burst are almost the same: where nobody says who or when, they are one
 * occasion, so that the test never holds what was trained on.
 */
function clockTime(): string {
  return new Date().toTimeString().slice(0, 8);
}

/** Ends the burst, or the countdown to it; whether there was one. */
export function endBurst(): boolean {
  const was = running !== null || counting !== undefined;
  stopCounting();
  running = null;
  if (was) told({ state: "ready", countdown: 0 });
  storeNow();
  return was;
}

/** Takes the pictures of the last burst away again; the message offers them back. */
export async function undoBurst(): Promise<void> {
  endBurst();
  await picturesStored();
  const { ids } = burst.value;
  burst.value = NONE;
  const gone = new Set(ids);
  unstrip(({ id }) => id !== null && gone.has(id));
  await remove(ids);
}

function unstrip(gone: (shot: Shot) => boolean): void {
  for (const shot of strip.value) if (gone(shot)) URL.revokeObjectURL(shot.url);
  strip.value = strip.value.filter((shot) => !gone(shot));
}

/** Of a burst that is not the last any more, nothing is shown. */
function counted(of: number, change: (now: Burst) => Partial<Burst>): void {
  if (of === serial) burst.value = { ...burst.value, ...change(burst.value) };
}

// ── one picture ──────────────────────────────────────────────────────────────

function take(now: Running): void {
  if (!pictures) return;
  if (making >= MOST_MAKING || waiting.length >= MOST_WAITING) {
    counted(now.serial, (b) => ({ left_out: b.left_out + 1 }));
    return;
  }
  counted(now.serial, (b) => ({ taken: b.taken + 1 }));
  making += 1;
  make(now, pictures)
    .catch((error: unknown) => {
      counted(now.serial, (b) => ({ taken: b.taken - 1 }));
      // What fails once fails again with the next picture: the burst ends, and it is told once.
      if (now.failed) return;
      now.failed = true;
      endBurst();
      tell(error);
    })
    .finally(() => {
      making -= 1;
      settle();
    });
}

async function make(now: Running, source: Pictures): Promise<void> {
  const { label, group } = now.options;
  const device = source.camera?.device;
  const meta: NewRecording = {
    name: `${label} ${now.before + burst.value.taken}`,
    label,
    group,
    axes: [{ name: PICTURE_AXIS, unit: "" }],
    rate_hz: 1,
    source: "camera",
    created_ms: Date.now(),
    notes: "",
    ...(device ? { device } : {}),
  };
  const blob = await still.jpeg(source);
  const shot: Shot = { key: ++shots, url: URL.createObjectURL(blob), label, id: null };
  for (const old of strip.value.slice(STRIP - 1)) URL.revokeObjectURL(old.url);
  strip.value = [shot, ...strip.value.slice(0, STRIP - 1)];
  const encoded = new Uint8Array(await blob.arrayBuffer());
  worker ??= newPictureWorker();
  const making = worker.call("makePicture", { meta, encoded }, { transfer: [encoded.buffer] });
  const picture = await making.catch((error: unknown) => {
    unstrip(({ key }) => key === shot.key);
    throw error;
  });
  waiting.push({ project: now.project, serial: now.serial, shot: shot.key, picture });
  if (running?.serial !== now.serial) storeNow();
  else timer ??= setTimeout(storeNow, STORE_MS);
}

// ── the store ────────────────────────────────────────────────────────────────

function storeNow(): void {
  clearTimeout(timer);
  timer = undefined;
  void store();
}

/** Puts what waits into the store, burst by burst; what does not go in waits on, and that is told. */
async function store(): Promise<void> {
  if (writing || waiting.length === 0) return;
  writing = true;
  let well = true;
  while (well && waiting[0]) {
    const { project: open, serial: of } = waiting[0];
    const part = waiting.filter((one) => one.project === open && one.serial === of);
    well = await attempt(() => storePart(open, of, part));
    if (well) waiting = waiting.filter((one) => !part.includes(one));
  }
  writing = false;
  if (!well) failed();
  settle();
}

async function storePart(open: string, of: number, part: Made[]): Promise<void> {
  // A camera that stands still gives the same picture again: the first one and its label stay.
  const there = new Set(isOpen(open) ? recordings.value.map((meta) => meta.id) : []);
  const fresh = part.filter(({ picture: { meta } }) => !there.has(meta.id) && there.add(meta.id));
  const full = fresh.map(({ picture: { meta, encoded, look } }) => ({ meta, encoded, look }));
  if (full.length > 0) await add(open, full);
  counted(of, (b) => ({
    saved: b.saved + fresh.length,
    known: b.known + part.length - fresh.length,
    ids: [...b.ids, ...fresh.map((one) => one.picture.meta.id)],
  }));
  const ids = new Map(part.map((one) => [one.shot, one.picture.meta.id]));
  strip.value = strip.value.map((shot) => ({ ...shot, id: ids.get(shot.key) ?? shot.id }));
}

function failed(): void {
  endBurstQuietly();
  notify("warning", `${plural(waiting.length, "picture")} could not be saved yet`, {
    action: { label: "Try again", run: storeNow },
  });
}

/** Without another try at what has just failed. */
function endBurstQuietly(): void {
  clearTimeout(timer);
  timer = undefined;
  if (!running) return;
  running = null;
  told({ state: "ready", countdown: 0 });
}
