// Which models the chips run, and the files for it.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { hostTarget, root, run } from "./boards.mjs";
import { parse } from "./tables.mjs";

const cases = join(root, "tests/golden/cases");
/** Larger golden cases are left to the host's tests. */
const SMALL_BYTES = 200_000;
const CALLS = 2;

/** Models whose layers are counted: ours, and published ones where they are at hand. */
export const COUNTED = [
  "network",
  "ds_cnn",
  "mobilenet_block",
  "residual",
  "add_image",
  "max_pool",
  "max_pool_whole_image",
  "mul_image",
  "pad",
];
/** Made by crates/formats/examples/random_models. */
export const MADE = ["ic_like", "ad_like"];
export const PUBLISHED = ["mlperf_kws_dscnn", "mlperf_vww_mobilenet"];

/** The folders of all models to run, those to be counted first; some are in `made`. */
function folders(made) {
  const ours = readdirSync(cases)
    .sort()
    .map((name) => join(cases, name));
  const small = ours.filter((dir) => statSync(join(dir, "model.tflite")).size <= SMALL_BYTES);
  const counted = (dir) => COUNTED.includes(basename(dir));
  const data = process.env.LAMPYRIS_DATA ?? "";
  const published = PUBLISHED.map((name) => join(data, "models", name));
  const have = published.filter((dir) => statSync(dir, { throwIfNoEntry: false }));
  for (const dir of published.filter((d) => !have.includes(d)))
    console.log(`  skipped: ${basename(dir)}, for it is not in LAMPYRIS_DATA`);
  const random = MADE.map((name) => join(made, name));
  return [...small.filter(counted), ...have, ...random, ...small.filter((dir) => !counted(dir))];
}

/** What an example of crates/formats prints. */
export async function example(name, args) {
  // With the features that the whole workspace's tests choose, so that nothing is compiled twice.
  const choice = ["--workspace", "--example", name];
  await run("cargo", ["build", "--locked", "--quiet", ...choice], { cwd: root });
  return run(join(hostTarget, "debug/examples", name), args);
}

/** Writes the networks of random weights, each a folder in `to`. */
export const makeRandom = (to) => example("random_models", ["bench", to]);

/** Emits every model into `to` (or those `given`, as folders), and computes on the host what a chip must give. */
export async function prepare(to, given) {
  const made = `${to}-made`;
  if (!given) await makeRandom(made);
  const list = given ?? folders(made);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const done = await example("chip_models", [to, ...list.flatMap((d) => [String(CALLS), d])]);
  return parse(`name,calls\n${done}`).map(({ name, calls }) => {
    const folder = join(to, name);
    const file = (part) => readFileSync(join(folder, part));
    const [graph, inputs, expected] = ["graph.bin", "inputs.bin", "expected.bin"].map(file);
    const layers = parse(file("layers.csv").toString());
    return { name, folder, graph, inputs, expected, layers, calls: Number(calls) };
  });
}

/** Writes `models.bin` for the image `models`. */
export function pack(models, file) {
  const parts = models.flatMap((model) => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(model.graph.length, 0);
    head.writeUInt32LE(model.calls, 4);
    return [head, model.graph, model.inputs];
  });
  writeFileSync(file, Buffer.concat(parts));
}
