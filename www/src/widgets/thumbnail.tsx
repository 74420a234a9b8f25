// A recording at a glance: the range of each axis over about a hundred columns.

import { useCallback, useEffect, useState } from "preact/hooks";
import { Canvas, type Draw } from "./canvas";
import { color } from "./theme";

export interface Envelope {
  min: Float32Array;
  max: Float32Array;
}

interface Props {
  axes: number;
  load: () => Promise<Envelope>;
  label: string;
}

export function Thumbnail({ axes, load, label }: Props) {
  const [shape, setShape] = useState<Envelope | null>(null);
  useEffect(() => {
    let alive = true;
    load().then(
      (e) => alive && setShape(e),
      () => undefined, // a picture that cannot be had is left empty
    );
    return () => {
      alive = false;
    };
  }, [load]);

  const draw = useCallback<Draw>(
    (c, width, height) => {
      if (!shape || axes === 0) return;
      const columns = Math.floor(shape.min.length / axes);
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (const v of shape.min) if (v < low) low = v;
      for (const v of shape.max) if (v > high) high = v;
      const y = (v: number) => 1 + (height - 2) * (1 - (v - low) / (high - low || 1));
      c.lineWidth = 1;
      for (let a = 0; a < axes; a++) {
        c.strokeStyle = color(`--axis-${a % 6}`);
        c.beginPath();
        for (let k = 0; k < columns; k++) {
          const px = ((k + 0.5) / columns) * width;
          c.moveTo(px, y(shape.max[a * columns + k] ?? 0) - 0.5);
          c.lineTo(px, y(shape.min[a * columns + k] ?? 0) + 0.5);
        }
        c.stroke();
      }
    },
    [shape, axes],
  );

  return <div class="thumb">{shape && <Canvas draw={draw} label={label} class="canvas" />}</div>;
}
