// What a take is of, how long it is, how many there are, and the button that begins it.

import { signal } from "@preact/signals";
import { capture, project, readOnly, startTake, stopTake, storage } from "../../state";
import { SelectField } from "../../widgets/fields";
import { count } from "../../widgets/format";
import { Segmented } from "../../widgets/segmented";
import { group, label, TakeNames } from "./take-names";

const lengths = { motion: signal("5"), audio: signal("1") };
const countdown = signal("3");
const takes = signal("1");
const pause = signal("2");

const seconds = (...all: number[]) => all.map((s) => ({ id: String(s), title: `${s} s` }));
const UNTIL_STOPPED = { id: "", title: "until stopped" };
const LENGTHS = {
  motion: [...seconds(2, 5, 10, 30), UNTIL_STOPPED],
  audio: [...seconds(1, 2, 5, 30), UNTIL_STOPPED],
};
const COUNTDOWNS = [
  { id: "0", title: "at once" },
  { id: "3", title: "after 3 s" },
  { id: "5", title: "after 5 s" },
];
const TAKES = [
  { id: "1", title: "One" },
  ...[3, 5, 10, 20, 50].map((n) => ({ id: String(n), title: `${n} in a row` })),
];
const PAUSES = seconds(1, 2, 3, 5);
/** Bytes of a second of sound in the store, its copy while it is being finished included. */
const SOUND_BYTES = 2 * 2 * 16_000;
/** Room for so many minutes is worth telling. */
const TOLD_MINUTES = 60;

/** The sensor that is on decides, else what the project is about. */
function kind(): "motion" | "audio" {
  const { sensor, sound } = capture.value;
  if (sound || sensor === "microphone") return "audio";
  if (sensor) return "motion";
  return project.value?.settings.task === "audio" ? "audio" : "motion";
}

/** Begins or ends a take, whichever is possible now. */
export function toggleTake(): void {
  const { state } = capture.value;
  const length = lengths[kind()].value;
  if (state === "recording" || state === "countdown") {
    stopTake();
  } else if (state === "ready" && label.value.trim() !== "" && !readOnly.value) {
    const several = length !== "" ? Number(takes.value) : 1;
    startTake({
      label: label.value.trim(),
      group: group.value.trim(),
      seconds: length === "" ? null : Number(length),
      countdown_s: Number(countdown.value),
      takes: several,
      pause_s: Number(pause.value),
    });
  }
}

function hintOf(named: boolean, whole: boolean): string {
  const { state, done, takes: all } = capture.value;
  if (state === "idle" || state === "failed") return "Switch a sensor on first.";
  if (state === "asking") return "Waiting for your permission…";
  if (state === "countdown" && done > 0) return `${done} of ${all} done. Get ready.`;
  if (state === "recording" && all > 1) return `Take ${done + 1} of ${all}.`;
  if (state === "recording" && !whole) return "Press R to stop. At most 30 minutes.";
  if (state === "ready" && !named)
    return kind() === "audio" ? "Give the sound a label." : "Give the movement a label.";
  return "Or press R.";
}

function Gaps() {
  const { gaps } = capture.value;
  if (gaps === 0) return null;
  return kind() === "audio"
    ? ` ${count(gaps)} gaps in the sound, filled with silence.`
    : ` ${count(gaps)} gaps in the sensor's readings.`;
}

function RecordButton() {
  const c = capture.value;
  const running = c.state === "recording" || c.state === "countdown";
  const named = label.value.trim() !== "";
  const can = running || (c.state === "ready" && named && !readOnly.value);
  const length = lengths[kind()].value;
  const whole = length === "" ? null : Number(length);
  const text =
    c.state === "countdown"
      ? `In ${c.countdown} …`
      : c.state === "recording"
        ? "Stop"
        : c.state === "saving"
          ? "Saving…"
          : "Record";
  return (
    <div class="record-line">
      <button
        type="button"
        class={c.state === "recording" ? "record-button recording" : "record-button"}
        disabled={!can}
        onClick={toggleTake}
      >
        <span class="record-dot" />
        {text}
      </button>
      <div class="record-side">
        <p class="record-time num" role="timer" aria-live="off">
          {c.seconds.toFixed(1)} s{whole !== null && <span class="muted"> of {whole} s</span>}
        </p>
        <p class="fine" aria-live="polite">
          {hintOf(named, whole !== null)}
          <Gaps />
        </p>
      </div>
    </div>
  );
}

/** What an open end means, and how much the store can take where that is little. */
function LongTake() {
  const sound = kind() === "audio";
  if (lengths[kind()].value !== "") return null;
  const { used = 0, quota = 0 } = storage.value ?? {};
  const minutes = quota > 0 ? (quota - used) / SOUND_BYTES / 60 : Number.POSITIVE_INFINITY;
  return (
    <p class="fine">
      At most 30 minutes.
      {sound && " A long take can be split into samples afterwards: the scissors in the list."}
      {sound &&
        minutes < TOLD_MINUTES &&
        ` The store has room for about ${count(minutes)} minutes.`}
    </p>
  );
}

export function TakeForm() {
  const now = kind();
  const length = lengths[now];
  return (
    <>
      <TakeNames
        placeholder={now === "audio" ? "for example yes" : "for example wave"}
        help={now === "audio" ? "What is heard in this take." : "What is happening in this take."}
      />
      <div class="take-row">
        <Segmented
          title="Length"
          value={length.value}
          options={LENGTHS[now]}
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
        {length.value !== "" && (
          <div class="take-series">
            <SelectField
              title="Takes"
              value={takes.value}
              options={TAKES}
              onValue={(v) => {
                takes.value = v;
              }}
            />
            {takes.value !== "1" && (
              <SelectField
                title="Pause between"
                value={pause.value}
                options={PAUSES}
                onValue={(v) => {
                  pause.value = v;
                }}
              />
            )}
          </div>
        )}
      </div>
      <LongTake />
      <RecordButton />
    </>
  );
}
