// Thousands of pictures in rows of squares, of which those near the view are drawn. One list to
// assistive technology: the focus stays on the box, and the tile it is at is named.

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Tile } from "./tile";
import { onResize, reveal, target, useStretch } from "./windowing";

const GAP_PX = 8;
/** A finger that rests so long on a tile selects it; one that moves so far scrolls. */
const LONG_MS = 450;
const STILL_PX = 8;

export interface TilesProps {
  label: string;
  ids: readonly string[];
  selected: ReadonlySet<string>;
  /** A press selects instead of opening. */
  selecting: boolean;
  /** The least width of a tile, and what is below each, in pixels. */
  least_px: number;
  foot_px?: number;
  /** Gives `draw` the picture once; what it returns withdraws the wish. These four stay the same function. */
  want: (id: string, draw: (picture: ImageBitmap) => void) => () => void;
  name: (id: string) => string;
  mark: (id: string) => number;
  foot?: (id: string) => ComponentChildren;
  onOpen: (id: string) => void;
  onToggle: (id: string) => void;
  onStretch: (from: string, to: string) => void;
  onAll: () => void;
  onClear: () => void;
  /** Absent where nothing may be changed. */
  onDelete?: (ids: string[]) => void;
}

/** Columns and side of a tile for a box of some width. */
function useColumns(least_px: number) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWidth(element.clientWidth);
    measure();
    return onResize(element, measure);
  }, []);
  const columns = Math.max(1, Math.floor((width + GAP_PX) / (least_px + GAP_PX)));
  const side = Math.max(0, Math.floor((width - (columns - 1) * GAP_PX) / columns));
  return { box, columns, side };
}

/** Calls `held` for a tile on which a finger rests; `swallow` tells whether the click after it is of that. */
function useLongPress(held: (i: number) => void) {
  const press = useRef<{ timer: number; x: number; y: number } | null>(null);
  const done = useRef(false);
  const end = () => {
    if (press.current) clearTimeout(press.current.timer);
    press.current = null;
  };
  return {
    swallow: () => {
      const was = done.current;
      done.current = false;
      return was;
    },
    on: {
      onPointerDown: (e: PointerEvent) => {
        done.current = false;
        const i = tileOf(e.target);
        if (e.pointerType === "mouse" || i < 0) return;
        const timer = window.setTimeout(() => {
          press.current = null;
          done.current = true;
          held(i);
        }, LONG_MS);
        press.current = { timer, x: e.clientX, y: e.clientY };
      },
      onPointerMove: (e: PointerEvent) => {
        const at = press.current;
        if (at && Math.hypot(e.clientX - at.x, e.clientY - at.y) > STILL_PX) end();
      },
      onPointerUp: end,
      onPointerCancel: end,
      // The menu of a long press would cover what was selected.
      onContextMenu: (e: Event) => {
        if (done.current) e.preventDefault();
      },
    },
  };
}

function tileOf(target: EventTarget | null): number {
  const tile = target instanceof Element ? target.closest<HTMLElement>("[data-i]") : null;
  return tile ? Number(tile.dataset.i) : -1;
}

export function Tiles(props: TilesProps) {
  const { ids, selected } = props;
  const name = useId();
  const { box, columns, side } = useColumns(props.least_px);
  const height = side + (props.foot_px ?? 0) + GAP_PX;
  const rows = Math.ceil(ids.length / columns);
  const { from, to } = useStretch(box, rows, side > 0 ? height : 0, 1);
  const [active, setActive] = useState<{ id: string; i: number } | null>(null);

  // The tile that was left may be gone: then the one that took its place.
  const here = active ? ids.indexOf(active.id) : 0;
  const at = here >= 0 ? here : Math.max(0, Math.min(ids.length - 1, active?.i ?? 0));
  const go = (i: number) => setActive({ id: ids[i] ?? "", i });
  const press = useLongPress((i) => {
    go(i);
    props.onToggle(ids[i] ?? "");
  });

  const onClick = (e: MouseEvent) => {
    const i = tileOf(e.target);
    const id = ids[i];
    if (press.swallow() || id === undefined) return;
    const check = e.target instanceof Element && e.target.closest(".tile-check") !== null;
    if (e.shiftKey) props.onStretch(ids[at] ?? id, id);
    else if (e.ctrlKey || e.metaKey || check || props.selecting) props.onToggle(id);
    else props.onOpen(id);
    go(i);
  };

  const onKeyDown = (e: KeyboardEvent) => {
    const id = ids[at];
    if (id === undefined || !box.current) return;
    const view = box.current.parentElement?.clientHeight ?? innerHeight;
    const page = columns * Math.max(1, Math.floor(view / height));
    const next = target(e.key, at, ids.length - 1, {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      PageUp: -page,
      PageDown: page,
    });
    if (next !== null) {
      go(next);
      reveal(box.current, Math.floor(next / columns), height);
      if (e.shiftKey) props.onStretch(id, ids[next] ?? id);
    } else if (e.key === " ") {
      go(at);
      props.onToggle(id);
    } else if (e.key === "Enter") {
      go(at);
      props.onOpen(id);
    } else if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "a") props.onAll();
    else if (e.key === "Delete" && props.onDelete) {
      // What a filter hides is not meant.
      const chosen = ids.filter((one) => selected.has(one));
      props.onDelete(chosen.length > 0 ? chosen : [id]);
    } else if (e.key === "Escape" && selected.size > 0) props.onClear();
    else return;
    e.preventDefault();
    e.stopPropagation();
  };

  const drawn: number[] = [];
  if (side > 0)
    for (let i = from * columns; i < Math.min(ids.length, to * columns); i++) drawn.push(i);
  return (
    <div
      class={props.selecting ? "tiles-view tiles-selecting" : "tiles-view"}
      role="listbox"
      tabIndex={0}
      aria-label={props.label}
      aria-multiselectable="true"
      aria-activedescendant={drawn.includes(at) ? `${name}-${at}` : undefined}
      data-testid="tiles"
      data-count={ids.length}
      onClick={onClick}
      onKeyDown={onKeyDown}
      {...press.on}
    >
      <div
        ref={box}
        class="tiles"
        role="presentation"
        style={{ height: `${Math.max(0, rows * height - GAP_PX)}px` }}
      >
        {drawn.map((i) => {
          const id = ids[i] ?? "";
          return (
            <Tile
              key={id}
              id={id}
              element={`${name}-${i}`}
              i={i}
              of={ids.length}
              x={(i % columns) * (side + GAP_PX)}
              y={Math.floor(i / columns) * height}
              side={side}
              selected={selected.has(id)}
              active={i === at}
              want={props.want}
              name={props.name}
              mark={props.mark}
              foot={props.foot}
            />
          );
        })}
      </div>
    </div>
  );
}
