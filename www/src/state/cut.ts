// Cutting a recording: pieces are proposed (by energy, or drawn by hand), shown, moved, and
// then put in the recording's place, all in one change that can be undone.

import { signal } from "@preact/signals";
import type { NewRecording } from "../engine/types/NewRecording";
import type { Piece } from "../engine/types/Piece";
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import type { TakesOptions } from "../engine/types/TakesOptions";
import { plural } from "../widgets/format";
import { sliced } from "../worker/pcm";
import type { FullRecording } from "../worker/protocol";
import { recordings, replace, signalOf } from "./data";
import { stopPlaying } from "./playback";
import { attempt, notify } from "./toasts";
import { lab } from "./workers";

export interface Cutting {
  id: string;
  /** In order, without overlap. */
  pieces: Piece[];
  /** The one that keys and buttons are for; -1 for none. */
  at: number;
}

/** No piece is shorter than this. */
const LEAST_S = 0.05;

export const cutting = signal<Cutting | null>(null);

export function openCutter(id: string): void {
  stopPlaying();
  cutting.value = { id, pieces: [], at: -1 };
  wholePiece();
}

export function closeCutter(): void {
  stopPlaying();
  cutting.value = null;
}

function metaOf(now: Cutting | null): RecordingMeta | null {
  return recordings.peek().find((meta) => meta.id === now?.id) ?? null;
}

/** One piece over all of it: its edges trim the recording. */
export function wholePiece(): void {
  const meta = metaOf(cutting.peek());
  if (meta) show([{ start: 0, end: meta.samples }], 0);
}

function show(pieces: Piece[], at: number): void {
  const now = cutting.peek();
  if (now) cutting.value = { ...now, pieces, at };
}

export function pickPiece(at: number): void {
  const now = cutting.peek();
  if (now && now.at !== at) cutting.value = { ...now, at };
}

/** Looks for sounds that stand out of the background. */
export async function findPieces(options: TakesOptions): Promise<void> {
  const now = cutting.peek();
  if (!now) return;
  await attempt(async () => {
    const pieces = await lab.call("takes", { id: now.id, options });
    if (cutting.peek()?.id !== now.id) return;
    if (pieces.length === 0)
      notify("warning", "No sound stands out of the background here", {
        detail: {
          what: "Nothing is louder than the background by as much as is asked for",
          place: metaOf(now)?.name ?? "",
          remedy: "Ask for less, or draw the pieces by hand",
        },
      });
    else show(pieces, 0);
  });
}

/** Moves an edge, or the whole piece, by so many readings; neighbours and ends hold it up. */
export function movePiece(at: number, what: "start" | "end" | "both", by: number): void {
  const now = cutting.peek();
  const meta = metaOf(now);
  const piece = now?.pieces[at];
  if (!now || !meta || !piece) return;
  const least = Math.ceil(LEAST_S * meta.rate_hz);
  const low = now.pieces[at - 1]?.end ?? 0;
  const high = now.pieces[at + 1]?.start ?? meta.samples;
  let { start, end } = piece;
  const within = (value: number, a: number, b: number) =>
    Math.round(Math.max(a, Math.min(Math.max(a, b), value)));
  if (what === "start") start = within(start + by, low, end - least);
  else if (what === "end") end = within(end + by, start + least, high);
  else {
    const length = end - start;
    start = within(start + by, low, high - length);
    end = start + length;
  }
  show(now.pieces.with(at, { start, end }), at);
}

export function removePiece(at: number): void {
  const now = cutting.peek();
  if (!now) return;
  const pieces = now.pieces.filter((_, i) => i !== at);
  show(pieces, Math.min(at, pieces.length - 1));
}

/** Adds a piece of so many readings, centred at `at` as far as there is room. */
export function addPiece(at: number, length: number): void {
  const now = cutting.peek();
  const meta = metaOf(now);
  if (!now || !meta) return;
  const before = now.pieces.filter((one) => one.end <= at);
  const low = before.at(-1)?.end ?? 0;
  const high = now.pieces[before.length]?.start ?? meta.samples;
  const start = Math.round(Math.max(low, Math.min(high - length, at - length / 2)));
  const end = Math.min(high, start + length);
  if (end - start < LEAST_S * meta.rate_hz) return;
  show(now.pieces.toSpliced(before.length, 0, { start, end }), before.length);
}

/** Puts the pieces in the recording's place. */
export async function acceptPieces(label: string, group: string): Promise<void> {
  const now = cutting.peek();
  const meta = metaOf(now);
  if (!now || !meta || now.pieces.length === 0) return;
  stopPlaying();
  await attempt(async () => {
    const kept = await signalOf(meta.id);
    const several = now.pieces.length > 1;
    // What was one recording is alike: its pieces stay together when data is split.
    const together = group.trim() || (several ? meta.name : "");
    const made: FullRecording[] = [];
    for (const [i, piece] of now.pieces.entries()) {
      const part = sliced(kept, meta.axes.length, piece.start, piece.end);
      const name = several ? `${meta.name}, ${i + 1}` : meta.name;
      const head = headOf(meta, piece, { name, label, group: together });
      made.push({ meta: await lab.call("make", { meta: head, kept: part }), ...part });
    }
    const said = (fresh: number) => {
      const same = made.length - fresh;
      const what = several
        ? `Split "${meta.name}" into ${plural(made.length, "recording")}`
        : `Trimmed "${meta.name}"`;
      return same > 0 ? `${what}; kept once, being equal to others: ${same}` : what;
    };
    if (await replace([meta], made, said)) cutting.value = null;
  });
}

function headOf(
  meta: RecordingMeta,
  { start, end }: Piece,
  said: { name: string; label: string; group: string },
): NewRecording {
  const { axes, rate_hz, source, created_ms, notes, split, original_rate_hz, device } = meta;
  const spans = meta.spans
    .map((span) => ({
      ...span,
      start: Math.max(0, span.start - start),
      end: Math.min(end, span.end) - start,
    }))
    .filter((span) => span.end > span.start);
  const label = said.label.trim();
  // One label for all of it, unless it had several and none was said.
  const several = meta.spans.length > 1 && label === "";
  return {
    ...{ axes, rate_hz, source, created_ms, notes, split },
    ...(original_rate_hz ? { original_rate_hz } : {}),
    ...(device ? { device } : {}),
    ...(several ? { spans } : {}),
    name: said.name,
    label: label || (meta.spans[0]?.label ?? ""),
    group: said.group.trim() || null,
  };
}
