// The part of a picture that the block `image` takes: the engine's own rule once more, because the
// frame around it follows a camera's picture at once. A test holds the two together.

/** What the model makes of a picture: so many pixels of its middle, or of all of it. */
export interface Framing {
  width: number;
  height: number;
  whole: boolean;
}

/** To the nearest whole number, as the block counts. */
const nearest = (product: number, by: number) =>
  Math.max(1, Math.floor((product + Math.floor(by / 2)) / by));

/** What is not seen at the top, right, bottom and left, in shares of the picture's size. */
export function unseen([w, h]: [number, number], framing: Framing): number[] {
  const { width, height, whole } = framing;
  if (whole || w === 0 || h === 0) return [0, 0, 0, 0];
  const wide = w * height > h * width;
  const [x, y] = wide ? [nearest(h * width, height), h] : [w, nearest(w * height, width)];
  const [left, top] = [Math.floor((w - x) / 2), Math.floor((h - y) / 2)];
  return [top / h, (w - x - left) / w, (h - y - top) / h, left / w];
}
