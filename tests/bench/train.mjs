// Training in the page beside what others do there, on the same data and networks, in one
// Chromium and one run: node tests/bench/train.mjs [WORKLOAD,…] [ROUNDS]
//
// The harness, the data and the peers' sides are those of the peers' benchmark in
// LAMPYRIS_PEERS; pkg/web-train must be built. Ratios are what counts: each round asks
// everyone in turn, so that a disturbance meets all. Whole runs are compared: cold is the
// first in a fresh page, warm the best of the later ones.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const engine = join(here, "../../pkg/web-train");
const folder = process.env.LAMPYRIS_PEERS ?? "";
const cache = process.env.LAMPYRIS_CACHE ?? join(homedir(), ".cache/lampyris");
process.env.BENCH_HOME ??= join(cache, "bench");

/** What this benchmark lacks, in words; nothing where it can run. */
export function lacking() {
  if (!existsSync(join(folder, "lib/common.mjs")))
    return "the peers' benchmark is not there (LAMPYRIS_PEERS)";
  if (!existsSync(join(engine, "lampyris_web_train.js")))
    return "pkg/web-train is missing: make build";
  return null;
}

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
function artifacts(home) {
  const made = join(home, "ort-artifacts");
  if (existsSync(join(made, "image/checkpoint"))) return made;
  const venv = join(home, "ort-py");
  const script = `python3 -m venv "$1" && "$1/bin/pip" -q install 'numpy<2' onnx==1.16.2 \
onnxruntime-training-cpu==1.19.2 && "$1/bin/python" "$2" "$3"`;
  const maker = join(folder, "native/ort_artifacts.py");
  const sh = spawnSync("sh", ["-c", script, "sh", venv, maker, made], {
    encoding: "utf8",
  });
  if (sh.status !== 0) throw new Error(`no graphs for onnxruntime's training: ${sh.stderr}`);
  return made;
}

/** Peers and pages installed, served, and a browser: one function a side. */
async function stage() {
  const common = await import(pathToFileURL(join(folder, "lib/common.mjs")).href);
  const { bundle, chrome, home, inPage, need, serve } = common;
  const packages = TFJS_PARTS.map((part) => `@tensorflow/tfjs-${part}@${TFJS}`);
  const modules = need("tfjs", [...packages, `@tensorflow/tfjs@${TFJS}`]);
  const ort = join(need("ort-training", ["onnxruntime-web@1.19.2"]), "onnxruntime-web/dist");
  const brain = join(need("brain", ["brain.js@2.0.0-beta.24"]), "brain.js/dist");
  await bundle(modules, "tfjs-cpu", tfjsSource("cpu"));
  await bundle(modules, "tfjs-wasm", tfjsSource("wasm", TFJS_WASM));
  const site = await serve({
    "/bundles/": join(home, "bundles"),
    "/pages/": join(folder, "pages"),
    "/wasm/": join(modules, "@tensorflow/tfjs-backend-wasm/wasm-out"),
    "/ort/": ort,
    "/art/": artifacts(home),
    "/brain/": brain,
    "/ours/": here,
    "/engine/": engine,
  });
  const browser = await chrome();
  const ask = (module, argument) =>
    inPage(browser, site.url, module, argument, { isolated: false });
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
  const sides = {
    lampyris: (name) => ask("/ours/train_page.mjs", { name, reps: RUNS }),
    "ort-training 1.19": (name) =>
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
  const close = async () => {
    await browser.close();
    site.close();
  };
  return { sides, close, version: browser.version, machine: common.machine() };
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

/**
 * Trains each workload with everyone, `rounds` times. Of each workload: `ours_per_s` and
 * `best_peer_per_s`, rows of training a second of the best warm run; `ratio`, ours to the
 * best peer's; `cold_ratio` and `epoch_ratio`, the same of first runs and of best epochs;
 * `gmac_per_s`, of multiplications three times a forward pass; and `sides`, everyone's rates.
 */
export async function trainingTable(names = WORKLOADS, rounds = 2, only = null) {
  const { WORK } = await import(pathToFileURL(join(folder, "pages/data.mjs")).href);
  const { sides, close, version, machine } = await stage();
  const table = {};
  try {
    for (const name of names) {
      const found = {};
      for (let round = 0; round < rounds; round++)
        for (const [side, run] of Object.entries(sides)) {
          if (only && !only.includes(side)) continue;
          const result = await run(name);
          if (!result) continue;
          if (result.error) found[side] ??= { error: result.error.split("\n")[0] };
          else {
            const rate = rates(result, WORK[name].epochs);
            found[side] = found[side]?.warm ? better(found[side], rate) : rate;
          }
        }
      table[name] = row(found, WORK[name].mac);
    }
  } finally {
    await close();
  }
  Object.defineProperty(table, "about", {
    value: { chromium: version, ...machine },
  });
  return table;
}

function row(sides, mac) {
  const ours = sides.lampyris;
  if (!ours?.warm) throw new Error(`our side trains nothing: ${ours?.error}`);
  const peers = Object.entries(sides).filter(([side, rate]) => side !== "lampyris" && rate.warm);
  const [name, best] = peers.sort(([, a], [, b]) => b.warm - a.warm)[0] ?? [null, {}];
  return {
    ours_per_s: ours.warm,
    best_peer: name,
    best_peer_per_s: best.warm ?? null,
    ratio: ours.warm / best.warm,
    cold_ratio: ours.cold / best.cold,
    epoch_ratio: ours.epoch / best.epoch,
    gmac_per_s: (ours.epoch * mac * 3) / 1e9,
    sides,
  };
}

function print(table) {
  const { cpu, load, chromium } = table.about;
  console.log(`${cpu}, load ${load.join(" ")}, Chromium ${chromium}; rows/s`);
  for (const [name, row] of Object.entries(table)) {
    const { ratio, cold_ratio, epoch_ratio, gmac_per_s } = row;
    const times = [ratio, cold_ratio, epoch_ratio].map((r) => r.toFixed(2));
    console.log(
      `${name}: ${times[0]} times ${row.best_peer} (first runs ${times[1]}, best epochs ${times[2]}), ${gmac_per_s.toFixed(2)} GMAC/s`,
    );
    for (const [side, { error, warm, cold, epoch, right }] of Object.entries(row.sides)) {
      const [w, c, e] = [warm, cold, epoch].map((v) => v?.toFixed(0).padStart(8));
      const text = error
        ? `cannot: ${error.slice(0, 90)}`
        : `${w} warm, ${c} cold, ${e} best epoch, right in ${(100 * right).toFixed(1)} %`;
      console.log(`  ${side.padEnd(18)} ${text}`);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lacks = lacking();
  if (lacks) console.log(`skipped: ${lacks}`);
  else {
    const [, , names, rounds, only] = process.argv;
    print(
      await trainingTable(names?.split(",") ?? WORKLOADS, Number(rounds ?? 2), only?.split(",")),
    );
  }
}
