// What the tests compare with, read from the bundle itself and by nothing of ours
// (docs/formats.md has its bytes).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";

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
    sha256: createHash("sha256").update(chip).digest("hex"),
    report: JSON.parse(sections.get("REPT").toString("utf8")),
    ...golden_of(sections.get("GOLD")),
  };
}

function golden_of(bytes) {
  const golden = [];
  let at = 4;
  for (let i = 0; i < bytes.readUInt32LE(0); i++) {
    const sizes = [0, 4, 8, 12].map((more) => bytes.readUInt32LE(at + more));
    at += 16;
    const take = (count) => bytes.subarray(at, (at += count));
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
