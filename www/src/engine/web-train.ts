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

const typed = engine as unknown as { Trainer: new (job: Uint8Array) => Trainer };
export const { Trainer } = typed;

/** Fetches and compiles the module; call once, before anything else. */
export default function init(): Promise<unknown> {
  return start({ module_or_path: wasm });
}
