// int8 inference in the page beside what others do there, one call at a time on one thread, in
// one Chromium and one run. The peers and their pages are those of the peers' benchmark.
import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { has, here, home, NETWORKS, peers, pkg, work } from "./places.mjs";
import { bestPeer, firstLine, harness, inBrowser, lacks, OURS, over, python } from "./stage.mjs";

/** Chromium as on a processor without VNNI: the relaxed dot is not exact there. */
export const WITHOUT_VNNI = "--no-enable-avx-vnni --no-enable-avx-vnni-int8";
const PAGE_MS = 120_000;
/** Packages that the sides are made of, by exact version. */
const PACKAGES = {
  litert: ["@litertjs/core@2.5.3"],
  tflite: ["@tensorflow/tfjs-tflite@0.0.1-alpha.10"],
  ort: ["onnxruntime-web@1.30.0"],
};

/** The models in one folder, under short names; for a peer that takes no int8, with float ends too. */
async function stageModels(names) {
  const folder = join(work, "models");
  mkdirSync(folder, { recursive: true });
  const stale = names.filter((name) => {
    const from = join(NETWORKS[name].folder, "model.tflite");
    const float = join(folder, `${name}_fio.tflite`);
    copyFileSync(from, join(folder, `${name}.tflite`));
    return !existsSync(float) || statSync(float).mtimeMs < statSync(from).mtimeMs;
  });
  if (stale.length > 0)
    await python(
      "float ends for LiteRT.js",
      "litert-py",
      ["numpy", "flatbuffers", "ai-edge-litert"],
      join(peers, "native/float_io.py"),
      folder,
      ...stale.map((name) => `${name}.tflite`),
    );
  return folder;
}

/** The same graphs for onnxruntime-web: static int8, with random weights. */
async function onnxTwins() {
  const folder = join(home, "onnx");
  if (!existsSync(join(folder, "ad_int8.onnx")))
    await python(
      "ONNX twins",
      "onnx-py",
      ["numpy<2", "onnx==1.16.2", "onnxruntime==1.19.2"],
      join(peers, "native/onnx_models.py"),
      folder,
    );
  return folder;
}

/** The peers' packages: the folders to serve by mount, and the files that a visitor of each downloads. */
async function installed() {
  const { bundle, need } = await harness();
  const modules = Object.fromEntries(
    Object.entries(PACKAGES).map(([set, packages]) => [set, need(set, packages)]),
  );
  const litert = join(modules.litert, "@litertjs/core/wasm");
  const tflite = join(modules.tflite, "@tensorflow/tfjs-tflite/wasm");
  const ort = join(modules.ort, "onnxruntime-web/dist");
  const library = await bundle(modules.litert, "litert", "export * from '@litertjs/core';");
  const files = (folder, ...names) => names.map((name) => join(folder, name));
  return {
    mounts: {
      "/bundles/": join(home, "bundles"),
      "/litert/": litert,
      "/tflite/": tflite,
      "/ort/": ort,
    },
    downloads: {
      "LiteRT.js": [
        library,
        ...files(litert, "litert_wasm_internal.js", "litert_wasm_internal.wasm"),
      ],
      "tfjs-tflite": files(
        tflite,
        "tflite_web_api_client.js",
        "tflite_web_api_cc_simd.js",
        "tflite_web_api_cc_simd.wasm",
      ),
      "onnxruntime-web": files(
        ort,
        "ort.wasm.min.mjs",
        "ort-wasm-simd-threaded.mjs",
        "ort-wasm-simd-threaded.wasm",
      ),
    },
  };
}

/** Each side's page and its argument for one network; null where a side can't run it. */
const SIDES = {
  [OURS]: (name) => ["/ours/infer_page.mjs", { model: `/models/${name}.tflite` }],
  "LiteRT.js": (name) => [
    "/pages/infer.mjs",
    {
      kind: "litert",
      lib: "/bundles/litert.js",
      wasm: "/litert/",
      model: `/models/${name}_fio.tflite`,
    },
  ],
  "tfjs-tflite": (name, url) => [
    "/pages/infer.mjs",
    { kind: "tflite", wasm: "/tflite/", model: `${url}/models/${name}.tflite` },
  ],
  "onnxruntime-web": (name) =>
    NETWORKS[name].onnx && [
      "/pages/infer.mjs",
      {
        kind: "ort",
        lib: "/ort/ort.wasm.min.mjs",
        wasm: "/ort/",
        model: `/onnx/${name}_int8.onnx`,
        shape: NETWORKS[name].onnx,
      },
    ],
};

/** What one visit of a page told, in this benchmark's words. */
function told(name, result) {
  if (result.error) return { error: firstLine(result.error) };
  const { bestUs, medianUs, loadMs, firstMs, wasmMemoryMB = null } = result;
  return {
    best_us: bestUs,
    median_us: medianUs,
    gmac_per_s: NETWORKS[name].macs / bestUs / 1000,
    start_ms: loadMs + firstMs,
    memory_mib: wasmMemoryMB,
    ...(result.path && {
      path: result.path,
      open_and_first_ms: result.openMs + firstMs,
      beyond_model_mib: result.beyondModelMB,
    }),
  };
}

/** The less disturbed of two visits; how it starts is the quicker of both. */
function better(a, b) {
  if (!a || (a.error && !b.error)) return b;
  if (b.error) return a;
  const best = a.best_us <= b.best_us ? a : b;
  return {
    ...best,
    median_us: Math.min(a.median_us, b.median_us),
    start_ms: Math.min(a.start_ms, b.start_ms),
    ...(a.path && { open_and_first_ms: Math.min(a.open_and_first_ms, b.open_and_first_ms) }),
  };
}

function row(sides) {
  const ours = sides[OURS];
  const [peer, best] = bestPeer(sides, (told) => -told.best_us);
  return {
    ours_us: ours?.best_us ?? null,
    best_peer: peer,
    best_peer_us: best?.best_us ?? null,
    ratio: over(ours?.best_us, best?.best_us),
    path: ours?.path ?? null,
    gmac_per_s: ours?.gmac_per_s ?? null,
    sides,
  };
}

/** What this part lacks, in words; null where it can run. */
export const lacking = () => lacks("infer/lampyris_infer.wasm", "tools/infer makes it");

/**
 * Runs each network with everyone, `rounds` times, each side in turn. Of each network: the best
 * block's microseconds a call of ours and of the best peer, and their ratio (below 1 is faster);
 * null where it could not be run. `v8`: Chromium's flags for its engine.
 */
export async function inferenceTable(rounds, v8 = "") {
  const names = Object.keys(NETWORKS).filter(has);
  const { mounts } = await installed();
  const folders = {
    ...mounts,
    "/pages/": join(peers, "pages"),
    "/onnx/": await onnxTwins(),
    "/models/": await stageModels(names),
    "/ours/": here,
    "/infer/": join(pkg, "infer"),
  };
  const found = Object.fromEntries(names.map((name) => [name, {}]));
  const visits = async (ask, url) => {
    for (let round = 0; round < rounds; round++)
      for (const name of names)
        for (const [side, page] of Object.entries(SIDES)) {
          const asked = page(name, url);
          if (!asked) continue;
          const [module, argument] = asked;
          const result = await ask(module, { threads: 1, ...argument }, { timeout: PAGE_MS });
          found[name][side] = better(found[name][side], told(name, result));
        }
  };
  await inBrowser(folders, visits, v8 ? [`--js-flags=${v8}`] : []);
  return Object.fromEntries(
    Object.keys(NETWORKS).map((name) => [name, found[name] ? row(found[name]) : null]),
  );
}

/** The files that a visitor of each peer downloads. */
export const peerDownloads = async () => (await installed()).downloads;
