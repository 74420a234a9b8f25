// A bundle read by code of its own (docs/formats.md has the bytes), so that what the exports
// say is compared with something that they were not made by; and bundles with other labels.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const HEADER = 80;
const ROW = 12;
const HOST_HEADER = 24;
/** Number of the signal block that motion is told apart by. */
export const SPECTRAL = 1;
/** Mark of a label that means "none of these", in the number that holds its length. */
const NONE = 0x8000;

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** CRC-32 (IEEE 802.3) of all bytes but the four at 16, which hold it. */
function crc(bytes) {
  let state = ~0;
  bytes.forEach((byte, at) => {
    if (at >= 16 && at < 20) return;
    state ^= byte;
    for (let bit = 0; bit < 8; bit++) state = (state >>> 1) ^ (0xedb88320 & -(state & 1));
  });
  return ~state >>> 0;
}

const padded = (length) => Math.ceil(length / 16) * 16;

/** Where the labels begin in a chip part. */
function labelsAt(chip) {
  const sizes = [chip.readUInt32LE(56), 4 * chip.readUInt32LE(60), 8 * chip.readUInt32LE(64)];
  return sizes.reduce((at, size) => at + padded(size), HEADER);
}

/** Facts of a chip part: what a firmware must show. */
export function chipFacts(file) {
  const chip = Buffer.from(file.subarray(0, file.readUInt32LE(12)));
  const labels = [];
  const marks = [];
  let at = labelsAt(chip);
  for (let i = 0; i < chip.readUInt32LE(68); i++) {
    const length = chip.readUInt16LE(at) & ~NONE;
    marks.push(chip.readUInt16LE(at) & NONE);
    labels.push(chip.toString("utf8", at + 2, at + 2 + length));
    at += 2 + length;
  }
  const [block, axes, rate] = [chip.readUInt16LE(10), chip.readUInt16LE(40), chip.readFloatLE(24)];
  return { chip, sha256: sha256(chip), labels, marks, block, axes, rate };
}

/** Golden vectors of a whole bundle: features and outputs as signed bytes. */
export function golden(file) {
  const host = file.subarray(file.readUInt32LE(12));
  const count = host.readUInt32LE(20);
  const rows = [...Array(count).keys()].map((i) => HOST_HEADER + ROW * i);
  const row = rows.find((at) => host.toString("latin1", at, at + 4) === "GOLD");
  let at = host.readUInt32LE(row + 4);
  const word = () => {
    at += 4;
    return host.readUInt32LE(at - 4);
  };
  const take = (length) => {
    at += length;
    return host.subarray(at - length, at);
  };
  return [...Array(word()).keys()].map(() => {
    const [label, window, features, outputs] = [word(), word(), word(), word()];
    return {
      label: take(label).toString("utf8"),
      window: take(4 * window),
      features: new Int8Array(take(features)),
      outputs: new Int8Array(take(outputs)),
    };
  });
}

/** Golden vectors as an export has them, for a model that came as a .tflite and has none of its own. */
export function exportedGolden(folder) {
  const file = (name) => readFileSync(join(folder, "golden", name));
  const { vectors, features, outputs } = JSON.parse(file("golden.json").toString());
  const rows = ({ file: name, shape: [count, width] }) => {
    const values = new Int8Array(file(name));
    if (count !== vectors.length || count * width !== values.length)
      throw new Error(`golden.json and ${name} disagree`);
    return vectors.map((_, i) => values.subarray(i * width, (i + 1) * width));
  };
  const [given, answers] = [rows(features), rows(outputs)];
  return vectors.map(({ shows }, i) => ({ label: shows, features: given[i], outputs: answers[i] }));
}

/** The same bundle with other labels, as many as it has. */
export function relabelled(file, labels) {
  const { chip, marks } = chipFacts(file);
  const begin = labelsAt(chip);
  const rows = labels.map((label, i) => {
    const text = Buffer.from(label, "utf8");
    const head = Buffer.alloc(2);
    head.writeUInt16LE(text.length | marks[i]);
    return Buffer.concat([head, text]);
  });
  const section = Buffer.concat(rows);
  const made = Buffer.concat([chip.subarray(0, begin), section], begin + padded(section.length));
  made.writeUInt32LE(section.length, 72);
  made.writeUInt32LE(made.length, 12);
  made.writeUInt32LE(crc(made), 16);
  return Buffer.concat([made, file.subarray(chip.length)]);
}
