// From a file that a person has to the raw values that an input takes.
import type { TensorInfo } from "../engine/types/TensorInfo";
import { TroubleError } from "../worker/client";

/** What the numbers of a text file are. */
export type Numbers = "real" | "raw";

/** What was read: raw values, or real ones that are still to be quantized. */
export interface ReadInput {
  raw: Uint8Array | null;
  real: Float32Array | null;
  /** How many inputs lie one after another. */
  cases: number;
  /** What was done, in words. */
  note: string;
  /** The picture as the network gets it. */
  picture: ImageData | null;
}

const MOST_BYTES = 64_000_000;

export function elements(tensor: TensorInfo): number {
  return tensor.shape.reduce((n, d) => n * d, 1);
}

/** Height, width and channels where a picture fits: `[1, H, W, 1]` or `[1, H, W, 3]`. */
export function pictureShape(tensor: TensorInfo): [number, number, number] | null {
  const [n, h = 0, w = 0, c = 0] = tensor.shape;
  return tensor.shape.length === 4 && n === 1 && (c === 1 || c === 3) ? [h, w, c] : null;
}

export async function readInput(
  file: File,
  tensor: TensorInfo,
  numbers: Numbers,
): Promise<ReadInput> {
  if (file.size > MOST_BYTES) throw refused(file, "is larger than 64 MB", "Give fewer inputs");
  if (file.type.startsWith("image/")) return picture(file, tensor);
  if (/\.(csv|txt)$/i.test(file.name)) return text(file, tensor, numbers);
  const raw = new Uint8Array(await file.arrayBuffer());
  const cases = whole(file, raw.length, tensor, "bytes");
  return { raw, real: null, cases, note: "Bytes as they are.", picture: null };
}

function refused(file: File, what: string, remedy: string): TroubleError {
  return new TroubleError({ what: `${file.name} ${what}`, place: "input", remedy });
}

/** How many inputs `length` values are. */
function whole(file: File, length: number, tensor: TensorInfo, things: string): number {
  const each = elements(tensor);
  if (length > 0 && length % each === 0) return length / each;
  throw refused(
    file,
    `has ${length} ${things}`,
    `This input takes ${each}, or several inputs of ${each} one after another`,
  );
}

async function text(file: File, tensor: TensorInfo, numbers: Numbers): Promise<ReadInput> {
  const words = (await file.text()).split(/[\s,;]+/).filter((word) => word !== "");
  const cases = whole(file, words.length, tensor, "numbers");
  const values = words.map((word, i) => {
    const value = Number(word);
    if (Number.isFinite(value)) return value;
    throw refused(
      file,
      `has "${word.slice(0, 20)}" where number ${i + 1} should be`,
      "Give numbers alone, divided by commas, spaces or lines, without a header",
    );
  });
  if (numbers === "real") {
    const note = "Real numbers, quantized with the input's scale and zero point.";
    return { raw: null, real: Float32Array.from(values), cases, note, picture: null };
  }
  const [least, most] = tensor.dtype === "uint8" ? [0, 255] : [-128, 127];
  const bad = values.findIndex((v) => !Number.isInteger(v) || v < least || v > most);
  if (bad >= 0)
    throw refused(
      file,
      `has ${values[bad]} as number ${bad + 1}, which is no ${tensor.dtype}`,
      `Give whole numbers from ${least} to ${most}, or choose real numbers`,
    );
  const raw = Uint8Array.from(values, (v) => v & 255);
  return { raw, real: null, cases, note: `${tensor.dtype} numbers as they are.`, picture: null };
}

/**
 * The middle of the picture, scaled to the input's size. A pixel of 0 … 255 becomes the raw
 * value `pixel − 128`, or itself for uint8: the whole range of the input, whatever its scale.
 */
async function picture(file: File, tensor: TensorInfo): Promise<ReadInput> {
  const shape = pictureShape(tensor);
  if (!shape)
    throw refused(
      file,
      "is a picture",
      `This input has the shape [${tensor.shape.join(", ")}]; pictures fit [1, H, W, 1] and [1, H, W, 3]`,
    );
  const [h, w, c] = shape;
  const bitmap = await createImageBitmap(file).catch(() => {
    throw refused(file, "can't be read as a picture", "Choose a PNG or JPEG file");
  });
  const canvas = new OffscreenCanvas(w, h);
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  if (!drawing) throw refused(file, "could not be drawn", "Try again, or use another browser");
  const share = Math.min(bitmap.width / w, bitmap.height / h);
  const [from_w, from_h] = [w * share, h * share];
  const [x, y] = [(bitmap.width - from_w) / 2, (bitmap.height - from_h) / 2];
  drawing.imageSmoothingQuality = "high";
  // What is transparent counts as white.
  drawing.fillStyle = "#fff";
  drawing.fillRect(0, 0, w, h);
  drawing.drawImage(bitmap, x, y, from_w, from_h, 0, 0, w, h);
  bitmap.close();
  const pixels = drawing.getImageData(0, 0, w, h);
  const raw = new Uint8Array(h * w * c);
  const flip = tensor.dtype === "uint8" ? 0 : 128;
  for (let i = 0; i < h * w; i++) {
    const [r = 0, g = 0, b = 0] = pixels.data.subarray(4 * i, 4 * i + 3);
    if (c === 3) raw.set([r ^ flip, g ^ flip, b ^ flip], 3 * i);
    else {
      const grey = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
      raw[i] = grey ^ flip;
      pixels.data.fill(grey, 4 * i, 4 * i + 3);
    }
  }
  const real = (q: number) => ((q - tensor.zero_point) * tensor.scale).toPrecision(3);
  const note =
    `The middle of the picture, scaled to ${w} × ${h}${c === 1 ? ", in grey" : ""}. ` +
    `Pixel 0 … 255 becomes ${tensor.dtype} ${-flip} … ${255 - flip}, which the network reads as ${real(-flip)} … ${real(255 - flip)}.`;
  return { raw, real: null, cases: 1, note, picture: pixels };
}
