// Recording: the sensor, what it gives just now, what is recorded of it, and one big button.

import { useEffect } from "preact/hooks";
import { type Capture, capture, closeSensor, project, trace } from "../../state";
import { duration, hertz, plural } from "../../widgets/format";
import { LiveTrace } from "../../widgets/live-trace";
import { Notice, Panel } from "../../widgets/notice";
import { AxisLegend } from "../../widgets/waveform";
import { BurstForm } from "./burst";
import { MicrophoneBar } from "./microphone";
import { SensorCards } from "./sources";
import { TakeForm, toggleTake } from "./take-form";
import { typing } from "./typing";

/** R begins and ends a take. */
function useKey(): void {
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
      if (event.key.toLowerCase() !== "r" || !plain || typing(event.target)) return;
      event.preventDefault();
      toggleTake();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, []);
}

function Takes({ on }: { on: boolean }) {
  useKey();
  const c = capture.value;
  return (
    <>
      {c.sensor === "microphone" && <MicrophoneBar on={on} />}
      <div class={on ? "trace-box" : "trace-box trace-off"}>
        {on ? (
          <LiveTrace ring={trace} unit={c.sound ? "" : "m/s²"} />
        ) : (
          <p>The live trace appears here.</p>
        )}
        {c.state === "countdown" && <span class="trace-count num">{c.countdown}</span>}
      </div>
      <div class="trace-foot">
        <AxisLegend axes={on && !c.sound ? trace.axes : []} />
        {on && <span class="fine num">{duration(8)} shown</span>}
      </div>
      <TakeForm />
    </>
  );
}

function Bursts() {
  // A camera's light is on only while one sees why.
  useEffect(
    () => () => {
      if (capture.peek().sensor === "camera") closeSensor();
    },
    [],
  );
  return <BurstForm />;
}

/** The sensor that is on decides, else what the project is about. */
function pictures(): boolean {
  const { sensor } = capture.value;
  if (sensor) return sensor === "camera";
  return project.value?.settings.task === "image";
}

/** How fast it comes: readings by their rate, pictures by the second. */
function pace({ rate_hz, pictures: shown }: Capture): string {
  if (!shown) return hertz(rate_hz);
  return rate_hz === null ? "On" : `${plural(Math.round(rate_hz), "picture")} a second`;
}

export function CapturePanel() {
  const c = capture.value;
  const on = c.sensor !== null && c.state !== "idle" && c.state !== "failed";
  return (
    <Panel title="From a sensor" actions={<span class="badge num">{on ? pace(c) : "Off"}</span>}>
      <SensorCards />
      {c.trouble && (
        <Notice
          severity="error"
          what={c.trouble.what}
          place={c.trouble.place}
          remedy={c.trouble.remedy}
        />
      )}
      {pictures() ? <Bursts /> : <Takes on={on} />}
    </Panel>
  );
}
