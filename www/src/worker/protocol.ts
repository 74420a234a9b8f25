// What the page and its three workers say to each other. Types only.
//
// Every request has an id, unique per client, and ends exactly once: `done`,
// `failed` or `cancelled`. Notes (progress) may come before the end, never after.
// Bulk numbers travel as typed arrays, whose buffers are transferred.
import type { Answers, Means, Picture, SampleMap, Shown, Timeline } from "../engine/arrays";
import type { BundleInfo } from "../engine/types/BundleInfo";
import type { Catalog } from "../engine/types/Catalog";
import type { DecisionSettings } from "../engine/types/DecisionSettings";
import type { Footprint } from "../engine/types/Footprint";
import type { GoldenCheck } from "../engine/types/GoldenCheck";
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
import type { Replay } from "../engine/types/Replay";
import type { ReplayOptions } from "../engine/types/ReplayOptions";
import type { Report } from "../engine/types/Report";
import type { Settings } from "../engine/types/Settings";
import type { TakesOptions } from "../engine/types/TakesOptions";
import type { WindowView } from "../engine/types/WindowView";
import type { Probe } from "../privacy/probe";
import type { Encoded, Kept, Signal, Stat, Trouble } from "../state/types";

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

/** What the engine made anew of a picture's pixels. */
export interface FreshLook {
  id: string;
  look: Uint8Array;
}

/** What was read; its recordings wait in the worker to be taken, in parts. */
export interface Imported {
  recordings: number;
  /** The first of the files that were refused and of those passed over, and how many there are. */
  problems: Problem[];
  refused: number;
  skipped: string[];
  passed: number;
}

/** What is said of a recording and decides what is learned of it. */
export type Said = Pick<RecordingMeta, "id" | "spans" | "group" | "split">;

/** The quantized model with its files. */
export interface Quantized {
  report: Report;
  tflite: Uint8Array;
  bundle: Uint8Array;
}

export interface ReadProject {
  name: string;
  settings: Settings;
  /** So many wait in the worker to be taken. */
  recordings: number;
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

/** A `model.lampyris` that was opened, whole and as what is within. */
export interface OpenedBundle {
  info: BundleInfo;
  bytes: Uint8Array;
  tflite: Uint8Array;
}

/** A finished export; `name` is that of the folder in the zip. */
export interface Exported {
  name: string;
  zip: Uint8Array;
  files: { path: string; bytes: number }[];
}

/** What is made of one bundle, by a lab worker that holds no project. */
export interface ExportJobs {
  /** Opens a bundle; the later `checkGolden` is about this one. */
  openBundle: Job<{ file: File }, OpenedBundle>;
  /** Runs every golden vector of the open bundle. */
  checkGolden: Job<null, GoldenCheck[], Counted>;
  /** What a bundle costs on each board, used as these settings say. */
  footprints: Job<{ bundle: Uint8Array; settings: Settings }, Footprint[]>;
  /** `kits` are all that the target's row in the catalog names. */
  makeExport: Job<
    { target: string; title: string; bundle: Uint8Array; kits: { id: string; zip: Uint8Array }[] },
    Exported
  >;
}

/** Sound on its way from a microphone into a take, in a lab worker of its own. */
export interface SoundJobs {
  beginSound: Job<{ from_hz: number; to_hz: number }, null>;
  pushSound: Job<{ values: Float32Array }, Int16Array>;
  endSound: Job<null, Int16Array>;
  make: Job<{ meta: NewRecording; kept: Signal }, RecordingMeta>;
}

/** A picture that was taken, as it is to be stored. */
export type MadePicture = Encoded & { meta: RecordingMeta };

/** Files on their way into a project, in a lab worker of its own: its memory returns with it. */
export interface ImportJobs {
  /** Reads files one after another; of a picture only what is to be kept stays. */
  readFiles: Job<{ files: PathFile[]; options: ImportOptions }, Imported, Counted>;
  readProject: Job<{ file: File }, ReadProject>;
  /** The next of what was read, up to so many and some megabytes; empty after the last. */
  takeRead: Job<{ most: number }, FullRecording[]>;
}

/** Pictures on their way from a camera or a person's hand into a project; asks nothing of the project's lab. */
export interface PictureJobs {
  makePicture: Job<{ meta: NewRecording; encoded: Uint8Array }, MadePicture>;
}

/** What a replay found, with what is drawn of it. */
export interface Replayed {
  told: Replay;
  timeline: Timeline;
}

/** A long stream through the model that was last made, as a chip would run it. */
export interface ReplayJobs {
  /** Begins one, which ends the one before it; gives the samples of its stream. */
  beginReplay: Job<{ settings: Settings; options: ReplayOptions }, number>;
  /** A slice of it, and all that was found once the stream is at its end. */
  stepReplay: Job<null, Counted & { found: Replayed | null }>;
  endReplay: Job<null, null>;
}

/** All but training: dataset, features, quantization, files. */
export interface LabJobs
  extends NetworkJobs,
    SoundJobs,
    PictureJobs,
    ImportJobs,
    ExportJobs,
    ReplayJobs {
  catalog: Job<null, Catalog>;
  /** Gives the looks of pictures that were stored without one of this engine's version. */
  put: Job<{ recordings: FullRecording[] }, FreshLook[]>;
  /** What is said of recordings that the lab has: labels, groups, names. */
  putMetas: Job<{ metas: RecordingMeta[] }, null>;
  remove: Job<{ ids: string[] }, null>;
  clear: Job<null, null>;
  takes: Job<{ id: string; options: TakesOptions }, Piece[]>;
  overview: Job<{ settings: Settings }, Overview>;
  /** What the model costs as the settings say that it is used; `hop_ms` is only tried out. */
  footprint: Job<{ settings: Settings; hop_ms: number }, Footprint>;
  window: Job<{ settings: Settings; id: string; start: number }, WindowView>;
  picture: Job<{ settings: Settings; id: string; start: number }, Picture>;
  map: Job<{ settings: Settings }, SampleMap>;
  /** What the model sees of one picture. */
  shown: Job<{ settings: Settings; id: string }, Shown>;
  means: Job<{ settings: Settings }, Means>;
  /** Of the model last made, on the windows that it was measured on. */
  answers: Job<{ settings: Settings }, Answers>;
  /** Of the model last made, for one picture; null where there is no model. */
  scores: Job<{ settings: Settings; id: string }, Float32Array | null>;
  /** Begins what the trainer needs, piece by piece; another one is forgotten. */
  beginJob: Job<{ settings: Settings }, null>;
  /** The next piece; null after the last. */
  nextPiece: Job<null, Uint8Array | null>;
  /** `said`: what was said of the recordings when training began. */
  quantize: Job<{ settings: Settings; trained: Uint8Array; said: Said[] }, Quantized>;
  dataset: Job<null, Uint8Array>;
  project: Job<{ name: string; settings: Settings; history_json: string }, Uint8Array>;
  probe: Job<null, Probe[]>;
}

export interface Pushed extends LiveAnswer {
  rate_hz: number | null;
  /** Why the model can't run on this sensor; null while it can. */
  refusal: string | null;
}

/** To a picture; `shown` is the exact input of the network, `[height, width, channels]`. */
export interface Seen extends Pushed {
  shown: Int8Array;
}

/** One model at sensor rate. */
export interface LiveJobs {
  load: Job<{ bundle: Uint8Array }, ModelInfo>;
  push: Job<{ values: Float32Array; times_ms: Float64Array }, Pushed>;
  /** One picture, whole: the model takes of it what it is made for. `rgba` is `[height, width, 4]`. */
  see: Job<{ rgba: Uint8Array; width: number; height: number; t_ms: number }, Seen>;
  /** The same of a stored picture, as a file: decoded as for training and the report. */
  seeFile: Job<{ encoded: Uint8Array; t_ms: number }, Seen>;
  decide: Job<{ decision: DecisionSettings }, null>;
  measure: Job<null, { features: Stat; network: Stat }, Counted>;
  probe: Job<null, Probe[]>;
}

/** Burn; one training per worker life. */
export interface TrainerJobs {
  /** One piece of what is to be learned, in order; then `train`. */
  take: Job<{ piece: Uint8Array }, null>;
  train: Job<null, Uint8Array, Progress>;
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
