// Exports for chips: the kits are fetched from the page's own host (or from what is kept for offline
// use), a worker packs them with the model, and the zip is handed to the person.
import { signal } from "@preact/signals";
import type { TargetInfo } from "../engine/types/TargetInfo";
import { TroubleError } from "../worker/client";
import { bundleFile } from "./bundle-file";
import { downloaded, model, save } from "./model";
import { project } from "./project";
import { notify, tell, troubleOf } from "./toasts";
import type { Trouble } from "./types";
import { newExportWorker } from "./workers";

/** Of which model: the project's, or that of the bundle that was opened. */
export type ExportOf = "project" | "file";

export interface ExportState {
  state: "idle" | "fetching" | "packing" | "done" | "failed";
  /** Bytes of the kits that have come, and of all; 0 where nobody says how many there are. */
  done: number;
  total: number;
  trouble: Trouble | null;
  /** Of the zip that was made last, of the model that is there now. */
  made: { name: string; bytes: number; files: { path: string; bytes: number }[] } | null;
}

const IDLE: ExportState = { state: "idle", done: 0, total: 0, trouble: null, made: null };

/** By `keyOf` a model and a target. */
const states = signal<Readonly<Record<string, ExportState>>>({});
const aborts = new Map<string, AbortController>();

/** How often an export holds what is in a kit: each Arduino core looks for the libraries in a folder of its own. */
const TIMES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  arduino: { lib: 15 / 7 },
};

/** What a model's own files take within a zip, for each byte of its bundle; measured, and a rough one. */
const OWN = 0.6;

/** Size of each kit, as far as the host says; filled by `measureKits`. */
export const kitBytes = signal<Readonly<Record<string, number>>>({});

interface Source {
  bundle: Uint8Array;
  title: string;
  sha256: string;
}

function sourceOf(of: ExportOf): Source | null {
  if (of === "file") {
    const open = bundleFile.value;
    return open && { bundle: open.bytes, title: open.title, sha256: open.info.model.sha256 };
  }
  const stored = model.value;
  const title = project.value?.name ?? "";
  return stored && { bundle: stored.bundle, title, sha256: stored.report.model_sha256 };
}

function keyOf({ sha256, title }: Source, target: string): string {
  return `${sha256}/${title}/${target}`;
}

/** How far the export of that model to that target is. */
export function exportState(of: ExportOf, target: string): ExportState {
  const source = sourceOf(of);
  return (source && states.value[keyOf(source, target)]) || IDLE;
}

/** The exporter's own rule for names of files: so that the steps name them before they are made. */
function nameOf(title: string): string {
  let name = "";
  for (const c of title.toLowerCase()) {
    if (/[a-z0-9]/.test(c)) name += c;
    else if (name !== "" && !name.endsWith("_")) name += "_";
    if (name.length >= 32) break;
  }
  name = name.replace(/_+$/, "");
  if (name === "") return "model";
  return /^[0-9]/.test(name) ? `m${name}`.slice(0, 32) : name;
}

/** The name of the zip that an export of that model to that target is, without its ending. */
export function exportName(of: ExportOf, target: string): string {
  return exportState(of, target).made?.name ?? `${nameOf(sourceOf(of)?.title ?? "")}_${target}`;
}

/** About how large the zip will be, in bytes; null until the kits' sizes are known. */
export function aboutBytes(of: ExportOf, target: TargetInfo): number | null {
  let sum = OWN * (sourceOf(of)?.bundle.length ?? 0);
  for (const id of target.kits) {
    const size = kitBytes.value[id];
    if (size === undefined) return null;
    sum += size * (TIMES[target.id]?.[id] ?? 1);
  }
  return sum;
}

function kitUrl(id: string): string {
  return new URL(`kits/${id}.zip`, document.baseURI).href;
}

function refused(id: string, why: string, remedy: string): TroubleError {
  return new TroubleError({
    what: `A kit of prebuilt files ${why}`,
    place: `kits/${id}.zip`,
    remedy,
  });
}

async function ask(id: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(kitUrl(id), { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw refused(
      id,
      "could not be fetched",
      "Check that the page's server is still there; once the page is ready offline, none is needed",
    );
  }
  if (response.ok) return response;
  throw refused(
    id,
    `is not there: the host answered ${response.status}`,
    "Reload the page; if it stays, whoever runs the host has to publish all of the built folder",
  );
}

/** Learns how large the kits are, without keeping what comes. What can't be learned is left out. */
export async function measureKits(targets: readonly TargetInfo[]): Promise<void> {
  const ids = new Set(targets.flatMap(({ kits }) => kits));
  for (const id of ids) {
    if (kitBytes.peek()[id] !== undefined) continue;
    const abort = new AbortController();
    const length = await ask(id, abort.signal)
      .then(({ headers }) => Number(headers.get("content-length") ?? 0))
      .catch(() => 0);
    abort.abort();
    if (length > 0) kitBytes.value = { ...kitBytes.value, [id]: length };
  }
}

async function fetchKit(
  id: string,
  signal: AbortSignal,
  came: (bytes: number) => void,
): Promise<Uint8Array> {
  const { body } = await ask(id, signal);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    const reader = body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      parts.push(part.value);
      length += part.value.length;
      came(part.value.length);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw refused(id, "broke off", "Check that the page's server is still there, then try again");
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Makes the export; hands it to the person where `keep` says so, else only tells what is inside. */
export async function makeExport(of: ExportOf, target: TargetInfo, keep: boolean): Promise<void> {
  const source = sourceOf(of);
  if (!source) {
    notify("warning", "There is no model yet: train one first");
    return;
  }
  const key = keyOf(source, target.id);
  if (aborts.has(key)) return;
  const set = (change: Partial<ExportState>) => {
    states.value = { ...states.value, [key]: { ...(states.value[key] ?? IDLE), ...change } };
  };
  const abort = new AbortController();
  aborts.set(key, abort);
  const { signal } = abort;
  const worker = newExportWorker();
  signal.addEventListener("abort", () => worker.stop());
  const known = target.kits.map((id) => kitBytes.value[id] ?? 0);
  const total = known.includes(0) ? 0 : known.reduce((sum, one) => sum + one, 0);
  set({ state: "fetching", done: 0, total, trouble: null });
  try {
    let done = 0;
    const came = (bytes: number) => {
      done += bytes;
      set({ done });
    };
    const one = async (id: string) => ({ id, zip: await fetchKit(id, signal, came) });
    const kits = await Promise.all(target.kits.map(one));
    set({ state: "packing" });
    const { bundle, title } = source;
    const input = { target: target.id, title, bundle, kits };
    const transfer = kits.map(({ zip }) => zip.buffer as ArrayBuffer);
    const { name, zip, files } = await worker.call("makeExport", input, { transfer });
    signal.throwIfAborted();
    set({ state: "done", made: { name, bytes: zip.length, files } });
    if (keep) {
      save(zip, `${name}.zip`, "application/zip");
      if (of === "project") downloaded.value = target.id;
    }
  } catch (error) {
    if (signal.aborted) set({ state: states.value[key]?.made ? "done" : "idle" });
    else set({ state: "failed", trouble: troubleOf(error) });
  } finally {
    abort.abort();
    aborts.delete(key);
  }
}

export function cancelExport(of: ExportOf, target: string): void {
  const source = sourceOf(of);
  if (source) aborts.get(keyOf(source, target))?.abort();
}

/** Copies a model's name. */
export async function copyHash(hash: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(hash);
    notify("success", "Copied the model's SHA-256");
  } catch {
    tell(
      new TroubleError({
        what: "The browser does not let this page use the clipboard",
        place: "clipboard",
        remedy: "Mark the hash and copy it by hand, or open the page by https",
      }),
    );
  }
}
