// One second of sound through `mfcc`, and frame by frame through Meyda's, both with frames
// of 512 samples every 320, a Hann window, 40 bands and 13 coefficients. Runs in the page.
import init, { catalog, features } from "../engine/lampyris_web.js";

const RATE_HZ = 16000;
const FRAME = 512;
const HOP = 320;
const BANDS = 40;
const COEFFICIENTS = 13;
const ROUNDS = 9;
/** Seconds of sound in a round: long against the clock's grain. */
const SECONDS = 30;

const SETTINGS = {
  frame_ms: (1000 * FRAME) / RATE_HZ,
  stride_ms: (1000 * HOP) / RATE_HZ,
  fft_length: FRAME,
  low_hz: 0,
  filters: BANDS,
  coefficients: COEFFICIENTS,
};

/** Meyda's build for pages has no exports: it leaves a global. */
async function meyda() {
  const script = document.createElement("script");
  script.src = "/peer/dist/web/meyda.min.js";
  await new Promise((loaded, failed) => {
    script.onload = loaded;
    script.onerror = () => failed(new Error(`${script.src} is missing`));
    document.head.append(script);
  });
  const { Meyda } = globalThis;
  Meyda.bufferSize = FRAME;
  Meyda.sampleRate = RATE_HZ;
  Meyda.windowingFunction = "hanning";
  Meyda.melBands = BANDS;
  Meyda.numberOfMFCCCoefficients = COEFFICIENTS;
  return Meyda;
}

/** Milliseconds for one call of the function, of as many as are in a round. */
function time(work) {
  const begin = performance.now();
  for (let i = 0; i < SECONDS; i++) work();
  return (performance.now() - begin) / SECONDS;
}

export default async function run() {
  await init();
  const rows = catalog().blocks.find(({ id }) => id === "mfcc").settings;
  const settings = Float32Array.from(rows, ({ id, default: usual }) => SETTINGS[id] ?? usual);
  const Meyda = await meyda();
  const tone = (i) => Math.sin(i * i * 1e-5) * 0.4 + Math.sin(i * 0.31) * 0.2;
  const sound = Float32Array.from({ length: RATE_HZ }, (_, i) => tone(i));
  const frames = Math.floor((sound.length - FRAME) / HOP) + 1;

  const ours = () => features("mfcc", settings, RATE_HZ, 1, sound);
  const theirs = () => {
    const all = [];
    for (let i = 0; i < frames; i++)
      all.push(...Meyda.extract("mfcc", sound.subarray(i * HOP, i * HOP + FRAME)));
    return all;
  };
  const counts = [ours(), theirs()].map(({ length }) => length);
  if (counts.some((count) => count !== frames * COEFFICIENTS))
    throw new Error(`${counts.join(" and ")} features are not ${frames} frames`);

  const times = { lampyris: [], meyda: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.lampyris.push(time(ours));
    times.meyda.push(time(theirs));
  }
  return { what: `mfcc of 1 s of sound, ${frames} frames`, ...times };
}
