// pkg/web with the types of what crosses its boundary. Loaded in the lab worker and
// the live worker, nowhere else.
import start, * as engine from "../../../pkg/web/lampyris_web.js";
import wasm from "../../../pkg/web/lampyris_web_bg.wasm?url";
import kernels from "../../../pkg/web/relaxed.wasm?url";
import type { Answers, Means, Picture, SampleMap, Shown } from "./arrays";
import type { BundleInfo } from "./types/BundleInfo";
import type { Catalog } from "./types/Catalog";
import type { DecisionSettings } from "./types/DecisionSettings";
import type { Footprint } from "./types/Footprint";
import type { GoldenCheck } from "./types/GoldenCheck";
import type { ImportOptions } from "./types/ImportOptions";
import type { LiveAnswer } from "./types/LiveAnswer";
import type { ModelInfo } from "./types/ModelInfo";
import type { NetworkInfo } from "./types/NetworkInfo";
import type { NetworkTimes } from "./types/NetworkTimes";
import type { NewRecording } from "./types/NewRecording";
import type { Overview } from "./types/Overview";
import type { Piece } from "./types/Piece";
import type { Problem } from "./types/Problem";
import type { RecordingMeta } from "./types/RecordingMeta";
import type { Replay } from "./types/Replay";
import type { ReplayOptions } from "./types/ReplayOptions";
import type { Report } from "./types/Report";
import type { Settings } from "./types/Settings";
import type { TakesOptions } from "./types/TakesOptions";
import type { WindowView } from "./types/WindowView";

interface Recordings {
  metas(): RecordingMeta[];
  values(i: number): Float32Array;
  times(i: number): Float64Array | undefined;
  /** Of pictures: the file, and what it looks like. */
  encoded(i: number): Uint8Array | undefined;
  look(i: number): Uint8Array | undefined;
  free(): void;
}

export interface Importer {
  /** One file; a zip is looked into, and a picture made small, at once. */
  add(path: string, bytes: Uint8Array, told: (done: number, total: number) => void): void;
  /** Ends the importer, and gives what came of it. */
  finish(options: ImportOptions): ImportResult;
  free(): void;
}

/** A picture ready to be kept. */
export interface MadePicture {
  meta(): RecordingMeta;
  encoded(): Uint8Array;
  look(): Uint8Array;
  note(): string | undefined;
  free(): void;
}

/** What the trainer needs, piece by piece. */
export interface JobStream {
  total(): number;
  next(lab: Lab): Uint8Array | undefined;
  free(): void;
}

export interface ImportResult extends Recordings {
  problems(): Problem[];
  skipped(): string[];
}

export interface ProjectResult extends Recordings {
  name(): string;
  settings(): Settings;
  bundle(): Uint8Array | undefined;
  trained(): Uint8Array | undefined;
  report(): Report | undefined;
  history_json(): string;
}

export interface Lab {
  put(meta: RecordingMeta, values: Float32Array, times_ms?: Float64Array): void;
  /** Gives the look where it was not given. */
  put_picture(meta: RecordingMeta, encoded: Uint8Array, look?: Uint8Array): Uint8Array | undefined;
  put_meta(meta: RecordingMeta): void;
  make_picture(meta: NewRecording, file: Uint8Array): MadePicture;
  remove(id: string): void;
  clear(): void;
  make(meta: NewRecording, values: Float32Array, times_ms?: Float64Array): RecordingMeta;
  overview(settings: Settings): Overview;
  window(settings: Settings, id: string, start: number): WindowView;
  picture(settings: Settings, id: string, start: number): Picture;
  map(settings: Settings): SampleMap;
  shown(settings: Settings, id: string): Shown;
  mean_pictures(settings: Settings): Means;
  answers(settings: Settings): Answers;
  scores(settings: Settings, id: string): Float32Array | undefined;
  job_stream(settings: Settings): JobStream;
  quantize(
    settings: Settings,
    trained: Uint8Array,
    said: Pick<RecordingMeta, "id" | "spans" | "group" | "split">[],
  ): Report;
  bundle(): Uint8Array;
  tflite(): Uint8Array;
  project(name: string, settings: Settings, history_json: string): Uint8Array;
  takes(id: string, options: TakesOptions): Piece[];
  export_dataset(): Uint8Array;
  replay(settings: Settings, options: ReplayOptions): Replaying;
  footprint(settings: Settings, hop_ms?: number): Footprint;
}

/** A replay on its way. */
export interface Replaying {
  done(): number;
  total(): number;
  /** For about so many milliseconds; true once all is fed. */
  advance(lab: Lab, ms: number): boolean;
  /** Ends it, and gives what was found. */
  finish(): FoundInReplay;
  free(): void;
}

export interface FoundInReplay {
  told(): Replay;
  awake(): Float32Array;
  score(): Float32Array;
  best(): Float32Array;
  free(): void;
}

export interface SoundTake {
  push(values: Float32Array): Int16Array;
  finish(): Int16Array;
  free(): void;
}

export interface Live {
  info(): ModelInfo;
  push(values: Float32Array, times_ms: Float64Array): LiveAnswer;
  see(rgba: Uint8Array, width: number, height: number, t_ms: number): LiveAnswer;
  see_file(encoded: Uint8Array, t_ms: number): LiveAnswer;
  shown(): Int8Array;
  set_decision(decision: DecisionSettings): void;
  sensor_rate(): number;
  refusal(): string | undefined;
  classify(window: Float32Array): Int8Array;
  spin(n: number): void;
  spin_features(n: number): void;
  free(): void;
}

export interface Network {
  info(): NetworkInfo;
  fill(i: number, seed?: number): Uint8Array;
  quantize(i: number, values: Float32Array): Uint8Array;
  dequantize(i: number, raw: Uint8Array): Float32Array;
  reset(): void;
  run(inputs: Uint8Array[]): Uint8Array[];
  measure(block_ms: number, fresh: boolean): NetworkTimes;
  free(): void;
}

export interface BundleFile {
  info(): BundleInfo;
  tflite(): Uint8Array;
  /** Runs golden vector `i`; null beyond the last. */
  check(i: number): GoldenCheck | null;
  footprints(settings: Settings): Footprint[];
  free(): void;
}

export interface Export {
  add_kit(id: string, zip: Uint8Array): void;
  /** Ends the export, and gives what came of it. */
  finish(bundle: Uint8Array, title: string): Exported;
  free(): void;
}

export interface Exported {
  name(): string;
  files(): { path: string; bytes: number }[];
  /** Once. */
  zip(): Uint8Array;
  free(): void;
}

// wasm-bindgen knows these only as `any`.
const typed = engine as unknown as {
  catalog(): Catalog;
  Lab: {
    new (): Lab;
    read_project(bytes: Uint8Array): ProjectResult;
  };
  BundleFile: new (bytes: Uint8Array) => BundleFile;
  Export: new (target: string) => Export;
  Importer: new () => Importer;
  Live: new (bundle: Uint8Array) => Live;
  SoundTake: new (from_hz: number, to_hz: number) => SoundTake;
  Network: { new (file: Uint8Array): Network; operators(): string[] };
  useKernels(module: Uint8Array): string;
};
export const { BundleFile, catalog, Export, Importer, Lab, Live, Network, SoundTake } = typed;

/** Fetches and compiles the module; call once, before anything else. */
export default async function init(): Promise<{ memory: WebAssembly.Memory }> {
  const faster = fetch(kernels)
    .then((answer) => (answer.ok ? answer.arrayBuffer() : null))
    .catch(() => null);
  const program = await start({ module_or_path: wasm });
  // Nothing waits for them: without them the same is computed, only later.
  faster.then((module) => module && typed.useKernels(new Uint8Array(module)));
  return program;
}
