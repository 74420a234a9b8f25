// Pixels as a model has them, each as large as it comes: nothing is smoothed.

import { useEffect, useRef } from "preact/hooks";

interface Props {
  width: number;
  height: number;
  /** 1 (grey) or 3 (red, green, blue). */
  channels: number;
  /** `[height, width, channels]`, 0 to 255. */
  bytes: Uint8Array;
  label: string;
}

export function Pixels({ width, height, channels, bytes, label }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const c = ref.current?.getContext("2d");
    if (!c || width * height === 0) return;
    const image = c.createImageData(width, height);
    const [green, blue] = channels === 3 ? [1, 2] : [0, 0];
    for (let i = 0; i < width * height; i++) {
      image.data[4 * i] = bytes[i * channels] ?? 0;
      image.data[4 * i + 1] = bytes[i * channels + green] ?? 0;
      image.data[4 * i + 2] = bytes[i * channels + blue] ?? 0;
      image.data[4 * i + 3] = 255;
    }
    c.putImageData(image, 0, 0);
  }, [width, height, channels, bytes]);
  return (
    <canvas
      ref={ref}
      class="pixels"
      width={Math.max(1, width)}
      height={Math.max(1, height)}
      role="img"
      aria-label={label}
    />
  );
}
