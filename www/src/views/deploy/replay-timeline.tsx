// A replayed stream as a picture: what went on, what was said, when the chip was awake. It is
// moved and zoomed by pointer, by keys and by buttons.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Worth } from "../../engine/types/Worth";
import { Canvas } from "../../widgets/canvas";
import { classColor } from "../../widgets/class-mark";
import { clock, duration, percent, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { color } from "../../widgets/theme";
import type { Replayed } from "../../worker/protocol";

/** What is shown, in ms. */
interface Shown {
  from: number;
  to: number;
}

/** No closer than so many windows. */
const CLOSEST = 8;
/** A step of the zoom, and of the arrow keys as a share of what is shown. */
const ZOOM = 2;
const STEP = 0.2;

const ROWS = { truth: 22, said: 20, score: 44, awake: 14, ticks: 18, gap: 8 } as const;
export const HEIGHT = ROWS.truth + ROWS.said + ROWS.score + ROWS.awake + ROWS.ticks + 4 * ROWS.gap;

const GOOD: ReadonlySet<Worth> = new Set(["found", "repeated"]);

/** Steps of a ruler, in seconds. */
const RULER_S = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600];
const TICK_PX = 84;

function draw(found: Replayed, shown: Shown, c: CanvasRenderingContext2D, width: number): void {
  const { told, timeline } = found;
  const length = shown.to - shown.from;
  const x = (t_ms: number) => ((t_ms - shown.from) / length) * width;
  const column_ms = told.length_ms / Math.max(1, timeline.awake.length);
  const first = Math.max(0, Math.floor(shown.from / column_ms));
  const last = Math.min(timeline.awake.length, Math.ceil(shown.to / column_ms));
  let y = 0;

  // What went on; what was missed is hollow.
  for (const { start_ms, end_ms, label, delay_ms } of told.truths) {
    if (end_ms < shown.from || start_ms > shown.to) continue;
    const ink = color(classColor(label));
    const left = x(start_ms);
    const wide = Math.max(2, x(end_ms) - left);
    c.fillStyle = c.strokeStyle = ink;
    c.lineWidth = 1.5;
    if (delay_ms === null) {
      c.setLineDash([4, 3]);
      c.strokeRect(left + 0.75, y + 0.75, wide - 1.5, ROWS.truth - 1.5);
      c.setLineDash([]);
    } else {
      c.fillRect(left, y, wide, ROWS.truth);
    }
    const name = told.labels[label] ?? "";
    c.font = "600 12px system-ui, sans-serif";
    c.textBaseline = "middle";
    if (c.measureText(name).width + 12 < wide) {
      c.fillStyle = delay_ms === null ? ink : color("--panel");
      c.fillText(name, Math.max(left, 0) + 6, y + ROWS.truth / 2 + 0.5);
    }
  }
  y += ROWS.truth + ROWS.gap;

  // What was said: a point up where it was right, a cross where it was not.
  for (const { t_ms, label, worth } of told.said) {
    if (t_ms < shown.from || t_ms > shown.to) continue;
    const at = x(t_ms);
    const middle = y + ROWS.said / 2;
    c.fillStyle = c.strokeStyle = color(classColor(label));
    c.lineWidth = 2;
    c.beginPath();
    if (GOOD.has(worth)) {
      c.moveTo(at, middle - 7);
      c.lineTo(at + 6, middle + 5);
      c.lineTo(at - 6, middle + 5);
      c.closePath();
      if (worth === "found") c.fill();
      else c.stroke();
    } else {
      c.strokeStyle = color(worth === "false_alarm" || worth === "mistaken" ? "--bad" : "--ink-2");
      c.moveTo(at - 5, middle - 5);
      c.lineTo(at + 5, middle + 5);
      c.moveTo(at + 5, middle - 5);
      c.lineTo(at - 5, middle + 5);
      c.stroke();
    }
  }
  y += ROWS.said + ROWS.gap;

  // How sure the best label was.
  c.fillStyle = color("--inset");
  c.fillRect(0, y, width, ROWS.score);
  for (let i = first; i < last; i++) {
    const score = timeline.score[i] ?? 0;
    if (score <= 0) continue;
    const left = x(i * column_ms);
    c.fillStyle = color(classColor(timeline.best[i] ?? 0));
    c.globalAlpha = 0.55;
    c.fillRect(
      left,
      y + ROWS.score * (1 - score),
      Math.max(1, x((i + 1) * column_ms) - left),
      ROWS.score * score,
    );
    c.globalAlpha = 1;
  }
  y += ROWS.score + ROWS.gap;

  // When the chip was awake.
  c.fillStyle = color("--inset");
  c.fillRect(0, y, width, ROWS.awake);
  c.fillStyle = color("--accent");
  for (let i = first; i < last; i++) {
    const share = timeline.awake[i] ?? -1;
    if (share <= 0) continue;
    const left = x(i * column_ms);
    const high = ROWS.awake * share;
    c.fillRect(left, y + ROWS.awake - high, Math.max(1, x((i + 1) * column_ms) - left + 0.5), high);
  }
  y += ROWS.awake + ROWS.gap;

  const wanted = (length / 1000 / width) * TICK_PX;
  const step = (RULER_S.find((s) => s >= wanted) ?? wanted) * 1000;
  c.fillStyle = color("--ink-2");
  c.font = "12px system-ui, sans-serif";
  c.textBaseline = "top";
  for (let t = Math.ceil(shown.from / step) * step; t <= shown.to; t += step) {
    c.fillRect(x(t), y - 4, 1, 4);
    const text = clock(t);
    const half = c.measureText(text).width / 2;
    c.fillText(text, Math.min(width - 2 * half, Math.max(0, x(t) - half)), y + 2);
  }
}

/** What the picture shows, for who can't see it. */
function words({ told }: Replayed, { from, to }: Shown): string {
  const within = told.truths.filter((t) => t.end_ms >= from && t.start_ms <= to);
  const found = within.filter((t) => t.delay_ms !== null).length;
  const wrong = told.said.filter((s) => s.t_ms >= from && s.t_ms <= to && !GOOD.has(s.worth));
  return `From ${clock(from)} to ${clock(to)}: ${found} of ${plural(within.length, "event")} found, ${plural(wrong.length, "message")} that should not have been; awake ${percent(told.awake / Math.max(1, told.windows), 0)} of all windows`;
}

export function ReplayTimeline({ found }: { found: Replayed }) {
  const whole = { from: 0, to: found.told.length_ms };
  const [shown, setShown] = useState<Shown>(whole);
  const box = useRef<HTMLDivElement>(null);
  const length = shown.to - shown.from;
  const closest = Math.min(whole.to, CLOSEST * found.told.hop_ms);

  useEffect(() => setShown({ from: 0, to: found.told.length_ms }), [found]);

  const show = (around: number, at: number, wanted: number) => {
    const next = Math.min(whole.to, Math.max(closest, wanted));
    const from = Math.max(0, Math.min(whole.to - next, around - at * next));
    setShown({ from, to: from + next });
  };
  const zoom = (by: number, at = 0.5) => show(shown.from + at * length, at, length / by);
  const move = (share: number) => show(shown.from + share * length, 0, length);

  const onKeyDown = (e: KeyboardEvent) => {
    const keys: Record<string, () => void> = {
      ArrowLeft: () => move(-STEP),
      ArrowRight: () => move(STEP),
      PageUp: () => move(-1),
      PageDown: () => move(1),
      "+": () => zoom(ZOOM),
      "=": () => zoom(ZOOM),
      "-": () => zoom(1 / ZOOM),
      Home: () => show(0, 0, length),
      End: () => show(whole.to, 1, length),
      "0": () => setShown(whole),
    };
    const act = keys[e.key];
    if (!act || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    act();
  };

  const drag = useRef<{ x: number; from: number } | null>(null);
  const width = () => box.current?.clientWidth || 1;
  const onPointerMove = (e: PointerEvent) => {
    if (!drag.current) return;
    const by = ((drag.current.x - e.clientX) / width()) * length;
    show(drag.current.from + by, 0, length);
  };
  const onWheel = (e: WheelEvent) => {
    // The page scrolls; with Ctrl (and so with two fingers) the picture is zoomed.
    if (!e.ctrlKey) return;
    e.preventDefault();
    const left = box.current?.getBoundingClientRect().left ?? 0;
    zoom(e.deltaY < 0 ? ZOOM : 1 / ZOOM, (e.clientX - left) / width());
  };

  const paint = useCallback(
    (c: CanvasRenderingContext2D, w: number) => draw(found, shown, c, w),
    [found, shown],
  );
  return (
    <div class="replay-timeline">
      <div class="replay-tools">
        <span class="fine num">
          {length < whole.to
            ? `${duration(length / 1000)} of ${duration(whole.to / 1000)}`
            : duration(whole.to / 1000)}
        </span>
        <Tool name="Earlier" icon="left" off={shown.from <= 0} run={() => move(-0.5)} />
        <Tool name="Later" icon="right" off={shown.to >= whole.to} run={() => move(0.5)} />
        <Tool name="Show more" icon="minus" off={length >= whole.to} run={() => zoom(1 / ZOOM)} />
        <Tool name="Look closer" icon="plus" off={length <= closest} run={() => zoom(ZOOM)} />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: there is no element for a picture that keys move */}
      <div
        ref={box}
        class={length < whole.to ? "replay-canvas replay-canvas-close" : "replay-canvas"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move and zoom it
        tabIndex={0}
        role="group"
        aria-label="Timeline. Arrow keys move, plus and minus zoom, 0 shows all."
        data-testid="replay-timeline"
        onKeyDown={onKeyDown}
        onPointerDown={(e) => {
          e.currentTarget.setPointerCapture(e.pointerId);
          drag.current = { x: e.clientX, from: shown.from };
        }}
        onPointerMove={onPointerMove}
        onPointerUp={() => {
          drag.current = null;
        }}
        onPointerCancel={() => {
          drag.current = null;
        }}
        onDblClick={() => zoom(ZOOM)}
        onWheel={onWheel}
      >
        <Canvas class="replay-picture" draw={paint} label={words(found, shown)} />
      </div>
      <ul class="replay-key" aria-label="What the picture shows">
        <li>
          <Key d="M1 2h14v8H1Z" /> event
        </li>
        <li>
          <Key d="M1 2h14v8H1Z" hollow /> missed
        </li>
        <li>
          <Key d="M8 1l6 10H2Z" /> said, found
        </li>
        <li>
          <Key d="M3 1l10 10M13 1L3 11" hollow bad /> said for nothing
        </li>
        <li>
          <span class="replay-swatch" aria-hidden="true" /> awake
        </li>
      </ul>
    </div>
  );
}

function Key({ d, hollow = false, bad = false }: { d: string; hollow?: boolean; bad?: boolean }) {
  const look = `replay-mark${hollow ? " replay-hollow" : ""}${bad ? " replay-bad" : ""}`;
  return (
    <svg class={look} width="16" height="12" viewBox="0 0 16 12" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}

function Tool(props: {
  name: string;
  icon: "left" | "right" | "plus" | "minus";
  off: boolean;
  run: () => void;
}) {
  return (
    <button
      type="button"
      class="btn btn-icon btn-small"
      aria-label={props.name}
      disabled={props.off}
      onClick={props.run}
    >
      <Icon name={props.icon} size={16} />
    </button>
  );
}
