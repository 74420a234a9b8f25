// The part of the lab worker that reads files. What it read waits in the engine's memory
// and is taken in parts, so that it never lies in the page as a whole; whoever asked ends
// the worker afterwards, and its memory returns.
import { Importer, type ImportResult, Lab, type ProjectResult } from "../engine/web";
import type { Handlers } from "./host";
import { packed, sizeOf } from "./pcm";
import type { FullRecording, ImportJobs } from "./protocol";

/** So much of what went wrong is told; a page that lists more of it helps nobody. */
const TOLD = 200;
/** A part ends with the recording that reaches this size. */
const PART_BYTES = 16_000_000;

let read: { result: ImportResult | ProjectResult; metas: FullRecording["meta"][] } | null = null;
let taken = 0;

function hold(result: ImportResult | ProjectResult): number {
  read?.result.free();
  read = { result, metas: result.metas() };
  taken = 0;
  return read.metas.length;
}

export const importJobs: Handlers<ImportJobs> = {
  readFiles: async ({ files, options }, context) => {
    const importer = new Importer();
    for (const [done, { path, file }] of files.entries()) {
      if (done % 8 === 0) {
        context.note({ done, total: files.length });
        await context.breathe();
      }
      const bytes = new Uint8Array(await file.arrayBuffer());
      // One zip is many files; among several files a zip is one.
      importer.add(path, bytes, (inside, of) => {
        if (files.length === 1) context.note({ done: inside, total: of });
      });
    }
    const result = importer.finish(options);
    const [problems, skipped] = [result.problems(), result.skipped()];
    return {
      recordings: hold(result),
      problems: problems.slice(0, TOLD),
      refused: problems.length,
      skipped: skipped.slice(0, TOLD),
      passed: skipped.length,
    };
  },
  readProject: async ({ file }) => {
    const result = Lab.read_project(new Uint8Array(await file.arrayBuffer()));
    return {
      name: result.name(),
      settings: result.settings(),
      recordings: hold(result),
      trained: result.trained() ?? null,
      history_json: result.history_json(),
    };
  },
  takeRead: ({ most }) => {
    const part: FullRecording[] = [];
    let bytes = 0;
    while (read && part.length < most && bytes < PART_BYTES) {
      const meta = read.metas[taken];
      if (!meta) break;
      const one = recording(read.result, taken, meta);
      bytes += sizeOf(one);
      part.push(one);
      taken += 1;
    }
    return part;
  },
};

function recording(
  result: ImportResult | ProjectResult,
  i: number,
  meta: FullRecording["meta"],
): FullRecording {
  const [encoded, look] = [result.encoded(i), result.look(i)];
  if (encoded && look) return { meta, encoded, look };
  const values = result.values(i);
  return { meta, ...packed(meta.axes.length, { values, times_ms: result.times(i) ?? null }) };
}
