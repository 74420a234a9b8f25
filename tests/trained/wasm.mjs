// The page's engine gives the golden bytes: node wasm.mjs DIR
// DIR holds model.lampyris, features.i8 and outputs.i8, and windows.f32 or pictures.bin.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import init, { Live } from "../../pkg/web/lampyris_web.js";

const [, , dir] = process.argv;
const read = (name) => readFileSync(join(dir, name));
const wasm = readFileSync(new URL("../../pkg/web/lampyris_web_bg.wasm", import.meta.url));
await init({ module_or_path: wasm });

const live = new Live(read("model.lampyris"));
const { window, axes, labels, picture } = live.info();
const golden = {
  features: new Int8Array(read("features.i8")),
  outputs: new Int8Array(read("outputs.i8")),
};
const count = golden.outputs.length / labels.length;
const width = { features: golden.features.length / count, outputs: labels.length };

function compare(what, found, index) {
  const expected = golden[what].subarray(index * width[what], (index + 1) * width[what]);
  if (found.length === expected.length && found.every((value, i) => value === expected[i])) return;
  console.error(`window ${index}, ${what}: found ${found}, expected ${expected}`);
  process.exit(1);
}

function onWindows() {
  const bytes = read("windows.f32");
  const windows = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  if (windows.length !== count * window * axes)
    throw new Error(`${windows.length} values are no ${count} windows`);
  for (let index = 0; index < count; index++) {
    const values = windows.subarray(index * window * axes, (index + 1) * window * axes);
    compare("features", live.quantized(values), index);
    compare("outputs", live.classify(values), index);
  }
}

/** As a canvas would give them: red, green, blue and a fourth byte. */
function onPictures({ width: columns, height: rows, channels }) {
  live.set_decision({ smoothing: 1, threshold: 0 });
  const bytes = read("pictures.bin");
  const size = columns * rows * channels;
  for (let index = 0; index < count; index++) {
    const from = (index + 1) * 12 + index * size;
    const rgba = new Uint8Array(columns * rows * 4);
    for (let i = 0; i < rgba.length; i++)
      rgba[i] = i % 4 === 3 ? 7 : bytes[from + (i >> 2) * channels + (channels === 3 ? i % 4 : 0)];
    const { events } = live.see(rgba, columns, rows, index * 100);
    compare("features", live.shown(), index);
    compare(
      "outputs",
      events[0].scores.map((score) => score * 256 - 128),
      index,
    );
  }
}

if (!(Number.isInteger(count) && count > 0))
  throw new Error(`${golden.outputs.length} outputs of no whole windows`);
if (picture) onPictures(picture);
else onWindows();
console.log(`${count} ${picture ? "pictures" : "windows"}: features and outputs equal`);
