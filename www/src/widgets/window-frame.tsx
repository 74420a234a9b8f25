// A frame over a waveform that can be dragged or moved with the keys.

import { useRef } from "preact/hooks";

interface Props {
  /** First sample inside the frame. */
  start: number;
  /** Samples inside. */
  length: number;
  /** Samples of the whole picture. */
  total: number;
  /** How far an arrow key moves it; with Shift it moves by one sample. */
  step: number;
  describe: (start: number) => string;
  onMove: (start: number) => void;
}

export function WindowFrame({ start, length, total, step, describe, onMove }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const grip = useRef<number | null>(null);
  const last = Math.max(0, total - length);
  const clamp = (s: number) => Math.max(0, Math.min(last, Math.round(s)));

  const sampleAt = (clientX: number): number => {
    const at = box.current?.getBoundingClientRect();
    return at && at.width > 0 ? ((clientX - at.left) / at.width) * total : 0;
  };

  return (
    <div
      ref={box}
      class="frame-box"
      onPointerDown={(e) => {
        const s = sampleAt(e.clientX);
        const inside = s >= start && s <= start + length;
        grip.current = inside ? s - start : length / 2;
        e.currentTarget.setPointerCapture(e.pointerId);
        if (!inside) onMove(clamp(s - length / 2));
      }}
      onPointerMove={(e) => {
        if (grip.current === null) return;
        const next = clamp(sampleAt(e.clientX) - grip.current);
        if (next !== start) onMove(next);
      }}
      onPointerUp={() => {
        grip.current = null;
      }}
      onPointerCancel={() => {
        grip.current = null;
      }}
    >
      <div
        class="frame"
        role="slider"
        tabIndex={0}
        aria-label="Window"
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={start}
        aria-valuetext={describe(start)}
        style={{ left: `${(100 * start) / total}%`, width: `${(100 * length) / total}%` }}
        onKeyDown={(e) => {
          const by = e.shiftKey ? 1 : step;
          const to: Record<string, number> = {
            ArrowLeft: start - by,
            ArrowDown: start - by,
            ArrowRight: start + by,
            ArrowUp: start + by,
            PageDown: start - length,
            PageUp: start + length,
            Home: 0,
            End: last,
          };
          const next = to[e.key];
          if (next === undefined) return;
          e.preventDefault();
          onMove(clamp(next));
        }}
      />
    </div>
  );
}
