// Sounds that Chromium hears in the place of a microphone, made here or read of WAV files, and
// what the page has kept of them.
import { readFileSync, writeFileSync } from "node:fs";
import { wav } from "./sounds.mjs";

export const RATE_HZ = 16_000;

/** Chromium's own pretended microphone, playing a file over and over; asks no permission. */
export function hearing(file) {
  return [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-audio-capture=${file}`,
  ];
}

export const silence = (seconds) => new Float32Array(Math.round(seconds * RATE_HZ));

/** A tone that climbs from one pitch to another, softly begun and ended; `loud` is its peak. */
export function sweep(seconds, from_hz, to_hz, loud = 0.5) {
  const n = Math.round(seconds * RATE_HZ);
  let phase = 0;
  return Float32Array.from({ length: n }, (_, i) => {
    phase += (2 * Math.PI * (from_hz + ((to_hz - from_hz) * i) / n)) / RATE_HZ;
    const edge = Math.min(1, (20 * Math.min(i, n - i)) / n);
    return loud * edge * Math.sin(phase);
  });
}

/** Noise that is the same each time, and slow enough that half a sample's delay changes little. */
export function noise(seconds, loud = 0.9) {
  let state = 7;
  const fast = silence(seconds).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return loud * (state / 2 ** 31 - 1);
  });
  const over = 8;
  return fast.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < over; k++) sum += fast[(i + k) % fast.length];
    return sum / over;
  });
}

export function together(...parts) {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function writeWav(file, values) {
  writeFileSync(file, wav([...values]));
  return file;
}

/** The samples of a 16-bit mono WAV at 16 kHz, as the data sets have them. */
export function readWav(file) {
  const bytes = readFileSync(file);
  const at = bytes.indexOf("data", 12, "latin1");
  const length = Math.min(bytes.readUInt32LE(at + 4), bytes.length - at - 8) >> 1;
  return Float32Array.from({ length }, (_, i) => bytes.readInt16LE(at + 8 + 2 * i) / 32768);
}

/** Every sound in the page's store, oldest name first: its project, its meta and its 16-bit numbers. */
export function kept(page) {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open("lampyris");
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const tx = open.result.transaction(["recordings", "samples"]);
          const metas = tx.objectStore("recordings").getAll();
          const samples = tx.objectStore("samples").getAll();
          tx.oncomplete = () => {
            open.result.close();
            const all = metas.result.map(({ project, meta }, i) => ({
              project,
              meta,
              pcm: [...(samples.result[i].pcm ?? [])],
            }));
            resolve(
              all.sort((a, b) => a.meta.name.localeCompare(b.meta.name, "en", { numeric: true })),
            );
          };
        };
      }),
  );
}

const PIECE = 640;

/**
 * How alike the kept sound is to what was played over and over: each 40 ms of it are looked
 * for in what was played, and the median of the best correlations is given: a pretended microphone
 * stutters on a busy machine, and is right again after it. Pieces without sound say nothing.
 */
export function likeness(pcm, played) {
  const twice = together(played, played.subarray(0, PIECE));
  const best = [];
  for (let at = 0; at + PIECE <= pcm.length; at += 2 * PIECE) {
    const piece = Float32Array.from(pcm.slice(at, at + PIECE), (v) => v / 32768);
    const energy = piece.reduce((sum, v) => sum + v * v, 0);
    if (energy < 2) continue;
    let most = 0;
    for (let lag = 0; lag < played.length; lag++) {
      let dot = 0;
      let power = 0;
      for (let i = 0; i < PIECE; i++) {
        const v = twice[lag + i];
        dot += v * piece[i];
        power += v * v;
      }
      if (power > 0) most = Math.max(most, dot / Math.sqrt(power * energy));
    }
    best.push(most);
  }
  best.sort((a, b) => a - b);
  return best[best.length >> 1] ?? 0;
}
