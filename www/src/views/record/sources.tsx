// What can be recorded from: a card for each sensor, and one for a recording in its place.

import type { Task } from "../../engine/types/Task";
import {
  capture,
  closeSensor,
  isPicture,
  openSensor,
  recordings,
  type SensorChoice,
  sensors,
} from "../../state";
import { Icon, type IconName } from "../../widgets/icons";

const ICONS: Readonly<Record<Task, IconName>> = {
  motion: "sensor",
  audio: "record",
  image: "camera",
};

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
      <Icon name={ICONS[sensor.task]} />
      <span class="sensor-title">{sensor.title}</span>
      <span class="sensor-note">{note}</span>
    </button>
  );
}

/** A recording in the place of a sensor: for those who have none at hand. */
function ReplayCard({ open }: { open: string | null }) {
  // A stored picture is a sample already: there is nothing to record of it.
  const all = recordings.value.filter((r) => !isPicture(r.axes));
  if (all.length === 0 && recordings.value.length > 0) return null;
  const on = open?.startsWith("replay:") ?? false;
  return (
    <li class={`sensor-card ${on ? "sensor-on" : ""} ${all.length === 0 ? "sensor-none" : ""}`}>
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
    </li>
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
      <ReplayCard open={open} />
    </ul>
  );
}
