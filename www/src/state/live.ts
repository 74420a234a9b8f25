// The model on live readings: a sensor or a recording played in real time. Sensor
// chunks are never dropped; the engine resamples them, and refuses a sensor that is
// slower than the model needs.
import { computed, effect, signal } from "@preact/signals";
import type { LiveEvent } from "../engine/types/LiveEvent";
import type { ModelInfo } from "../engine/types/ModelInfo";
import { type Chunk, isPicture, isSound, type Running, type Sensor } from "../sensors";
import { TroubleError } from "../worker/client";
import type { Pushed } from "../worker/protocol";
import { closeSensor, sensorOf } from "./capture";
import { measureLevel, resetLevel } from "./level";
import { Looker, liveInput } from "./live-pictures";
import { model } from "./model";
import { project } from "./project";
import { kindOf, WORDS } from "./task";
import { notify, troubleOf } from "./toasts";
import { measuredRate, pushTrace, resetTrace, tracePicture } from "./trace";
import type { Happened, LiveState, Stat } from "./types";
import { live as worker } from "./workers";

/** Windows that are kept for the chart, and times for the medians. */
const EVENTS = 400;
const HAPPENED = 500;
/** The strength that is shown is the largest of so long, so that it can be read. */
const STRENGTH_MS = 300;

const IDLE: LiveState = {
  state: "idle",
  source: null,
  why: "",
  remedy: "",
  rate_hz: null,
  label: null,
  scores: [],
  smoothed: [],
  events: [],
  happened: [],
  begun_ms: null,
  gaps: 0,
  windows: 0,
  awake: 0,
  stage_us: { features: null, network: null },
  pictures: null,
  amiss: null,
  left_out: 0,
};

const ENDED = {
  image: "The stored pictures have come to their end.",
  other: "The recording has come to its end.",
} as const;

export const live = signal<LiveState>(IDLE);
/** How strong the signal is while the model runs, as the gate says; in its own unit. */
export const strength = signal<number | null>(null);

let running: Running | null = null;
let looker: Looker | null = null;
/** Grows with each start and stop, so that late answers are noticed. */
let session = 0;

const show = (change: Partial<LiveState>) => {
  live.value = { ...live.value, ...change };
};

export async function startLive(source: string): Promise<void> {
  stopLive();
  closeSensor();
  const mine = ++session;
  live.value = { ...IDLE, state: "starting", source };
  liveInput.value = null;
  times = { features: [], network: [] };
  strongest = { since_ms: performance.now(), value: 0 };
  try {
    const stored = model.value;
    if (!stored) throw refusal("There is no model yet", "Train one first");
    const info = await loaded(stored.bundle);
    const sensor = await sensorOf(source, 1000 / info.rate_hz);
    if (mine !== session) return;
    if (!sensor) throw refusal("This recording is gone", "Choose another one");
    const pick = picked(sensor, info);
    looker = new Looker(info);
    resetTrace(sensor.axes);
    resetLevel();
    const opened = await sensor.open({
      chunk: (chunk) => {
        if (mine !== session) return;
        pushTrace(chunk);
        if (isSound(sensor.axes)) measureLevel(chunk.values);
        void receive(mine, pick(chunk));
      },
      amiss: (trouble) => mine === session && show({ amiss: trouble }),
      frame: (t_ms) => mine === session && look(mine, t_ms),
      ended: (trouble) => {
        if (mine !== session) return;
        running = null;
        show({ pictures: null, amiss: null });
        show(
          trouble
            ? { state: "failed", why: trouble.what, remedy: trouble.remedy }
            : { state: "idle", why: ENDED[isPicture(sensor.axes) ? "image" : "other"] },
        );
      },
    });
    if (mine !== session) {
      opened.close();
      return;
    }
    running = opened;
    show({ pictures: opened.pictures ?? null });
    if (live.value.state === "starting") show({ state: "running" });
  } catch (error) {
    if (mine === session) fail(error);
  }
}

export function stopLive(): void {
  session += 1;
  running?.close();
  running = null;
  looker = null;
  strength.value = null;
  if (live.value.pictures || live.value.amiss) show({ pictures: null, amiss: null });
  if (live.value.state !== "idle") show({ state: "idle", why: "", remedy: "" });
}

/** A model that was trained anew takes over while it runs; so does a changed decision, at once. */
export function watchLiveModel(): void {
  // What the worker can take at once needs no new model, and so no window that begins afresh:
  // only another net, or other labels that are "none of these", do.
  let before = weighty();
  effect(() => {
    const now = weighty();
    if (now.net === before.net && now.none === before.none) return;
    before = now;
    if (live.peek().state !== "running") return;
    if (model.value) loaded(model.value.bundle).catch(fail);
    else stopLive();
  });
  const decision = computed(() => JSON.stringify(project.value?.settings.decision));
  effect(() => {
    decision.value;
    if (live.peek().state === "running") decide().catch(fail);
  });
}

function weighty() {
  const now = model.value;
  return { net: now?.trained, none: now?.made_with.settings.decision.none.join() };
}

/** Gives the model to the worker, with the decision as it stands now. */
async function loaded(bundle: Uint8Array): Promise<ModelInfo> {
  const info = await worker.call("load", { bundle });
  // Before anything else is answered: the next picture is of this model already.
  looker?.follow(info);
  await decide();
  return info;
}

async function decide(): Promise<void> {
  const decision = project.peek()?.settings.decision;
  if (decision) await worker.call("decide", { decision });
}

export function clearHappened(): void {
  show({ happened: [] });
}

/** The largest since the strength was last shown. */
let strongest = { since_ms: 0, value: 0 };

function showStrength(value: number): void {
  strongest.value = Math.max(strongest.value, value);
  const now_ms = performance.now();
  if (now_ms - strongest.since_ms < STRENGTH_MS) return;
  strength.value = strongest.value;
  strongest = { since_ms: now_ms, value: 0 };
}

async function receive(mine: number, chunk: Chunk): Promise<void> {
  const { values, times_ms } = chunk;
  try {
    const pushed = await worker.call(
      "push",
      { values, times_ms },
      { transfer: [values.buffer as ArrayBuffer, times_ms.buffer as ArrayBuffer] },
    );
    if (mine === session) followed(pushed);
  } catch (error) {
    if (mine === session) fail(error);
  }
}

/** A picture is there: the model looks at it where it is its turn and the model is free. */
function look(mine: number, t_ms: number): void {
  const { pictures } = live.value;
  if (!pictures || !looker) return;
  tracePicture(t_ms);
  const turn = looker.look(pictures, t_ms);
  if (turn === "busy") show({ left_out: live.value.left_out + 1 });
  if (turn === "busy" || turn === "early") return;
  turn.then(
    (pushed) => mine === session && followed({ ...pushed, rate_hz: measuredRate() }),
    (error) => mine === session && fail(error),
  );
}

function followed({ events, gaps, strength: seen, rate_hz, refusal: why }: Pushed): void {
  if (why) {
    stopLive();
    show({ state: "refused", why, remedy: SLOWER, rate_hz });
    return;
  }
  if (seen !== null) showStrength(seen);
  const before = live.value;
  const last = events.at(-1);
  if (!last) {
    if (gaps > 0 || rate_hz !== before.rate_hz) show({ rate_hz, gaps: before.gaps + gaps });
    return;
  }
  show({
    // Of a replay that has ended, the last windows are answered still.
    state: before.state === "starting" ? "running" : before.state,
    rate_hz,
    label: last.label,
    scores: last.scores,
    smoothed: last.smoothed,
    events: [...before.events, ...events].slice(-EVENTS),
    happened: [...before.happened, ...events.flatMap(happened)].slice(-HAPPENED),
    begun_ms: before.begun_ms ?? events[0]?.t_ms ?? null,
    gaps: before.gaps + gaps,
    windows: before.windows + events.length,
    awake: before.awake + events.filter((event) => event.awake).length,
    stage_us: {
      features: timed(times.features, events, (e) => e.features_us),
      network: timed(times.network, events, (e) => e.network_us),
    },
  });
}

function happened(event: LiveEvent): Happened[] {
  const { t_ms, label, smoothed } = event;
  const gap = event.gap ? [{ t_ms, label: null, score: 0 }] : [];
  if (!event.fired || label === null) return gap;
  return [...gap, { t_ms, label, score: smoothed[label] ?? 0 }];
}

/** Microseconds of the last windows, stage by stage. */
let times: { features: number[]; network: number[] } = { features: [], network: [] };

function timed(
  kept: number[],
  events: LiveEvent[],
  of: (event: LiveEvent) => number | null,
): Stat | null {
  for (const event of events) {
    const us = of(event);
    if (us !== null) kept.push(us);
  }
  kept.splice(0, kept.length - EVENTS);
  if (kept.length === 0) return null;
  const each = kept.toSorted((a, b) => a - b);
  const at = (share: number) =>
    each[Math.min(each.length - 1, Math.floor(share * each.length))] ?? 0;
  return { median: at(0.5), p95: at(0.95), blocks: each.length };
}

function fail(error: unknown): void {
  stopLive();
  const trouble = troubleOf(error);
  const { what: why, remedy } = trouble;
  show({ state: error instanceof Refused ? "refused" : "failed", why, remedy });
  if (!(error instanceof Refused)) notify("error", trouble.what, { detail: trouble });
}

class Refused extends TroubleError {}

function refusal(what: string, remedy: string): Refused {
  return new Refused({ what, place: "live", remedy });
}

const SLOWER =
  "A recording can be replayed at any rate; to use this sensor, lower the rate in Explore and train again";

/** What a source and a model are for must be the same. */
function checkKind(sensor: Sensor, info: ModelInfo): void {
  const gives = kindOf(sensor.axes);
  const named = info.axis_names.map((name) => ({ name, unit: "" }));
  const wants = info.picture ? "image" : kindOf(named);
  if (gives === wants || (named.length === 0 && !info.picture && gives !== "image")) return;
  throw refusal(
    `This model is for ${WORDS[wants]}, and this source gives ${WORDS[gives]}`,
    "Choose another source, or train a model of what this project holds",
  );
}

/** Takes the model's axes out of the sensor's readings: by name, else by position. */
function picked(sensor: Sensor, info: ModelInfo): (chunk: Chunk) => Chunk {
  checkKind(sensor, info);
  if (info.picture) return (chunk) => chunk;
  const have = sensor.axes.map((axis) => axis.name);
  const byName = info.axis_names.map((name) => have.indexOf(name));
  const named = byName.length === info.axes && byName.every((at) => at >= 0);
  if (!named && info.axes !== have.length)
    throw refusal(
      `The model needs ${info.axes} axes, and this source has ${have.length} (${have.join(", ")})`,
      "Choose another source, or train with the axes that this one has",
    );
  const from = named ? byName : have.map((_, at) => at);
  if (from.length === have.length && from.every((at, i) => at === i)) return (chunk) => chunk;
  return ({ times_ms, values }) => ({
    times_ms,
    values: Float32Array.from(
      { length: times_ms.length * from.length },
      (_, i) =>
        values[Math.floor(i / from.length) * have.length + (from[i % from.length] ?? 0)] ?? 0,
    ),
  });
}
