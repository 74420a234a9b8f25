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
  size: [number, number];
  /** As a mirror would show it; only the eye is helped, no picture is changed. */
  mirror?: boolean;
  framing: Framing | null;
  label: string;
  children?: preact.ComponentChildren;
}

/** Nothing is drawn higher than this. */
const MOST_PX = 400;

/** The part of a picture that is seen, in shares of its sides: the largest middle of the wanted shape. */
function seenPart([w, h]: [number, number], framing: Framing): [number, number] {
  if (framing.whole || w === 0 || h === 0) return [1, 1];
  const { width, height } = framing;
  return w * height > h * width ? [(h * width) / height / w, 1] : [1, (w * height) / width / h];
}

export function LivePicture({ element, size, mirror = false, framing, label, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
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
  const [x, y] = framing ? seenPart(size, framing) : [1, 1];
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
      {framing && (
        <div
          ref={frame}
          class="live-picture-frame"
          style={{ inset: `${(50 * (1 - y)).toFixed(3)}% ${(50 * (1 - x)).toFixed(3)}%` }}
        />
      )}
      {children}
    </div>
  );
}
