// What the views read: plain values, no behaviour. Everything a view may know
// of the state is named here or is a boundary type of the engine.
import type { LiveEvent } from "../engine/types/LiveEvent";
import type { Progress } from "../engine/types/Progress";
import type { Settings } from "../engine/types/Settings";
import type { Task } from "../engine/types/Task";
import type { Pictures, SoundFacts } from "../sensors";

export type StepId = "record" | "explore" | "train" | "quantize" | "run" | "deploy";
export const STEP_IDS: readonly StepId[] = [
  "record",
  "explore",
  "train",
  "quantize",
  "run",
  "deploy",
];

/** What stands beside the steps: a look into any model file, all projects, what is stored and sent. */
export type BesideId = "network" | "projects" | "privacy";
export const BESIDE_IDS: readonly BesideId[] = ["network", "projects", "privacy"];
export type RouteId = StepId | BesideId;

/** `stale`: it was done, and something upstream has changed since. */
export type StepState = "empty" | "ready" | "working" | "stale" | "done";

/** `why` is one sentence for the person: what is missing, what changed, what is there. */
export interface StepInfo {
  state: StepState;
  why: string;
}

/** Every error a person sees: what is wrong, where, and what to do about it. */
export interface Trouble {
  what: string;
  place: string;
  remedy: string;
}

export interface Toast {
  id: number;
  kind: "info" | "success" | "warning" | "error";
  text: string;
  detail?: Trouble;
  /** Undo lives here. */
  action?: { label: string; run(): void };
}

export interface Busy {
  what: string;
  done: number;
  total: number;
  cancel?: () => void;
}

export interface ProjectState {
  id: string;
  name: string;
  settings: Settings;
  created_ms: number;
  changed_ms: number;
}

export interface ProjectSummary {
  id: string;
  name: string;
  task: Task;
  created_ms: number;
  changed_ms: number;
  recordings: number;
}

/** Bytes of this origin in the browser's store, as the browser estimates them. */
export interface StorageInfo {
  used: number;
  quota: number;
  persisted: boolean;
}

/** Values `[samples, axes]`, interleaved; times in ms from the start, null where even. */
export interface Samples {
  values: Float32Array;
  times_ms: Float64Array | null;
}

/** Sound: 16-bit numbers, 32768 of which make 1, evenly spaced. */
export interface Pcm {
  pcm: Int16Array;
}

/** What a sensor says over time. */
export type Signal = Samples | Pcm;

/** A picture: a whole JPEG or PNG file, and what the engine made of its pixels (opaque here). */
export interface Encoded {
  encoded: Uint8Array;
  look: Uint8Array;
}

/** A recording's content as the store keeps it. */
export type Kept = Signal | Encoded;

/** Extremes per drawn column, `[axes, columns]`: axis `a`, column `c` at `a * columns + c`. */
export interface Thumbnail {
  min: Float32Array;
  max: Float32Array;
}

export interface SensorChoice {
  id: string;
  title: string;
  available: boolean;
  why_not: string;
  /** The browser asks for permission, and only a tap may make it ask. */
  needs_tap: boolean;
  /** What its recordings are for. */
  task: Task;
}

export interface Capture {
  state: "idle" | "asking" | "ready" | "countdown" | "recording" | "saving" | "failed";
  sensor: string | null;
  /** Measured over the last readings. */
  rate_hz: number | null;
  /** Length of the take so far. */
  seconds: number;
  /** Whole seconds left before the take begins. */
  countdown: number;
  trouble: Trouble | null;
  /** Readings come, but something is amiss with them. */
  amiss: Trouble | null;
  /** Pauses of the sensor, or lost samples of sound, within this take. */
  gaps: number;
  /** How the sound comes; null for other sensors. */
  sound: SoundFacts | null;
  /** What gives pictures; null for other sensors. */
  pictures: Pictures | null;
  /** Takes of the series that are done, and how many there will be. */
  done: number;
  takes: number;
}

/** Ring of the last readings: reading `i` (0 = oldest) lies at `(head - length + i) mod times_ms.length`. */
export interface Trace {
  times_ms: Float64Array;
  /** `[capacity, axes]`, interleaved. */
  values: Float32Array;
  axes: string[];
  /** Where the next reading will be written. */
  head: number;
  /** Readings held. */
  length: number;
}

export interface TakeOptions {
  label: string;
  /** Person or occasion; empty for none. */
  group: string;
  /** Length of the take; null: until stopped, or full. */
  seconds: number | null;
  countdown_s: number;
  /** So many takes one after another, with a pause before each further one. */
  takes: number;
  pause_s: number;
}

export interface BurstOptions {
  label: string;
  /** Person or occasion; empty for none. */
  group: string;
  /** Pictures a second. */
  rate_hz: number;
  countdown_s: number;
  /** It ends by itself after so long; null: when it is ended. */
  seconds: number | null;
}

/** Pictures taken in one go. */
export interface Burst {
  label: string;
  taken: number;
  /** Of those, in the store, and the same as one that was there already. */
  saved: number;
  known: number;
  /** Due, but not taken: storing is slower than the rate. */
  left_out: number;
  /** Of the saved ones. */
  ids: string[];
}

/** A picture just taken. */
export interface Shot {
  key: number;
  /** Of the picture itself, while it is shown. */
  url: string;
  label: string;
  /** Null until it is stored. */
  id: string | null;
}

export interface Training {
  state:
    | "idle"
    | "preparing"
    | "running"
    | "pausing"
    | "paused"
    | "finishing"
    | "done"
    | "cancelled"
    | "failed";
  progress: Progress | null;
  /** Time spent training, without pauses. */
  seconds: number;
  trouble: Trouble | null;
}

/** Microseconds for one run, over `blocks` timed blocks. */
export interface Stat {
  median: number;
  p95: number;
  blocks: number;
}

export interface Latency {
  state: "none" | "measuring" | "done";
  features_us: Stat | null;
  network_us: Stat | null;
}

/** What happened while the model ran: a label that counts, or a gap in the readings. */
export interface Happened {
  t_ms: number;
  /** Null for a gap. */
  label: number | null;
  score: number;
}

export interface LiveState {
  state: "idle" | "starting" | "running" | "refused" | "failed";
  source: string | null;
  /** Why it is refused or failed, and what to do about it; empty otherwise. */
  why: string;
  remedy: string;
  rate_hz: number | null;
  label: number | null;
  scores: number[];
  smoothed: number[];
  /** The last windows, oldest first. */
  events: LiveEvent[];
  /** Oldest first; what the person has cleared is gone. */
  happened: Happened[];
  /** Time of the first window, from which the others count. */
  begun_ms: number | null;
  gaps: number;
  /** Windows since the start, and how many of them were computed. */
  windows: number;
  awake: number;
  /** Over the last windows that were computed. */
  stage_us: { features: Stat | null; network: Stat | null };
  /** What is looked at, where the source gives pictures and is on. */
  pictures: Pictures | null;
  /** Readings come, but something is amiss with them. */
  amiss: Trouble | null;
  /** Pictures whose turn came while the model was busy. */
  left_out: number;
}

/** The exact int8 input of a network, `[height, width, channels]`. */
export interface NetworkInput {
  width: number;
  height: number;
  channels: number;
  bytes: Int8Array;
}

/** How far the page is kept for times without a network, and why not. */
export interface Offline {
  state: "preparing" | "ready" | "impossible" | "failed";
  /** Files of this version. */
  done: number;
  total: number;
  why: string;
}

export interface ProbeResult {
  where: "page" | "lab worker" | "live worker" | "trainer worker" | "service worker";
  /** fetch, XHR, WebSocket, beacon, image, import, EventSource … */
  how: string;
  /** Null: it was not tried, for the reason in `detail`. */
  blocked: boolean | null;
  detail: string;
}
