// A long stream through the model as a chip would run it, slice by slice: other requests to the
// lab are answered in between, and leaving the view does not end it.
import { computed, signal } from "@preact/signals";
import type { ReplayOptions } from "../engine/types/ReplayOptions";
import { TroubleError } from "../worker/client";
import type { Counted, Replayed } from "../worker/protocol";
import { usage } from "./conditions";
import { recordings } from "./data";
import { labHoldsModel, model } from "./model";
import { isOpen, project } from "./project";
import { troubleOf } from "./toasts";
import type { Trouble } from "./types";
import { lab } from "./workers";

interface ReplayState {
  state: "idle" | "running" | "done" | "failed";
  progress: Counted;
  found: Replayed | null;
  /** What it was of: a project, a model and a decision. */
  of: string;
  options: ReplayOptions | null;
  /** How long it took here. */
  seconds: number;
  trouble: Trouble | null;
}

const IDLE: ReplayState = {
  state: "idle",
  progress: { done: 0, total: 0 },
  found: null,
  of: "",
  options: null,
  seconds: 0,
  trouble: null,
};

const last = signal<ReplayState>(IDLE);
/** Of the open project. */
export const replay = computed<ReplayState>(() =>
  last.value.of.startsWith(`${project.value?.id} `) ? last.value : IDLE,
);

const present = computed(
  () =>
    `${project.value?.id} ${model.value?.report.model_sha256} ${JSON.stringify(project.value?.settings.decision)}`,
);
/** Whether the model or what is made of its scores has changed since. */
export const replayOld = computed(
  () => replay.value.state === "done" && last.value.of !== present.value,
);

/** Recordings that are long enough to be a stream, the longest first. */
export const streams = computed(() =>
  recordings.value
    .filter((meta) => meta.size === undefined)
    .map((meta) => ({ id: meta.id, name: meta.name, seconds: meta.samples / meta.rate_hz }))
    .sort((a, b) => b.seconds - a.seconds || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_STREAMS),
);
const MOST_STREAMS = 100;

/** Grows with each start and stop, so that late answers are noticed. */
let session = 0;

export async function startReplay(options: ReplayOptions): Promise<void> {
  const mine = ++session;
  const open = project.value;
  if (!open) return;
  const begun = performance.now();
  const show = (change: Partial<ReplayState>) => {
    last.value = { ...last.value, ...change };
  };
  last.value = { ...IDLE, state: "running", of: present.value, options };
  try {
    if (!(await labHoldsModel())) throw new TroubleError(noModel());
    if (mine !== session) return;
    const total = await lab.call("beginReplay", { settings: open.settings, options });
    show({ progress: { done: 0, total } });
    for (;;) {
      if (mine !== session || !isOpen(open.id)) return;
      const { found, ...progress } = await lab.call("stepReplay", null);
      if (mine !== session) return;
      if (!found) {
        show({ progress });
        continue;
      }
      const seconds = (performance.now() - begun) / 1000;
      show({ progress, found, seconds, state: "done" });
      return;
    }
  } catch (error) {
    if (mine !== session) return;
    const cancelled = error instanceof TroubleError && error.cancelled;
    show(cancelled ? IDLE : { state: "failed", trouble: troubleOf(error) });
  }
}

export function cancelReplay(): void {
  session += 1;
  last.value = IDLE;
  // What is on its way in the lab holds memory until it is told.
  lab.call("endReplay", null).catch(() => undefined);
}

function noModel(): Trouble {
  return model.value
    ? {
        what: "The model can't be made again: recordings that it was trained with were deleted",
        place: "replay",
        remedy: "Undo the deletion, or train again",
      }
    : { what: "There is no model yet", place: "replay", remedy: "Train a network first" };
}

/**
 * The share of windows awake with so many events a day as the usage says: what was awake while
 * nothing happened, and what each event adds; null where the replay can't tell.
 */
export const awakeMeasured = computed<number | null>(() => {
  const told = replay.value.found?.told;
  if (!told || told.windows === 0) return null;
  if (!told.gated) return 1;
  if (told.quiet_windows === 0 || told.awake_s_per_event === null) return told.awake / told.windows;
  const anyway = told.quiet_awake / told.quiet_windows;
  const events = (usage.value.messages_a_day * told.awake_s_per_event) / DAY_S;
  return Math.min(1, anyway + events);
});
const DAY_S = 86_400;
