// Recording takes: sensor, live trace, what is recorded, and one big button.

import { useEffect } from "preact/hooks";
import { capture, trace } from "../../state";
import { duration, hertz } from "../../widgets/format";
import { LiveTrace } from "../../widgets/live-trace";
import { Notice, Panel } from "../../widgets/notice";
import { AxisLegend } from "../../widgets/waveform";
import { MicrophoneBar } from "./microphone";
import { SensorCards } from "./sources";
import { TakeForm, toggleTake } from "./take-form";

/** Whether a key press belongs to something that is being typed into. */
function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

export function CapturePanel() {
  const c = capture.value;
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
    </Panel>
  );
}
