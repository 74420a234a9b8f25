// Recording takes: sensor → gatherer → parts in the store every two seconds → one recording.
// The store is the only place where a take is whole, so that what a crash or a reload cut off
// is finished at the next start exactly as any other take is.
import { signal } from "@preact/signals";
import {
  type Chunk,
  isPicture,
  isSound,
  type Running,
  replay,
  SENSORS,
  type Sensor,
  slideshow,
} from "../sensors";
import { appendTake, dropTake, type Readings, type TakeHead } from "../store";
import type { WorkerClient } from "../worker/client";
import type { SoundJobs } from "../worker/protocol";
import { bitmapOf, fileOf } from "./bitmaps";
import { closePictures, endBurst, openPictures, pictureShown, picturesStored } from "./camera";
import { listCameras } from "./cameras";
import { recordings, samplesOf } from "./data";
import { newId } from "./id";
import { measureLevel, resetLevel } from "./level";
import { listMicrophones } from "./microphones";
import { stopPlaying } from "./playback";
import { mayWrite, project } from "./project";
import { slidesOf } from "./slides";
import { type Gatherer, keptRate, MOST_S, Sound, Timed } from "./take";
import { keepTake } from "./takes";
import { kindOf, mixes } from "./task";
import { attempt, notify, tell, troubleOf } from "./toasts";
import { measuredRate, pushTrace, resetTrace, tracePicture } from "./trace";
import type { Capture, SensorChoice, TakeOptions, Trouble } from "./types";
import { newSoundWorker } from "./workers";

const PART_MS = 2000;
const TOLD_MS = 100;

const IDLE: Capture = {
  state: "idle",
  sensor: null,
  rate_hz: null,
  seconds: 0,
  countdown: 0,
  trouble: null,
  amiss: null,
  gaps: 0,
  sound: null,
  pictures: null,
  done: 0,
  takes: 1,
};

export const capture = signal<Capture>(IDLE);
export const sensors = signal<SensorChoice[]>([]);

/** A take on its way. */
interface Take {
  id: string;
  project: string;
  head: TakeHead;
  gatherer: Gatherer;
  /** Parts that are in the store, and those that still have to be put there. */
  parts: number;
  unstored: Readings[];
  /** Parts are stored one after another. */
  storing: Promise<void>;
  /** Makes the sound of this take; null for other sensors. */
  worker: WorkerClient<SoundJobs> | null;
  /** Which opening of a sensor it is of, and which series. */
  opening: number;
  series: Series;
}

interface Series {
  options: TakeOptions;
  left: number;
}

let sensor: Sensor | null = null;
let running: Running | null = null;
let soundWorker: WorkerClient<SoundJobs> | null = null;
let take: Take | null = null;
/** The takes still to come; null while none are. */
let series: Series | null = null;
/** Takes that are being finished: one of an earlier opening may still be on its way. */
const finishing = new Map<Take, Promise<void>>();
let counting: ReturnType<typeof setInterval> | undefined;
let stored_ms = 0;
let told_ms = 0;
/** Grows with each opening, so that a late answer of a closed sensor is noticed. */
let opening = 0;

const show = (change: Partial<Capture>) => {
  capture.value = { ...capture.value, ...change };
};

export function listSensors(): void {
  sensors.value = SENSORS.map((one) => ({
    id: one.id,
    title: one.title,
    available: one.unavailable() === "",
    why_not: one.unavailable(),
    needs_tap: one.needs_tap,
    task: kindOf(one.axes),
  }));
}

/** A sensor by its id; `replay:<recording>` plays a recording, `slides:<which>` shows pictures, one
    each `period_ms`. */
export async function sensorOf(id: string, period_ms?: number): Promise<Sensor | null> {
  if (id.startsWith("slides:")) {
    const slides = slidesOf(id);
    return slides.length > 0 ? slideshow(id, slides, { bitmapOf, fileOf }, period_ms) : null;
  }
  if (!id.startsWith("replay:")) return SENSORS.find((one) => one.id === id) ?? null;
  const meta = recordings.value.find((one) => one.id === id.slice("replay:".length));
  return meta ? replay({ ...meta, ...(await samplesOf(meta.id)) }) : null;
}

// ── the sensor ───────────────────────────────────────────────────────────────

export async function openSensor(id: string): Promise<void> {
  closeSensor();
  const mine = ++opening;
  show({ ...IDLE, state: "asking", sensor: id });
  try {
    const found = await sensorOf(id);
    if (!found) throw new Error(`There is no sensor "${id}"`);
    sensor = found;
    resetTrace(found.axes);
    resetLevel();
    const opened = await found.open({
      chunk: (chunk) => mine === opening && receive(chunk),
      ended: (trouble) => mine === opening && sensorEnded(trouble),
      amiss: (trouble) => mine === opening && show({ amiss: trouble }),
      frame: (t_ms) => mine === opening && seen(t_ms),
    });
    if (mine !== opening) {
      opened.close();
      return;
    }
    running = opened;
    // Its names are told only now that one was allowed.
    if (opened.sound) void listMicrophones();
    if (opened.pictures) {
      void listCameras();
      openPictures(opened.pictures, (change) => mine === opening && show(change));
    }
    const { sound = null, pictures = null } = opened;
    if (capture.value.state === "asking") show({ state: "ready", sound, pictures });
  } catch (error) {
    if (mine !== opening) return;
    sensor = null;
    show({ state: "failed", trouble: troubleOf(error) });
    // Another one may be chosen in its place.
    if (id === "microphone") void listMicrophones();
    if (id === "camera") void listCameras();
  }
}

export function closeSensor(): void {
  stopTake();
  closePictures();
  opening += 1;
  running?.close();
  running = null;
  rest();
}

/**
 * Closes the sensor; resolves once what was recorded is in its project. False where pictures could
 * not be put there: they wait in this page alone.
 */
export async function settleTakes(): Promise<boolean> {
  closeSensor();
  const stored = await picturesStored();
  while (finishing.size > 0) {
    await Promise.all(finishing.values());
    closeSensor();
  }
  return stored;
}

/** Nothing is on: what is still being finished is shown, and keeps its worker. */
function rest(): void {
  const worker = soundWorker;
  soundWorker = null;
  letGo(worker);
  const saving = finishing.size > 0 && capture.value.state === "saving";
  const { seconds, gaps } = capture.value;
  capture.value = saving ? { ...IDLE, state: "saving", seconds, gaps } : IDLE;
}

/** Gives a sound worker's memory back once neither a sensor nor a take needs it. */
function letGo(worker: WorkerClient<SoundJobs> | null): void {
  if (!worker || worker === soundWorker) return;
  for (const one of finishing.keys()) if (one.worker === worker) return;
  worker.stop();
}

function sensorEnded(trouble: Trouble | null): void {
  running = null;
  stopTake();
  closePictures();
  if (trouble) show({ state: "failed", trouble, amiss: null, pictures: null });
  else if (capture.value.state === "ready") rest();
}

function seen(t_ms: number): void {
  tracePicture(t_ms);
  pictureShown(t_ms);
  const now = performance.now();
  if (now - told_ms < TOLD_MS) return;
  told_ms = now;
  show({ rate_hz: measuredRate() });
}

function receive(chunk: Chunk): void {
  pushTrace(chunk);
  if (isSound(sensor?.axes ?? [])) measureLevel(chunk.values);
  const now = performance.now();
  if (take) {
    const full = take.gatherer.push(chunk);
    if (full) endTake();
    else if (now - stored_ms > PART_MS) {
      stored_ms = now;
      const mine = take;
      void storeParts(mine, false).then((well) => {
        // A disk that is full now will not have room for the rest either.
        if (!well && take === mine) stopTake();
      });
    }
  }
  if (now - told_ms < TOLD_MS) return;
  told_ms = now;
  const { seconds, gaps } = take?.gatherer ?? capture.value;
  show({ rate_hz: measuredRate(), seconds, gaps });
}

// ── takes ────────────────────────────────────────────────────────────────────

export function startTake(options: TakeOptions): void {
  if (!sensor || capture.value.state !== "ready" || !mayWrite()) return;
  if (options.label.trim() === "") {
    notify("warning", "Say first what you will do: a take needs a label");
    return;
  }
  if (mixes(sensor.axes, recordings.value)) return;
  series = { options, left: Math.max(1, options.takes) };
  show({ done: 0, takes: series.left });
  countDown(options.countdown_s);
}

function countDown(seconds: number): void {
  if (seconds <= 0) {
    begin();
    return;
  }
  show({ state: "countdown", countdown: Math.ceil(seconds), seconds: 0 });
  counting = setInterval(() => {
    show({ countdown: capture.value.countdown - 1 });
    if (capture.value.countdown > 0) return;
    clearInterval(counting);
    begin();
  }, 1000);
}

function begin(): void {
  const open = project.value;
  if (!sensor || !series || !open || take) return;
  stopPlaying();
  const { options } = series;
  const label = options.label.trim();
  const before = recordings.value.filter((meta) => meta.spans.some((s) => s.label === label));
  const seconds = Math.min(options.seconds ?? MOST_S, MOST_S);
  const sound = running?.sound;
  const rate_hz = sound?.rate_hz ?? measuredRate() ?? 0;
  if (isSound(sensor.axes)) soundWorker ??= newSoundWorker();
  const worker = isSound(sensor.axes) ? soundWorker : null;
  take = {
    id: newId(),
    project: open.id,
    head: {
      name: `${label}, take ${before.length + 1}`,
      label,
      group: options.group.trim() || null,
      axes: sensor.axes,
      source: sensor.id.split(":")[0] ?? sensor.id,
      created_ms: Date.now(),
      ...(isSound(sensor.axes)
        ? { rate_hz: keptRate(rate_hz), original_rate_hz: rate_hz, device: sound?.device }
        : {}),
    },
    gatherer: worker ? new Sound(worker, rate_hz, seconds) : new Timed(sensor.axes.length, seconds),
    parts: 0,
    unstored: [],
    storing: Promise.resolve(),
    worker,
    opening,
    series,
  };
  stored_ms = performance.now();
  show({ state: "recording", seconds: 0, gaps: 0, countdown: 0, trouble: null });
}

/** Puts what has come since the last part into the store; false, and told, where that fails. */
async function storeParts(now: Take, last: boolean): Promise<boolean> {
  let well = true;
  now.storing = now.storing.then(async () => {
    well = await attempt(async () => {
      const fresh = await now.gatherer.part(last);
      if (fresh) now.unstored.push(fresh);
      for (let next = now.unstored[0]; next; next = now.unstored[0]) {
        await appendTake(now.project, { ...now.head, take: now.id, part: now.parts, ...next });
        now.parts += 1;
        now.unstored.shift();
      }
    });
  });
  await now.storing;
  return well;
}

/** Ends the take, or the countdown to it, and the series. */
export function stopTake(): void {
  series = null;
  clearInterval(counting);
  if (capture.value.state === "countdown") show({ state: "ready", countdown: 0 });
  endTake();
}

/** Ends the take; the series goes on. */
function endTake(): void {
  const now = take;
  if (!now) return;
  take = null;
  show({ state: "saving", seconds: now.gatherer.seconds, gaps: now.gatherer.gaps });
  whileFinishing(
    now,
    finish(now).then((kept) => goOn(now, kept)),
  );
}

/** `work` does not reject; a take is finished by one work at a time. */
function whileFinishing(now: Take, work: Promise<void>): void {
  const done = work.finally(() => {
    finishing.delete(now);
    letGo(now.worker);
    // The sensor was closed meanwhile: this take was all that was still shown.
    const shown = capture.value.state === "saving" && now.opening !== opening;
    if (shown && finishing.size === 0) rest();
  });
  finishing.set(now, done);
}

/** Stores the rest of the take and makes a recording of it; false, and told, where that fails. */
async function finish(now: Take): Promise<boolean> {
  const { seconds } = now.gatherer;
  const stored = await storeParts(now, true);
  const kept = stored && (await keep(now, seconds));
  const there = now.parts > 0 ? "is in the store, and not yet" : "is not yet in the store, nor";
  if (!kept && (now.parts > 0 || !stored))
    notify("warning", `"${now.head.name}" ${there} among the recordings`, {
      action: { label: "Try again", run: () => again(now) },
    });
  if (seconds >= MOST_S && kept)
    notify("info", "The take was ended: it was 30 minutes long, and no take is longer");
  return kept;
}

/** After a take: the next one of its series, unless the sensor or the series is another by now. */
function goOn(now: Take, kept: boolean): void {
  if (now.opening !== opening) return;
  const next = kept && series === now.series ? series : null;
  if (next) next.left -= 1;
  if (!running) {
    series = null;
    finishing.delete(now);
    if (capture.value.state === "saving") rest();
    return;
  }
  show({ state: "ready", done: kept ? capture.value.done + 1 : capture.value.done });
  if (next && next.left > 0) countDown(next.options.pause_s);
  else series = null;
}

function again(now: Take): void {
  if (finishing.has(now)) return;
  const work = async () => {
    if (await storeParts(now, true)) await keep(now, now.gatherer.seconds);
  };
  whileFinishing(now, work());
}

/** Makes the stored take a recording; false, and told, where that fails. */
async function keep(now: Take, seconds: number): Promise<boolean> {
  const { project: open, id, worker } = now;
  return attempt(async () => {
    // The lab may be busy with an overview, and the next take of a series is waiting.
    const name = await keepTake(open, id, worker ? (one) => worker.call("make", one) : undefined);
    if (name === null) {
      await dropTake(open, id);
      throw new Error("The sensor gave no readings during this take");
    }
    notify("success", `Saved "${name}", ${seconds.toFixed(1)} s`);
  });
}

/** Most sensors stop in hidden tabs: what has come so far is kept, and told. Sound goes on. */
export function watchHiding(): void {
  document.addEventListener("visibilitychange", () => {
    const hidden = document.visibilityState === "hidden";
    if (sensor && isSound(sensor.axes)) {
      if (!hidden && take) notify("info", "Recorded on while the page was hidden");
      return;
    }
    if (sensor && isPicture(sensor.axes)) {
      if (hidden && endBurst())
        notify(
          "warning",
          "No more pictures were taken: the page was hidden. Those before are kept",
        );
      return;
    }
    if (!hidden || !(take || series)) return;
    const had = take !== null;
    stopTake();
    notify(
      "warning",
      had
        ? "The take was ended and kept: the page was hidden, and sensors stop then"
        : "The take did not begin: the page was hidden",
    );
  });
  addEventListener("pagehide", () => {
    endBurst();
    if (take) void storeParts(take, false).catch(tell);
  });
}
