// The model on live readings: a sensor or a recording played in real time. Sensor
// chunks are never dropped; the engine resamples them, and refuses a sensor that is
// slower than the model needs.
import { effect, signal } from "@preact/signals";
import type { ModelInfo } from "../engine/types/ModelInfo";
import type { Chunk, Running, Sensor } from "../sensors";
import { TroubleError } from "../worker/client";
import type { Pushed } from "../worker/protocol";
import { closeSensor, sensorOf } from "./capture";
import { latency, model } from "./model";
import { notify, troubleOf } from "./toasts";
import { pushTrace, resetTrace } from "./trace";
import type { LiveState } from "./types";
import { live as worker } from "./workers";

const EVENTS = 200;

const IDLE: LiveState = {
  state: "idle",
  source: null,
  why: "",
  rate_hz: null,
  label: null,
  scores: [],
  smoothed: [],
  events: [],
  gaps: 0,
  stage_us: { features: null, network: null },
};

export const live = signal<LiveState>(IDLE);

let running: Running | null = null;
/** Grows with each start and stop, so that late answers are noticed. */
let session = 0;

const show = (change: Partial<LiveState>) => {
  live.value = { ...live.value, ...change };
};

export async function startLive(source: string): Promise<void> {
  stopLive();
  closeSensor();
  const mine = ++session;
  const { features_us: features, network_us: network } = latency.value;
  live.value = { ...IDLE, state: "starting", source, stage_us: { features, network } };
  try {
    const stored = model.value;
    if (!stored) throw refusal("There is no model yet", "Train one first");
    const info = await worker.call("load", { bundle: stored.bundle });
    const sensor = await sensorOf(source);
    if (!sensor) throw refusal("This recording is gone", "Choose another one");
    const pick = picked(sensor, info);
    resetTrace(sensor.axes);
    const opened = await sensor.open({
      chunk: (chunk) => {
        if (mine !== session) return;
        pushTrace(chunk);
        void receive(mine, pick(chunk));
      },
      ended: (trouble) => {
        if (mine !== session) return;
        running = null;
        show(
          trouble
            ? { state: "failed", why: told(trouble) }
            : { state: "idle", why: "The recording has come to its end." },
        );
      },
    });
    if (mine !== session) {
      opened.close();
      return;
    }
    running = opened;
    if (live.value.state === "starting") show({ state: "running" });
  } catch (error) {
    if (mine === session) fail(error);
  }
}

export function stopLive(): void {
  session += 1;
  running?.close();
  running = null;
  if (live.value.state !== "idle") show({ state: "idle", why: "", source: live.value.source });
}

/** A decision rule that was changed while the model runs acts at once. */
export function watchLiveModel(): void {
  let before = model.peek()?.bundle;
  effect(() => {
    const now = model.value?.bundle;
    if (now === before) return;
    before = now;
    if (live.peek().state !== "running") return;
    if (now) worker.call("load", { bundle: now }).catch(fail);
    else stopLive();
  });
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

function followed({ events, rate_hz, refusal: why }: Pushed): void {
  if (why) {
    stopLive();
    show({ state: "refused", why, rate_hz });
    return;
  }
  const last = events.at(-1);
  if (!last) {
    if (rate_hz !== live.value.rate_hz) show({ rate_hz });
    return;
  }
  show({
    state: "running",
    rate_hz,
    label: last.label,
    scores: last.scores,
    smoothed: last.smoothed,
    events: [...live.value.events, ...events].slice(-EVENTS),
    gaps: live.value.gaps + events.filter((event) => event.gap).length,
  });
}

function fail(error: unknown): void {
  stopLive();
  const trouble = troubleOf(error);
  show({ state: error instanceof Refused ? "refused" : "failed", why: told(trouble) });
  if (!(error instanceof Refused)) notify("error", trouble.what, { detail: trouble });
}

class Refused extends TroubleError {}

function refusal(what: string, remedy: string): Refused {
  return new Refused({ what, place: "live", remedy });
}

const told = ({ what, remedy }: { what: string; remedy: string }) =>
  remedy ? `${what}. ${remedy}` : what;

/** Takes the model's axes out of the sensor's readings: by name, else by position. */
function picked(sensor: Sensor, info: ModelInfo): (chunk: Chunk) => Chunk {
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
