// The last seconds of a sensor, newest at the right edge, drawn on every frame.

import { useCallback, useRef } from "preact/hooks";
import { Canvas, type Draw } from "./canvas";
import { axisStyle, drawScale } from "./waveform";

/** A ring of readings: `values` is `[capacity, axes]`, `head` the next place to be written. */
export interface Ring {
  times_ms: Float64Array;
  values: Float32Array;
  axes: string[];
  head: number;
  length: number;
}

const SHOWN_MS = 8000;
/** Least full scale of sound, as a share of what a microphone can give. */
const QUIET = 0.02;
const isSound = (axes: readonly string[]) => axes.length === 1 && axes[0] === "audio";

export function LiveTrace({ ring, unit }: { ring: Ring; unit: string }) {
  const scale = useRef({ low: -1, high: 1 });
  const draw = useCallback<Draw>(
    (c, width, height) => {
      const axes = ring.axes.length;
      const capacity = ring.times_ms.length;
      if (axes === 0 || capacity === 0 || ring.length === 0) return;
      const newest = ring.times_ms[(ring.head - 1 + capacity) % capacity] ?? 0;
      const first = (ring.head - ring.length + capacity) % capacity;
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < ring.length; i++) {
        const k = (first + i) % capacity;
        if ((ring.times_ms[k] ?? 0) < newest - SHOWN_MS) continue;
        for (let a = 0; a < axes; a++) {
          const v = ring.values[k * axes + a] ?? 0;
          if (v < low) low = v;
          if (v > high) high = v;
        }
      }
      if (low > high) return;
      if (isSound(ring.axes)) {
        // Sound swings about zero, and a quiet room is not to look like a storm.
        high = Math.max(QUIET, high, -low);
        low = -high;
      }
      const margin = Math.max(isSound(ring.axes) ? 0 : 0.5, (high - low) * 0.1);
      // The scale follows slowly, so that the trace does not jump.
      scale.current.low += (low - margin - scale.current.low) * 0.12;
      scale.current.high += (high + margin - scale.current.high) * 0.12;
      const { low: lo, high: hi } = scale.current;
      drawScale(c, width, height, lo, hi, unit);
      c.lineWidth = 1.5;
      c.lineJoin = "round";
      for (let a = 0; a < axes; a++) {
        c.strokeStyle = axisStyle(a).stroke;
        c.beginPath();
        let pen = false;
        for (let i = 0; i < ring.length; i++) {
          const k = (first + i) % capacity;
          const t = ring.times_ms[k] ?? 0;
          if (t < newest - SHOWN_MS) continue;
          const px = width * (1 - (newest - t) / SHOWN_MS);
          const py =
            height - 4 - (((ring.values[k * axes + a] ?? 0) - lo) / (hi - lo)) * (height - 8);
          if (pen) c.lineTo(px, py);
          else c.moveTo(px, py);
          pen = true;
        }
        c.stroke();
      }
    },
    [ring, unit],
  );
  return (
    <Canvas
      live
      draw={draw}
      class="canvas trace"
      label={`Live readings of ${ring.axes.join(", ") || "the sensor"}, last ${SHOWN_MS / 1000} seconds`}
    />
  );
}
