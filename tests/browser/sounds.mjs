// Sounds that a test makes itself, as files a person would choose.

const RATE_HZ = 16_000;

/** A 16-bit mono WAV of values from -1 to 1. */
export function wav(values, rate_hz = RATE_HZ) {
  const bytes = Buffer.alloc(44 + 2 * values.length);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(36 + 2 * values.length, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate_hz, 24);
  bytes.writeUInt32LE(2 * rate_hz, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(2 * values.length, 40);
  values.forEach((value, i) => {
    bytes.writeInt16LE(Math.round(32767 * Math.max(-1, Math.min(1, value))), 44 + 2 * i);
  });
  return bytes;
}

/** Noise from a small generator of our own, the same each time. */
function noise(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A warbling tone around `hz`, in a little noise. */
function tone(hz, seed, seconds) {
  const random = noise(seed);
  const length = seconds * RATE_HZ;
  return Array.from({ length }, (_, i) => {
    const t = i / RATE_HZ;
    const phase = 2 * Math.PI * hz * t + 3 * Math.sin(2 * Math.PI * (4 + (seed % 3)) * t);
    return 0.3 * Math.sin(phase) + 0.02 * random();
  });
}

function file(label, n, hz, seconds) {
  return {
    name: `${label}.${n}.wav`,
    mimeType: "audio/wav",
    buffer: wav(tone(hz * (1 + 0.02 * n), n, seconds)),
  };
}

/**
 * `each` recordings of a low and of a high tone, two seconds long; the last ones, `low.9` and
 * `high.9`, are longer. Names tell the labels.
 */
export function soundFiles(each = 8) {
  return [
    ["low", 400],
    ["high", 2400],
  ].flatMap(([label, hz]) => [
    ...Array.from({ length: each }, (_, i) => file(label, i + 1, hz, 2)),
    file(label, 9, hz, 12),
  ]);
}
