// From a share to a colour: from dark to bright at an even pace, so that the order is seen without
// seeing colours, in print as well.

/** Dark blue over teal to bright yellow; lightness rises by about the same from stop to stop. */
const STOPS: readonly (readonly [number, number, number])[] = [
  [9, 14, 38],
  [25, 41, 92],
  [30, 77, 124],
  [27, 113, 133],
  [48, 147, 127],
  [104, 178, 101],
  [174, 202, 78],
  [236, 221, 104],
  [255, 247, 194],
];

const SIZE = 256;

/** `[SIZE, 4]`: red, green, blue and full opacity for each of 256 steps. */
export const RAMP: Uint8ClampedArray = (() => {
  const table = new Uint8ClampedArray(SIZE * 4);
  for (let i = 0; i < SIZE; i++) {
    const at = (i / (SIZE - 1)) * (STOPS.length - 1);
    const k = Math.min(STOPS.length - 2, Math.floor(at));
    for (let c = 0; c < 3; c++) {
      const from = STOPS[k]?.[c] ?? 0;
      table[i * 4 + c] = from + (at - k) * ((STOPS[k + 1]?.[c] ?? 0) - from);
    }
    table[i * 4 + 3] = 255;
  }
  return table;
})();

/** The ramp as a background that runs upward. */
export const RAMP_CSS = `linear-gradient(to top, ${STOPS.map((c) => `rgb(${c.join(" ")})`).join(", ")})`;

/** Paints `values` (`[frames, columns]`) into pixels, column 0 lowest, one pixel a value. */
export function paint(
  values: Float32Array,
  frames: number,
  columns: number,
  low: number,
  high: number,
): ImageData {
  const image = new ImageData(frames, columns);
  const pixels = new Uint32Array(image.data.buffer);
  const ramp = new Uint32Array(RAMP.buffer);
  const by = high > low ? (SIZE - 1) / (high - low) : 0;
  for (let column = 0; column < columns; column++) {
    const row = (columns - 1 - column) * frames;
    for (let frame = 0; frame < frames; frame++) {
      const share = ((values[frame * columns + column] ?? 0) - low) * by;
      // Comparisons are false for a value that is not a number: it gets the darkest colour.
      const step = share > 0 ? (share < SIZE - 1 ? share | 0 : SIZE - 1) : 0;
      pixels[row + frame] = ramp[step] ?? 0;
    }
  }
  return image;
}
