// What a sensor gives while a sketch runs, made of golden inputs; and what must be said.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const [WIDTH, HEIGHT] = [176, 144];
const RGB565 = 3;
const FULL = 32768;
/** How often each golden input is shown, so that smoothing can follow. */
const TIMES = 3;

/**
 * @param sketch name of the sensor's sketch
 * @param model of bundle.mjs
 * @returns source: the file of replay/ that gives it; file: its bytes there; native: the files
 *   that the device crate's example `golden` reads; exact: whether scores are the same to the bit
 */
export function recording_of(sketch, model) {
  const readings = model.golden.flatMap(({ window }) => Array(TIMES).fill(window));
  const values = Float32Array.from(readings.flatMap((window) => [...window]));
  const native = { "readings.f32": Buffer.from(values.buffer) };
  const { axes, rate_hz } = model.signal;
  if (sketch === "Motion") {
    const period = Math.round(1e6 / rate_hz);
    const defines = [
      `STUB_AXES=${axes}`,
      `STUB_PERIOD_US=${period}u`,
      `STUB_ONE_G=${one_g(model)}f`,
    ];
    return { source: "motion", defines, file: native["readings.f32"], native, exact: false };
  }
  if (sketch === "Sound") {
    const samples = Int16Array.from(values, (value) => Math.round(value * FULL));
    const exact = rate_hz === 16000 && values.every((value, i) => value * FULL === samples[i]);
    assert.ok(exact, "golden windows of sound are 16-bit samples at 16 kHz");
    return { source: "sound", file: Buffer.from(samples.buffer), native, exact };
  }
  if (sketch === "Lines") {
    const rows = Array.from({ length: values.length / axes }, (_, i) =>
      values.subarray(axes * i, axes * (i + 1)),
    );
    const text = rows
      .map((row) => `${[...row].map((value) => value.toFixed(5)).join(",")}\n`)
      .join("");
    return { source: "lines", file: Buffer.from(text), native, exact: false };
  }
  assert.equal(sketch, "Camera");
  const frames = model.golden.flatMap((golden) =>
    Array(TIMES).fill(frame(golden.features, model.grid)),
  );
  const head = Buffer.from(Uint32Array.of(RGB565, WIDTH, HEIGHT).buffer);
  const pictures = Buffer.concat(frames.flatMap((one) => [head, one]));
  return {
    source: "camera",
    file: Buffer.concat(frames),
    native: { "pictures.bin": pictures },
    exact: true,
  };
}

/** One g in the recordings' unit, by the median length of their readings. */
function one_g({ golden, signal: { axes } }) {
  const lengths = golden.flatMap(({ window }) =>
    Array.from({ length: window.length / axes }, (_, i) =>
      Math.hypot(...window.subarray(axes * i, axes * i + 3)),
    ),
  );
  const middle = lengths.sort((a, b) => a - b)[lengths.length >> 1];
  return (
    [9.80665, 1000].find((unit) => middle > unit / 1.6 && middle < unit * 1.6)?.toString() ?? "1.0"
  );
}

/** A camera's picture of what the network is to see: each of its pixels a rectangle. */
function frame(features, [rows, columns, channels]) {
  const out = Buffer.alloc(2 * WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [row, column] = [Math.floor((y * rows) / HEIGHT), Math.floor((x * columns) / WIDTH)];
      const at = channels * (row * columns + column);
      const [r, g, b] = [0, 1, 2].map((c) => features[at + (channels === 1 ? 0 : c)] + 128);
      out.writeUInt16BE(((r >> 3) << 11) | ((g >> 2) << 5) | (b >> 3), 2 * (y * WIDTH + x));
    }
  }
  return out;
}

/** The lines that the sketch must print, by the classifier on this machine. */
export function expected_lines({ native }, model, folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "chip.bin"), model.chip);
  writeFileSync(join(folder, "windows.f32"), "");
  for (const [name, bytes] of Object.entries(native)) writeFileSync(join(folder, name), bytes);
  const command = [
    "run",
    "--locked",
    "--quiet",
    "-p",
    "lampyris-device",
    "--example",
    "golden",
    "--",
    folder,
  ];
  execFileSync("cargo", command, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const events = readFileSync(join(folder, "events.txt"), "utf8").split("\n");
  const fired = events.filter((line) => line.startsWith("e ")).map((line) => line.split(" "));
  const lines = fired
    .filter(([, , , , flags]) => Number.parseInt(flags, 16) & 1)
    .map(([, , label, best, , ...scores]) => {
      assert.equal(label, best, "what fires is the best");
      const index = Number.parseInt(label, 16);
      const bits = Uint32Array.of(Number.parseInt(scores[index], 16));
      const [score] = new Float32Array(bits.buffer);
      return `${model.labels[index]} ${(Math.floor(score * 100 + 0.5) / 100).toFixed(2)}`;
    });
  assert.ok(lines.length > 0, "the golden inputs make the model say something");
  return lines;
}
