// pkg/web-train with the types of what crosses its boundary. Loaded in the trainer
// worker only; the page knows its address, to fetch it in an idle moment.
import start, * as engine from "../../../pkg/web-train/lampyris_web_train.js";
import wasm from "../../../pkg/web-train/lampyris_web_train_bg.wasm?url";
import type { Progress } from "./types/Progress";

export interface Trainer {
  advance(batches: number): Progress;
  finish(): Uint8Array;
  free(): void;
}

/** What a training is of, piece by piece, as the lab gives it. */
export interface JobReader {
  push(piece: Uint8Array): void;
  free(): void;
}

const typed = engine as unknown as {
  JobReader: new () => JobReader;
  /** Takes the reader: it is of no use afterwards. */
  Trainer: new (
    job: JobReader,
  ) => Trainer;
};
export const { JobReader, Trainer } = typed;

/** Fetches and compiles the module; call once, before anything else. */
export default function init(): Promise<{ memory: WebAssembly.Memory }> {
  return start({ module_or_path: wasm });
}
