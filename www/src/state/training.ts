// One training at a time, in a worker of its own that is ended afterwards.
import { signal } from "@preact/signals";
import wasmUrl from "../../../pkg/web-train/lampyris_web_train_bg.wasm?url";
import type { Progress } from "../engine/types/Progress";
import type { Settings } from "../engine/types/Settings";
import { TroubleError, type WorkerClient } from "../worker/client";
import type { Control, TrainerJobs } from "../worker/protocol";
import { recordings } from "./data";
import { measureLatency, model, pack } from "./model";
import { isOpen, mayWrite, project } from "./project";
import { route } from "./route";
import { madeWith } from "./staleness";
import { notify, troubleOf } from "./toasts";
import type { Training } from "./types";
import { lab, newTrainer, trainerUrl } from "./workers";

const IDLE: Training = { state: "idle", progress: null, seconds: 0, trouble: null };
export const training = signal<Training>(IDLE);

let steer: ((what: Control["control"]) => void) | null = null;
let abort = new AbortController();
/** Time trained before the last pause, and when it last went on. */
let spent_ms = 0;
let since_ms = 0;

const active = () =>
  ["preparing", "running", "pausing", "paused", "finishing"].includes(training.value.state);

/** Shows the curves of the stored model's training: called when a project is opened. */
export function showTraining(): void {
  const kept = model.value;
  training.value = kept
    ? { state: "done", progress: kept.progress, seconds: kept.seconds, trouble: null }
    : IDLE;
}

export async function train(): Promise<void> {
  const now = project.value;
  if (!now || active() || !mayWrite()) return;
  const settings = structuredClone(now.settings);
  const made_with = madeWith(settings, recordings.value);
  const before = training.value;
  const mine = new AbortController();
  abort = mine;
  // Of another project, opened meanwhile, or of a later training, nothing may be said here.
  const shown = () => isOpen(now.id) && abort === mine;
  spent_ms = 0;
  training.value = { ...IDLE, state: "preparing" };
  const trainer = newTrainer();
  try {
    await handOver(trainer, settings, mine.signal);
    since_ms = performance.now();
    const trained = await trainer.call("train", null, {
      signal: mine.signal,
      steer: (control) => {
        steer = control;
      },
      note: (progress) => shown() && advanced(progress),
      held: () => shown() && held(),
    });
    // It holds all that was learned from, which the lab has to have as well in a moment.
    trainer.stop();
    if (!shown()) return;
    const { progress, seconds } = training.value;
    training.value = { ...training.value, state: "finishing" };
    await pack(now.id, trained, settings, made_with, progress, seconds);
    if (!shown()) return;
    training.value = { state: "done", progress, seconds, trouble: null };
    if (route.value === "train") route.value = "quantize";
    void measureLatency();
  } catch (error) {
    ended(error, before, shown());
  } finally {
    if (abort === mine) steer = null;
    trainer.stop();
  }
}

/** What is to be learned goes from the lab to the trainer piece by piece: the page holds one at most. */
async function handOver(
  trainer: WorkerClient<TrainerJobs>,
  settings: Settings,
  signal: AbortSignal,
): Promise<void> {
  await lab.call("beginJob", { settings }, { signal });
  for (;;) {
    const piece = await lab.call("nextPiece", null, { signal });
    if (!piece) return;
    await trainer.call("take", { piece }, { signal, transfer: [piece.buffer as ArrayBuffer] });
  }
}

function advanced(progress: Progress): void {
  const { state } = training.value;
  const seconds = (spent_ms + performance.now() - since_ms) / 1000;
  training.value = {
    ...training.value,
    state: state === "preparing" ? "running" : state,
    progress,
    seconds,
  };
}

function ended(error: unknown, before: Training, shown: boolean): void {
  if (error instanceof TroubleError && error.cancelled) {
    // The model of the last training, if there is one, is untouched.
    if (shown) training.value = { ...training.value, state: "cancelled" };
    notify(
      "info",
      before.state === "done" ? "Training cancelled; the last model stays" : "Training cancelled",
    );
    return;
  }
  const trouble = troubleOf(error);
  if (shown) training.value = { ...training.value, state: "failed", trouble };
  notify("error", trouble.what, { detail: trouble });
}

export function pauseTraining(): void {
  if (training.value.state !== "running") return;
  steer?.("pause");
  training.value = { ...training.value, state: "pausing" };
}

/** The slice on its way when the pause was asked for is done: nothing moves any more. */
function held(): void {
  if (training.value.state !== "pausing") return;
  spent_ms += performance.now() - since_ms;
  training.value = { ...training.value, state: "paused" };
}

export function resumeTraining(): void {
  if (training.value.state !== "paused") return;
  since_ms = performance.now();
  training.value = { ...training.value, state: "running" };
  steer?.("resume");
}

export function cancelTraining(): void {
  if (active() && training.value.state !== "finishing") abort.abort();
}

/** Brings the trainer into the browser's cache in an idle moment. */
export function fetchTrainer(): void {
  const saving = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData;
  if (saving) return;
  const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 3000));
  idle(() => {
    // Only to have it early: training fetches it again and tells if it can't.
    for (const url of [trainerUrl, wasmUrl])
      void fetch(url, { priority: "low" })
        .then((response) => response.blob())
        .catch(() => undefined);
  });
}
