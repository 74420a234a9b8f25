// Which camera or microphone: a list of those that the browser names.

import { capture, type MediaDevice, openSensor } from "../../state";

interface Props {
  sensor: "camera" | "microphone";
  /** The one in use, or that would be; empty: the system's choice. */
  value: string;
  /** What the one in use is called; null while none is. */
  name: string | null;
  all: readonly MediaDevice[];
  onChoose(id: string): void;
}

export function DeviceChoice({ sensor, value, name, all, onChoose }: Props) {
  const { state } = capture.value;
  const listed = value === "" || all.some((one) => one.id === value);
  const busy = state === "recording" || state === "countdown" || state === "saving";
  const title = sensor === "camera" ? "Camera" : "Microphone";
  return (
    <label class="device-choice">
      <span class="sr">{name === null ? `${title} to use` : `${title} in use`}</span>
      <select
        data-testid={`${sensor}-choice`}
        value={value}
        disabled={busy}
        onChange={(e) => {
          onChoose(e.currentTarget.value);
          void openSensor(sensor);
        }}
      >
        <option value="">The system's choice</option>
        {!listed && <option value={value}>{name ?? "The one chosen before"}</option>}
        {all.map((one) => (
          <option key={one.id} value={one.id}>
            {one.title}
          </option>
        ))}
      </select>
    </label>
  );
}
