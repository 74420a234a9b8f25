// Pictures as they are shown: small squares for grids and maps, made as they come near the view, and
// one at a time with what the model makes of it.
import { signal } from "@preact/signals";
import type { Shown } from "../engine/arrays";
import type { Settings } from "../engine/types/Settings";
import { fileOf } from "./bitmaps";
import { recordings } from "./data";
import { latestOnly } from "./latest";
import { labHoldsModel, model } from "./model";
import { tell, troubleOf } from "./toasts";
import type { Trouble } from "./types";
import { lab } from "./workers";

/** The side of a small square in pixels: sharp on dense screens as well. */
const SMALL_PX = 160;
/** So many small squares stay at hand (100 kB each), and so many are made at once. */
const SMALL_KEPT = 320;
const AT_ONCE = 8;

interface Wish {
  id: string;
  draw: (picture: ImageBitmap) => void;
}

/** The one used last comes last. */
const small = new Map<string, ImageBitmap>();
const wishes: Wish[] = [];
let making = 0;

/** The small square of a picture if it is at hand; it may be closed after this task. */
export function smallAtHand(id: string): ImageBitmap | null {
  const kept = small.get(id);
  if (!kept) return null;
  small.delete(id);
  small.set(id, kept);
  return kept;
}

/**
 * Calls `draw` once with the small square of a picture, now or when it is made; what is returned
 * withdraws the wish. `draw` has to draw at once: the square is closed when others need its place.
 */
export function wantSmall(id: string, draw: (picture: ImageBitmap) => void): () => void {
  const kept = smallAtHand(id);
  if (kept) {
    draw(kept);
    return () => undefined;
  }
  const wish = { id, draw };
  wishes.push(wish);
  if (making < AT_ONCE) void makeWished();
  return () => {
    const at = wishes.indexOf(wish);
    if (at >= 0) wishes.splice(at, 1);
  };
}

/** Makes what is wished, in its order, until nothing is. */
async function makeWished(): Promise<void> {
  making++;
  for (let wish = wishes[0]; wish; wish = wishes[0]) {
    const { id } = wish;
    // All who wish for this one; those who come meanwhile find it at hand, or wish anew.
    const mine = wishes.filter((one) => one.id === id);
    for (const one of mine) wishes.splice(wishes.indexOf(one), 1);
    try {
      const picture = smallAtHand(id) ?? keep(id, await makeSmall(id));
      for (const one of mine) one.draw(picture);
    } catch {
      // A picture that can't be had is left empty; opened, it says why.
    }
  }
  making--;
}

function keep(id: string, picture: ImageBitmap): ImageBitmap {
  small.get(id)?.close();
  small.delete(id);
  small.set(id, picture);
  for (const [oldest, one] of small) {
    if (small.size <= SMALL_KEPT) break;
    small.delete(oldest);
    one.close();
  }
  return picture;
}

/** The square in the middle, as the model's usual crop; never made larger than it is. */
async function makeSmall(id: string): Promise<ImageBitmap> {
  const [width, height] = recordings.peek().find((meta) => meta.id === id)?.size ?? [1, 1];
  const side = Math.min(width, height);
  const to = Math.min(side, SMALL_PX);
  return createImageBitmap(
    await fileOf(id),
    Math.floor((width - side) / 2),
    Math.floor((height - side) / 2),
    side,
    side,
    { resizeWidth: to, resizeHeight: to, resizeQuality: "medium" },
  );
}

/** One picture as the model gets it. */
export interface SeenPicture {
  id: string;
  shown: Shown | null;
  trouble: Trouble | null;
}

/** What the trained model says of one picture, in the order of its labels. */
export interface JudgedPicture {
  id: string;
  /** Null while it is asked, and where there is no model that fits. */
  scores: Float32Array | null;
  asking: boolean;
}

export const seenPicture = signal<SeenPicture | null>(null);
export const judgedPicture = signal<JudgedPicture | null>(null);

interface Look {
  id: string;
  settings: Settings;
}

const see = latestOnly(async (look: Look) => {
  const { id } = look;
  try {
    seenPicture.value = { id, shown: await lab.call("shown", look), trouble: null };
  } catch (error) {
    seenPicture.value = { id, shown: null, trouble: troubleOf(error) };
  }
});

// Apart from the above: after the page was opened, the model has to be made again first.
const judge = latestOnly(async (look: Look) => {
  const { id } = look;
  let scores: Float32Array | null = null;
  judgedPicture.value = { id, scores, asking: true };
  try {
    if (await labHoldsModel()) scores = await lab.call("scores", look);
  } catch (error) {
    tell(error);
  }
  judgedPicture.value = { id, scores, asking: false };
});

export function lookAtPicture(id: string, settings: Settings): void {
  see({ id, settings });
  if (model.peek()) judge({ id, settings });
}
