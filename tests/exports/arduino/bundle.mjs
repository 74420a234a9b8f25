// The model of an Arduino export with what its sketches are given and must say.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chipFacts, exportedGolden, golden } from "../bundle.mjs";

/**
 * @param {string} file model.lampyris, or a .tflite: then what its export in `folder` says of it
 * @param {string} folder the export
 */
export function open_model(file, folder) {
  const whole = file.endsWith(".lampyris");
  const bytes = readFileSync(whole ? file : join(folder, "model/chip.lampyris"));
  const { chip, sha256, labels, axes, rate } = chipFacts(bytes);
  const signal = { rate_hz: rate, window: chip.readUInt32LE(32), axes };
  const vectors = whole ? golden(bytes) : exportedGolden(folder);
  return {
    chip,
    sha256,
    labels,
    signal,
    grid: grid_of(chip),
    golden: vectors.map(({ label, window, features, outputs }) => ({
      label,
      // What is wrapped takes its features as they are.
      window: window ? floats(window) : Float32Array.from(features),
      features,
      outputs,
      best: outputs.indexOf(Math.max(...outputs)),
    })),
  };
}

const floats = (bytes) =>
  Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));

/** Rows, columns and channels of the network's first input, [1, rows, columns, channels]. */
function grid_of(chip) {
  const graph = chip.subarray(80);
  const word = (index) => graph.readUInt32LE(4 * index);
  const first = graph.readUInt32LE(word(8));
  const tensor = word(4) + 32 * first;
  return [5, 6, 7].map((field) => graph.readUInt32LE(tensor + 4 * field));
}
