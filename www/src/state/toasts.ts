// Short messages that pass, and the one place where an error reaches the person.
import { signal } from "@preact/signals";
import { TroubleError } from "../worker/client";
import type { Busy, Toast, Trouble } from "./types";

export const toasts = signal<Toast[]>([]);
export const busy = signal<Busy | null>(null);

/** For so long what was removed can be had back: longer than any message offers it. */
export const UNDO_MS = 60_000;
const SHOWN_MS = 8000;
/** What can be undone waits a little longer. */
const ACTION_MS = 12_000;
/** However long a message is held, it goes before what it offers does. */
const LAST_MS = UNDO_MS - 5000;

/** When each passing message goes, and when it goes even while it is held. */
const ends = new Map<number, { due_ms: number; last_ms: number }>();
/** Since when messages are held, and by how many. */
let held = { since_ms: 0, by: 0 };
let timer: ReturnType<typeof setTimeout> | undefined;
let next = 1;

export function dismiss(id: number): void {
  ends.delete(id);
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/**
 * Shows a message. It passes by itself, shown or hidden behind newer ones; an error stays until it was
 * read. It takes the place of an older one that says the same, unless that one still offers something.
 */
export function notify(
  kind: Toast["kind"],
  text: string,
  more: Pick<Toast, "detail" | "action"> = {},
): void {
  const id = next++;
  for (const old of toasts.peek()) if (old.text === text && !old.action) dismiss(old.id);
  toasts.value = [...toasts.value, { id, kind, text, ...more }];
  if (kind === "error") return;
  const now_ms = Date.now();
  // While others are held, its own time begins once they are let go.
  const begun_ms = held.by > 0 ? held.since_ms : now_ms;
  ends.set(id, {
    due_ms: begun_ms + (more.action ? ACTION_MS : SHOWN_MS),
    last_ms: now_ms + LAST_MS,
  });
  pass();
}

/** Nothing passes while somebody reads: time stands still until the function given back is called. */
export function holdMessages(): () => void {
  held = { since_ms: held.by > 0 ? held.since_ms : Date.now(), by: held.by + 1 };
  pass();
  return () => {
    held.by -= 1;
    if (held.by > 0) return;
    const held_ms = Date.now() - held.since_ms;
    for (const end of ends.values()) end.due_ms = Math.min(end.due_ms + held_ms, end.last_ms);
    pass();
  };
}

/** Lets go what is due, and waits for the next. */
function pass(): void {
  clearTimeout(timer);
  const now_ms = Date.now();
  let next_ms = Number.POSITIVE_INFINITY;
  for (const [id, { due_ms, last_ms }] of ends) {
    const end_ms = held.by > 0 ? last_ms : due_ms;
    if (end_ms <= now_ms) dismiss(id);
    else next_ms = Math.min(next_ms, end_ms);
  }
  if (next_ms < Number.POSITIVE_INFINITY) timer = setTimeout(pass, next_ms - now_ms);
}

/** Any thrown value as what, where and remedy. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof TroubleError) return error.trouble;
  return {
    what: error instanceof Error ? error.message : String(error),
    place: "page",
    remedy: "Try again; if it stays, export the project and reload",
  };
}

/** Shows an error; a cancellation was the person's own wish and says nothing. */
export function tell(error: unknown): void {
  if (error instanceof TroubleError && error.cancelled) return;
  const detail = troubleOf(error);
  notify("error", detail.what, { detail });
}

/** Runs what may fail; tells if it does. `done` says whether it went well. */
export async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    tell(error);
    return false;
  }
}

/** Like `attempt`, with the page's busy line shown meanwhile. */
export async function busily(
  what: string,
  work: (
    counted: (counted: { what?: string; done: number; total: number }) => void,
  ) => Promise<void>,
  cancel?: () => void,
): Promise<boolean> {
  const show = (counted: { what?: string; done: number; total: number }) => {
    busy.value = { what, ...counted, cancel };
  };
  show({ done: 0, total: 0 });
  try {
    return await attempt(() => work(show));
  } finally {
    busy.value = null;
  }
}
