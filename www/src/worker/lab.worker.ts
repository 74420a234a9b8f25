// The lab worker: holds the project's recordings and makes everything from them
// but the training. See protocol.ts.
import init, { catalog, type JobStream, Lab } from "../engine/web";
import { probe } from "../privacy/probe";
import { exportJobs } from "./export-jobs";
import { serve } from "./host";
import { importJobs } from "./import-jobs";
import { networkJobs } from "./network-jobs";
import { isEncoded, unpacked } from "./pcm";
import type { FreshLook, FullRecording, LabJobs } from "./protocol";
import { forgetReplay, replayJobs } from "./replay-jobs";
import { soundJobs } from "./sound-jobs";

let lab: Lab;
/** What the trainer is being given. */
let stream: JobStream | null = null;

serve<LabJobs>(
  async () => {
    await init();
    lab = new Lab();
  },
  {
    catalog: () => catalog(),
    put: ({ recordings }) => {
      return recordings.flatMap((recording) => put(recording) ?? []);
    },
    putMetas: ({ metas }) => {
      for (const meta of metas) lab.put_meta(meta);
      return null;
    },
    remove: ({ ids }) => {
      for (const id of ids) lab.remove(id);
      return null;
    },
    clear: () => {
      forgetJob();
      forgetReplay();
      lab.clear();
      return null;
    },
    make: ({ meta, kept }) => {
      const { values, times_ms } = unpacked(kept);
      return lab.make(meta, values, times_ms ?? undefined);
    },
    makePicture: ({ meta, encoded }) => {
      const made = lab.make_picture(meta, encoded);
      try {
        return { meta: made.meta(), encoded: made.encoded(), look: made.look() };
      } finally {
        made.free();
      }
    },
    takes: ({ id, options }) => lab.takes(id, options),
    overview: ({ settings }) => lab.overview(settings),
    footprint: ({ settings, hop_ms }) => lab.footprint(settings, hop_ms),
    window: ({ settings, id, start }) => lab.window(settings, id, start),
    picture: ({ settings, id, start }) => lab.picture(settings, id, start),
    map: ({ settings }) => lab.map(settings),
    shown: ({ settings, id }) => lab.shown(settings, id),
    means: ({ settings }) => lab.mean_pictures(settings),
    answers: ({ settings }) => lab.answers(settings),
    scores: ({ settings, id }) => lab.scores(settings, id) ?? null,
    beginJob: ({ settings }) => {
      forgetJob();
      stream = lab.job_stream(settings);
      return null;
    },
    nextPiece: () => {
      const piece = stream?.next(lab) ?? null;
      if (!piece) forgetJob();
      return piece;
    },
    quantize: ({ settings, trained, said }) => ({
      report: lab.quantize(settings, trained, said),
      tflite: lab.tflite(),
      bundle: lab.bundle(),
    }),
    dataset: () => lab.export_dataset(),
    project: ({ name, settings, history_json }) => lab.project(name, settings, history_json),
    ...exportJobs,
    ...importJobs,
    ...networkJobs,
    ...replayJobs(() => lab),
    ...soundJobs,
    probe: () => probe(),
  },
);

/** Gives what a picture looks like where that was not known, or not in this version's way. */
function put(recording: FullRecording): FreshLook | null {
  const { meta } = recording;
  if (isEncoded(recording)) {
    const look = lab.put_picture(meta, recording.encoded, recording.look);
    return look ? { id: meta.id, look } : null;
  }
  const { values, times_ms } = unpacked(recording);
  lab.put(meta, values, times_ms ?? undefined);
  return null;
}

function forgetJob(): void {
  stream?.free();
  stream = null;
}
