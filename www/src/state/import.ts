// Files into the project. They are read in a worker of its own, which holds what it read until
// it is taken: part by part into the store, each part in one transaction, so that thousands of
// pictures never lie in the page, and what was told as imported is on the disk.
import { signal } from "@preact/signals";
import type { ImportOptions } from "../engine/types/ImportOptions";
import type { Problem } from "../engine/types/Problem";
import type { Task } from "../engine/types/Task";
import { isPicture } from "../sensors";
import { idsOf } from "../store";
import { count, plural } from "../widgets/format";
import type { CallOptions, WorkerClient } from "../worker/client";
import type { Counted, FullRecording, Imported, ImportJobs, PathFile } from "../worker/protocol";
import { add, arriving, eachOnce } from "./data";
import { isOpen, mayWrite, project, warnIfTooMuch } from "./project";
import { starterFiles } from "./starter";
import { busily, notify, troubleOf } from "./toasts";
import type { Trouble } from "./types";
import { newImportWorker } from "./workers";

/** The first files that were refused by the last import, and how many there were. */
export const importProblems = signal<Problem[]>([]);
export const importRefused = signal(0);

const NO_OPTIONS: ImportOptions = { label: null, rate_hz: null, group_by: null };

export async function importFiles(
  files: File[],
  options: Partial<ImportOptions> = {},
): Promise<void> {
  if (files.length === 0 || !mayWrite()) return;
  await importPaths(
    files.map((file) => ({ path: pathOf(file), file })),
    { ...NO_OPTIONS, ...options },
  );
}

/** With folders, where the browser or the drop handler knows them. */
function pathOf(file: File & { path?: string }): string {
  return file.webkitRelativePath || file.path || file.name;
}

export async function loadStarter(task: Task = "motion"): Promise<void> {
  if (!mayWrite()) return;
  const open = project.value?.id;
  let files: PathFile[] = [];
  const fetched = await busily("Fetching the starter data set", async () => {
    files = await starterFiles(task);
  });
  if (fetched && isOpen(open)) await importPaths(files, NO_OPTIONS);
}

/** More than this of one file does not go into the engine's memory beside what is made of it. */
export const MOST_BYTES = 1_500_000_000;

/** Why such a file is not even tried. */
export function tooLarge({ size }: File): { what: string; remedy: string } {
  return {
    what: `${(size / 1e9).toFixed(1)} GB are too many to be read in one go`,
    remedy: "Unpack it and drop the folder: its files are read one after another",
  };
}

async function importPaths(files: PathFile[], options: ImportOptions): Promise<void> {
  const open = project.value?.id;
  if (!open) return;
  const abort = new AbortController();
  const worker = newImportWorker();
  await busily(
    `Reading ${plural(files.length, "file")}`,
    async (counted) => {
      try {
        await warnIfTooMuch(files.reduce((sum, { file }) => sum + file.size, 0));
        const asked = { note: counted, signal: abort.signal };
        const read = await readFiles(worker, files, options, asked);
        if (isOpen(open)) {
          importProblems.value = read.problems;
          importRefused.value = read.refused;
        }
        arriving.value = true;
        const stored = await storeRead(worker, open, read, counted, abort.signal);
        told(read, stored, abort.signal.aborted);
      } finally {
        arriving.value = false;
        worker.stop();
      }
    },
    () => {
      abort.abort();
      // A large zip is read in one go, which no message interrupts; nothing of it is stored yet.
      if (!arriving.value) worker.stop();
    },
  );
}

async function readFiles(
  worker: WorkerClient<ImportJobs>,
  all: PathFile[],
  options: ImportOptions,
  asked: CallOptions<Counted>,
): Promise<Imported> {
  const large = all.filter(({ file }) => file.size > MOST_BYTES);
  const files = all.filter(({ file }) => file.size <= MOST_BYTES);
  const read = await worker.call("readFiles", { files, options }, asked);
  const problems = large.map(({ path, file }) => ({ path, ...tooLarge(file) }));
  return {
    ...read,
    problems: [...problems, ...read.problems],
    refused: read.refused + large.length,
  };
}

interface Stored {
  fresh: number;
  known: number;
  /** How many of them are pictures. */
  pictures: number;
  /** What ended it before all was stored. */
  trouble: Trouble | null;
}

/** Moves what the worker read into the store. A cancellation or a full disk keeps what is there by then. */
async function storeRead(
  worker: WorkerClient<ImportJobs>,
  open: string,
  read: Imported,
  counted: (counted: Counted & { what: string }) => void,
  signal: AbortSignal,
): Promise<Stored> {
  const stored: Stored = { fresh: 0, known: 0, pictures: 0, trouble: null };
  // Of the store: another project may have been opened meanwhile.
  const known = new Set(await idsOf(open));
  const store = async (part: FullRecording[]) => {
    const fresh = eachOnce(part).filter((one) => !known.has(one.meta.id));
    // The next part waits until the lab has this one, so that no more lie in the page.
    if (fresh.length > 0) await (await add(open, fresh)).given;
    for (const one of fresh) known.add(one.meta.id);
    stored.fresh += fresh.length;
    stored.pictures += fresh.filter(({ meta }) => isPicture(meta.axes)).length;
    stored.known += part.length - fresh.length;
  };
  try {
    await takeAll(worker, read.recordings, store, counted, signal);
  } catch (error) {
    if (!signal.aborted) stored.trouble = troubleOf(error);
  }
  return stored;
}

/** Recordings that go into the store in one transaction. */
const PART = 250;

/** Takes what an import worker has read, part by part, each once the one before is stored. */
export async function takeAll(
  worker: WorkerClient<ImportJobs>,
  total: number,
  store: (part: FullRecording[]) => Promise<unknown>,
  counted: (counted: Counted & { what: string }) => void,
  signal: AbortSignal,
): Promise<void> {
  const what = `Saving ${plural(total, "recording")}`;
  for (let done = 0; ; ) {
    if (total > PART) counted({ what, done, total });
    const part = await worker.call("takeRead", { most: PART }, { signal });
    if (part.length === 0) return;
    await store(part);
    done += part.length;
  }
}

function told(
  { recordings, problems, refused, skipped, passed }: Imported,
  stored: Stored,
  cut: boolean,
): void {
  const { fresh, known, pictures, trouble } = stored;
  const parts = [
    fresh === 0
      ? "Nothing imported"
      : `${plural(fresh, pictures === fresh ? "picture" : "recording")} imported`,
    known > 0 && `${count(known)} already here`,
    refused > 0 && `${plural(refused, "file")} refused`,
    cut && "then cancelled",
    trouble &&
      `then it stopped: ${count(recordings - fresh - known)} of ${count(recordings)} are not saved`,
  ].filter(Boolean);
  if (trouble) notify("error", parts.join(", "), { detail: trouble });
  else if (fresh + known === 0 && problems.length === 0 && !cut)
    notify("warning", "Nothing to learn from in these files", {
      detail: {
        what: `None of ${plural(passed, "file")} is a recording or a picture`,
        place: skipped.slice(0, 3).join(", "),
        remedy:
          "Choose JPEG or PNG pictures, WAV or CSV files or an Edge Impulse export, or a zip of them",
      },
    });
  else if (refused > 0) notify(fresh > 0 ? "warning" : "error", parts.join(", "));
  else notify(cut ? "info" : "success", parts.join(", "));
}
