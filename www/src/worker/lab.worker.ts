// The lab worker: holds the project's recordings and makes everything from them
// but the training. See protocol.ts.
import init, { catalog, Lab } from "../engine/web";
import { probe } from "../privacy/probe";
import { serve } from "./host";
import { networkJobs } from "./network-jobs";
import { packed, unpacked } from "./pcm";
import type { Counted, FullRecording, LabJobs, PathFile } from "./protocol";
import { soundJobs } from "./sound-jobs";

let lab: Lab;

serve<LabJobs>(
  async () => {
    await init();
    lab = new Lab();
  },
  {
    catalog: () => catalog(),
    import: async ({ files, options }, context) => {
      const read = await readAll(files, (counted) => context.note(counted), context.breathe);
      const result = Lab.import(read, options);
      try {
        return {
          recordings: recordingsOf(result),
          problems: result.problems(),
          skipped: result.skipped(),
        };
      } finally {
        result.free();
      }
    },
    put: ({ recordings }) => {
      for (const recording of recordings) {
        const { values, times_ms } = unpacked(recording);
        lab.put(recording.meta, values, times_ms ?? undefined);
      }
      return null;
    },
    remove: ({ ids }) => {
      for (const id of ids) lab.remove(id);
      return null;
    },
    clear: () => {
      lab.clear();
      return null;
    },
    make: ({ meta, kept }) => {
      const { values, times_ms } = unpacked(kept);
      return lab.make(meta, values, times_ms ?? undefined);
    },
    takes: ({ id, options }) => lab.takes(id, options),
    overview: ({ settings }) => lab.overview(settings),
    window: ({ settings, id, start }) => lab.window(settings, id, start),
    picture: ({ settings, id, start }) => lab.picture(settings, id, start),
    map: ({ settings }) => lab.map(settings),
    job: ({ settings }) => lab.job(settings),
    quantize: ({ settings, trained }) => ({
      report: lab.quantize(settings, trained),
      tflite: lab.tflite(),
      bundle: lab.bundle(),
    }),
    dataset: () => lab.export_dataset(),
    project: ({ name, settings, history_json }) => lab.project(name, settings, history_json),
    readProject: async ({ file }) => {
      const result = Lab.read_project(new Uint8Array(await file.arrayBuffer()));
      try {
        return {
          name: result.name(),
          settings: result.settings(),
          recordings: recordingsOf(result),
          trained: result.trained() ?? null,
          history_json: result.history_json(),
        };
      } finally {
        result.free();
      }
    },
    ...networkJobs,
    ...soundJobs,
    probe: () => probe(),
  },
);

/** Reads the files' bytes; the engine looks into zips. */
async function readAll(
  files: PathFile[],
  note: (counted: Counted) => void,
  breathe: () => Promise<void>,
): Promise<{ path: string; bytes: Uint8Array }[]> {
  const read: { path: string; bytes: Uint8Array }[] = [];
  for (const [done, { path, file }] of files.entries()) {
    if (done % 8 === 0) {
      note({ done, total: files.length });
      await breathe();
    }
    read.push({ path, bytes: new Uint8Array(await file.arrayBuffer()) });
  }
  return read;
}

function recordingsOf(result: {
  metas(): FullRecording["meta"][];
  values(i: number): Float32Array;
  times(i: number): Float64Array | undefined;
}): FullRecording[] {
  return result.metas().map((meta, i) => ({
    meta,
    ...packed(meta.axes.length, { values: result.values(i), times_ms: result.times(i) ?? null }),
  }));
}
