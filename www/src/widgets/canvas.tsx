// A canvas that keeps its pixels sharp: it follows its box, the screen's density and the theme.

import { useEffect, useRef } from "preact/hooks";
import { colorsChanged } from "./theme";

export type Draw = (c: CanvasRenderingContext2D, width: number, height: number) => void;

interface Props {
  draw: Draw;
  /** What the picture shows, in words with figures. */
  label: string;
  class?: string;
  /** Draw on every animation frame instead of only on change. */
  live?: boolean;
}

function paint(canvas: HTMLCanvasElement, draw: Draw): void {
  const c = canvas.getContext("2d");
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (!c || width === 0 || height === 0) return;
  const density = Math.min(3, devicePixelRatio || 1);
  const w = Math.round(width * density);
  const h = Math.round(height * density);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  c.setTransform(density, 0, 0, density, 0, 0);
  c.clearRect(0, 0, width, height);
  draw(c, width, height);
}

export function Canvas({ draw, label, class: extra, live = false }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  latest.current = draw;
  const themeTick = colorsChanged.value;

  // A new theme means new colours.
  useEffect(() => {
    if (ref.current && !live) paint(ref.current, draw);
  }, [draw, live, themeTick]);

  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const observer = new ResizeObserver(() => paint(canvas, latest.current));
    observer.observe(canvas);
    let frame = 0;
    const loop = () => {
      paint(canvas, latest.current);
      frame = requestAnimationFrame(loop);
    };
    if (live) frame = requestAnimationFrame(loop);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [live]);

  return <canvas ref={ref} class={extra ?? "canvas"} role="img" aria-label={label} />;
}
