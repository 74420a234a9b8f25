// Values over time and over columns (bands, coefficients, axes) as colours, with axes, a scale and a
// cross that reads one value out: by the pointer, or by the arrow keys.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Canvas, type Draw } from "./canvas";
import { figure } from "./format";
import { paint, RAMP_CSS } from "./ramp";
import { color } from "./theme";

const LEFT = 52;
const BOTTOM = 22;
const TOP = 6;
const RIGHT = 4;

interface Props {
  title: string;
  /** `[frames, columns]`. */
  values: Float32Array;
  frames: number;
  columns: number;
  /** Length of what was looked at, of one frame, and from frame to frame, in milliseconds. */
  span_ms: number;
  frame_ms: number;
  step_ms: number;
  /** What a column is, in full: "1.2 kHz", "coefficient 3". */
  column: (index: number) => string;
  /** The same where there is little room. */
  tick: (index: number) => string;
  unit?: string;
}

interface Place {
  frame: number;
  column: number;
}

/** Bounds of what is a number; a scale needs a width, so that even a flat picture has one. */
export function bounds(values: Float32Array): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (!(low <= high)) return { low: 0, high: 1 };
  return low === high ? { low, high: low + 1 } : { low, high };
}

/** A step of 1, 2 or 5 times a power of ten that gives about `wanted` ticks. */
function roundStep(span: number, wanted: number): number {
  const raw = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(raw));
  const lead = raw / power;
  return power * (lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1);
}

export function HeatMap(props: Props) {
  const { title, values, frames, columns, span_ms, step_ms, column, tick, unit = "" } = props;
  // A frame is drawn as wide as a step, around its middle.
  const first_ms = (props.frame_ms - step_ms) / 2;
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Place | null>(null);
  const { low, high } = bounds(values);

  const draw = useCallback<Draw>(
    (c, width, height) => {
      const w = width - LEFT - RIGHT;
      const h = height - TOP - BOTTOM;
      if (w <= 0 || h <= 0 || frames === 0 || columns === 0) return;
      const picture = new OffscreenCanvas(frames, columns);
      picture.getContext("2d")?.putImageData(paint(values, frames, columns, low, high), 0, 0);
      c.imageSmoothingEnabled = false;
      const by = w / span_ms;
      c.drawImage(picture, LEFT + first_ms * by, TOP, frames * step_ms * by, h);
      c.fillStyle = color("--ink-2");
      c.font = "11px system-ui, sans-serif";
      c.textBaseline = "top";
      const step = roundStep(span_ms, w / 90);
      for (let ms = 0; ms <= span_ms * 1.001; ms += step) {
        c.textAlign = ms === 0 ? "left" : ms > span_ms * 0.95 ? "right" : "center";
        const last = ms + step > span_ms * 1.001 ? " ms" : "";
        c.fillText(`${figure(ms, 4)}${last}`, LEFT + (ms / span_ms) * w, height - BOTTOM + 6);
      }
      c.textAlign = "right";
      c.textBaseline = "middle";
      const rows = Math.max(1, Math.min(columns, Math.floor(h / 26)));
      for (let i = 0; i < rows; i++) {
        const k = rows === 1 ? 0 : Math.round((i * (columns - 1)) / (rows - 1));
        c.fillText(tick(k), LEFT - 6, TOP + h * (1 - (k + 0.5) / columns), LEFT - 8);
      }
    },
    [values, frames, columns, span_ms, first_ms, step_ms, tick, low, high],
  );

  // A smaller picture may not have the place that was looked at.
  useEffect(() => {
    setAt((old) => (old && (old.frame >= frames || old.column >= columns) ? null : old));
  }, [frames, columns]);

  const placeOf = (e: PointerEvent): Place | null => {
    const r = box.current?.getBoundingClientRect();
    if (!r) return null;
    const x = (e.clientX - r.left - LEFT) / (r.width - LEFT - RIGHT);
    const y = (e.clientY - r.top - TOP) / (r.height - TOP - BOTTOM);
    const frame = Math.floor((x * span_ms - first_ms) / step_ms);
    if (frame < 0 || frame >= frames || y < 0 || y >= 1) return null;
    return { frame, column: Math.floor((1 - y) * columns) };
  };

  const onKeyDown = (e: KeyboardEvent) => {
    const from = at ?? { frame: frames >> 1, column: columns >> 1 };
    const by = e.shiftKey ? 10 : 1;
    const to: Record<string, Place> = {
      ArrowLeft: { ...from, frame: from.frame - by },
      ArrowRight: { ...from, frame: from.frame + by },
      ArrowUp: { ...from, column: from.column + by },
      ArrowDown: { ...from, column: from.column - by },
      Home: { ...from, frame: 0 },
      End: { ...from, frame: frames - 1 },
    };
    const next = to[e.key];
    if (!next) return;
    e.preventDefault();
    setAt({
      frame: Math.max(0, Math.min(frames - 1, next.frame)),
      column: Math.max(0, Math.min(columns - 1, next.column)),
    });
  };

  const middle_ms = first_ms + ((at?.frame ?? 0) + 0.5) * step_ms;
  const value = at ? (values[at.frame * columns + at.column] ?? 0) : 0;
  const told = at
    ? `${figure(middle_ms, 4)} ms, ${column(at.column)}: ${figure(value, 3)}${unit && ` ${unit}`}`
    : "Point at the picture, or use the arrow keys, to read values.";
  const shares = at && {
    x: middle_ms / span_ms,
    y: 1 - (at.column + 0.5) / columns,
  };
  return (
    <figure class="heat">
      <figcaption class="heat-head">
        <h3>{title}</h3>
        <output class="fine num">{told}</output>
      </figcaption>
      <div class="heat-row">
        {/* Pixels under a cross are a slider in two directions: no element has that by itself. */}
        <div
          ref={box}
          class="heat-box"
          role="slider"
          tabIndex={0}
          aria-label={`${title}: read values`}
          aria-valuemin={0}
          aria-valuemax={frames - 1}
          aria-valuenow={at?.frame ?? 0}
          aria-valuetext={told}
          onKeyDown={onKeyDown}
          onPointerMove={(e) => setAt(placeOf(e))}
          onPointerDown={(e) => setAt(placeOf(e))}
          onPointerLeave={() => setAt(null)}
        >
          <Canvas
            draw={draw}
            label={`${title}: ${frames} frames over ${figure(span_ms, 4)} ms, ${columns} columns from ${column(0)} to ${column(columns - 1)}, values from ${figure(low, 3)} to ${figure(high, 3)} ${unit}`}
          />
          {shares && (
            <>
              <span
                class="heat-cross heat-cross-x"
                style={{ left: `calc(${LEFT}px + (100% - ${LEFT + RIGHT}px) * ${shares.x})` }}
              />
              <span
                class="heat-cross heat-cross-y"
                style={{ top: `calc(${TOP}px + (100% - ${TOP + BOTTOM}px) * ${shares.y})` }}
              />
            </>
          )}
        </div>
        <div class="heat-scale num" aria-hidden="true">
          <span>{figure(high, 2)}</span>
          <span class="heat-ramp" style={{ background: RAMP_CSS }} />
          <span>
            {figure(low, 2)} {unit}
          </span>
        </div>
      </div>
    </figure>
  );
}
