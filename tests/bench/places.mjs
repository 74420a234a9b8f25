// Where the benchmark finds what it measures: the project's builds, the peers, the models.
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "../..");
export const pkg = join(root, "pkg");
/** What the benchmark makes; `bench.json` is beside it. */
export const work = join(root, "target/bench");
mkdirSync(work, { recursive: true });
export const data = process.env.LAMPYRIS_DATA ?? "";
/** The peers' benchmark, which is no part of the project. */
export const peers = resolve(process.env.LAMPYRIS_PEERS ?? "");
export const cache = process.env.LAMPYRIS_CACHE ?? join(homedir(), ".cache/lampyris");
/** Where packages of peers are installed; the peers' harness reads it when it is imported. */
export const home = process.env.BENCH_HOME ?? join(cache, "bench");
process.env.BENCH_HOME = home;
mkdirSync(home, { recursive: true });

/** A published model's folder. */
const published = (name) => join(data, "models", name);
/** Where the networks of random weights are made. */
export const made = join(work, "made");

/**
 * The networks that are measured, by short name: a folder with `model.tflite` and inputs,
 * multiply-accumulates of a call, and the input's shape as the peers' ONNX twins take it.
 */
export const NETWORKS = {
  kws: { folder: published("mlperf_kws_dscnn"), macs: 2_656_768, onnx: [1, 1, 49, 10] },
  vww: { folder: published("mlperf_vww_mobilenet"), macs: 7_489_664, onnx: [1, 3, 96, 96] },
  ic: { folder: join(made, "ic_like"), macs: 12_501_632, onnx: [1, 3, 32, 32] },
  ad: { folder: join(made, "ad_like"), macs: 264_192, onnx: [1, 640] },
  // Next to no work: what a call costs.
  call: { folder: published("hello_world_int8"), macs: 288, onnx: null },
};

export const has = (name) => existsSync(join(NETWORKS[name].folder, "model.tflite"));
