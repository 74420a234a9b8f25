// Step 5: the model at work, on a sensor or on a recording played again.

import { signal } from "@preact/signals";
import {
  level,
  live,
  overview,
  project,
  recordings,
  report,
  route,
  sensors,
  startLive,
  stopLive,
  trace,
} from "../../state";
import { SelectField } from "../../widgets/fields";
import { figure, hertz, percent, plural, quantity } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { LiveTrace } from "../../widgets/live-trace";
import { Meter } from "../../widgets/meter";
import { Empty, Notice, Panel } from "../../widgets/notice";
import { AxisLegend } from "../../widgets/waveform";
import { mainLabel } from "../shared";
import { Decision } from "./decision";
import { EventList } from "./events";
import { ScoreChart, Verdict } from "./scores";

const source = signal("");

/** What can be listened to: every sensor that works here, those of the model's kind first, then the recordings, test set first. */
function sources(): { id: string; title: string }[] {
  const splits = overview.value?.splits ?? {};
  const rank = (id: string) => (splits[id] === "test" ? 0 : 1);
  const replays = [...recordings.value]
    .sort((a, b) => rank(a.id) - rank(b.id))
    .map((r) => ({
      id: `replay:${r.id}`,
      title: `Replay ${r.name} (${mainLabel(r)}${splits[r.id] === "test" ? ", test" : ""})`,
    }));
  const sound = project.value?.settings.task === "audio";
  const real = sensors.value
    .filter((s) => s.available && s.id !== "replay")
    .sort((a, b) => Number(b.sound === sound) - Number(a.sound === sound))
    .map((s) => ({ id: s.id, title: s.title }));
  return [...real, ...replays];
}

function Source() {
  const choices = sources();
  const chosen = choices.some((c) => c.id === source.value) ? source.value : (choices[0]?.id ?? "");
  const { state, why, rate_hz, gaps } = live.value;
  const running = state === "running" || state === "starting";
  return (
    <Panel
      class="run-source"
      title="Source"
      actions={<span class="badge num">{running ? hertz(rate_hz) : "Off"}</span>}
    >
      <SelectField
        title="Listen to"
        value={chosen}
        options={choices}
        disabled={running}
        help={`The model wants ${hertz(project.value?.settings.rate_hz ?? null)}.`}
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
        <Notice
          severity={state === "refused" ? "warning" : "error"}
          what={why}
          remedy={
            state === "refused"
              ? "A recording can be replayed at any rate; to use this sensor, lower the rate in Explore and train again."
              : ""
          }
        />
      )}
      <div class={running ? "trace-box trace-small" : "trace-box trace-small trace-off"}>
        {running ? <LiveTrace ring={trace} unit="" /> : <p>Readings appear here.</p>}
      </div>
      {running && trace.axes[0] === "audio" && (
        <Meter rms={level.value.rms} held={level.value.held} clipping={level.value.clipping} />
      )}
      <div class="trace-foot">
        <AxisLegend axes={running ? trace.axes : []} />
        <span class="fine num">{gaps > 0 ? plural(gaps, "gap") : running ? "no gaps" : ""}</span>
      </div>
    </Panel>
  );
}

/** Windows per second over the last ones, by the sensor's own clock. */
function pace(): string {
  const recent = live.value.events.slice(-PACED);
  const first = recent[0];
  const last = recent.at(-1);
  if (!first || !last || last.t_ms <= first.t_ms) return "none yet";
  return `${figure(((recent.length - 1) * 1000) / (last.t_ms - first.t_ms), 3)} a second`;
}

const PACED = 40;

/** A browser's clock is coarse: what it can't tell from nothing is said to be so. */
const us = (value: number) => (value > 0 ? quantity(value, "µs") : "too short to tell");

function Stages() {
  const { stage_us, windows, awake, gaps } = live.value;
  const rows = [
    { name: "Features", stat: stage_us.features },
    { name: "Network", stat: stage_us.network },
  ];
  return (
    <Panel title="Time for one decision" lead="In this browser, of the windows as they come">
      <dl class="facts">
        {rows.map(({ name, stat }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="num">
              {stat ? `${us(stat.median)}, 95 % below ${us(stat.p95)}` : "not running"}
            </dd>
          </div>
        ))}
        <div>
          <dt>Windows</dt>
          <dd class="num">{pace()}</dd>
        </div>
        <div>
          <dt>Awake</dt>
          <dd class="num">
            {windows > 0
              ? `${percent(awake / windows, 0)} of ${plural(windows, "window")}`
              : "not running"}
          </dd>
        </div>
        <div>
          <dt>Gaps</dt>
          <dd class="num">{gaps > 0 ? plural(gaps, "gap") : "none"}</dd>
        </div>
      </dl>
    </Panel>
  );
}

export function Run() {
  const r = report.value;
  return (
    <>
      <div class="view-head">
        <h1>Run</h1>
        <p>The very code and bytes that go to the chip, working here on live readings.</p>
      </div>
      {r ? (
        <div class="columns columns-run">
          <div class="stacked">
            <Verdict labels={r.labels} />
            <ScoreChart labels={r.labels} />
            <EventList labels={r.labels} />
          </div>
          <div class="stacked">
            <Source />
            <Decision labels={r.labels} />
            <Stages />
          </div>
        </div>
      ) : (
        <Empty
          title="No model to run yet"
          text="Train a network first; then speak or move, and watch it decide."
        >
          <button
            type="button"
            class="btn btn-primary"
            onClick={() => {
              route.value = "train";
            }}
          >
            Go to Train
          </button>
        </Empty>
      )}
    </>
  );
}
