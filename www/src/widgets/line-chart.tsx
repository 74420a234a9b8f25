// Lines over a common x, drawn by uPlot. Lines are told apart by colour and dash; the legend
// shows both. The numbers also stand in the label, for those who do not see the picture.

import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { color, colorsChanged } from "./theme";

export interface Line {
  name: string;
  /** Custom property that holds the colour. */
  ink: string;
  dash?: number[];
  values: readonly (number | null)[];
}

interface Props {
  x: readonly number[];
  lines: readonly Line[];
  /** The picture in words, with figures. */
  label: string;
  x_title: string;
  y_range?: [number, number];
  /** Shown while there are no more than one point. */
  x_range: [number, number];
  /** Shows a y value on the axis and under the cursor. */
  show: (value: number) => string;
  /** x values to mark with a vertical line. */
  marks?: readonly { x: number; text: string; at: "top" | "bottom" }[];
  /** A y value to mark with a line across, such as a threshold. */
  level?: number;
  height: number;
}

/** `level` is asked for at each drawing, so that the line follows without a new chart. */
function options(props: Props, level: () => number | undefined, width: number): uPlot.Options {
  const ink = color("--ink-2");
  const grid = { stroke: color("--line"), width: 1 };
  const font = "11px system-ui, sans-serif";
  const { show, y_range, marks = [] } = props;
  return {
    width,
    height: props.height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: {
        time: false,
        range: (_u, min, max) => (min < max ? [min, max] : [...props.x_range]),
      },
      y: y_range
        ? { range: y_range }
        : { range: (_u, _min, max) => [0, Number.isFinite(max) && max > 0 ? max * 1.08 : 1] },
    },
    axes: [
      { stroke: ink, grid: { show: false }, ticks: grid, font, size: 30, gap: 4 },
      {
        stroke: ink,
        grid,
        ticks: { show: false },
        font,
        size: 46,
        gap: 4,
        values: (_u, splits) => splits.map((v) => show(v)),
      },
    ],
    series: [
      {},
      ...props.lines.map((line) => ({
        label: line.name,
        stroke: color(line.ink),
        width: 2,
        dash: line.dash ?? [],
        points: { show: false },
      })),
    ],
    hooks: {
      draw: [
        (u) => {
          const density = devicePixelRatio || 1;
          const y = level();
          if (y !== undefined) {
            const py = Math.round(u.valToPos(y, "y", true)) + 0.5;
            u.ctx.save();
            u.ctx.strokeStyle = ink;
            u.ctx.lineWidth = density;
            u.ctx.setLineDash([6 * density, 4 * density]);
            u.ctx.beginPath();
            u.ctx.moveTo(u.bbox.left, py);
            u.ctx.lineTo(u.bbox.left + u.bbox.width, py);
            u.ctx.stroke();
            u.ctx.restore();
          }
          for (const mark of marks) {
            const px = Math.round(u.valToPos(mark.x, "x", true)) + 0.5;
            u.ctx.save();
            u.ctx.strokeStyle = color("--accent");
            u.ctx.lineWidth = density;
            u.ctx.setLineDash([3 * density, 3 * density]);
            u.ctx.beginPath();
            u.ctx.moveTo(px, u.bbox.top);
            u.ctx.lineTo(px, u.bbox.top + u.bbox.height);
            u.ctx.stroke();
            u.ctx.fillStyle = color("--accent");
            u.ctx.font = `${11 * density}px system-ui, sans-serif`;
            const right = px < u.bbox.left + u.bbox.width * 0.7;
            u.ctx.textAlign = right ? "left" : "right";
            u.ctx.textBaseline = mark.at;
            u.ctx.fillText(
              mark.text,
              px + (right ? 5 : -5) * density,
              mark.at === "top"
                ? u.bbox.top + 2 * density
                : u.bbox.top + u.bbox.height - 4 * density,
            );
            u.ctx.restore();
          }
        },
      ],
    },
  };
}

export function LineChart(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const themeTick = colorsChanged.value;
  const shape = props.lines.map((l) => `${l.name}${l.ink}`).join("|");
  const marks = (props.marks ?? []).map((m) => `${m.x}${m.text}`).join("|");

  // Rebuilt only when the look changes.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const data = () =>
      [latest.current.x, ...latest.current.lines.map((l) => l.values)] as uPlot.AlignedData;
    const chart = new uPlot(
      options(latest.current, () => latest.current.level, element.clientWidth || 320),
      data(),
      element,
    );
    plot.current = chart;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) {
        chart.setSize({ width: element.clientWidth, height: latest.current.height });
      }
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [shape, marks, themeTick]);

  useEffect(() => {
    plot.current?.setData([props.x, ...props.lines.map((l) => l.values)] as uPlot.AlignedData);
  }, [props.x, props.lines, props.level]);

  return (
    <figure class="chart">
      <div
        ref={box}
        class="chart-box"
        role="img"
        aria-label={props.label}
        style={{ height: `${props.height}px` }}
      />
      <figcaption class="chart-caption">
        <ul class="legend">
          {props.lines.map((line) => (
            <li key={line.name}>
              <svg width="24" height="8" viewBox="0 0 24 8" aria-hidden="true">
                <path
                  d="M0 4h24"
                  style={{ stroke: `var(${line.ink})` }}
                  stroke-width="2"
                  stroke-dasharray={line.dash?.join(" ")}
                />
              </svg>
              {line.name}
            </li>
          ))}
        </ul>
        <span class="chart-x">{props.x_title}</span>
      </figcaption>
    </figure>
  );
}
