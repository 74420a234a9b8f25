// What the tests compare with, read from the bundle itself and by nothing of ours
// (docs/formats.md has its bytes).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const HOST = Buffer.from("LAMPHOST");

/**
 * @param {Buffer} bytes model.lampyris
 */
export function open_bundle(bytes) {
  const length = bytes.readUInt32LE(12);
  const chip = bytes.subarray(0, length);
  const host = bytes.subarray(length);
  assert.ok(host.subarray(0, 8).equals(HOST), "the bundle has no host part");
  const sections = new Map();
  for (let i = 0; i < host.readUInt32LE(20); i++) {
    const row = 24 + 12 * i;
    const [at, size] = [host.readUInt32LE(row + 4), host.readUInt32LE(row + 8)];
    sections.set(host.toString("latin1", row, row + 4), host.subarray(at, at + size));
  }
  return {
    chip,
    ...chip_facts(chip),
    sha256: createHash("sha256").update(chip).digest("hex"),
    report: JSON.parse(sections.get("REPT").toString("utf8")),
    ...golden_of(sections.get("GOLD")),
  };
}

/** A model that came as a .tflite: what its export says of it. Its golden inputs are features. */
export function open_wrapped(folder) {
  const chip = readFileSync(join(folder, "model/chip.lampyris"));
  const facts = chip_facts(chip);
  const values = (name) => new Int8Array(readFileSync(join(folder, "golden", name)));
  const [features, outputs] = [values("features.i8"), values("outputs.i8")];
  const [inputs, count] = [facts.signal.window, facts.labels.length];
  const golden = [...Array(features.length / inputs).keys()].map((i) => {
    const shown = features.subarray(i * inputs, (i + 1) * inputs);
    const given = outputs.subarray(i * count, (i + 1) * count);
    const best = given.indexOf(Math.max(...given));
    const window = Float32Array.from(shown);
    return { label: facts.labels[best], window, features: shown, outputs: given, best };
  });
  return { chip, ...facts, sha256: createHash("sha256").update(chip).digest("hex"), golden };
}

/** What the chip part says of itself: crates/device/src/chip.rs has the fields. */
function chip_facts(chip) {
  const signal = {
    rate_hz: chip.readFloatLE(24),
    window: chip.readUInt32LE(32),
    axes: chip.readUInt16LE(40),
  };
  const [graph, settings, norms, count] = [56, 60, 64, 68].map((at) => chip.readUInt32LE(at));
  const aligned = (at) => (at + 15) & ~15;
  const settings_at = aligned(80 + graph);
  const labels = [];
  let at = aligned(aligned(settings_at + 4 * settings) + 8 * norms);
  for (let i = 0; i < count; i++) {
    const length = chip.readUInt16LE(at) & 0x7fff;
    labels.push(chip.toString("utf8", at + 2, at + 2 + length));
    at += 2 + length;
  }
  return { signal, labels, grid: grid_of(chip) };
}

/** Rows, columns and channels of the network's first input, [1, rows, columns, channels]. */
function grid_of(chip) {
  const graph = chip.subarray(80);
  const word = (index) => graph.readUInt32LE(4 * index);
  const first = graph.readUInt32LE(word(8));
  const tensor = word(4) + 32 * first;
  return [5, 6, 7].map((field) => graph.readUInt32LE(tensor + 4 * field));
}

function golden_of(bytes) {
  const golden = [];
  let at = 4;
  for (let i = 0; i < bytes.readUInt32LE(0); i++) {
    const sizes = [0, 4, 8, 12].map((more) => bytes.readUInt32LE(at + more));
    at += 16;
    const take = (count) => {
      at += count;
      return bytes.subarray(at - count, at);
    };
    const label = take(sizes[0]).toString("utf8");
    const window = Float32Array.from({ length: sizes[1] }, (_, k) => bytes.readFloatLE(at + 4 * k));
    at += 4 * sizes[1];
    const features = new Int8Array(take(sizes[2]));
    const outputs = new Int8Array(take(sizes[3]));
    const best = outputs.indexOf(Math.max(...outputs));
    golden.push({ label, window, features, outputs, best });
  }
  return { golden };
}
