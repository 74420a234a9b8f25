// The workers that live as long as the page, and what they get back when they
// have to be started again.
import { signal } from "@preact/signals";
import { recordingsIn } from "../store";
import { WorkerClient } from "../worker/client";
import labUrl from "../worker/lab.worker.ts?worker&url";
import liveUrl from "../worker/live.worker.ts?worker&url";
import type { LabJobs, LiveJobs, NetworkJobs, SoundJobs, TrainerJobs } from "../worker/protocol";
import trainerUrl from "../worker/trainer.worker.ts?worker&url";
import { project } from "./project";

/** How often a worker had to be started again. What the lab held in hand (a model) is lost then. */
export const respawns = signal(0);

export const lab = new WorkerClient<LabJobs>("lab worker", labUrl, async (call) => {
  respawns.value += 1;
  const id = project.value?.id;
  if (id) await call("put", { recordings: await recordingsIn(id) });
});

export const live = new WorkerClient<LiveJobs>("live worker", liveUrl);

/** A fresh one for each run. */
export function newTrainer(): WorkerClient<TrainerJobs> {
  return new WorkerClient<TrainerJobs>("trainer worker", trainerUrl);
}

/** The lab's program once more, for one file: whatever that file does, the project's lab lives on. */
export function newNetworkWorker(): WorkerClient<NetworkJobs> {
  return new WorkerClient<NetworkJobs>("network worker", labUrl);
}

/** The lab's program once more, for a microphone: no other work makes its sound wait. */
export function newSoundWorker(): WorkerClient<SoundJobs> {
  return new WorkerClient<SoundJobs>("sound worker", labUrl);
}

export { trainerUrl };
