// What a camera shows, with a frame around the part of it that a model will see.

import { useEffect, useRef } from "preact/hooks";

/** What the model makes of a picture: so many pixels of its middle, or of all of it. */
export interface Framing {
  width: number;
  height: number;
  whole: boolean;
}

interface Props {
  element: HTMLVideoElement | HTMLCanvasElement;
  /** Width and height of the picture as it is kept. */
  size: [number, number];
  /** As a mirror would show it; only the eye is helped, no picture is changed. */
  mirror?: boolean;
  framing: Framing | null;
  label: string;
  children?: preact.ComponentChildren;
}

/** Nothing is drawn higher than this. */
const MOST_PX = 400;

/** What is not seen at the top, right, bottom and left, in shares: as the block counts its pixels. */
function unseen([w, h]: [number, number], framing: Framing): number[] {
  const { width, height, whole } = framing;
  if (whole || w === 0 || h === 0) return [0, 0, 0, 0];
  const nearest = (product: number, by: number) =>
    Math.max(1, Math.floor((product + Math.floor(by / 2)) / by));
  const wide = w * height > h * width;
  const [x, y] = wide ? [nearest(h * width, height), h] : [w, nearest(w * height, width)];
  const [left, top] = [Math.floor((w - x) / 2), Math.floor((h - y) / 2)];
  return [top / h, (w - x - left) / w, (h - y - top) / h, left / w];
}

export function LivePicture({ element, size, mirror = false, framing, label, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [w, h] = size;
  useEffect(() => {
    const at = box.current;
    if (!at) return;
    element.className = "live-picture-shown";
    element.setAttribute("aria-hidden", "true");
    at.prepend(element);
    // Browsers pause a video that is moved to another place.
    if (element instanceof HTMLVideoElement) void element.play().catch(() => undefined);
    return () => element.remove();
  }, [element]);
  useEffect(() => {
    element.classList.toggle("live-picture-mirrored", mirror);
  }, [element, mirror]);
  const inset = framing && unseen(size, framing);
  return (
    <div
      ref={box}
      class="live-picture"
      role="img"
      aria-label={label}
      style={{
        aspectRatio: `${w || 4} / ${h || 3}`,
        maxWidth: `${(MOST_PX * (w || 4)) / (h || 3)}px`,
      }}
    >
      {inset && (
        <div
          class="live-picture-frame"
          style={{ inset: inset.map((share) => `${(100 * share).toFixed(3)}%`).join(" ") }}
        />
      )}
      {children}
    </div>
  );
}
