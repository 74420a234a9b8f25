// Recording takes: sensor → gatherer → parts in the store every two seconds → one recording.
// The store is the only place where a take is whole, so that what a crash or a reload cut off
// is finished at the next start exactly as any other take is.
import { signal } from "@preact/signals";
import { type Chunk, isSound, type Running, replay, SENSORS, type Sensor } from "../sensors";
import { appendTake, dropTake, type Readings, type TakeHead } from "../store";
import type { WorkerClient } from "../worker/client";
import type { SoundJobs } from "../worker/protocol";
import { recordings, samplesOf } from "./data";
import { newId } from "./id";
import { measureLevel, resetLevel } from "./level";
import { listMicrophones } from "./microphones";
import { stopPlaying } from "./playback";
import { mayWrite, project } from "./project";
import { type Gatherer, keptRate, MOST_S, Sound, Timed } from "./take";
import { keepTake } from "./takes";
import { mixes } from "./task";
import { attempt, notify, tell, troubleOf } from "./toasts";
import { measuredRate, pushTrace, resetTrace } from "./trace";
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
}

let sensor: Sensor | null = null;
let running: Running | null = null;
let soundWorker: WorkerClient<SoundJobs> | null = null;
let take: Take | null = null;
/** The takes still to come; null while none are. */
let series: { options: TakeOptions; left: number } | null = null;
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
    sound: isSound(one.axes),
  }));
}

/** A sensor by its id; `replay:<recording>` plays a recording. */
export async function sensorOf(id: string): Promise<Sensor | null> {
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
    });
    if (mine !== opening) {
      opened.close();
      return;
    }
    running = opened;
    // Its names are told only now that one was allowed.
    if (opened.sound) void listMicrophones();
    if (capture.value.state === "asking") show({ state: "ready", sound: opened.sound ?? null });
  } catch (error) {
    if (mine !== opening) return;
    sensor = null;
    show({ state: "failed", trouble: troubleOf(error) });
  }
}

export function closeSensor(): void {
  stopTake();
  opening += 1;
  running?.close();
  running = null;
  if (capture.value.state !== "saving") rest();
}

/** Nothing is on and nothing is being finished: the sound worker's memory returns. */
function rest(): void {
  capture.value = IDLE;
  soundWorker?.stop();
  soundWorker = null;
}

function sensorEnded(trouble: Trouble | null): void {
  running = null;
  stopTake();
  if (trouble) show({ state: "failed", trouble, amiss: null });
  else if (capture.value.state === "ready") rest();
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
  if (!sensor || !series || !open) return;
  stopPlaying();
  const { options } = series;
  const label = options.label.trim();
  const before = recordings.value.filter((meta) => meta.spans.some((s) => s.label === label));
  const seconds = Math.min(options.seconds ?? MOST_S, MOST_S);
  const sound = running?.sound;
  const rate_hz = sound?.rate_hz ?? measuredRate() ?? 0;
  soundWorker ??= isSound(sensor.axes) ? newSoundWorker() : null;
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
    gatherer:
      soundWorker && isSound(sensor.axes)
        ? new Sound(soundWorker, rate_hz, seconds)
        : new Timed(sensor.axes.length, seconds),
    parts: 0,
    unstored: [],
    storing: Promise.resolve(),
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
  void finish(now);
}

async function finish(now: Take): Promise<void> {
  const { seconds } = now.gatherer;
  const stored = await storeParts(now, true);
  const kept = stored && (await keep(now.project, now.id, seconds));
  if (!kept && now.parts > 0)
    notify("warning", `"${now.head.name}" is in the store, and not yet among the recordings`, {
      action: { label: "Try again", run: () => void again(now, seconds) },
    });
  if (seconds >= MOST_S && kept)
    notify("info", "The take was ended: it was 30 minutes long, and no take is longer");
  const next = kept ? series : null;
  if (next) next.left -= 1;
  if (!running) {
    series = null;
    if (capture.value.state === "saving") rest();
    return;
  }
  show({ state: "ready", done: kept ? capture.value.done + 1 : capture.value.done });
  if (next && next.left > 0) countDown(next.options.pause_s);
  else series = null;
}

async function again(now: Take, seconds: number): Promise<void> {
  if (await storeParts(now, false)) await keep(now.project, now.id, seconds);
}

/** Makes the stored take a recording; false, and told, where that fails. */
async function keep(open: string, id: string, seconds: number): Promise<boolean> {
  return attempt(async () => {
    const sound = soundWorker;
    // The lab may be busy with an overview, and the next take of a series is waiting.
    const name = await keepTake(open, id, sound ? (one) => sound.call("make", one) : undefined);
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
    if (take) void storeParts(take, false).catch(tell);
  });
}
