// What a visitor downloads, in brotli at its best as hosts keep files: ours, and the peers'.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import { DIST } from "../../www/serve.mjs";
import { peerDownloads } from "./infer.mjs";
import { home, pkg } from "./places.mjs";
import { harness } from "./stage.mjs";

/** Compressing a peer's 10 MB takes half a minute, so what came of a content is kept. */
const KEPT = join(home, "brotli.json");
const kept = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, "utf8")) : {};

async function compressed(file) {
  const content = readFileSync(file);
  const key = createHash("sha256").update(content).digest("hex");
  kept[key] ??= (await promisify(brotliCompress)(content)).length;
  return kept[key];
}

/** Bytes of the files together, each compressed by itself; null where one is missing. */
async function brotli(files) {
  if (files.length === 0 || !files.every((file) => existsSync(file))) return null;
  const sizes = await Promise.all(files.map(compressed));
  writeFileSync(KEPT, JSON.stringify(kept));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** What the page fetches of itself: scripts, styles, modules; the trainer, which is fetched later, apart. */
function pageFiles() {
  if (!existsSync(DIST)) return { page: [], engine: [], trainer: [] };
  const files = readdirSync(DIST, { recursive: true })
    .filter((name) => /\.(js|css|html|wasm)$/.test(name))
    .map((name) => join(DIST, name));
  const trainer = files.filter((name) => /web_train_bg.*\.wasm$/.test(name));
  const engine = files.filter((name) => /web_bg.*\.wasm$/.test(name));
  return { page: files.filter((name) => !trainer.includes(name)), engine, trainer };
}

/** Where the training peers lie once they are installed. */
const TRAINERS = {
  "onnxruntime-web training 1.19": [
    "ort-training/node_modules/onnxruntime-web/dist/ort.training.wasm.min.mjs",
    "ort-training/node_modules/onnxruntime-web/dist/ort-training-wasm-simd-threaded.mjs",
    "ort-training/node_modules/onnxruntime-web/dist/ort-training-wasm-simd-threaded.wasm",
  ],
  "TensorFlow.js, layers and wasm": [
    "bundles/tfjs-wasm.js",
    "tfjs/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm",
  ],
  "brain.js": ["brain/node_modules/brain.js/dist/browser.js"],
};

/**
 * Bytes in brotli. `infer`: the engine for inference alone, module and script; `infer_bundle`: the
 * same of the build that opens bundles alone; `relaxed`: the kernels for relaxed SIMD of both;
 * `page`: all of the page but the trainer; `page_engine`: its module; `trainer`: that of training;
 * `peers`: what a visitor of each downloads. Null: not there.
 */
export async function byteTable() {
  const { page, engine, trainer } = pageFiles();
  const infer = (name) => join(pkg, "infer", name);
  const downloads = (await harness()) ? await peerDownloads() : {};
  for (const [name, files] of Object.entries(TRAINERS))
    downloads[name] = files.map((file) => join(home, file));
  const ours = {
    infer: ["lampyris_infer.wasm", "lampyris_infer.js"].map(infer),
    infer_bundle: ["lampyris_infer_bundle.wasm", "lampyris_infer.js"].map(infer),
    relaxed: [infer("relaxed.wasm")],
    page,
    page_engine: engine,
    trainer,
  };
  const sizes = async (sides) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(sides).map(async ([name, files]) => [name, await brotli(files)]),
      ),
    );
  return { ...(await sizes(ours)), peers: await sizes(downloads) };
}
