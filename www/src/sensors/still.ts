// One picture of what an element shows: all of it, upright, no larger than what is kept.
import { TroubleError } from "../worker/client";
import type { Pictures } from "./sensor";

/** The shorter side of what is kept, at most: ten times what a small network sees. */
export const SHORT_SIDE = 320;
const QUALITY = 0.92;

/** Width and height of a picture whose shorter side is at most `SHORT_SIDE`. */
export function keptSize([width, height]: [number, number]): [number, number] {
  const share = Math.min(1, SHORT_SIDE / Math.min(width, height));
  return [Math.max(1, Math.round(width * share)), Math.max(1, Math.round(height * share))];
}

/** Takes pictures, with one canvas for all of them. */
export class Still {
  readonly #canvas = document.createElement("canvas");

  /** The present picture as a JPEG; the canvas is free again at once. */
  async jpeg(pictures: Pictures): Promise<Blob> {
    this.#draw(pictures);
    const blob = await new Promise<Blob | null>((resolve) =>
      this.#canvas.toBlob(resolve, "image/jpeg", QUALITY),
    );
    if (blob) return blob;
    throw new TroubleError({
      what: "The browser could not make a picture of what the camera shows",
      place: "camera",
      remedy: "Close other pages that need much memory, then try again",
    });
  }

  /** The present picture's pixels: red, green, blue and opacity, row by row. */
  pixels(pictures: Pictures): ImageData {
    const context = this.#draw(pictures);
    return context.getImageData(0, 0, this.#canvas.width, this.#canvas.height);
  }

  #draw(pictures: Pictures): CanvasRenderingContext2D {
    const [width, height] = keptSize(pictures.size());
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const context = this.#canvas.getContext("2d", { willReadFrequently: true });
    if (!context)
      throw new TroubleError({
        what: "This browser draws no pictures",
        place: "camera",
        remedy: "Switch canvas drawing on in the browser's settings, or use another browser",
      });
    context.imageSmoothingQuality = "high";
    context.drawImage(pictures.element, 0, 0, width, height);
    return context;
  }
}
