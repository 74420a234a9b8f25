// Recording a take: sensor → ring for the live plot → parts in the store every two
// seconds → one recording. A take that a crash or a reload cut off is found again
// at the next start, at most one part short.
import { signal } from "@preact/signals";
import { type Chunk, GAP_MS, type Running, replay, SENSORS, type Sensor } from "../sensors";
import { appendTake, dropTake, type TakeHead, takesOf } from "../store";
import { add, recordings, samplesOf } from "./data";
import { newId } from "./id";
import { mayWrite, project } from "./project";
import { attempt, notify, troubleOf } from "./toasts";
import { measuredRate, pushTrace, resetTrace, trace } from "./trace";
import type { Capture, SensorChoice, TakeOptions, Trouble } from "./types";
import { lab } from "./workers";

const PART_MS = 2000;
const TOLD_MS = 100;

const IDLE: Capture = {
  state: "idle",
  sensor: null,
  rate_hz: null,
  seconds: 0,
  countdown: 0,
  trouble: null,
  gaps: 0,
};

export const capture = signal<Capture>(IDLE);
export const sensors = signal<SensorChoice[]>([]);

/** A take on its way. Times count from its first reading. */
interface Take {
  id: string;
  head: TakeHead;
  until_ms: number;
  first_ms: number | null;
  last_ms: number;
  times_ms: number[];
  values: number[];
  /** Readings that are in the store already, and in how many parts. */
  stored: number;
  parts: number;
}

let sensor: Sensor | null = null;
let running: Running | null = null;
let take: Take | null = null;
let waiting: { timer: ReturnType<typeof setInterval>; options: TakeOptions } | null = null;
let partTimer: ReturnType<typeof setInterval> | undefined;
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
  }));
}

/** A sensor by its id; `replay:<recording>` plays a recording. */
export async function sensorOf(id: string): Promise<Sensor | null> {
  if (!id.startsWith("replay:")) return SENSORS.find((one) => one.id === id) ?? null;
  const meta = recordings.value.find((one) => one.id === id.slice("replay:".length));
  return meta ? replay({ ...meta, ...(await samplesOf(meta.id)) }) : null;
}

export async function openSensor(id: string): Promise<void> {
  closeSensor();
  const mine = ++opening;
  show({ ...IDLE, state: "asking", sensor: id });
  try {
    const found = await sensorOf(id);
    if (!found) throw new Error(`There is no sensor "${id}"`);
    sensor = found;
    resetTrace(found.axes.map((axis) => axis.name));
    const opened = await found.open({
      chunk: (chunk) => mine === opening && receive(chunk),
      ended: (trouble) => mine === opening && sensorEnded(trouble),
    });
    if (mine !== opening) {
      opened.close();
      return;
    }
    running = opened;
    if (capture.value.state === "asking") show({ state: "ready" });
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
  if (capture.value.state !== "saving") capture.value = IDLE;
}

function sensorEnded(trouble: Trouble | null): void {
  running = null;
  stopTake();
  if (trouble) show({ state: "failed", trouble });
  else if (capture.value.state === "ready") capture.value = IDLE;
}

export function startTake(options: TakeOptions): void {
  const { state } = capture.value;
  if (!sensor || state !== "ready" || !mayWrite()) return;
  if (options.label.trim() === "") {
    notify("warning", "Say first what you will do: a take needs a label");
    return;
  }
  if (options.countdown_s <= 0) {
    begin(options);
    return;
  }
  show({ state: "countdown", countdown: Math.ceil(options.countdown_s) });
  const timer = setInterval(() => {
    show({ countdown: capture.value.countdown - 1 });
    if (capture.value.countdown > 0) return;
    clearInterval(timer);
    waiting = null;
    begin(options);
  }, 1000);
  waiting = { timer, options };
}

function begin(options: TakeOptions): void {
  if (!sensor) return;
  const label = options.label.trim();
  const before = recordings.value.filter((meta) => meta.spans.some((s) => s.label === label));
  take = {
    id: newId(),
    head: {
      name: `${label}, take ${before.length + 1}`,
      label,
      group: options.group.trim() || null,
      axes: sensor.axes,
      source: sensor.id.split(":")[0] ?? sensor.id,
      created_ms: Date.now(),
    },
    until_ms: options.seconds === null ? Number.POSITIVE_INFINITY : options.seconds * 1000,
    first_ms: null,
    last_ms: 0,
    times_ms: [],
    values: [],
    stored: 0,
    parts: 0,
  };
  partTimer = setInterval(() => void storePart(), PART_MS);
  show({ state: "recording", seconds: 0, gaps: 0, countdown: 0, trouble: null });
}

function receive(chunk: Chunk): void {
  pushTrace(chunk);
  const axes = trace.axes.length;
  for (const [i, t] of chunk.times_ms.entries())
    keep(t, chunk.values.subarray(i * axes, (i + 1) * axes));
  const now = performance.now();
  if (now - told_ms < TOLD_MS) return;
  told_ms = now;
  show({ rate_hz: measuredRate(), seconds: take ? take.last_ms / 1000 : capture.value.seconds });
}

/** Adds a reading to the take, if there is one, and ends it when it is long enough. */
function keep(t: number, reading: Float32Array): void {
  if (!take) return;
  take.first_ms ??= t;
  const at = t - take.first_ms;
  if (at > take.until_ms) {
    stopTake();
    return;
  }
  if (at - take.last_ms > GAP_MS) show({ gaps: capture.value.gaps + 1 });
  take.last_ms = at;
  take.times_ms.push(at);
  take.values.push(...reading);
}

/** Puts what has come since the last part into the store. */
async function storePart(): Promise<void> {
  const [now, open] = [take, project.value];
  if (!now || !open || now.times_ms.length === now.stored) return;
  const axes = now.head.axes.length;
  const part = {
    ...now.head,
    take: now.id,
    part: now.parts,
    times_ms: Float64Array.from(now.times_ms.slice(now.stored)),
    values: Float32Array.from(now.values.slice(now.stored * axes)),
  };
  now.parts += 1;
  now.stored = now.times_ms.length;
  const stored = await attempt(() => appendTake(open.id, part));
  // A disk that is full now will not have room for the whole take either.
  if (!stored && take === now) stopTake();
}

export function stopTake(): void {
  if (waiting) {
    clearInterval(waiting.timer);
    waiting = null;
    show({ state: "ready", countdown: 0 });
  }
  const now = take;
  if (!now) return;
  take = null;
  clearInterval(partTimer);
  show({ state: "saving", seconds: now.last_ms / 1000 });
  void finish(now);
}

async function finish(now: Take): Promise<void> {
  const saved = await attempt(async () => {
    if (now.times_ms.length < 2) throw new Error("The sensor gave no readings during this take");
    const name = await keepTake(
      now.id,
      now.head,
      Float64Array.from(now.times_ms),
      Float32Array.from(now.values),
    );
    notify("success", `Saved "${name}", ${(now.last_ms / 1000).toFixed(1)} s`);
  });
  if (!saved && now.times_ms.length < 2 && project.value)
    await attempt(() => dropTake(project.value?.id ?? "", now.id));
  if (running) show({ state: "ready" });
  else if (capture.value.state === "saving") capture.value = IDLE;
}

/** Makes a recording of readings and stores it; the take's parts go in the same change. */
async function keepTake(
  id: string,
  head: TakeHead,
  times_ms: Float64Array,
  values: Float32Array,
): Promise<string> {
  const { label, ...rest } = head;
  const meta = { ...rest, label, rate_hz: medianRate(times_ms), notes: "" };
  const made = await lab.call("make", { meta, samples: { values, times_ms } });
  await add([made], id);
  return made.meta.name;
}

/** From the median pause between readings: gaps don't pull it down. */
function medianRate(times_ms: Float64Array): number {
  const pauses = times_ms.slice(1).map((t, i) => t - (times_ms[i] ?? 0));
  pauses.sort();
  return 1000 / Math.max(pauses[pauses.length >> 1] ?? 20, 0.1);
}

/** Makes recordings of takes that were cut off: called when a project is opened for writing. */
export async function recoverTakes(): Promise<void> {
  const open = project.value?.id;
  if (!open) return;
  for (const parts of await takesOf(open)) {
    const first = parts[0];
    if (!first) continue;
    const { take: id, label, group, axes, source, created_ms } = first;
    const head = { name: `${first.name} (recovered)`, label, group, axes, source, created_ms };
    const times = Float64Array.from(parts.flatMap((one) => [...one.times_ms]));
    const values = Float32Array.from(parts.flatMap((one) => [...one.values]));
    if (times.length < 2) {
      await dropTake(open, id);
      continue;
    }
    await attempt(async () => {
      const name = await keepTake(id, head, times, values);
      const seconds = ((times.at(-1) ?? 0) / 1000).toFixed(1);
      notify(
        "info",
        `Recovered "${name}", ${seconds} s: the page was closed while it was recorded`,
      );
    });
  }
}

/** Sensors stop in hidden tabs: what has come so far is kept, and told. */
export function watchHiding(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !(take || waiting)) return;
    const had = take !== null;
    stopTake();
    notify(
      "warning",
      had
        ? "The take was ended and kept: the page was hidden, and sensors stop then"
        : "The take did not begin: the page was hidden",
    );
  });
  addEventListener("pagehide", () => void storePart());
}
