// The page's engine gives the golden bytes: node wasm.mjs DIR
// DIR holds model.lampyris, windows.f32, features.i8 and outputs.i8.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import init, { Live } from "../../pkg/web/lampyris_web.js";

const [, , dir] = process.argv;
const read = (name) => readFileSync(join(dir, name));
const wasm = readFileSync(new URL("../../pkg/web/lampyris_web_bg.wasm", import.meta.url));
await init({ module_or_path: wasm });

const live = new Live(read("model.lampyris"));
const { window, axes, labels } = live.info();
const bytes = read("windows.f32");
const windows = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const golden = { features: new Int8Array(read("features.i8")), outputs: new Int8Array(read("outputs.i8")) };
const count = windows.length / (window * axes);
const width = { features: golden.features.length / count, outputs: labels.length };

function compare(what, found, index) {
  const expected = golden[what].subarray(index * width[what], (index + 1) * width[what]);
  if (found.length === expected.length && found.every((value, i) => value === expected[i])) return;
  console.error(`window ${index}, ${what}: found ${found}, expected ${expected}`);
  process.exit(1);
}

if (!(Number.isInteger(count) && count > 0)) throw new Error(`${windows.length} values are no whole windows`);
for (let index = 0; index < count; index++) {
  const values = windows.subarray(index * window * axes, (index + 1) * window * axes);
  compare("features", live.quantized(values), index);
  compare("outputs", live.classify(values), index);
}
console.log(`${count} windows: features and outputs equal`);
