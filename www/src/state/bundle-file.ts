// A bundle that someone opened from a file: what it says, whether it still answers as it did when
// it was made, what it costs on each board. Nothing here touches the project.
import { batch, computed, signal } from "@preact/signals";
import type { BundleInfo } from "../engine/types/BundleInfo";
import type { Footprint } from "../engine/types/Footprint";
import type { GoldenCheck } from "../engine/types/GoldenCheck";
import type { WorkerClient } from "../worker/client";
import type { Counted, ExportJobs } from "../worker/protocol";
import { tooLarge } from "./board-costs";
import { project } from "./project";
import { tell } from "./toasts";
import type { Trouble } from "./types";
import { newExportWorker } from "./workers";

export interface OpenBundle {
  /** The file's name without its ending. */
  title: string;
  info: BundleInfo;
  bytes: Uint8Array;
  /** By board, in the order of the table; empty where the bundle doesn't tell how it was made. */
  footprints: Footprint[];
  /** Null until all golden vectors have run. */
  checks: GoldenCheck[] | null;
  checked: Counted;
}

export const bundleFile = signal<OpenBundle | null>(null);

/** Why the chosen board can't carry the open bundle; null where it can, or nobody knows. */
export const bundleRefusal = computed<Trouble | null>(() => {
  const board = project.value?.settings.board;
  const found = bundleFile.value?.footprints.find((one) => one.board === board);
  return found ? tooLarge(found) : null;
});

let worker: WorkerClient<ExportJobs> | null = null;
let turn = 0;

export function forgetBundle(): void {
  turn += 1;
  worker?.stop();
  worker = null;
  bundleFile.value = null;
}

/** Opens a bundle, and gives its network as a file. Rejects with the reason where it is refused. */
export async function readBundle(file: File): Promise<File> {
  forgetBundle();
  const mine = turn;
  const here = newExportWorker();
  worker = here;
  const { info, bytes, tflite } = await here.call("openBundle", { file });
  const settings = project.peek()?.settings;
  const footprints = settings ? await here.call("footprints", { bundle: bytes, settings }) : [];
  const title = file.name.replace(/\.lampyris$/i, "");
  if (mine === turn) {
    const checked = { done: 0, total: info.golden };
    bundleFile.value = { title, info, bytes, footprints, checks: null, checked };
    void checkAll(here, mine);
  }
  return new File([tflite as BlobPart], `${title}.tflite`);
}

async function checkAll(here: WorkerClient<ExportJobs>, mine: number): Promise<void> {
  const now = (change: Partial<OpenBundle>) => {
    if (mine === turn && bundleFile.value) bundleFile.value = { ...bundleFile.value, ...change };
  };
  try {
    const checks = await here.call("checkGolden", null, { note: (checked) => now({ checked }) });
    batch(() => now({ checks, checked: { done: checks.length, total: checks.length } }));
  } catch (error) {
    if (mine === turn) tell(error);
  }
  // Its memory returns; a later export has a worker of its own.
  if (mine !== turn) return;
  here.stop();
  worker = null;
}
