// What can be recorded from: a card for each sensor, and one for a recording in its place.

import {
  capture,
  closeSensor,
  openSensor,
  recordings,
  type SensorChoice,
  sensors,
} from "../../state";
import { Icon } from "../../widgets/icons";

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
      <Icon name={sensor.id === "microphone" ? "record" : "sensor"} />
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

export function SensorCards() {
  const { sensor, state } = capture.value;
  // One that has failed is not on: the next press tries again.
  const open = state === "failed" ? null : sensor;
  return (
    <ul class="sensor-cards">
      {sensors.value.map((s) => (
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
