// Pictures while a button is held: what they are of, how fast they come, and the last of them.

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { burst, capture, endBurst, readOnly, startBurst, strip, undoBurst } from "../../state";
import { plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice } from "../../widgets/notice";
import { Segmented } from "../../widgets/segmented";
import { CameraBar, CameraPreview } from "./camera";
import { group, label, TakeNames } from "./take-names";
import { typing } from "./typing";

const rate = signal("5");
const start = signal("0");
const length = signal("5");

const RATES = ["1", "2", "5", "10", "15"].map((id) => ({ id, title: id }));
const STARTS = [
  { id: "0", title: "while held" },
  { id: "3", title: "after 3 s" },
  { id: "5", title: "after 5 s" },
];
const LENGTHS = ["2", "5", "10", "30"].map((id) => ({ id, title: `${id} s` }));
/** A camera this much slower than what is asked of it is told of. */
const SLOW = 0.8;

const held = () => start.value === "0";
const active = () => capture.value.state === "recording" || capture.value.state === "countdown";

function ready(): boolean {
  return capture.value.state === "ready" && label.value.trim() !== "" && !readOnly.value;
}

function begin(): void {
  if (!ready()) return;
  startBurst({
    label: label.value,
    group: group.value,
    rate_hz: Number(rate.value),
    countdown_s: Number(start.value),
    seconds: held() ? null : Number(length.value),
  });
}

/** Takes pictures for as long as something is pressed; by itself, it begins and ends them. */
function press(): void {
  if (!held() && active()) endBurst();
  else begin();
}

function release(): void {
  if (held()) endBurst();
}

/** R does what the button does, wherever the focus is. */
function useKey(): void {
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (event.key.toLowerCase() !== "r" || !plain || typing(event.target)) return;
      event.preventDefault();
      if (!event.repeat) press();
    };
    const up = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "r") release();
    };
    const away = () => release();
    addEventListener("keydown", down);
    addEventListener("keyup", up);
    addEventListener("blur", away);
    return () => {
      removeEventListener("keydown", down);
      removeEventListener("keyup", up);
      removeEventListener("blur", away);
    };
  }, []);
}

/** What is said while it goes on and after it; it changes with the burst, not with each picture. */
function told(): string {
  const { state } = capture.value;
  const { label: of, taken, saved, known } = burst.value;
  if (state === "idle" || state === "failed") return "Switch the camera on first.";
  if (state === "asking") return "Waiting for your permission…";
  if (state === "countdown") return "Get ready.";
  if (state === "recording")
    return held() ? `Taking pictures of ${of}. Let go to stop.` : `Taking pictures of ${of}.`;
  if (label.value.trim() === "") return "Give what is in the pictures a label.";
  if (taken === 0 || of !== label.value.trim())
    return held() ? "Hold it, or the R key. A short press takes one." : "Or press R.";
  if (saved + known < taken) return `Saving ${plural(taken, "picture")} of ${of}…`;
  const same = known > 0 ? ` ${plural(known, "was", "were")} here already, to the byte.` : "";
  return `${plural(saved, "picture")} of ${of} saved.${same}`;
}

function text(): string {
  const { state, countdown } = capture.value;
  if (state === "countdown") return `In ${countdown} …`;
  if (state === "recording") return held() ? "Taking…" : "Stop";
  return held() ? "Hold to take" : "Take pictures";
}

function HoldButton() {
  const pressed = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  const on = capture.value.pictures !== null;
  // The picture that appears pushes the button out of sight.
  useEffect(() => {
    if (on) button.current?.scrollIntoView({ block: "nearest" });
  }, [on]);
  const down = () => {
    pressed.current = true;
    press();
  };
  const up = () => {
    if (!pressed.current) return;
    pressed.current = false;
    release();
  };
  const key = (event: KeyboardEvent) => event.key === " " || event.key === "Enter";
  return (
    <button
      ref={button}
      type="button"
      data-testid="burst"
      class={capture.value.state === "recording" ? "record-button recording" : "record-button"}
      disabled={!ready() && !active()}
      aria-describedby="burst-told"
      onPointerDown={(e) => {
        if (e.button !== 0) return;
        e.currentTarget.setPointerCapture(e.pointerId);
        down();
      }}
      onPointerUp={up}
      onPointerCancel={up}
      onLostPointerCapture={up}
      onKeyDown={(e) => {
        if (!key(e)) return;
        // No click comes of it, so that one press is one burst.
        e.preventDefault();
        if (!e.repeat) down();
      }}
      onKeyUp={(e) => {
        if (!key(e)) return;
        e.preventDefault();
        up();
      }}
      onBlur={up}
      onContextMenu={(e) => e.preventDefault()}
      onClick={(e) => {
        // Only a click that no pointer and no key made: a screen reader's. It takes one picture.
        if (e.detail !== 0) return;
        press();
        release();
      }}
    >
      <span class="record-dot" />
      {text()}
    </button>
  );
}

function Slow() {
  const { state, rate_hz } = capture.value;
  if (state === "recording" && burst.value.left_out > 0)
    return (
      <Notice
        severity="warning"
        what={`${plural(burst.value.left_out, "picture was", "pictures were")} left out: storing is slower than ${rate.value} a second`}
        remedy="Choose a lower rate, or close what else keeps this device busy."
      />
    );
  if (rate_hz === null || state === "idle" || rate_hz >= SLOW * Number(rate.value)) return null;
  return (
    <p class="fine">
      The camera gives only {rate_hz.toFixed(1)} pictures a second just now: dark rooms make it
      slow.
    </p>
  );
}

function Strip() {
  const shots = strip.value;
  const { ids, label: of } = burst.value;
  if (shots.length === 0) return null;
  return (
    <div class="strip">
      <ul class="strip-row" aria-label="The last pictures">
        {shots.map((shot) => (
          <li key={shot.key} class={shot.id ? "" : "strip-unsaved"}>
            <img src={shot.url} alt={`${shot.label}${shot.id ? "" : ", not saved yet"}`} />
          </li>
        ))}
      </ul>
      {ids.length > 0 && !active() && (
        <button
          type="button"
          class="btn btn-small"
          data-testid="burst-undo"
          disabled={readOnly.value}
          onClick={() => void undoBurst()}
        >
          <Icon name="undo" size={16} /> Take back {plural(ids.length, "picture")} of {of}
        </button>
      )}
    </div>
  );
}

function Pace() {
  return (
    <div class="take-row">
      <Segmented
        title="Pictures a second"
        value={rate.value}
        options={RATES}
        onValue={(v) => {
          rate.value = v;
        }}
      />
      <Segmented
        title="Start"
        value={start.value}
        options={STARTS}
        onValue={(v) => {
          start.value = v;
        }}
      />
      {!held() && (
        <Segmented
          title="Length"
          value={length.value}
          options={LENGTHS}
          onValue={(v) => {
            length.value = v;
          }}
        />
      )}
    </div>
  );
}

/** The picture and the button stand together: one looks at the one while pressing the other. */
export function BurstForm() {
  useKey();
  const { taken } = burst.value;
  return (
    <>
      <CameraBar />
      <div class="camera-names">
        <TakeNames
          choices
          placeholder="for example circle"
          help="What is in these pictures."
          groupHelp="Kept together when data is split; left empty, each burst is one occasion. Take at least three of each label, for a test."
        />
      </div>
      <CameraPreview />
      <div class="record-line">
        <HoldButton />
        <div class="record-side">
          <p class="record-time num">{plural(taken, "picture")}</p>
          <p class="fine" id="burst-told" aria-live="polite">
            {told()}
          </p>
        </div>
      </div>
      <Strip />
      <Slow />
      <Pace />
    </>
  );
}
