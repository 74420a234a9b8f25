// Stored pictures in the place of a camera, one after another at the pace of the model.
import { signal } from "@preact/signals";
import { TroubleError } from "../worker/client";
import { type Listener, PICTURE_AXIS, type Running, type Sensor } from "./sensor";

export interface Slide {
  id: string;
  /** What it is, for the person. */
  caption: string;
}

/** Where stored pictures come from: to be drawn, and as they lie there. */
export interface Album {
  bitmapOf: (id: string) => Promise<ImageBitmap>;
  fileOf: (id: string) => Promise<Blob>;
}

/** Where the model does not say otherwise. */
const USUAL_MS = 200;

export function slideshow(
  id: string,
  slides: readonly Slide[],
  album: Album,
  period_ms = USUAL_MS,
): Sensor {
  return {
    id,
    title: "Stored pictures",
    axes: [{ name: PICTURE_AXIS, unit: "" }],
    needs_tap: false,
    unavailable: () => "",
    open: (listener) => show(slides, album, period_ms, listener),
  };
}

/** Resolves with the first picture on the canvas. */
async function show(
  slides: readonly Slide[],
  album: Album,
  period_ms: number,
  listener: Listener,
): Promise<Running> {
  const element = document.createElement("canvas");
  const stop = new AbortController();
  // Whoever shows it follows it from picture to picture.
  const present = signal<Slide>({ id: "", caption: "" });
  const draw = async (slide: Slide) => {
    const bitmap = await album.bitmapOf(slide.id);
    element.width = bitmap.width;
    element.height = bitmap.height;
    element.getContext("2d")?.drawImage(bitmap, 0, 0);
    present.value = slide;
  };
  const go = async () => {
    let due_ms = performance.now();
    for (const [i, slide] of slides.entries()) {
      if (i > 0) await draw(slide);
      if (stop.signal.aborted) return;
      listener.frame?.(performance.now());
      // A slow store makes one picture late, and not those after it early.
      due_ms = Math.max(due_ms + period_ms, performance.now());
      await pause(due_ms - performance.now());
      if (stop.signal.aborted) return;
    }
    listener.ended(null);
  };
  const [first] = slides;
  if (first) await draw(first);
  // Begins once it is known to whoever opened it.
  setTimeout(() => void go().catch((error) => failed(error, listener, stop.signal)));
  return {
    close: () => stop.abort(),
    pictures: {
      element,
      size: () => [element.width, element.height],
      camera: null,
      caption: () => present.value.caption,
      file: () => album.fileOf(present.peek().id),
    },
  };
}

function failed(error: unknown, listener: Listener, stop: AbortSignal): void {
  if (stop.aborted) return;
  listener.ended(
    error instanceof TroubleError
      ? error.trouble
      : {
          what: `A stored picture can't be shown: ${error instanceof Error ? error.message : error}`,
          place: "stored pictures",
          remedy: "Start again; if it stays, look for that picture in Record and delete it",
        },
  );
}

const pause = (ms: number) => new Promise((wake) => setTimeout(wake, ms));
