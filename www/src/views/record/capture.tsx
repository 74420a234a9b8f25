// Recording a take: sensor, live trace, label, length, and one big button.

import { signal, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import {
  capture,
  closeSensor,
  openSensor,
  readOnly,
  recordings,
  type SensorChoice,
  sensors,
  startTake,
  stopTake,
  trace,
} from "../../state";
import { TextField } from "../../widgets/fields";
import { duration, hertz } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { LiveTrace } from "../../widgets/live-trace";
import { Notice, Panel } from "../../widgets/notice";
import { AxisLegend } from "../../widgets/waveform";
import { groups, labels } from "../shared";

const label = signal("");
const group = signal("");
const length = signal("5");
const countdown = signal("3");

const LENGTHS = [
  { id: "2", title: "2 s" },
  { id: "5", title: "5 s" },
  { id: "10", title: "10 s" },
  { id: "30", title: "30 s" },
  { id: "", title: "until stopped" },
];
const COUNTDOWNS = [
  { id: "0", title: "at once" },
  { id: "3", title: "after 3 s" },
  { id: "5", title: "after 5 s" },
];

function toggle(): void {
  const state = capture.value.state;
  if (state === "recording" || state === "countdown") {
    stopTake();
  } else if (state === "ready" && label.value.trim() !== "" && !readOnly.value) {
    startTake({
      label: label.value.trim(),
      group: group.value.trim(),
      seconds: length.value === "" ? null : Number(length.value),
      countdown_s: Number(countdown.value),
    });
  }
}

/** Whether a key press belongs to something that is being typed into. */
function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function Segmented(props: {
  title: string;
  value: string;
  options: readonly { id: string; title: string }[];
  onValue: (v: string) => void;
}) {
  return (
    <fieldset class="segmented">
      <legend>{props.title}</legend>
      <div class="segmented-row">
        {props.options.map((o) => (
          <label key={o.id}>
            <input
              type="radio"
              name={props.title}
              checked={props.value === o.id}
              onChange={() => props.onValue(o.id)}
            />
            <span>{o.title}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function SensorCard({ sensor, open }: { sensor: SensorChoice; open: boolean }) {
  const note = !sensor.available
    ? sensor.why_not
    : open
      ? "On. Press to switch off."
      : sensor.needs_tap
        ? "Press to allow and switch on"
        : "Press to switch on";
  return (
    <button
      type="button"
      class="sensor-card"
      aria-pressed={open}
      disabled={!sensor.available}
      onClick={() => (open ? closeSensor() : void openSensor(sensor.id))}
    >
      <Icon name="sensor" />
      <span class="sensor-title">{sensor.title}</span>
      <span class="sensor-note">{note}</span>
    </button>
  );
}

/** A recording in the place of a sensor: for those who have none at hand. */
function ReplayCard({ open }: { open: string | null }) {
  const all = recordings.value;
  const on = open?.startsWith("replay:") ?? false;
  return (
    <div class={`sensor-card ${on ? "sensor-on" : ""} ${all.length === 0 ? "sensor-none" : ""}`}>
      <Icon name="run" />
      <span class="sensor-title">Replay</span>
      {all.length === 0 ? (
        <span class="sensor-note">Plays a recording; there is none yet.</span>
      ) : (
        <select
          aria-label="Recording to replay in place of a sensor"
          value={on ? (open ?? "") : ""}
          onChange={(e) => {
            if (e.currentTarget.value === "") closeSensor();
            else void openSensor(e.currentTarget.value);
          }}
        >
          <option value="">Off</option>
          {all.map((r) => (
            <option key={r.id} value={`replay:${r.id}`}>
              {r.name}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function SensorCards() {
  const open = capture.value.sensor;
  return (
    <ul class="sensor-cards">
      {sensors.value
        .filter((s) => s.id !== "replay")
        .map((s) => (
          <li key={s.id}>
            <SensorCard sensor={s} open={open === s.id} />
          </li>
        ))}
      <li>
        <ReplayCard open={open} />
      </li>
    </ul>
  );
}

function RecordButton() {
  const c = capture.value;
  const running = c.state === "recording" || c.state === "countdown";
  const named = label.value.trim() !== "";
  const can = running || (c.state === "ready" && named && !readOnly.value);
  const text =
    c.state === "countdown"
      ? `In ${c.countdown} …`
      : c.state === "recording"
        ? "Stop"
        : c.state === "saving"
          ? "Saving…"
          : "Record";
  const hint =
    c.state === "idle" || c.state === "failed"
      ? "Switch a sensor on first."
      : c.state === "asking"
        ? "Waiting for your permission…"
        : !named && !running
          ? "Give the movement a label."
          : "Or press R.";
  const whole = length.value === "" ? null : Number(length.value);
  return (
    <div class="record-line">
      <button
        type="button"
        class={c.state === "recording" ? "record-button recording" : "record-button"}
        disabled={!can}
        onClick={toggle}
      >
        <span class="record-dot" />
        {text}
      </button>
      <div class="record-side">
        <p class="record-time num" role="timer" aria-live="off">
          {c.seconds.toFixed(1)} s{whole !== null && <span class="muted"> of {whole} s</span>}
        </p>
        <p class="fine" aria-live="polite">
          {hint}
          {c.gaps > 0 && ` ${c.gaps} gaps in the sensor's readings.`}
        </p>
      </div>
    </div>
  );
}

export function CapturePanel() {
  const c = capture.value;
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
      if (event.key.toLowerCase() !== "r" || !plain || typing(event.target)) return;
      event.preventDefault();
      toggle();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, []);
  // A first label is suggested, so that the button is not dead for an unknown reason.
  useSignalEffect(() => {
    if (label.peek() === "" && labels.value[0]) label.value = labels.value[0];
  });

  const on = c.sensor !== null && c.state !== "idle" && c.state !== "failed";
  return (
    <Panel
      title="From a sensor"
      actions={<span class="badge num">{on ? hertz(c.rate_hz) : "Off"}</span>}
    >
      <SensorCards />
      {c.trouble && (
        <Notice
          severity="error"
          what={c.trouble.what}
          place={c.trouble.place}
          remedy={c.trouble.remedy}
        />
      )}
      <div class={on ? "trace-box" : "trace-box trace-off"}>
        {on ? <LiveTrace ring={trace} unit="m/s²" /> : <p>The live trace appears here.</p>}
        {c.state === "countdown" && <span class="trace-count num">{c.countdown}</span>}
      </div>
      <div class="trace-foot">
        <AxisLegend axes={on ? trace.axes : []} />
        {on && <span class="fine num">{duration(8)} shown</span>}
      </div>
      <div class="field-row">
        <TextField
          live
          title="Label"
          value={label.value}
          suggestions={labels.value}
          placeholder="for example wave"
          help="What is happening in this take."
          onValue={(v) => {
            label.value = v;
          }}
        />
        <TextField
          live
          title="Person or occasion"
          value={group.value}
          suggestions={groups.value}
          placeholder="optional"
          help="Kept together when data is split."
          onValue={(v) => {
            group.value = v;
          }}
        />
      </div>
      <div class="take-row">
        <Segmented
          title="Length"
          value={length.value}
          options={LENGTHS}
          onValue={(v) => {
            length.value = v;
          }}
        />
        <Segmented
          title="Start"
          value={countdown.value}
          options={COUNTDOWNS}
          onValue={(v) => {
            countdown.value = v;
          }}
        />
      </div>
      <RecordButton />
    </Panel>
  );
}
