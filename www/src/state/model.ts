// The quantized model: its report, its files, its latency in this browser, and
// whether it still fits what it was made from.
import { batch, computed, effect, signal } from "@preact/signals";
import type { Progress } from "../engine/types/Progress";
import type { Report } from "../engine/types/Report";
import type { Settings } from "../engine/types/Settings";
import { type MadeWith, type StoredModel, saveModel } from "../store";
import { cancelled } from "../worker/client";
import { recordings } from "./data";
import { isOpen, mayWrite, project, refreshStorage } from "./project";
import { packingStale, repacked, trainingStale } from "./staleness";
import { attempt, notify } from "./toasts";
import type { Latency } from "./types";
import { lab, live as liveWorker, respawns } from "./workers";

const REPACK_MS = 500;
const NO_LATENCY: Latency = { state: "none", features_us: null, network_us: null };

export const model = signal<StoredModel | null>(null);
export const report = computed<Report | null>(() => model.value?.report ?? null);
export const quantizing = signal(false);
export const latency = signal<Latency>(NO_LATENCY);
/** Files of the present model that were downloaded since the page was opened. */
export const downloaded = signal<string | null>(null);

/** Why the model no longer fits the project; empty while it does. */
export const stale = computed(() =>
  model.value && project.value
    ? trainingStale(model.value.made_with, project.value.settings, recordings.value)
    : "",
);
export const unpacked = computed(() =>
  model.value && project.value ? packingStale(model.value.made_with, project.value.settings) : "",
);

export function showModel(stored: StoredModel | null): void {
  batch(() => {
    model.value = stored;
    latency.value = stored?.latency ?? NO_LATENCY;
    downloaded.value = null;
  });
  packedAt = -1;
}

/**
 * Quantizes a freshly trained net of the project `open`, stores the model, then shows it. A project
 * that was changed for another meanwhile keeps its own model.
 */
export async function pack(
  open: string,
  trained: Uint8Array,
  settings: Settings,
  made_with: MadeWith,
  progress: Progress | null,
  seconds: number,
): Promise<void> {
  if (!isOpen(open)) return;
  quantizing.value = true;
  try {
    const made = await lab.call("quantize", { settings, trained, said: made_with.recordings });
    if (!isOpen(open)) return;
    const stored: StoredModel = { ...made, trained, made_with, progress, seconds, latency: null };
    if (model.value?.report.model_sha256 === made.report.model_sha256)
      stored.latency = model.value.latency;
    await saveModel(open, stored);
    if (!isOpen(open)) return;
    showModel(stored);
    packedAt = respawns.value;
    void refreshStorage();
  } finally {
    quantizing.value = false;
  }
}

/** Quantizes the stored net again, with today's decision rule and board. */
export async function quantize(): Promise<void> {
  const [stored, now] = [model.value, project.value];
  if (!stored || !now || quantizing.value || !mayWrite()) return;
  const settings = repacked(stored.made_with, now.settings);
  const latencyBefore = latency.value;
  await attempt(async () => {
    await pack(
      now.id,
      stored.trained,
      settings,
      { ...stored.made_with, settings },
      stored.progress,
      stored.seconds,
    );
    // The network and its features are the same, so their times are.
    if (latencyBefore.state === "done") await keepLatency(now.id, latencyBefore);
  });
}

/** A changed decision rule or board is cheap to follow, so the page does it by itself. */
export function watchPacking(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    clearTimeout(timer);
    if (unpacked.value && !stale.value && !quantizing.value)
      timer = setTimeout(() => void quantize(), REPACK_MS);
  });
}

/** In which life of the lab worker the model was last made; it is not there before. */
let packedAt = -1;

/**
 * Makes sure that the lab worker holds the model: it is made again after the page was opened.
 * False where it can't be, because a recording that it was trained with was deleted.
 */
export async function labHoldsModel(): Promise<boolean> {
  const [stored, open] = [model.value, project.value?.id];
  if (!stored) return false;
  if (packedAt === respawns.value) return true;
  const { trained, made_with } = stored;
  const said = made_with.recordings;
  const here = new Set(recordings.value.map(({ id }) => id));
  if (!said.every(({ id }) => here.has(id))) return false;
  await lab.call("quantize", { settings: made_with.settings, trained, said });
  if (!isOpen(open)) return false;
  packedAt = respawns.value;
  return true;
}

const GONE = "Recordings that it was trained with were deleted";

/** For what is written from the model; tells where it has to be left out. */
async function ensurePacked(open: string | undefined): Promise<void> {
  if (!model.value || (await labHoldsModel()) || !isOpen(open)) return;
  notify("warning", "The zip has recordings and settings, but not the model", {
    detail: {
      what: stale.value || GONE,
      place: "model",
      remedy: "Train again, then save the project",
    },
  });
}

export async function measureLatency(): Promise<void> {
  const [stored, open] = [model.value, project.value?.id];
  if (!stored || !open || latency.value.state === "measuring") return;
  const before = latency.value;
  latency.value = { ...NO_LATENCY, state: "measuring" };
  const same = () =>
    isOpen(open) && model.value?.report.model_sha256 === stored.report.model_sha256;
  const measured = await attempt(async () => {
    await liveWorker.call("load", { bundle: stored.bundle });
    const { features, network } = await liveWorker.call("measure", null);
    if (same())
      await keepLatency(open, { state: "done", features_us: features, network_us: network });
  });
  if (!measured && same()) latency.value = before;
}

/** Of the model of the project `open`, if that is still the open one. */
async function keepLatency(open: string, found: Latency): Promise<void> {
  if (!isOpen(open) || !model.value) return;
  latency.value = found;
  model.value = { ...model.value, latency: found };
  await saveModel(open, model.value);
}

export async function download(kind: "tflite" | "bundle" | "report"): Promise<void> {
  await attempt(async () => {
    const stored = model.value;
    if (!stored) {
      notify("warning", "There is no model yet: train one first");
      return;
    }
    if (kind === "tflite") save(stored.tflite, `${slug()}.tflite`, "application/octet-stream");
    else if (kind === "bundle")
      save(stored.bundle, `${slug()}.lampyris`, "application/octet-stream");
    else save(JSON.stringify(stored.report, null, 2), `${slug()}-report.json`, "application/json");
    downloaded.value = kind;
  });
}

/** Everything of the open project in one zip. */
export async function projectZip(): Promise<Uint8Array> {
  const open = project.value?.id;
  await ensurePacked(open);
  if (!isOpen(open)) throw cancelled("project");
  const { name = "", settings } = project.value ?? {};
  const kept = model.value;
  return lab.call("project", {
    name,
    settings: settings as Settings,
    history_json: JSON.stringify(
      kept && { progress: kept.progress, seconds: kept.seconds, made_with: kept.made_with },
    ),
  });
}

/** The project's name as a file's name. */
export function slug(): string {
  const plain = (project.value?.name ?? "").normalize("NFKD").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "model";
}

/** Hands a file to the person. */
export function save(data: Uint8Array | string, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([data as BlobPart], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after this task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
