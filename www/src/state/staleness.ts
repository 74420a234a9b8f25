// What has changed since a model was made, in one sentence; pure, so that it can be
// read and tested alone.
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import type { Settings } from "../engine/types/Settings";
import type { MadeWith } from "../store";

type Key = keyof Settings;

/** Settings that need a new training, in the words of a person, with their unit. */
const TRAINED: [Key, string, string][] = [
  ["task", "task", ""],
  ["rate_hz", "rate", "Hz"],
  ["window_ms", "window", "ms"],
  ["hop_ms", "hop", "ms"],
  ["axes", "axes", ""],
  ["merge", "merged labels", ""],
  ["background", "background labels", ""],
  ["block", "features", ""],
  ["network", "network", ""],
  ["training", "training", ""],
  ["split", "split", ""],
];

/** Settings that only need the quantized model to be made again. */
const PACKED: [Key, string, string][] = [
  ["decision", "decision", ""],
  ["board", "board", ""],
  ["battery", "battery", ""],
];

export function madeWith(settings: Settings, recordings: RecordingMeta[]): MadeWith {
  return {
    settings: structuredClone(settings),
    recordings: recordings
      .map(({ id, spans, group, split }) => ({ id, spans, group, split }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** Why the net must be trained again; empty if it need not be. */
export function trainingStale(made: MadeWith, settings: Settings, now: RecordingMeta[]): string {
  return (
    settingsChanged(TRAINED, made.settings, settings) ||
    dataChanged(made, now, settings.task === "image")
  );
}

/** Why the model must be quantized again, apart from training; empty if it need not be. */
export function packingStale(made: MadeWith, settings: Settings): string {
  return settingsChanged(PACKED, made.settings, settings);
}

/** Settings for quantizing again: as trained, with today's decision and board. */
export function repacked(made: MadeWith, settings: Settings): Settings {
  const { decision, board, battery } = settings;
  return structuredClone({ ...made.settings, decision, board, battery });
}

function settingsChanged(keys: typeof TRAINED, then: Settings, now: Settings): string {
  const changed = keys
    .filter(([key]) => canonical(then[key]) !== canonical(now[key]))
    .map(([key, name, unit]) => {
      const [before, after] = [then[key], now[key]];
      return typeof before === "number" || typeof before === "string"
        ? `${name} ${before} → ${after}${unit && ` ${unit}`}`
        : name;
    });
  return changed.length === 0 ? "" : `Settings changed since training: ${changed.join(", ")}`;
}

function dataChanged(made: MadeWith, now: RecordingMeta[], imaged: boolean): string {
  const then = new Map(made.recordings.map((one) => [one.id, one]));
  let added = 0;
  let changed = 0;
  for (const { id, spans, group, split } of now) {
    const before = then.get(id);
    if (!before) added += 1;
    else if (canonical(before) !== canonical({ id, spans, group, split })) changed += 1;
    then.delete(id);
  }
  const parts = [
    added > 0 && `${added} added`,
    then.size > 0 && `${then.size} removed`,
    changed > 0 && `${changed} changed (label, person or occasion, or split)`,
  ].filter(Boolean);
  return parts.length === 0
    ? ""
    : `${imaged ? "Pictures" : "Recordings"} changed since training: ${parts.join(", ")}`;
}

/** JSON with its keys in order, so that equal values give equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
