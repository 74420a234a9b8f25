// Step 5: the model at work, on a sensor or on a recording played again.

import { live, report, route } from "../../state";
import { figure, percent, plural, quantity } from "../../widgets/format";
import { Empty, Panel } from "../../widgets/notice";
import { ofPictures } from "../shared";
import { Decision } from "./decision";
import { EventList } from "./events";
import { SeenPanel } from "./picture";
import { ScoreChart, Verdict } from "./scores";
import { Source } from "./source";

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
  const { stage_us, windows, awake, gaps, left_out } = live.value;
  const pictures = ofPictures.value;
  const rows = [
    { name: pictures ? "Made smaller" : "Features", stat: stage_us.features },
    { name: "Network", stat: stage_us.network },
  ];
  return (
    <Panel
      title="Time for one decision"
      lead={`In this browser, of the ${pictures ? "pictures" : "windows"} as they come`}
    >
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
          <dt>{pictures ? "Pictures" : "Windows"}</dt>
          <dd class="num">{pace()}</dd>
        </div>
        {!pictures && (
          <div>
            <dt>Awake</dt>
            <dd class="num">
              {windows > 0
                ? `${percent(awake / windows, 0)} of ${plural(windows, "window")}`
                : "not running"}
            </dd>
          </div>
        )}
        <div>
          <dt>{pictures ? "Left out" : "Gaps"}</dt>
          <dd class="num">
            {pictures ? leftOut(left_out) : gaps > 0 ? plural(gaps, "gap") : "none"}
          </dd>
        </div>
      </dl>
    </Panel>
  );
}

const leftOut = (n: number) =>
  n > 0 ? `${plural(n, "picture")}: the model was busy` : "no picture";

export function Run() {
  const r = report.value;
  return (
    <>
      <div class="view-head">
        <h1>Run</h1>
        <p>
          The very code and bytes that go to the chip, working here on{" "}
          {ofPictures.value ? "pictures as they come" : "live readings"}.
        </p>
      </div>
      {r ? (
        <div class="columns columns-run">
          <div class="stacked">
            {ofPictures.value && <SeenPanel />}
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
