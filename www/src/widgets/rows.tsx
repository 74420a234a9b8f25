// A list of thousands of rows, of which those near the view are drawn, and the one that has the
// focus. On the control marked `data-stop` the arrow keys go from row to row.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { onResize, reveal, target, useStretch } from "./windowing";

interface Props {
  label: string;
  /** One a row, in order. */
  keys: readonly string[];
  row: (i: number) => ComponentChildren;
  /** Height of a row before one was measured. */
  guess_px: number;
  class?: string;
  /** The focus went from row to row by key; `range`: Shift was held. */
  onMove?: (from: number, to: number, range: boolean) => void;
}

const LEAST = 12;
const STOP = "[data-stop]";

export function Rows(props: Props) {
  const { keys } = props;
  const list = useRef<HTMLUListElement>(null);
  const [height, setHeight] = useState(props.guess_px);
  const [held, setHeld] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const { from, to } = useStretch(list, keys.length, height, LEAST);

  const some = keys.length > 0;
  useLayoutEffect(() => {
    const first = some ? list.current?.querySelector(":scope > li > *") : null;
    if (!first) return;
    const measure = () => setHeight(first.getBoundingClientRect().height || props.guess_px);
    measure();
    return onResize(first, measure);
  }, [some, props.guess_px, from]);

  // The row that a key led to is drawn by now.
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const row = list.current?.querySelector(`:scope > li[data-key="${wanted.current}"]`);
    wanted.current = null;
    row?.querySelector<HTMLElement>(STOP)?.focus({ preventScroll: true });
  });

  const shown: number[] = [];
  for (let i = from; i < to; i++) shown.push(i);
  const kept = held === null ? -1 : keys.indexOf(held);
  if (kept >= 0 && kept < from) shown.unshift(kept);
  if (kept >= to) shown.push(kept);

  const place = (element: EventTarget | null) =>
    element instanceof Element ? element.closest<HTMLElement>("[data-key]") : null;
  return (
    <ul
      ref={list}
      class={props.class ? `rows ${props.class}` : "rows"}
      aria-label={props.label}
      style={{ height: `${keys.length * height}px` }}
      onFocusIn={(e) => setHeld(place(e.target)?.dataset.key ?? null)}
      onFocusOut={() => setHeld(null)}
      onKeyDown={(e) => {
        const row = place(e.target);
        if (!row || e.target !== row.querySelector(STOP) || !list.current) return;
        const at = keys.indexOf(row.dataset.key ?? "");
        const page = Math.max(1, Math.floor((innerHeight * 0.7) / height));
        const steps = { ArrowUp: -1, ArrowDown: 1, PageUp: -page, PageDown: page };
        const next = target(e.key, at, keys.length - 1, steps);
        if (at < 0 || next === null) return;
        e.preventDefault();
        reveal(list.current, next, height);
        wanted.current = keys[next] ?? null;
        setHeld(wanted.current);
        props.onMove?.(at, next, e.shiftKey);
      }}
    >
      {shown.map((i) => (
        <li
          key={keys[i]}
          data-key={keys[i]}
          aria-setsize={keys.length}
          aria-posinset={i + 1}
          style={{ transform: `translateY(${i * height}px)` }}
        >
          {props.row(i)}
        </li>
      ))}
    </ul>
  );
}
