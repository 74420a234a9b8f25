// Short messages that pass, and the one place where an error reaches the person.
import { signal } from "@preact/signals";
import { TroubleError } from "../worker/client";
import type { Busy, Toast, Trouble } from "./types";

export const toasts = signal<Toast[]>([]);
export const busy = signal<Busy | null>(null);

/** For so long what was removed can be had back: longer than any message offers it. */
export const UNDO_MS = 60_000;

let next = 1;

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Shows a message; the view decides how long a passing one stays. */
export function notify(
  kind: Toast["kind"],
  text: string,
  more: Pick<Toast, "detail" | "action"> = {},
): void {
  toasts.value = [...toasts.value, { id: next++, kind, text, ...more }];
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
