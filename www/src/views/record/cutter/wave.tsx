// The recording with its pieces over it: their edges can be
// dragged or moved by keys.

import { useCallback, useEffect, useRef } from "preact/hooks";
import { cutting, movePiece, pickPiece, playedAt, playing, removePiece } from "../../../state";
import { Canvas, type Draw } from "../../../widgets/canvas";
import { figure } from "../../../widgets/format";
import { drawLines, drawScale } from "../../../widgets/waveform";

/** What is shown of a recording: from reading `from` to before `to`. */
export interface Range {
  from: number;
  to: number;
}

interface Props {
  /** `[readings, axes]`, and what 1 is in them. */
  values: ArrayLike<number> & { subarray(from: number, to: number): ArrayLike<number> };
  full: number;
  axes: number;
  rate_hz: number;
  unit: string;
  name: string;
  shown: Range;
  /** Highest and lowest of the whole recording, so that zooming does not change the scale. */
  low: number;
  high: number;
  onPlay: (from_s: number, to_s: number) => void;
}

const FINE_MS = 1;
const COARSE_MS = 20;

export function CutWave(props: Props) {
  const { values, full, axes, unit, shown, low, high, rate_hz, name } = props;
  const box = useRef<HTMLDivElement>(null);
  const length = shown.to - shown.from;
  const draw = useCallback<Draw>(
    (c, width, height) => {
      drawScale(c, width, height, low / full, high / full, unit);
      const part = values.subarray(shown.from * axes, shown.to * axes);
      drawLines(c, width, height, { values: part, axes, low, high });
    },
    [values, full, axes, unit, shown.from, shown.to, low, high],
  );
  const now = cutting.value;
  const place = (reading: number) => `${(100 * (reading - shown.from)) / length}%`;
  /** Readings for so many pixels. */
  const readings = (pixels: number) => (pixels * length) / (box.current?.clientWidth || 1);
  return (
    <div ref={box} class="cut-wave" data-testid="cut-wave">
      <Canvas
        draw={draw}
        class="canvas"
        label={`Waveform of ${name} from ${figure(shown.from / rate_hz)} s to ${figure(shown.to / rate_hz)} s`}
      />
      {now?.pieces.map((piece, i) => {
        const visible = piece.end > shown.from && piece.start < shown.to;
        if (!visible) return null;
        return (
          <div
            key={i}
            class={i === now.at ? "cut-piece cut-piece-on" : "cut-piece"}
            style={{
              left: place(piece.start),
              width: `${(100 * (piece.end - piece.start)) / length}%`,
            }}
          >
            <button
              type="button"
              class="cut-body"
              aria-label={`Piece ${i + 1}, ${seconds(piece.start, rate_hz)} to ${seconds(piece.end, rate_hz)}`}
              aria-pressed={i === now.at}
              onFocus={() => pickPiece(i)}
              onClick={() => {
                pickPiece(i);
                props.onPlay(piece.start / rate_hz, piece.end / rate_hz);
              }}
              onKeyDown={(e) => {
                const by = steps(e.key, e.shiftKey, rate_hz);
                if (by !== 0) movePiece(i, "both", by);
                else if (e.key === "Delete" || e.key === "Backspace") removePiece(i);
                else return;
                e.preventDefault();
              }}
            >
              <span class="cut-number num">{i + 1}</span>
            </button>
            <Edge piece={i} edge="start" at={piece.start} rate_hz={rate_hz} readings={readings} />
            <Edge piece={i} edge="end" at={piece.end} rate_hz={rate_hz} readings={readings} />
          </div>
        );
      })}
      <Playhead shown={shown} rate_hz={rate_hz} />
    </div>
  );
}

const seconds = (reading: number, rate_hz: number) => `${(reading / rate_hz).toFixed(2)} s`;

/** Readings that an arrow key moves by; 0 for other keys. */
function steps(key: string, fine: boolean, rate_hz: number): number {
  const by = Math.max(1, Math.round(((fine ? FINE_MS : COARSE_MS) * rate_hz) / 1000));
  if (key === "ArrowLeft" || key === "ArrowDown") return -by;
  if (key === "ArrowRight" || key === "ArrowUp") return by;
  return 0;
}

interface EdgeProps {
  piece: number;
  edge: "start" | "end";
  at: number;
  rate_hz: number;
  readings: (pixels: number) => number;
}

function Edge({ piece, edge, at, rate_hz, readings }: EdgeProps) {
  const grip = useRef<number | null>(null);
  const release = () => {
    grip.current = null;
  };
  return (
    <div
      class={`cut-edge cut-edge-${edge}`}
      role="slider"
      tabIndex={0}
      aria-label={`${edge === "start" ? "Start" : "End"} of piece ${piece + 1}`}
      aria-valuenow={Math.round((at / rate_hz) * 1000)}
      aria-valuetext={seconds(at, rate_hz)}
      onFocus={() => pickPiece(piece)}
      onPointerDown={(e) => {
        grip.current = e.clientX;
        pickPiece(piece);
        e.currentTarget.setPointerCapture(e.pointerId);
      }}
      onPointerMove={(e) => {
        if (grip.current === null) return;
        movePiece(piece, edge, readings(e.clientX - grip.current));
        grip.current = e.clientX;
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={(e) => {
        const by = steps(e.key, e.shiftKey, rate_hz);
        if (by === 0) return;
        e.preventDefault();
        movePiece(piece, edge, by);
      }}
    />
  );
}

/** Follows what is being played, frame by frame. */
function Playhead({ shown, rate_hz }: { shown: Range; rate_hz: number }) {
  const line = useRef<HTMLDivElement>(null);
  const on = playing.value?.id === cutting.value?.id;
  useEffect(() => {
    if (!on) return;
    let frame = 0;
    const follow = () => {
      const at = ((playedAt() ?? 0) * rate_hz - shown.from) / (shown.to - shown.from);
      if (line.current) {
        line.current.style.left = `${100 * at}%`;
        line.current.hidden = at < 0 || at > 1;
      }
      frame = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(frame);
  }, [on, shown.from, shown.to, rate_hz]);
  return on ? <div ref={line} class="cut-playhead" /> : null;
}
