// Training in the page beside what others do there, on the same data and networks, in one
// Chromium and one run. The harness, the data and the peers' sides are those of the peers'
// benchmark. Whole runs are compared: cold is the first in a fresh page, warm the best of the
// later ones. Each round asks everyone in turn, so that a disturbance meets all.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { here, home, peers, pkg } from "./places.mjs";
import { bestPeer, firstLine, harness, inBrowser, lacks, OURS, over, python } from "./stage.mjs";

/** The side that is told apart beside the best. */
const ORT = "ort-training 1.19";
const WORKLOADS = ["motion", "head", "kws1d", "dscnn", "image"];
/** Whole runs in one page: the first is cold, the others warm. */
const RUNS = 3;
/** TensorFlow.js takes minutes for the pictures: it gets fewer rows and epochs. */
const FEW = { dscnn: 64, image: 128 };

const TFJS = "4.22.0";
const TFJS_PARTS = [
  "core",
  "layers",
  "backend-cpu",
  "backend-wasm",
  "backend-webgl",
  "converter",
  "data",
];
const tfjsSource = (backend, more = "") => `import * as core from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import * as layers from '@tensorflow/tfjs-layers'; import '@tensorflow/tfjs-backend-${backend}'; ${more}
const tf = { ...core, ...layers }; export { tf };`;
const TFJS_WASM = `import '@tensorflow/tfjs-backend-cpu';
export { setWasmPaths, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';`;

/** The graphs that onnxruntime's training build loads, made once by its Python package. */
async function artifacts() {
  const made = join(home, "ort-artifacts");
  if (!existsSync(join(made, "image/checkpoint")))
    await python(
      "graphs for onnxruntime's training",
      "ort-py",
      ["numpy<2", "onnx==1.16.2", "onnxruntime-training-cpu==1.19.2"],
      join(peers, "native/ort_artifacts.py"),
      made,
    );
  return made;
}

/** What this part lacks, in words; null where it can run. */
export const lacking = () => lacks("web-train/lampyris_web_train.js");

/** The peers' packages, installed: the folders to serve by mount. */
async function installed() {
  const { bundle, need } = await harness();
  const packages = TFJS_PARTS.map((part) => `@tensorflow/tfjs-${part}@${TFJS}`);
  const modules = need("tfjs", [...packages, `@tensorflow/tfjs@${TFJS}`]);
  const ort = join(need("ort-training", ["onnxruntime-web@1.19.2"]), "onnxruntime-web/dist");
  const brain = join(need("brain", ["brain.js@2.0.0-beta.24"]), "brain.js/dist");
  await bundle(modules, "tfjs-cpu", tfjsSource("cpu"));
  await bundle(modules, "tfjs-wasm", tfjsSource("wasm", TFJS_WASM));
  return {
    "/bundles/": join(home, "bundles"),
    "/wasm/": join(modules, "@tensorflow/tfjs-backend-wasm/wasm-out"),
    "/ort/": ort,
    "/art/": await artifacts(),
    "/brain/": brain,
  };
}

/** One function a side: what a page tells of a workload, or nothing where the side can't do it. */
function sidesOf(visit) {
  const ask = (module, argument) => visit(module, argument, { isolated: false });
  const tensorflow = (backend) => (name) =>
    ask("/pages/train_tfjs.mjs", {
      lib: `/bundles/tfjs-${backend}.js`,
      backend,
      name,
      wasm: { paths: "/wasm/", threads: 1 },
      trainN: FEW[name],
      epochs: FEW[name] && 2,
      reps: FEW[name] ? 1 : RUNS,
      maxMs: 60000,
    });
  return {
    [OURS]: (name) => ask("/ours/train_page.mjs", { name, reps: RUNS }),
    [ORT]: (name) =>
      ask("/pages/train_ort.mjs", {
        lib: "/ort/ort.training.wasm.min.mjs",
        wasm: "/ort/",
        artifacts: "/art",
        name,
        reps: RUNS,
        maxMs: 60000,
      }),
    "tfjs-cpu": tensorflow("cpu"),
    "tfjs-wasm": tensorflow("wasm"),
    "brain.js": (name) =>
      name === "motion" &&
      ask("/pages/train_small.mjs", {
        peer: "brain.js",
        lib: "/brain/browser.js",
        reps: RUNS,
      }),
  };
}

/** Rows a second of whole runs and of the best epoch, from what a page answers. */
function rates({ n, runs, samplesPerS }, epochs) {
  const rate = (run) => (n * (run.epochs ?? epochs) * 1000) / run.totalMs;
  const later = runs.length > 1 ? runs.slice(1) : runs;
  return {
    warm: Math.max(...later.map(rate)),
    cold: rate(runs[0]),
    epoch: samplesPerS,
    right: runs[0].acc,
  };
}

/** The better of two answers, number by number. */
const better = (a, b) => ({
  warm: Math.max(a.warm, b.warm),
  cold: Math.max(a.cold, b.cold),
  epoch: Math.max(a.epoch, b.epoch),
  right: a.right,
});

function row(sides, mac) {
  const ours = sides[OURS];
  const [name, best] = bestPeer(sides, (rate) => rate.warm);
  return {
    ours_per_s: ours?.warm ?? null,
    best_peer: name,
    best_peer_per_s: best?.warm ?? null,
    ratio: over(ours?.warm, best?.warm),
    ratio_ort: over(ours?.warm, sides[ORT]?.warm),
    cold_ratio: over(ours?.cold, best?.cold),
    epoch_ratio: over(ours?.epoch, best?.epoch),
    gmac_per_s: ours?.epoch ? (ours.epoch * mac * 3) / 1e9 : null,
    sides,
  };
}

/**
 * Trains each workload with everyone, `rounds` times. Of each workload: `ours_per_s` and
 * `best_peer_per_s`, rows of training a second of the best warm run; `ratio`, ours to the
 * best peer's; `ratio_ort`, ours to that of onnxruntime-web's training build; `cold_ratio` and
 * `epoch_ratio`, to the best peer's of first runs and of best epochs; `gmac_per_s`, of
 * multiplications three times a forward pass; and `sides`, everyone's rates. Null where a side
 * could not train it.
 */
export async function trainingTable(rounds) {
  const { WORK } = await import(pathToFileURL(join(peers, "pages/data.mjs")).href);
  const folders = {
    ...(await installed()),
    "/pages/": join(peers, "pages"),
    "/ours/": here,
    "/engine/": join(pkg, "web-train"),
  };
  const table = {};
  await inBrowser(folders, async (visit) => {
    const sides = sidesOf(visit);
    for (const name of WORKLOADS) {
      const found = {};
      for (let round = 0; round < rounds; round++)
        for (const [side, run] of Object.entries(sides)) {
          const result = await run(name);
          if (!result) continue;
          if (result.error) found[side] ??= { error: firstLine(result.error) };
          else {
            const rate = rates(result, WORK[name].epochs);
            found[side] = found[side]?.warm ? better(found[side], rate) : rate;
          }
        }
      table[name] = row(found, WORK[name].mac);
    }
  });
  return table;
}
