// Pictures of recordings, ready to be drawn. The files lie in the store; those looked at last
// are kept decoded, as many as fit in a bound of memory.
import { samplesIn } from "../store";
import { TroubleError } from "../worker/client";
import { isEncoded } from "../worker/pcm";
import { project } from "./project";

/** 64 MB of pixels. */
const MOST_PIXELS = 16_000_000;

/** By id and wanted size; the one asked for last stands last. */
const kept = new Map<string, Promise<ImageBitmap>>();
/** Of those that are decoded. */
const pixels = new Map<string, number>();
let total = 0;

/**
 * A picture, as large as it is kept or, with `height`, so many pixels high. Draw it as soon as it
 * is here and don't keep it: ask again instead, which costs nothing while it is at hand.
 */
export function bitmapOf(id: string, height?: number): Promise<ImageBitmap> {
  const key = keyOf(id, height);
  const known = kept.get(key);
  if (known) {
    kept.delete(key);
    kept.set(key, known);
    return known;
  }
  const made = decoded(id, height);
  kept.set(key, made);
  made.then(
    (bitmap) => settle(key, made, bitmap),
    () => kept.get(key) === made && kept.delete(key),
  );
  return made;
}

/** Forgets some pictures, or all. */
export function forgetBitmaps(ids?: readonly string[]): void {
  const some = ids && new Set(ids);
  for (const key of [...kept.keys()]) if (!some || some.has(idOf(key))) drop(key);
}

const keyOf = (id: string, height = 0) => `${id} ${height}`;
const idOf = (key: string) => key.slice(0, key.indexOf(" "));

async function decoded(id: string, height?: number): Promise<ImageBitmap> {
  return createImageBitmap(
    await fileOf(id),
    height ? { resizeHeight: height, resizeQuality: "medium" } : undefined,
  );
}

/** A picture as it lies in the store. */
export async function fileOf(id: string): Promise<Blob> {
  const open = project.peek()?.id;
  const stored = open ? await samplesIn(open, id) : null;
  if (!stored || !isEncoded(stored))
    throw new TroubleError({
      what: stored ? "This recording is no picture" : "This picture is gone",
      place: id.slice(0, 8),
      remedy: "It was removed or changed, perhaps in another tab: reload the page",
    });
  return new Blob([stored.encoded as BlobPart]);
}

function settle(key: string, made: Promise<ImageBitmap>, bitmap: ImageBitmap): void {
  // It was forgotten meanwhile: whoever asked has it, and it goes with them.
  if (kept.get(key) !== made) return;
  pixels.set(key, bitmap.width * bitmap.height);
  total += bitmap.width * bitmap.height;
  for (const old of [...kept.keys()]) {
    if (total <= MOST_PIXELS) break;
    if (old !== key && pixels.has(old)) drop(old);
  }
}

// Not closed: someone may be drawing it this very moment. The browser frees what nobody holds.
function drop(key: string): void {
  kept.delete(key);
  total -= pixels.get(key) ?? 0;
  pixels.delete(key);
}
