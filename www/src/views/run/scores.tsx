// What the model says now, and said a moment ago.

import { useMemo } from "preact/hooks";
import { live, project } from "../../state";
import { ScoreBar } from "../../widgets/bars";
import { ClassMark, classColor, Shape } from "../../widgets/class-mark";
import { percent } from "../../widgets/format";
import { LineChart } from "../../widgets/line-chart";
import { Panel } from "../../widgets/notice";
import { ofPictures } from "../shared";

const DASHES = [[], [8, 4], [2, 3], [8, 3, 2, 3], [4, 4], [12, 4], [1, 4], [6, 2, 1, 2]];

function words(labels: readonly string[], threshold: number): { name: string; note: string } {
  const { state, why, label, smoothed, events } = live.value;
  if (state === "starting") return { name: "Starting…", note: "The model is being loaded." };
  if (state !== "running")
    return { name: "Not running", note: why || "Choose a source and start." };
  if (smoothed.length === 0)
    return ofPictures.value
      ? { name: "Looking…", note: "The first picture is on its way." }
      : { name: "Listening…", note: "The first window is being filled." };
  if (events.at(-1)?.awake === false)
    return { name: "Asleep", note: "Nothing happens, so nothing is computed: the gate is closed." };
  if (label !== null)
    return { name: labels[label] ?? "", note: `score ${percent(smoothed[label] ?? 0, 0)}` };
  return {
    name: "Unsure",
    note: `best score ${percent(Math.max(0, ...smoothed), 0)}, below the threshold of ${percent(threshold, 0)}`,
  };
}

export function Verdict({ labels }: { labels: readonly string[] }) {
  const { state, label, smoothed } = live.value;
  const threshold = project.value?.settings.decision.threshold ?? 0;
  const running = state === "running";
  const lit = running && label !== null;
  const { name, note } = words(labels, threshold);
  return (
    <section class="now" aria-label="Now">
      <div class="now-head">
        <span class={lit ? `now-light now-lit class-ink-${label % 8}` : "now-light"}>
          {lit && <Shape index={label} />}
        </span>
        <div>
          <p class="now-label" data-testid="live-label" aria-live="polite">
            {name}
          </p>
          <p class="now-note num">{note}</p>
        </div>
      </div>
      <ul class="now-scores">
        {labels.map((l, i) => (
          <li key={l}>
            <ClassMark index={i} label={l} />
            <ScoreBar
              share={running ? (smoothed[i] ?? 0) : 0}
              ink={classColor(i)}
              mark={threshold}
            />
            <span class="num">{running ? percent(smoothed[i] ?? 0, 0) : "0 %"}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const SHOWN_S = 30;

export function ScoreChart({ labels }: { labels: readonly string[] }) {
  const events = live.value.events;
  const threshold = project.value?.settings.decision.threshold ?? 0;
  const { x, lines } = useMemo(() => {
    const t0 = events.at(-1)?.t_ms ?? 0;
    const recent = events.filter((e) => e.t_ms >= t0 - SHOWN_S * 1000);
    // An empty point at the left edge, so that the picture always is as wide in time.
    return {
      x: [-SHOWN_S, ...recent.map((e) => (e.t_ms - t0) / 1000), ...(recent.length > 0 ? [] : [0])],
      lines: labels.map((name, i) => ({
        name,
        ink: classColor(i),
        dash: DASHES[i % DASHES.length] ?? [],
        values: [
          null,
          ...recent.map((e) => (e.gap ? null : (e.smoothed[i] ?? null))),
          ...(recent.length > 0 ? [] : [null]),
        ],
      })),
    };
  }, [events, labels]);
  const last = events.at(-1);
  const told = last
    ? labels.map((l, i) => `${l} ${percent(last.smoothed[i] ?? 0, 0)}`).join(", ")
    : "none yet";
  return (
    <Panel
      title="Scores over time"
      lead={`Smoothed. The line across is the threshold; a break is a time without ${ofPictures.value ? "pictures" : "readings"}.`}
    >
      <LineChart
        x={x}
        x_range={[-SHOWN_S, 0]}
        lines={lines}
        y_range={[0, 1]}
        level={threshold}
        height={200}
        x_title="seconds, now at 0"
        show={(v) => percent(v, 0)}
        label={`Smoothed scores over time, threshold ${percent(threshold, 0)}. Latest: ${told}`}
      />
    </Panel>
  );
}
