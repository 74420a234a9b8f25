// Which rows of a long list are near the view: only those are drawn. All rows are equally high, so
// that the list is as long as all of them together and a row's place follows from its number.

import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** Rows from `from` to before `to`. */
export interface Stretch {
  from: number;
  to: number;
}

/** So much of a view is drawn above it and below it, so that nothing is empty while one scrolls. */
const AHEAD = 0.5;
/** Before anything is measured. */
const FIRST: Stretch = { from: 0, to: 12 };

/** The nearest box around it that scrolls; null where that is the page. */
function scrollerOf(element: HTMLElement): HTMLElement | null {
  for (let box = element.parentElement; box; box = box.parentElement) {
    if (box === document.body) return null;
    const { overflowY } = getComputedStyle(box);
    if (overflowY === "auto" || overflowY === "scroll") return box;
  }
  return null;
}

/** The part of `list` that its scroller shows, in pixels from its top. */
function viewOf(list: HTMLElement, scroller: HTMLElement | null): [number, number] {
  const { top } = list.getBoundingClientRect();
  if (!scroller) return [-top, innerHeight - top];
  const box = scroller.getBoundingClientRect();
  return [box.top - top, box.bottom - top];
}

/**
 * The rows to draw of `list`, whose top is the top of row 0: those near the view, and at least
 * `least`, so that the focus can go into a list that is out of sight. One look a frame at the places
 * of two boxes, before anything is written.
 */
export function useStretch(
  list: RefObject<HTMLElement | null>,
  rows: number,
  height: number,
  least: number,
): Stretch {
  const [stretch, setStretch] = useState(FIRST);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element || height <= 0) return;
    const scroller = scrollerOf(element);
    let frame = 0;
    const look = () => {
      frame = 0;
      const [top, bottom] = viewOf(element, scroller);
      const more = Math.max(height, (bottom - top) * AHEAD);
      const within = (row: number) => Math.max(0, Math.min(rows, row));
      const first = within(Math.floor((top - more) / height));
      const to = within(Math.max(Math.ceil((bottom + more) / height), first + least));
      const from = within(Math.min(first, to - least));
      setStretch((now) => (now.from === from && now.to === to ? now : { from, to }));
    };
    const later = () => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    // Of any box that scrolls; what stands above may also grow.
    document.addEventListener("scroll", later, { capture: true, passive: true });
    const observer = new ResizeObserver(later);
    observer.observe(document.body);
    if (scroller) observer.observe(scroller);
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener("scroll", later, { capture: true });
      observer.disconnect();
    };
  }, [list, rows, height, least]);
  return { from: Math.min(stretch.from, rows), to: Math.min(stretch.to, rows) };
}

/**
 * Calls `measured` whenever the size of an element changes, in a frame of its own: what follows from
 * it may change sizes again. Gives back what ends it.
 */
export function onResize(element: Element, measured: () => void): () => void {
  let frame = 0;
  const observer = new ResizeObserver(() => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      measured();
    });
  });
  observer.observe(element);
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
  };
}

/** Where a key leads from number `at` of 0 to `last`: by so many, or to an end; null for other keys. */
export function target(
  key: string,
  at: number,
  last: number,
  steps: Readonly<Record<string, number>>,
): number | null {
  const to: Readonly<Record<string, number>> = { Home: 0, End: last };
  const by = steps[key];
  const next = by === undefined ? to[key] : at + by;
  return next === undefined ? null : Math.max(0, Math.min(last, next));
}

/** Scrolls, as little as needed, until row `row` of `list` is in sight. */
export function reveal(list: HTMLElement, row: number, height: number): void {
  const scroller = scrollerOf(list);
  const [top, bottom] = viewOf(list, scroller);
  const at = row * height;
  const low = scroller ? top : top + covered();
  const by = at < low ? at - low : Math.max(0, at + height - bottom);
  if (by !== 0) (scroller ?? document.scrollingElement)?.scrollBy({ top: by, behavior: "instant" });
}

/** What stays at the top of the page covers so much of it. */
function covered(): number {
  return document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
}
