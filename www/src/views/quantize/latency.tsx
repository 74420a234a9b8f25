// How long one decision takes here. A browser's clock is coarse, so that blocks of many runs are
// timed and their median is told.

import { latency, measureLatency, report, type Stat } from "../../state";
import { plural, quantity } from "../../widgets/format";
import { Panel } from "../../widgets/notice";
import { ofPictures } from "../shared";

function Line({
  name,
  note,
  stat,
  testId,
}: {
  name: string;
  note: string;
  stat: Stat | null;
  testId: string;
}) {
  return (
    <div class="memory-row">
      <dt>
        {name} <span class="fine">{note}</span>
      </dt>
      <dd>
        <span class="memory-value num" data-testid={testId}>
          {stat ? quantity(stat.median, "µs") : "not measured"}
        </span>
        <span class="fine num">
          {stat
            ? `95 % below ${quantity(stat.p95, "µs")}, ${plural(stat.blocks, "block")}`
            : "median and 95th percentile appear here"}
        </span>
      </dd>
    </div>
  );
}

export function LatencyPanel() {
  const { state, features_us, network_us } = latency.value;
  return (
    <Panel
      title="Latency in this browser"
      lead="Median over blocks that last 20 ms or more each"
      actions={
        <button
          type="button"
          class="btn"
          disabled={state === "measuring" || !report.value}
          onClick={() => void measureLatency()}
        >
          {state === "measuring" ? "Measuring…" : state === "done" ? "Measure again" : "Measure"}
        </button>
      }
    >
      <dl class="memory">
        <Line
          name="Features"
          note={
            ofPictures.value ? "one picture to the network's input" : "one window to its features"
          }
          stat={features_us}
          testId="latency-features"
        />
        <Line
          name="Network"
          note="features to scores, int8"
          stat={network_us}
          testId="latency-median"
        />
      </dl>
      <p class="fine">A chip is slower than this machine: the vital signs estimate the chip.</p>
    </Panel>
  );
}
