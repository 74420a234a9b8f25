// The part of the lab worker that opens a bundle, and makes of one what builds and runs on a chip.
import { BundleFile, Export } from "../engine/web";
import type { Handlers } from "./host";
import type { ExportJobs } from "./protocol";

let bundle: BundleFile | null = null;

export const exportJobs: Handlers<ExportJobs> = {
  openBundle: async ({ file }) => {
    bundle?.free();
    bundle = null;
    const bytes = new Uint8Array(await file.arrayBuffer());
    bundle = new BundleFile(bytes);
    return { info: bundle.info(), tflite: bundle.tflite(), bytes };
  },
  checkGolden: async (_, context) => {
    const checks = [];
    const total = bundle?.info().golden ?? 0;
    for (let one = bundle?.check(0); one; one = bundle?.check(checks.length)) {
      checks.push(one);
      context.note({ done: checks.length, total });
      await context.breathe();
    }
    return checks;
  },
  footprints: ({ bundle, settings }) => {
    const open = new BundleFile(bundle);
    try {
      return open.footprints(settings);
    } finally {
      open.free();
    }
  },
  makeExport: ({ target, title, bundle, kits }) => {
    const making = new Export(target);
    for (const { id, zip } of kits) making.add_kit(id, zip);
    const made = making.finish(bundle, title);
    try {
      return { name: made.name(), files: made.files(), zip: made.zip() };
    } finally {
      made.free();
    }
  },
};
