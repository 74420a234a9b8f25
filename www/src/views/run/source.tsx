// What the model listens to or looks at, and the button that begins it.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import {
  isPicture,
  level,
  live,
  overview,
  project,
  recordings,
  sensors,
  slideChoices,
  startLive,
  stopLive,
  trace,
} from "../../state";
import { SelectField } from "../../widgets/fields";
import { figure, hertz, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { LiveTrace } from "../../widgets/live-trace";
import { Meter } from "../../widgets/meter";
import { Notice, Panel } from "../../widgets/notice";
import { AxisLegend } from "../../widgets/waveform";
import { mainLabel, ofPictures } from "../shared";

const source = signal("");

/** What can be listened to: every sensor that works here, those of the model's kind first, then the recordings, test set first. */
function sources(): { id: string; title: string }[] {
  const splits = overview.value?.splits ?? {};
  const rank = (id: string) => (splits[id] === "test" ? 0 : 1);
  const replays = recordings.value
    .filter((r) => !isPicture(r.axes))
    .sort((a, b) => rank(a.id) - rank(b.id))
    .map((r) => ({
      id: `replay:${r.id}`,
      title: `Replay ${r.name} (${mainLabel(r)}${splits[r.id] === "test" ? ", test" : ""})`,
    }));
  const task = project.value?.settings.task;
  const real = sensors.value
    .filter((s) => s.available && s.id !== "replay")
    .sort((a, b) => Number(b.task === task) - Number(a.task === task))
    .map((s) => ({ id: s.id, title: s.title }));
  return [...real, ...slideChoices.value, ...replays];
}

/** What the model asks of its source. */
function wanted(): string {
  const { task, rate_hz, hop_ms } = project.value?.settings ?? {};
  if (task !== "image") return `The model wants ${hertz(rate_hz ?? null)}.`;
  return `The model looks ${figure(1000 / (hop_ms ?? 200), 2)} times a second.`;
}

const pictureRate = (rate_hz: number | null) =>
  rate_hz === null ? "On" : `${plural(Math.round(rate_hz), "picture")} a second`;

function lost(): string {
  const { gaps } = live.value;
  return gaps > 0 ? plural(gaps, "gap") : "no gaps";
}

export function Source() {
  const choices = sources();
  const chosen = choices.some((c) => c.id === source.value) ? source.value : (choices[0]?.id ?? "");
  const { state, why, remedy, rate_hz, amiss } = live.value;
  const pictures = ofPictures.value;
  // A camera's light is on only while one sees why.
  useEffect(
    () => () => {
      // Also while the browser still asks for permission: it would go on, unseen.
      if (live.peek().source === "camera") stopLive();
    },
    [],
  );
  const running = state === "running" || state === "starting";
  return (
    <Panel
      class="run-source"
      title="Source"
      actions={
        <span class="badge num">
          {!running ? "Off" : pictures ? pictureRate(rate_hz) : hertz(rate_hz)}
        </span>
      }
    >
      <SelectField
        title={pictures ? "Look at" : "Listen to"}
        value={chosen}
        options={choices}
        disabled={running}
        help={wanted()}
        onValue={(v) => {
          source.value = v;
        }}
      />
      <button
        type="button"
        class={running ? "btn btn-large btn-wide" : "btn btn-primary btn-large btn-wide"}
        data-testid="live-start"
        disabled={chosen === "" && !running}
        onClick={() => (running ? stopLive() : void startLive(chosen))}
      >
        <Icon name={running ? "stop" : "run"} size={16} />
        {state === "starting" ? "Starting…" : running ? "Stop" : "Start"}
      </button>
      {(state === "refused" || state === "failed") && (
        <Notice severity={state === "refused" ? "warning" : "error"} what={why} remedy={remedy} />
      )}
      {amiss && (
        <Notice severity="warning" what={amiss.what} place={amiss.place} remedy={amiss.remedy} />
      )}
      {!pictures && <Readings running={running} />}
      {running && trace.axes[0] === "audio" && (
        <Meter rms={level.value.rms} held={level.value.held} clipping={level.value.clipping} />
      )}
    </Panel>
  );
}

function Readings({ running }: { running: boolean }) {
  return (
    <>
      <div class={running ? "trace-box trace-small" : "trace-box trace-small trace-off"}>
        {running ? <LiveTrace ring={trace} unit="" /> : <p>Readings appear here.</p>}
      </div>
      <div class="trace-foot">
        <AxisLegend axes={running ? trace.axes : []} />
        <span class="fine num">{running ? lost() : ""}</span>
      </div>
    </>
  );
}
