// Times one model on the inference-only engine. Runs in the page and answers in the peers' form:
// input copied in, run, output copied out, in blocks of calls; the best block is the least disturbed.
import { Engine } from "/infer/lampyris_infer.js";

const WARM_CALLS = 8;
/** A block lasts so long at least, so that the clock's grain does not matter. */
const BLOCK_MS = 1.2;
const MEASURE_MS = 600;
const FEWEST_BLOCKS = 5;
const MIB = 1048576;

/** Any bytes, the same in every run. */
function fill(values) {
  let state = 1;
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    values[i] = (state >>> 16) & 255;
  }
  return values;
}

/** Milliseconds of `calls` calls. */
function block(call, calls) {
  const begun = performance.now();
  for (let i = 0; i < calls; i++) call();
  return performance.now() - begun;
}

function time(call) {
  const first = block(call, 1);
  block(call, WARM_CALLS);
  let calls = 1;
  while (block(call, calls) < BLOCK_MS) calls *= 2;
  const blocks = [];
  const end = performance.now() + MEASURE_MS;
  while (performance.now() < end || blocks.length < FEWEST_BLOCKS)
    blocks.push((1000 * block(call, calls)) / calls);
  blocks.sort((a, b) => a - b);
  return { bestUs: blocks[0], medianUs: blocks[blocks.length >> 1], firstMs: first };
}

export default async function ({ model: file }) {
  const begun = performance.now();
  const engine = await Engine.load("/infer/lampyris_infer.wasm", "/infer/relaxed.wasm");
  const engineMs = performance.now() - begun;
  const bytes = new Uint8Array(await (await fetch(file)).arrayBuffer());
  const opening = performance.now();
  const model = engine.open(bytes);
  const openMs = performance.now() - opening;
  const loadMs = performance.now() - begun;
  const x = fill(new (model.input(0).constructor)(model.input(0).length));
  let out;
  const times = time(() => {
    model.input(0).set(x);
    model.run();
    out = model.output(0).slice();
  });
  const wasmBytes = engine.memory.buffer.byteLength;
  return {
    ...times,
    loadMs,
    engineMs,
    openMs,
    path: engine.path,
    wasmMemoryMB: wasmBytes / MIB,
    beyondModelMB: (wasmBytes - bytes.length) / MIB,
    sample: Array.from(out.slice(0, 4)),
  };
}
