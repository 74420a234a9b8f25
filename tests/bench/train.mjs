// Training in the page beside TensorFlow.js, on the same data and networks, in one
// Chromium and one run: node tests/bench/train.mjs [WORKLOAD,…] [ROUNDS]
//
// The harness, the data and TensorFlow.js's side are those of the peers' benchmark in
// LAMPYRIS_PEERS; pkg/web-train must be built. Ratios are what counts. Each round asks
// everyone in turn; a peer's best round stands against our best.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const engine = join(here, "../../pkg/web-train");
const folder = process.env.LAMPYRIS_PEERS ?? "";
if (!existsSync(join(folder, "lib/common.mjs"))) {
  console.log("skipped: the peers' benchmark is not there (LAMPYRIS_PEERS)");
  process.exit(0);
}
if (!existsSync(join(engine, "lampyris_web_train.js")))
  throw new Error("pkg/web-train is missing: make build");

const names = (process.argv[2] ?? "motion,kws1d,dscnn,image").split(",");
const rounds = Number(process.argv[3] ?? 2);
const { bundle, chrome, inPage, machine, need, serve } = await import(
  pathToFileURL(join(folder, "lib/common.mjs")).href
);

const VERSION = "4.22.0";
const parts = ["core", "layers", "backend-cpu", "backend-wasm", "backend-webgl", "converter", "data"];
const packages = parts.map((part) => `@tensorflow/tfjs-${part}@${VERSION}`);
const modules = need("tfjs", [...packages, `@tensorflow/tfjs@${VERSION}`]);
const common = (backend, more = "") => `import * as core from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import * as layers from '@tensorflow/tfjs-layers'; import '@tensorflow/tfjs-backend-${backend}'; ${more}
const tf = { ...core, ...layers }; export { tf };`;
await bundle(modules, "tfjs-cpu", common("cpu"));
await bundle(
  modules,
  "tfjs-wasm",
  common(
    "wasm",
    "import '@tensorflow/tfjs-backend-cpu'; export { setWasmPaths, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';",
  ),
);

const home = dirname(dirname(modules));
const site = await serve({
  "/bundles/": join(home, "bundles"),
  "/pages/": join(folder, "pages"),
  "/wasm/": join(modules, "@tensorflow/tfjs-backend-wasm/wasm-out"),
  "/ours/": here,
  "/engine/": engine,
});
const browser = await chrome();
const ask = (module, argument) => inPage(browser, site.url, module, argument, { isolated: false });

/** TensorFlow.js takes minutes for the pictures: it gets fewer rows and epochs. */
const FEW = { dscnn: 64, image: 128 };
const tensorflow = (backend) => (name) =>
  ask("/pages/train_tfjs.mjs", {
    lib: `/bundles/tfjs-${backend}.js`,
    backend,
    name,
    wasm: { paths: "/wasm/", threads: 1 },
    trainN: FEW[name],
    epochs: FEW[name] && 2,
    maxMs: 60000,
  });
const sides = {
  lampyris: (name) => ask("/ours/train_page.mjs", { name }),
  "tfjs-cpu": tensorflow("cpu"),
  "tfjs-wasm": tensorflow("wasm"),
};

console.log(`${machine().cpu}, load ${machine().load.join(" ")}, Chromium ${browser.version}`);
for (const name of names) {
  const best = {};
  for (let round = 0; round < rounds; round++)
    for (const [side, run] of Object.entries(sides)) {
      const result = await run(name);
      if (result.error) best[side] ??= { error: result.error.split("\n")[0] };
      else if (!(best[side]?.samplesPerS > result.samplesPerS)) best[side] = result;
    }
  for (const [side, { error, samplesPerS, runs }] of Object.entries(best)) {
    const ratio = best.lampyris.samplesPerS / samplesPerS;
    const text = error
      ? `cannot: ${error.slice(0, 90)}`
      : `${samplesPerS.toFixed(0).padStart(8)} rows/s, right in ${(100 * runs[0].acc).toFixed(1)} %`;
    const against = error || side === "lampyris" ? "" : `; lampyris ${ratio.toFixed(1)} times`;
    console.log(`  ${name.padEnd(7)} ${side.padEnd(10)} ${text}${against}`);
  }
}
await browser.close();
site.close();
