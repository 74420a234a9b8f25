// What the model costs as it is used: the settings' usage, with a time between decisions that is
// only tried out. The engine is asked anew with each move of a slider.
import { computed, effect, signal } from "@preact/signals";
import type { Change } from "../engine/types/Change";
import type { Footprint } from "../engine/types/Footprint";
import type { Settings } from "../engine/types/Settings";
import type { UsageSettings } from "../engine/types/UsageSettings";
import { overview, recordings } from "./data";
import { latestOnly } from "./latest";
import { report } from "./model";
import { catalog, project, replaceSettings, updateSettings } from "./project";
import { troubleOf } from "./toasts";
import type { Trouble } from "./types";
import { lab } from "./workers";

/** What holds where a project says nothing: it is older than these settings. */
const UNSAID: UsageSettings = {
  whole_board: true,
  clock_mhz: 0,
  awake_share: 1,
  messages_a_day: 0,
  radio: "none",
  sensor: "",
};

/** How the board is used. */
export const usage = computed<UsageSettings>(() => ({
  ...UNSAID,
  ...project.value?.settings.usage,
}));

/** Of the open project: a time between decisions that is tried out, in ms; the model keeps its own. */
const tried = signal<{ project: string; hop_ms: number } | null>(null);
/** The time between decisions that the figures are of, in ms. */
export const hopTried = computed(() => {
  const own = project.value?.settings.hop_ms ?? 0;
  return tried.value?.project === project.value?.id ? (tried.value?.hop_ms ?? own) : own;
});

export function tryHop(hop_ms: number): void {
  const open = project.value;
  if (!open) return;
  tried.value = hop_ms === open.settings.hop_ms ? null : { project: open.id, hop_ms };
}

/** The model's own time between decisions counts again. */
export function forgetTried(): void {
  tried.value = null;
}

export function setUsage(change: Partial<UsageSettings>): void {
  updateSettings((settings) => {
    settings.usage = { ...UNSAID, ...settings.usage, ...change };
  });
}

/** Takes a change that makes a year possible, and offers the way back: the time between decisions is tried, the rest is kept. */
export function applyChange({ conditions }: Change): void {
  const settings = project.value?.settings;
  if (!settings) return;
  tryHop(conditions.hop_ms);
  const usage = {
    ...UNSAID,
    ...settings.usage,
    whole_board: conditions.whole_board,
    clock_mhz: conditions.clock_mhz ?? 0,
    awake_share: conditions.awake_share,
    messages_a_day: conditions.messages_a_day,
    radio: conditions.radio,
    sensor: conditions.sensor,
  };
  const { board, battery } = conditions;
  replaceSettings({ ...settings, board, battery, usage }, "The change is tried");
}

/** Clocks of the chosen board in MHz, slowest first. */
export const clocks = computed<number[]>(() => {
  const id = project.value?.settings.board;
  return catalog.value?.boards.find((board) => board.id === id)?.clocks_mhz ?? [];
});

interface Costs {
  footprint: Footprint | null;
  /** Why there is none. */
  trouble: Trouble | null;
}

/** What the model costs under these conditions; what it said last stands until it says more. */
export const costs = signal<Costs>({ footprint: null, trouble: null });

interface Wish {
  settings: Settings;
  hop_ms: number;
  open: string;
}

const ask = latestOnly(async ({ settings, hop_ms, open }: Wish) => {
  let found: Costs;
  try {
    found = { footprint: await lab.call("footprint", { settings, hop_ms }), trouble: null };
  } catch (error) {
    found = { footprint: null, trouble: troubleOf(error) };
  }
  if (project.peek()?.id === open) costs.value = found;
});

/** Keeps [`costs`] up to date. */
export function watchConditions(): void {
  let of: string | null = null;
  effect(() => {
    const open = project.value;
    if (open?.id !== of) costs.value = { footprint: null, trouble: null };
    of = open?.id ?? null;
    // Sizes depend on the recordings' axes and labels, and on the model.
    const made = report.value?.model_sha256;
    if (!open || (!overview.value && !made)) return;
    ask({ settings: open.settings, hop_ms: hopTried.value, open: open.id });
  });
}

/** A 16-bit reading, as accelerometers and microphones give it. */
const BYTES_PER_VALUE = 2;
/** A time in ms (8) and a label (1). */
const EVENT_BYTES = 9;
const DAY_S = 86_400;

/** What a day is in bytes: the raw stream (of pictures as small as the model sees them), and events. */
export const daily = computed(() => {
  const settings = project.value?.settings;
  const sent_bytes = usage.value.messages_a_day * EVENT_BYTES;
  if (!settings) return { raw_bytes: 0, sent_bytes, event_bytes: EVENT_BYTES };
  if (settings.task === "image") {
    const a_day = (DAY_S * 1000) / Math.max(1, hopTried.value);
    // A byte a value, and as many values as the network takes.
    const raw_bytes = a_day * (overview.value?.features ?? 0);
    return { raw_bytes, sent_bytes, event_bytes: EVENT_BYTES };
  }
  const known = recordings.value[0]?.axes.length;
  const axes = settings.axes.length || known || (settings.task === "audio" ? 1 : 3);
  const raw_bytes = settings.rate_hz * axes * BYTES_PER_VALUE * DAY_S;
  return { raw_bytes, sent_bytes, event_bytes: EVENT_BYTES };
});
