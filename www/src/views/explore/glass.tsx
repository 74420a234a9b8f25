// A recording under the glass: its waveform, one window of it, and the window's features.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RecordingMeta } from "../../engine/types/RecordingMeta";
import {
  forgetLooked,
  isSound,
  lookAt,
  looked,
  lookTrouble,
  overview,
  project,
  readOnly,
  recordings,
  type Samples,
  samplesOf,
  setNotes,
} from "../../state";
import { ClassMark } from "../../widgets/class-mark";
import { TextField } from "../../widgets/fields";
import { duration, figure } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice, Panel } from "../../widgets/notice";
import { AxisLegend, Waveform } from "../../widgets/waveform";
import { WindowFrame } from "../../widgets/window-frame";
import { PlayButton } from "../play-button";
import { axesOf, focus, labelIndex, labels, mainLabel, seconds } from "../shared";
import { Features } from "./features";
import { Pictures } from "./pictures";

const samples = signal<{ id: string; data: Samples } | null>(null);

function Chooser({ meta }: { meta: RecordingMeta }) {
  const all = recordings.value;
  const at = all.findIndex((r) => r.id === meta.id);
  const go = (step: number) => {
    const next = all[(at + step + all.length) % all.length];
    if (next) focus.value = { id: next.id, start: 0 };
  };
  return (
    <div class="chooser">
      <button
        type="button"
        class="btn btn-icon"
        aria-label="Previous recording"
        onClick={() => go(-1)}
      >
        <Icon name="left" size={16} />
      </button>
      <select
        aria-label="Recording"
        value={meta.id}
        onChange={(e) => {
          focus.value = { id: e.currentTarget.value, start: 0 };
        }}
      >
        {labels.value.map((label) => (
          <optgroup key={label} label={label}>
            {all
              .filter((r) => mainLabel(r) === label)
              .map((r) => (
                <option key={r.id} value={r.id} selected={r.id === meta.id}>
                  {r.name}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      <button type="button" class="btn btn-icon" aria-label="Next recording" onClick={() => go(1)}>
        <Icon name="right" size={16} />
      </button>
    </div>
  );
}

/** The window's samples, pictures and features, as far as they are known. */
function Window({ meta, short }: { meta: RecordingMeta; short: boolean }) {
  const seen = looked.value?.id === meta.id ? looked.value : null;
  const trouble = lookTrouble.value;
  if (short) return null;
  if (!seen && !trouble) return <p class="quiet-line">Looking…</p>;
  const { unit } = axesOf(meta);
  return (
    <>
      {trouble && (
        <Notice
          severity="error"
          what={trouble.what}
          place={trouble.place}
          remedy={trouble.remedy}
        />
      )}
      {seen && (
        <div class={trouble ? "window-old" : ""}>
          {(seen.features.frames > 1 || seen.spectrogram) && <Pictures seen={seen} unit={unit} />}
          {seen.list && <Features view={seen.list} />}
        </div>
      )}
    </>
  );
}

export function Glass() {
  const all = recordings.value;
  const wanted = focus.value;
  const meta = all.find((r) => r.id === wanted?.id) ?? all[0];
  const start = meta?.id === wanted?.id ? (wanted?.start ?? 0) : 0;
  const settings = project.value?.settings;

  const id = meta?.id ?? null;
  useEffect(() => {
    if (id === null) return;
    let alive = true;
    samplesOf(id).then(
      (data) => {
        if (alive) samples.value = { id, data };
      },
      () => undefined, // the state has told why; the picture stays empty
    );
    return () => {
      alive = false;
    };
  }, [id]);

  const shape = JSON.stringify([
    settings?.rate_hz,
    settings?.window_ms,
    settings?.block,
    settings?.axes,
  ]);
  const ready = overview.value !== null;
  const window = Math.max(
    1,
    Math.round(((settings?.window_ms ?? 0) * (settings?.rate_hz ?? 0)) / 1000),
  );
  const total = meta && settings ? Math.round(seconds(meta) * settings.rate_hz) : 0;
  // Resampled, a recording may end a sample earlier than its length says.
  const spare = meta?.rate_hz === settings?.rate_hz ? 0 : 1;
  const last = Math.max(0, total - window - spare);
  const from = Math.min(start, last);
  // A sound that is shorter than a window gets silence around it; a movement is left out.
  const padded = total < window && settings?.task === "audio";
  const short = total < window && !padded;
  // `shape` stands for the settings that matter.
  useEffect(() => {
    if (id === null || !ready || !settings || short) forgetLooked();
    else lookAt({ id, start: from, settings });
  }, [id, from, short, shape, ready]);

  if (!meta || !settings) return null;
  const { names, unit } = axesOf(meta);
  const label = mainLabel(meta);
  const data = samples.value?.id === meta.id ? samples.value.data : null;
  const at_s = from / settings.rate_hz;
  const window_s = window / settings.rate_hz;
  return (
    <Panel class="glass" title="Under the glass" actions={<Chooser meta={meta} />}>
      <div class="glass-head">
        <ClassMark index={labelIndex(label)} label={label} />
        <span class="fine num">
          {duration(seconds(meta))}
          {meta.group ? ` · ${meta.group}` : ""}
        </span>
        <span class="push" />
        {isSound(meta.axes) ? (
          <>
            <PlayButton id={meta.id} name={meta.name} text="Play all" />
            <PlayButton
              id={meta.id}
              name="this window"
              text="Play window"
              from_s={at_s}
              to_s={at_s + window_s}
            />
          </>
        ) : (
          <AxisLegend axes={names} />
        )}
      </div>
      <div class="wave-box">
        {data && (
          <Waveform
            values={data.values}
            axes={names}
            unit={unit}
            label={`Waveform of ${meta.name}, ${duration(seconds(meta))}, axes ${names.join(", ")}`}
          />
        )}
        <WindowFrame
          start={from}
          length={window}
          total={Math.max(total, window)}
          step={Math.max(1, overview.value?.hop ?? 1)}
          describe={(s) =>
            `${figure(s / settings.rate_hz, 3)} to ${figure((s + window) / settings.rate_hz, 3)} seconds`
          }
          onMove={(s) => {
            focus.value = { id: meta.id, start: s };
          }}
        />
      </div>
      <p class="fine num">
        Window from {figure(at_s, 3)} s to {figure(at_s + window_s, 3)} s. Drag it, or use the arrow
        keys.
        {padded && " This sound is shorter than one window: silence is put around it."}
        {short && " This recording is shorter than one window and is left out."}
      </p>
      <Window meta={meta} short={short} />
      <div class="glass-notes">
        <TextField
          key={meta.id}
          title="Notes"
          value={meta.notes}
          placeholder="What was special about this recording"
          disabled={readOnly.value}
          onValue={(v) => void setNotes(meta.id, v)}
        />
      </div>
    </Panel>
  );
}
