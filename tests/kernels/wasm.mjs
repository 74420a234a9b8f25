// The page's kernels give the bytes of the plain loops: random networks of one or two operators,
// whose outputs the host has computed, run in pkg/infer under Node on every path of its own.
//
//   node tests/kernels/wasm.mjs DIR    DIR/cases.bin as the example random_models writes it
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const built = (name) => readFileSync(join(here, "../../pkg/infer", name));
const folder = process.argv[2];
const cases = readFileSync(join(folder, "cases.bin"));
const names = readFileSync(join(folder, "cases.txt"), "utf8").split("\n");

/** What a probe gives: where four bytes can't be multiplied exactly, where values count as signed, and as unsigned. */
const PROBED = { simd128: 0, signed: -508, unsigned: 129540 };

/** The engine, told that the processor is of that kind; `kernels` at work where they are given. */
async function start(probed, kernels) {
  const { instance } = await WebAssembly.instantiate(built("lampyris_infer.wasm"), {});
  const wasm = instance.exports;
  if (kernels) {
    const module = await WebAssembly.instantiate(built("relaxed.wasm"), { env: { memory: wasm.memory } });
    const { probe, ...functions } = module.instance.exports;
    const found = probe();
    if (found !== probed) return { found };
    ["four_windows", "one_window", "channels"].forEach((name, i) => {
      wasm.__indirect_function_table.set(wasm.lampyris_place(i), functions[name]);
    });
  }
  if (wasm.lampyris_adopt(probed) !== (probed === 0 ? 0 : 1)) throw new Error(`path of ${probed}`);
  return { wasm };
}

/** Runs every case; gives how many are equal, and says which are not. */
function compare(path, wasm) {
  let at = 0;
  let [passed, failed] = [0, 0];
  for (let number = 0; at < cases.length; number++) {
    const [graphLength, calls, inLength, outLength] = [0, 4, 8, 12].map((i) => cases.readUInt32LE(at + i));
    const graph = cases.subarray(at + 16, at + 16 + graphLength);
    const inputs = cases.subarray(at + 16 + graphLength).subarray(0, inLength);
    const expected = cases.subarray(at + 16 + graphLength + inLength).subarray(0, outLength);
    at += 16 + graphLength + inLength + outLength;
    const place = wasm.lampyris_buffer(graphLength);
    new Uint8Array(wasm.memory.buffer).set(graph, place);
    const model = wasm.lampyris_open();
    if (model < 0) throw new Error(`${path}: case ${number} is refused`);
    const lengths = (output) =>
      Array.from({ length: wasm.lampyris_ends(model, output) }, (_, i) => wasm.lampyris_end(model, output, i, 1));
    let [from, to, wrong] = [0, 0, -1];
    for (let call = 0; call < calls; call++) {
      lengths(0).forEach((length, i) => {
        const input = inputs.subarray(from, from + length);
        new Uint8Array(wasm.memory.buffer).set(input, wasm.lampyris_end(model, 0, i, 0));
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
    wasm.lampyris_close(model);
    if (from !== inLength || to !== outLength) throw new Error(`case ${number}: other lengths than stated`);
    if (wrong < 0) passed += 1;
    else {
      failed += 1;
      console.error(`  ${path}: output byte ${wrong} differs: ${names[number]}`);
    }
  }
  console.log(`  ${path}: ${passed} networks equal${failed ? `, ${failed} not` : ""}`);
  return [passed, failed];
}

let [passed, failed] = [0, 0];
const add = ([p, f]) => {
  passed += p;
  failed += f;
};
for (const [path, probed] of Object.entries(PROBED)) {
  add(compare(probed ? `${path}, plain loops in the kernels' places` : path, (await start(probed)).wasm));
  if (!probed) continue;
  const { wasm, found } = await start(probed, true);
  if (wasm) add(compare(`${path}, relaxed SIMD`, wasm));
  else console.log(`  ${path}, relaxed SIMD: this processor gives ${found} to the probe`);
}
console.log(`kernels: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
