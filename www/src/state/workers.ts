// The workers that live as long as the page, and what they get back when they
// have to be started again.
import { signal } from "@preact/signals";
import { recordingsIn, saveLooks } from "../store";
import { buffersOf } from "../worker/buffers";
import { type Call, cancelled, WorkerClient } from "../worker/client";
import labUrl from "../worker/lab.worker.ts?worker&url";
import liveUrl from "../worker/live.worker.ts?worker&url";
import type {
  Counted,
  ExportJobs,
  ImportJobs,
  LabJobs,
  LiveJobs,
  NetworkJobs,
  PictureJobs,
  SoundJobs,
  TrainerJobs,
} from "../worker/protocol";
import trainerUrl from "../worker/trainer.worker.ts?worker&url";
import { project } from "./project";

/** How often a worker had to be started again. What the lab held in hand (a model) is lost then. */
export const respawns = signal(0);
/** How many of the project's recordings the lab has, while it is given them; null once it has all. */
export const filling = signal<Counted | null>(null);

const client = new WorkerClient<LabJobs>("lab worker", labUrl, async (send) => {
  respawns.value += 1;
  const open = project.value?.id;
  if (open) await fill(send, open);
});

/** What the lab answers without the project's recordings. */
const ALONE: ReadonlySet<keyof LabJobs> = new Set([
  "catalog",
  "footprints",
  "make",
  "makePicture",
  "probe",
] satisfies (keyof LabJobs)[]);

/**
 * Asks the lab. Whatever has to do with recordings waits until the lab has all of them, so that
 * no answer is of half a project; if another project is opened meanwhile, it counts as cancelled.
 */
const call: Call<LabJobs> = async (kind, input, options) => {
  if (!ALONE.has(kind)) {
    const open = project.peek()?.id;
    let seen: Promise<void> | null = null;
    while (seen !== filled) {
      seen = filled;
      await seen;
    }
    if (project.peek()?.id !== open) throw cancelled("lab worker");
  }
  return client.call(kind, input, options);
};

export const lab = { call };

/** Resolves once the lab has what it was last to be given. */
let filled: Promise<void> = Promise.resolve();
let wanted = new AbortController();

/** Gives the lab the recordings of a project in place of those that it has. */
export function fillLab(open: string): Promise<void> {
  return fill(client.call, open);
}

/** Gives the lab more recordings of the project that it has. */
export function refillLab(open: string, ids: string[]): Promise<void> {
  const { signal } = wanted;
  return gate(
    filled.then(() => give(client.call, open, signal, ids)),
    signal,
  );
}

/** The latest call counts: the one before it ends where it is. */
function fill(send: Call<LabJobs>, open: string): Promise<void> {
  wanted.abort();
  wanted = new AbortController();
  return gate(give(send, open, wanted.signal), wanted.signal);
}

/** Whatever asks the lab waits for `work`; how that went, the lab tells when it is asked. */
function gate(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const mine = work.catch(() => undefined);
  filled = mine;
  void mine.then(() => {
    if (filled === mine && !signal.aborted) filling.value = null;
  });
  return work;
}

async function give(
  send: Call<LabJobs>,
  open: string,
  signal: AbortSignal,
  some?: string[],
): Promise<void> {
  if (signal.aborted) return;
  filling.value = { done: 0, total: some?.length ?? 0 };
  if (!some) await send("clear", null);
  for await (const { recordings, done, total } of recordingsIn(open, some)) {
    if (signal.aborted) return;
    filling.value = { done, total };
    const looks = await send("put", { recordings }, { transfer: buffersOf(recordings) });
    // Without them, each opening would decode all pictures again; a full disk is no reason to stop.
    if (looks.length > 0) await saveLooks(open, looks).catch(() => undefined);
  }
}

export const live = new WorkerClient<LiveJobs>("live worker", liveUrl);

/** A fresh one for each run. */
export function newTrainer(): WorkerClient<TrainerJobs> {
  return new WorkerClient<TrainerJobs>("trainer worker", trainerUrl);
}

/** The lab's program once more, for one file: whatever that file does, the project's lab lives on. */
export function newNetworkWorker(): WorkerClient<NetworkJobs> {
  return new WorkerClient<NetworkJobs>("network worker", labUrl);
}

/** And for one bundle; end it afterwards. */
export function newExportWorker(): WorkerClient<ExportJobs> {
  return new WorkerClient<ExportJobs>("export worker", labUrl);
}

/** The lab's program once more, for a microphone: no other work makes its sound wait. */
export function newSoundWorker(): WorkerClient<SoundJobs> {
  return new WorkerClient<SoundJobs>("sound worker", labUrl);
}

/** And for a camera: no overview makes its pictures wait. */
export function newPictureWorker(): WorkerClient<PictureJobs> {
  return new WorkerClient<PictureJobs>("picture worker", labUrl);
}

/** And for files: end it once what it read is stored, and its memory returns. */
export function newImportWorker(): WorkerClient<ImportJobs> {
  return new WorkerClient<ImportJobs>("import worker", labUrl);
}

export { trainerUrl };
