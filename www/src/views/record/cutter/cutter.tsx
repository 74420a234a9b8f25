// Cutting a recording: one piece trims it, several split it. The pieces are shown over its
// waveform before anything changes.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import {
  acceptPieces,
  addPiece,
  closeCutter,
  cutting,
  isSound,
  PCM_SCALE,
  play,
  playing,
  project,
  readOnly,
  recordings,
  removePiece,
  type Signal,
  signalOf,
  stopPlaying,
  wholePiece,
} from "../../../state";
import { TextField } from "../../../widgets/fields";
import { duration } from "../../../widgets/format";
import { Icon } from "../../../widgets/icons";
import { Panel } from "../../../widgets/notice";
import { span } from "../../../widgets/waveform";
import { axesOf, groups, labels, mainLabel } from "../../shared";
import { Finder } from "./finder";
import { CutWave, type Range } from "./wave";
import { Zoom } from "./zoom";

/** What is being cut stays the same for as long as it is shown. */
export function CutPanel() {
  const id = cutting.value?.id ?? "";
  const meta = recordings.value.find((one) => one.id === id);
  const [kept, setKept] = useState<Signal | null>(null);
  const [shown, setShown] = useState<Range>({ from: 0, to: meta?.samples ?? 1 });
  const [label, setLabel] = useState(meta && meta.spans.length === 1 ? mainLabel(meta) : "");
  const [group, setGroup] = useState(meta?.group ?? "");
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let alive = true;
    signalOf(id).then(
      (found) => alive && setKept(found),
      () => alive && closeCutter(), // it was removed meanwhile
    );
    box.current?.scrollIntoView({ block: "nearest" });
    box.current?.focus({ preventScroll: true });
    return () => {
      alive = false;
    };
  }, [id]);

  const now = cutting.value;
  if (!meta || !now) return null;
  const sound = isSound(meta.axes);
  const at = now.pieces[now.at];
  const window = Math.round(((project.value?.settings.window_ms ?? 1000) * meta.rate_hz) / 1000);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is a shortcut of the Close button
    <div
      ref={box}
      tabIndex={-1}
      class="cutter"
      data-testid="cutter"
      onKeyDown={(e) => e.key === "Escape" && closeCutter()}
    >
      <Panel
        title={`Cut "${meta.name}"`}
        lead="Drag the edges, or use the arrow keys (with Shift in small steps). What lies outside of the pieces goes."
        actions={
          <button type="button" class="btn btn-small" onClick={closeCutter}>
            <Icon name="close" size={16} /> Close
          </button>
        }
      >
        <div class="cut-bar">
          {sound && <PlayAll id={id} />}
          {sound && <Finder id={id} />}
          <button
            type="button"
            class="btn btn-small"
            onClick={() => addPiece((shown.from + shown.to) / 2, Math.min(window, meta.samples))}
          >
            <Icon name="plus" size={16} /> Add a piece
          </button>
          <button type="button" class="btn btn-small" onClick={wholePiece}>
            One piece
          </button>
        </div>
        {kept ? (
          <Wave kept={kept} meta={meta} shown={shown} />
        ) : (
          <div class="cut-wave" role="status" aria-label="Fetching the samples" />
        )}
        <PieceLine
          text={
            at
              ? `Piece ${now.at + 1} of ${now.pieces.length}: ${clock(at.start, meta.rate_hz)} to ${clock(at.end, meta.rate_hz)}, ${duration((at.end - at.start) / meta.rate_hz)}`
              : "No piece is chosen."
          }
          onPlay={
            at && sound ? () => void play(id, at.start / meta.rate_hz, at.end / meta.rate_hz) : null
          }
          onRemove={at ? () => removePiece(now.at) : null}
        >
          <Zoom shown={shown} samples={meta.samples} onShow={setShown} />
        </PieceLine>
        <div class="field-row">
          <TextField
            live
            title="Label of the pieces"
            value={label}
            suggestions={labels.value}
            placeholder={meta.spans.length > 1 ? "as they are" : ""}
            onValue={setLabel}
          />
          <TextField
            live
            title="Person or occasion"
            value={group}
            suggestions={groups.value}
            placeholder={now.pieces.length > 1 ? meta.name : "optional"}
            help={now.pieces.length > 1 ? "Keeps the pieces together when data is split." : ""}
            onValue={setGroup}
          />
        </div>
        <div class="cut-accept">
          <button
            type="button"
            class="btn btn-primary"
            data-testid="cut-accept"
            disabled={now.pieces.length === 0 || readOnly.value}
            onClick={() => void acceptPieces(label, group)}
          >
            {now.pieces.length > 1
              ? `Split into ${now.pieces.length} recordings`
              : at
                ? `Trim to ${duration((at.end - at.start) / meta.rate_hz)}`
                : "Nothing to keep"}
          </button>
          <span class="fine">They take the place of this recording; Undo brings it back.</span>
        </div>
      </Panel>
    </div>
  );
}

const clock = (reading: number, rate_hz: number) => `${(reading / rate_hz).toFixed(2)} s`;

function PlayAll({ id }: { id: string }) {
  const on = playing.value?.id === id;
  return (
    <button
      type="button"
      class="btn btn-small"
      data-testid="cut-play"
      onClick={() => (on ? stopPlaying() : void play(id))}
    >
      <Icon name={on ? "stop" : "run"} size={16} /> {on ? "Stop" : "Play"}
    </button>
  );
}

function Wave(props: { kept: Signal; meta: (typeof recordings.value)[number]; shown: Range }) {
  const { kept, meta, shown } = props;
  const values = "pcm" in kept ? kept.pcm : kept.values;
  const [ends] = useState(() => {
    const { low, high } = span(values);
    // Sound swings about zero.
    const peak = Math.max(-low, high);
    return isSound(meta.axes) ? { low: -peak, high: peak } : { low, high };
  });
  return (
    <CutWave
      values={values}
      full={"pcm" in kept ? PCM_SCALE : 1}
      axes={meta.axes.length}
      rate_hz={meta.rate_hz}
      unit={axesOf(meta).unit}
      name={meta.name}
      shown={shown}
      {...ends}
      onPlay={(from, to) => isSound(meta.axes) && void play(meta.id, from, to)}
    />
  );
}

interface LineProps {
  text: string;
  onPlay: (() => void) | null;
  onRemove: (() => void) | null;
  children: ComponentChildren;
}

function PieceLine({ text, onPlay, onRemove, children }: LineProps) {
  return (
    <div class="cut-line">
      <p class="num" aria-live="polite">
        {text}
      </p>
      {onPlay && (
        <button type="button" class="btn btn-small" onClick={onPlay}>
          <Icon name="run" size={16} /> Play it
        </button>
      )}
      {onRemove && (
        <button type="button" class="btn btn-small" onClick={onRemove}>
          <Icon name="trash" size={16} /> Remove it
        </button>
      )}
      {children}
    </div>
  );
}
