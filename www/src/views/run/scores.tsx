// What the model says now, said a moment ago, and said when.

import { useMemo } from "preact/hooks";
import type { LiveEvent } from "../../engine/types/LiveEvent";
import { live, project } from "../../state";
import { ScoreBar } from "../../widgets/bars";
import { ClassMark, classColor, Shape } from "../../widgets/class-mark";
import { figure, percent } from "../../widgets/format";
import { LineChart } from "../../widgets/line-chart";
import { Panel } from "../../widgets/notice";

const DASHES = [[], [8, 4], [2, 3], [8, 3, 2, 3], [4, 4], [12, 4], [1, 4], [6, 2, 1, 2]];

export function Verdict({ labels }: { labels: readonly string[] }) {
  const { state, label, smoothed } = live.value;
  const threshold = project.value?.settings.decision.threshold ?? 0;
  const running = state === "running";
  const name = running && label !== null ? (labels[label] ?? "") : null;
  const score = label !== null ? (smoothed[label] ?? 0) : Math.max(0, ...smoothed);
  return (
    <section class="now" aria-label="Now">
      <div class="now-head">
        <span class={name ? `now-light now-lit class-ink-${(label ?? 0) % 8}` : "now-light"}>
          {name && label !== null && <Shape index={label} />}
        </span>
        <div>
          <p class="now-label" data-testid="live-label" aria-live="polite">
            {!running ? "Not running" : (name ?? (smoothed.length === 0 ? "Listening…" : "Unsure"))}
          </p>
          <p class="now-note num">
            {!running
              ? live.value.why || "Choose a source and start."
              : smoothed.length === 0
                ? "The first window is being filled."
                : name
                  ? `score ${percent(score, 0)}`
                  : `best score ${percent(score, 0)}, below the threshold of ${percent(threshold, 0)}`}
          </p>
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

const SHOWN_EVENTS = 60;

export function ScoreChart({ labels }: { labels: readonly string[] }) {
  const events = live.value.events;
  const { x, lines } = useMemo(() => {
    const recent = events.slice(-SHOWN_EVENTS);
    const t0 = recent.at(-1)?.t_ms ?? 0;
    return {
      x: recent.length > 0 ? recent.map((e) => (e.t_ms - t0) / 1000) : [-SHOWN_EVENTS, 0],
      lines: labels.map((name, i) => ({
        name,
        ink: classColor(i),
        dash: DASHES[i % DASHES.length] ?? [],
        values:
          recent.length > 0
            ? recent.map((e) => (e.gap ? null : (e.smoothed[i] ?? null)))
            : [null, null],
      })),
    };
  }, [events, labels]);
  const last = events.at(-1);
  const words = last
    ? labels.map((l, i) => `${l} ${percent(last.smoothed[i] ?? 0, 0)}`).join(", ")
    : "none yet";
  return (
    <Panel title="Scores over time" lead="Smoothed; a break in the lines is a gap in the readings.">
      <LineChart
        x={x}
        x_range={[-SHOWN_EVENTS, 0]}
        lines={lines}
        y_range={[0, 1]}
        height={200}
        x_title="seconds, now at 0"
        show={(v) => percent(v, 0)}
        label={`Smoothed scores over time. Latest: ${words}`}
      />
    </Panel>
  );
}

/** Changes of the label only: a list of what happened, not of every window. */
function changes(events: readonly LiveEvent[]): LiveEvent[] {
  return events.filter((e, i) => e.gap || i === 0 || e.label !== events[i - 1]?.label);
}

export function EventList({ labels }: { labels: readonly string[] }) {
  const events = live.value.events;
  const first = events[0]?.t_ms ?? 0;
  const list = changes(events).reverse().slice(0, 40);
  return (
    <Panel title="Events" lead="Each time the answer changed, newest first.">
      {list.length === 0 ? (
        <p class="quiet-line">Nothing has happened yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        <ol class="events" tabIndex={0} aria-label="Events, newest first">
          {list.map((e) => (
            <li key={e.t_ms}>
              <span class="num muted">{figure((e.t_ms - first) / 1000, 4)} s</span>
              {e.gap ? (
                <span class="muted">gap in the readings, window started anew</span>
              ) : e.label === null ? (
                <ClassMark index={-1} label="unsure" />
              ) : (
                <ClassMark index={e.label} label={labels[e.label] ?? ""} />
              )}
              <span class="num">
                {e.label === null ? "" : percent(e.smoothed[e.label] ?? 0, 0)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
