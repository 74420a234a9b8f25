// Runs the cases in a page, on every path that the page's kernels have. See page.mjs.

import { KERNELS } from "/pkg/lampyris_infer.js";

/** What a probe gives: where four bytes can't be multiplied exactly, where values count as signed, and as unsigned. */
const PROBED = { simd128: 0, signed: -508, unsigned: 129540 };

const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());

/** The engine, told what its probe gave. With `kernels` it is asked, and they are put to work. */
async function start(engine, probed, kernels) {
  const { instance } = await WebAssembly.instantiate(engine, {});
  const wasm = instance.exports;
  if (kernels) {
    const module = await WebAssembly.instantiate(kernels, { env: { memory: wasm.memory } });
    const { probe, ...functions } = module.instance.exports;
    if (probe() !== probed) return { found: probe() };
    KERNELS.forEach((name, i) => {
      wasm.__indirect_function_table.set(wasm.lampyris_place(i), functions[name]);
    });
  }
  if (wasm.lampyris_adopt(probed) !== Number(probed !== 0)) throw new Error(`path of ${probed}`);
  return { wasm };
}

/** Runs a case's calls; gives the first output byte that differs, or −1. */
function first(wasm, model, { calls, inputs, expected }) {
  const lengths = (output) =>
    Array.from({ length: wasm.lampyris_ends(model, output) }, (_, i) => wasm.lampyris_end(model, output, i, 1));
  let [from, to, wrong] = [0, 0, -1];
  for (let call = 0; call < calls; call++) {
    lengths(0).forEach((length, i) => {
      const at = wasm.lampyris_end(model, 0, i, 0);
      new Uint8Array(wasm.memory.buffer).set(inputs.subarray(from, from + length), at);
      from += length;
    });
    wasm.lampyris_run(model);
    lengths(1).forEach((length, i) => {
      const given = new Uint8Array(wasm.memory.buffer, wasm.lampyris_end(model, 1, i, 0), length);
      const differs = given.findIndex((byte, j) => byte !== expected[to + j]);
      if (differs >= 0 && wrong < 0) wrong = to + differs;
      to += length;
    });
  }
  if (from !== inputs.length || to !== expected.length) throw new Error("other lengths than stated");
  return wrong;
}

/** How many cases give the expected bytes, which do not, and how many are refused, of those that may be. */
function compare(path, wasm, cases) {
  const wrong = [];
  let refused = 0;
  cases.forEach((one, index) => {
    const place = wasm.lampyris_buffer(one.graph.length);
    new Uint8Array(wasm.memory.buffer).set(one.graph, place);
    const model = wasm.lampyris_open();
    if (model < 0 && one.odd) {
      refused += 1;
      return;
    }
    if (model < 0) throw new Error(`case ${index} is refused`);
    const byte = first(wasm, model, one);
    wasm.lampyris_close(model);
    if (byte >= 0) wrong.push({ index, byte });
  });
  return { path, equal: cases.length - wrong.length - refused, wrong, refused };
}

/** The cases of a file whose parts have those lengths. */
function cut(file, heads, odd) {
  let at = 0;
  const take = (length) => {
    at += length;
    return file.subarray(at - length, at);
  };
  return heads.map(([graph, calls, inputs, expected]) => {
    take(16);
    return { odd, graph: take(graph), calls, inputs: take(inputs), expected: take(expected) };
  });
}

/** `heads` of the cases in cases.bin, and of those in odd.bin. */
export default async function ([heads, odd]) {
  const [engine, kernels, file, spoiled] = await Promise.all(
    ["/pkg/lampyris_infer.wasm", "/pkg/relaxed.wasm", "/cases.bin", "/odd.bin"].map(bytes),
  );
  const cases = [...cut(file, heads, false), ...cut(spoiled, odd, true)];
  const found = [];
  for (const [path, probed] of Object.entries(PROBED)) {
    const plain = await start(engine, probed);
    found.push(compare(probed ? `${path}, plain loops in the kernels' places` : path, plain.wasm, cases));
    if (probed === 0) continue;
    const name = `${path}, relaxed SIMD`;
    // A browser that refuses the module runs without it, and so does the engine there.
    const faster = await start(engine, probed, kernels).catch((error) => {
      if (error instanceof WebAssembly.CompileError) return { found: error.message };
      throw error;
    });
    if (faster.wasm) found.push(compare(name, faster.wasm, cases));
    else found.push({ path: name, absent: faster.found });
  }
  return found;
}
