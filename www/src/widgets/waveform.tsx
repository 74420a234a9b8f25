// Samples over time. Where there are more samples than pixels, each pixel column shows the
// lowest and highest value that falls into it, so that no peak is lost.

import { useCallback } from "preact/hooks";
import { Canvas, type Draw } from "./canvas";
import { figure } from "./format";
import { color } from "./theme";

const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3]];

/** Colour and dash of an axis; both tell axes apart. */
export function axisStyle(axis: number): { stroke: string; dash: readonly number[] } {
  return { stroke: color(`--axis-${axis % 6}`), dash: DASHES[axis % DASHES.length] ?? [] };
}

export function span(values: ArrayLike<number>): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] ?? 0;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (low > high) return { low: -1, high: 1 };
  if (low === high) return { low: low - 1, high: high + 1 };
  return { low, high };
}

interface Lines {
  values: ArrayLike<number>;
  axes: number;
  low: number;
  high: number;
}

/** Draws interleaved `[samples, axes]` over the whole width. */
export function drawLines(
  c: CanvasRenderingContext2D,
  width: number,
  height: number,
  lines: Lines,
): void {
  const { values, axes, low, high } = lines;
  const samples = Math.floor(values.length / axes);
  if (samples < 2) return;
  const pad = 4;
  const y = (v: number) => height - pad - ((v - low) / (high - low)) * (height - 2 * pad);
  c.lineWidth = 1.25;
  c.lineJoin = "round";
  for (let a = 0; a < axes; a++) {
    const style = axisStyle(a);
    c.strokeStyle = style.stroke;
    c.setLineDash(samples > width * 2 ? [] : [...style.dash]);
    c.beginPath();
    if (samples <= width * 2) {
      for (let i = 0; i < samples; i++) {
        const px = (i / (samples - 1)) * width;
        const py = y(values[i * axes + a] ?? 0);
        if (i === 0) c.moveTo(px, py);
        else c.lineTo(px, py);
      }
    } else {
      for (let px = 0; px < width; px++) {
        const from = Math.floor((px / width) * samples);
        const to = Math.max(from + 1, Math.floor(((px + 1) / width) * samples));
        let min = Number.POSITIVE_INFINITY;
        let max = Number.NEGATIVE_INFINITY;
        for (let i = from; i < to; i++) {
          const v = values[i * axes + a] ?? 0;
          if (v < min) min = v;
          if (v > max) max = v;
        }
        c.moveTo(px + 0.5, y(min));
        c.lineTo(px + 0.5, y(max) - 0.5);
      }
    }
    c.stroke();
  }
  c.setLineDash([]);
}

/** A faint zero line and the two ends of the scale. */
export function drawScale(
  c: CanvasRenderingContext2D,
  width: number,
  height: number,
  low: number,
  high: number,
  unit: string,
): void {
  c.strokeStyle = color("--line");
  c.lineWidth = 1;
  if (low < 0 && high > 0) {
    const zero = Math.round(height - 4 - ((0 - low) / (high - low)) * (height - 8)) + 0.5;
    c.beginPath();
    c.moveTo(0, zero);
    c.lineTo(width, zero);
    c.stroke();
  }
  c.fillStyle = color("--ink-2");
  c.font = "11px system-ui, sans-serif";
  c.textBaseline = "top";
  c.fillText(`${figure(high, 2)} ${unit}`, 4, 4);
  c.textBaseline = "bottom";
  c.fillText(`${figure(low, 2)} ${unit}`, 4, height - 4);
}

interface Props {
  values: ArrayLike<number>;
  axes: readonly string[];
  unit: string;
  label: string;
  class?: string;
}

export function Waveform({ values, axes, unit, label, class: extra }: Props) {
  const draw = useCallback<Draw>(
    (c, width, height) => {
      const { low, high } = span(values);
      drawScale(c, width, height, low, high, unit);
      drawLines(c, width, height, { values, axes: axes.length, low, high });
    },
    [values, axes, unit],
  );
  return <Canvas draw={draw} label={label} class={extra ?? "canvas waveform"} />;
}

/** Which line is which axis, as a sample of the line beside its name. */
export function AxisLegend({ axes }: { axes: readonly string[] }) {
  return (
    <ul class="axis-legend">
      {axes.map((name, i) => (
        <li key={name}>
          <svg
            width="24"
            height="8"
            viewBox="0 0 24 8"
            aria-hidden="true"
            class={`axis-ink-${i % 6}`}
          >
            <path d="M0 4h24" stroke-dasharray={DASHES[i % DASHES.length]?.join(" ")} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
