// How far each of the six steps has come, and why, in one sentence each.

import { computed } from "@preact/signals";
import { count, plural } from "../widgets/format";
import { capture } from "./capture";
import { overview, overviewPending, overviewTrouble, recordings } from "./data";
import { live } from "./live";
import { downloaded, model, quantizing, stale, unpacked } from "./model";
import { project } from "./project";
import { busy } from "./toasts";
import { training } from "./training";
import type { StepId, StepInfo, StepState } from "./types";
import { filling } from "./workers";

const step = (state: StepState, why: string): StepInfo => ({ state, why });
/** With a space that does not break: the rail is narrow. */
const percent = (share: number) => `${(share * 100).toFixed(1)}\u00a0%`;

/** Pictures are told apart. */
const imaged = computed(() => project.value?.settings.task === "image");

const things = (n: number) => plural(n, imaged.value ? "picture" : "recording");

const labels = computed(() => {
  const found = new Set<string>();
  for (const meta of recordings.value) for (const span of meta.spans) found.add(span.label);
  return found.size;
});

function record(): StepInfo {
  const { state } = capture.value;
  if (state === "recording" || state === "countdown" || state === "saving")
    return step("working", imaged.value ? "Pictures are being taken" : "A take is being recorded");
  if (busy.value) return step("working", busy.value.what);
  const n = recordings.value.length;
  if (n === 0)
    return step(
      "empty",
      imaged.value
        ? "Take or import pictures, or load the starter set"
        : "Record, import, or load the starter set",
    );
  const have = `${things(n)} of ${plural(labels.value, "label")}`;
  if (labels.value < 2) return step("ready", `${have}: a second label is needed to tell apart`);
  return step("done", have);
}

function explore(): StepInfo {
  if (recordings.value.length === 0)
    return step("empty", imaged.value ? "Needs pictures first" : "Needs recordings first");
  if (overviewTrouble.value) return step("ready", overviewTrouble.value.what);
  const { done, total } = filling.value ?? { done: 0, total: 0 };
  if (total > 0) return step("working", `Loading: ${count(done)} of ${things(total)}`);
  if (overviewPending.value || !overview.value)
    return step("working", imaged.value ? "Looking at the pictures" : "Looking at the recordings");
  const { issues, ready, features } = overview.value;
  const error = issues.find((issue) => issue.severity === "error");
  if (error) return step("ready", error.what);
  if (!ready) return step("ready", "Not enough yet to train on");
  const hints = issues.length > 0 ? `, ${plural(issues.length, "hint")}` : "";
  const each = imaged.value
    ? `${plural(features, "number")} for each picture`
    : `${plural(features, "feature")} for each window`;
  return step("done", `${each}${hints}`);
}

function train(): StepInfo {
  const { state, progress, trouble } = training.value;
  if (["preparing", "running", "pausing", "finishing"].includes(state))
    return step(
      "working",
      progress ? `Epoch ${progress.epoch} of ${progress.epochs}` : "Preparing",
    );
  if (state === "paused") return step("working", "Paused");
  if (stale.value) return step("stale", stale.value);
  if (model.value) return step("done", `Trained in ${model.value.seconds.toFixed(1)} s`);
  if (state === "failed") return step("ready", trouble?.what ?? "Training failed");
  if (!overview.value?.ready) return step("empty", "Needs a data set that is ready first");
  return step("ready", "Ready to train");
}

function quantize(): StepInfo {
  if (quantizing.value) return step("working", "Turning weights into int8");
  if (!model.value) return step("empty", "Needs a trained network first");
  const changed = stale.value || unpacked.value;
  if (changed) return step("stale", changed);
  return step("done", `int8 accuracy ${percent(model.value.report.accuracy_int8)}`);
}

function run(): StepInfo {
  const { state, why, events } = live.value;
  if (state === "starting" || state === "running") return step("working", "Running live");
  if (!model.value) return step("empty", "Needs a trained network first");
  if (stale.value) return step("stale", stale.value);
  if (state === "refused" || state === "failed") return step("ready", why);
  if (events.length > 0)
    return step("done", imaged.value ? "It has run on pictures" : "It has run on live readings");
  return step(
    "ready",
    imaged.value ? "Choose a camera or stored pictures" : "Choose a sensor or a recording",
  );
}

function deploy(): StepInfo {
  if (!model.value) return step("empty", "Needs a trained network first");
  const changed = stale.value || unpacked.value;
  if (changed) return step("stale", changed);
  if (downloaded.value) return step("done", "Downloaded");
  return step("ready", "Ready to download");
}

export const steps = computed<Record<StepId, StepInfo>>(() => ({
  record: record(),
  explore: explore(),
  train: train(),
  quantize: quantize(),
  run: run(),
  deploy: deploy(),
}));
