// What a camera shows, with a frame around the part of it that a model will see.

import { useEffect, useRef } from "preact/hooks";
import { type Framing, unseen } from "../engine/framing";

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

/** Nothing is drawn higher than this: what stands above and below it is in sight as well. */
const MOST_HEIGHT = "min(400px, 38vh)";

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
        maxWidth: `calc(${MOST_HEIGHT} * ${(w || 4) / (h || 3)})`,
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
