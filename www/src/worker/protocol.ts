// What the page and its three workers say to each other. Types only.
//
// Every request has an id, unique per client, and ends exactly once: `done`,
// `failed` or `cancelled`. Notes (progress) may come before the end, never after.
// Bulk numbers travel as typed arrays, whose buffers are transferred.
import type { Picture, SampleMap } from "../engine/arrays";
import type { Catalog } from "../engine/types/Catalog";
import type { DecisionSettings } from "../engine/types/DecisionSettings";
import type { ImportOptions } from "../engine/types/ImportOptions";
import type { LiveAnswer } from "../engine/types/LiveAnswer";
import type { ModelInfo } from "../engine/types/ModelInfo";
import type { NetworkInfo } from "../engine/types/NetworkInfo";
import type { NetworkTimes } from "../engine/types/NetworkTimes";
import type { NewRecording } from "../engine/types/NewRecording";
import type { Overview } from "../engine/types/Overview";
import type { Piece } from "../engine/types/Piece";
import type { Problem } from "../engine/types/Problem";
import type { Progress } from "../engine/types/Progress";
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import type { Report } from "../engine/types/Report";
import type { Settings } from "../engine/types/Settings";
import type { TakesOptions } from "../engine/types/TakesOptions";
import type { WindowView } from "../engine/types/WindowView";
import type { Probe } from "../privacy/probe";
import type { Kept, Stat, Trouble } from "../state/types";

/** One kind of request: what goes in, what comes out, what is noted in between. */
interface Job<In, Out, Note = never> {
  in: In;
  out: Out;
  note: Note;
}

export interface Counted {
  done: number;
  total: number;
}

/** A file as chosen or dropped; `path` has its folders where they are known. */
export interface PathFile {
  path: string;
  file: File;
}

export type FullRecording = Kept & { meta: RecordingMeta };

export interface Imported {
  recordings: FullRecording[];
  problems: Problem[];
  skipped: string[];
}

/** The quantized model with its files. */
export interface Quantized {
  report: Report;
  tflite: Uint8Array;
  bundle: Uint8Array;
}

export interface ReadProject {
  name: string;
  settings: Settings;
  recordings: FullRecording[];
  /** The trained net as `Trainer.finish` gave it; the model is made from it again. */
  trained: Uint8Array | null;
  history_json: string;
}

/** Raw bytes and the real values that they stand for. */
export interface Answer {
  raw: Uint8Array;
  real: Float32Array;
}

/** Raw values for one input of a network, `cases` times one after another. */
export interface Cases {
  raw: Uint8Array;
  cases: number;
}

/**
 * One `.tflite` file, opened; asked of a lab worker of its own, so that nothing it does can
 * touch the project. `reset` forgets what earlier runs left in a state. An input of one case goes with every case of the others; the answers hold
 * `cases` outputs one after another.
 */
export interface NetworkJobs {
  openNetwork: Job<{ file: File }, NetworkInfo>;
  operators: Job<null, string[]>;
  fillInput: Job<{ input: number; seed: number | null }, Uint8Array>;
  quantizeInput: Job<{ input: number; values: Float32Array }, Uint8Array>;
  runNetwork: Job<{ inputs: Cases[]; cases: number; reset: boolean }, Answer[], Counted>;
  measureNetwork: Job<null, NetworkTimes, NetworkTimes>;
}

/** Sound on its way from a microphone into a take, in a lab worker of its own. */
export interface SoundJobs {
  beginSound: Job<{ from_hz: number; to_hz: number }, null>;
  pushSound: Job<{ values: Float32Array }, Int16Array>;
  endSound: Job<null, Int16Array>;
  make: Job<{ meta: NewRecording; kept: Kept }, RecordingMeta>;
}

/** All but training: dataset, features, quantization, files. */
export interface LabJobs extends NetworkJobs, SoundJobs {
  catalog: Job<null, Catalog>;
  import: Job<{ files: PathFile[]; options: ImportOptions }, Imported, Counted>;
  put: Job<{ recordings: FullRecording[] }, null>;
  remove: Job<{ ids: string[] }, null>;
  clear: Job<null, null>;
  takes: Job<{ id: string; options: TakesOptions }, Piece[]>;
  overview: Job<{ settings: Settings }, Overview>;
  window: Job<{ settings: Settings; id: string; start: number }, WindowView>;
  picture: Job<{ settings: Settings; id: string; start: number }, Picture>;
  map: Job<{ settings: Settings }, SampleMap>;
  job: Job<{ settings: Settings }, Uint8Array>;
  quantize: Job<{ settings: Settings; trained: Uint8Array }, Quantized>;
  dataset: Job<null, Uint8Array>;
  project: Job<{ name: string; settings: Settings; history_json: string }, Uint8Array>;
  readProject: Job<{ file: File }, ReadProject>;
  probe: Job<null, Probe[]>;
}

export interface Pushed extends LiveAnswer {
  rate_hz: number | null;
  /** Why the model can't run on this sensor; null while it can. */
  refusal: string | null;
}

/** One model at sensor rate. */
export interface LiveJobs {
  load: Job<{ bundle: Uint8Array }, ModelInfo>;
  push: Job<{ values: Float32Array; times_ms: Float64Array }, Pushed>;
  decide: Job<{ decision: DecisionSettings }, null>;
  measure: Job<null, { features: Stat; network: Stat }, Counted>;
  probe: Job<null, Probe[]>;
}

/** Burn; one training per worker life. */
export interface TrainerJobs {
  train: Job<{ job: Uint8Array }, Uint8Array, Progress>;
  probe: Job<null, Probe[]>;
}

export type Request<Jobs> = {
  [Kind in keyof Jobs]: {
    id: number;
    kind: Kind;
    in: Jobs[Kind] extends Job<infer In, unknown, unknown> ? In : never;
  };
}[keyof Jobs];

/** About a request on its way; pausing and resuming are for training alone. */
export interface Control {
  id: number;
  control: "cancel" | "pause" | "resume";
}

export type Reply<Jobs> =
  | {
      id: number;
      kind: "note";
      note: Jobs[keyof Jobs] extends Job<unknown, unknown, infer Note> ? Note : never;
    }
  | {
      id: number;
      kind: "done";
      out: Jobs[keyof Jobs] extends Job<unknown, infer Out, unknown> ? Out : never;
    }
  /** A pause has taken effect: no note follows until the request goes on. */
  | { id: number; kind: "held" }
  /** `dead`: the engine trapped; nothing in this worker may be trusted any more. */
  | { id: number; kind: "failed"; trouble: Trouble; dead: boolean }
  | { id: number; kind: "cancelled" };
