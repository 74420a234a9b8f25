// Why the model runs at the sensor and not in a cloud: four worries, answered with this very
// project's numbers, and the handles that change the answers.

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Estimate } from "../../engine/types/Estimate";
import { bytesSent, latency, measureLatency, probes, project, report, route } from "../../state";
import { costs, daily, forgetTried, usage } from "../../state/conditions";
import { Breakdown, estimate } from "../../widgets/breakdown";
import { bytes, count, figure, plural } from "../../widgets/format";
import { Icon, type IconName } from "../../widgets/icons";
import { Notice } from "../../widgets/notice";
import { thingsWord } from "../shared";
import { Energy } from "./worries-energy";
import { Handles } from "./worries-handles";
import { LogRows } from "./worries-scale";
import "../../styles/worries.css";

interface WorryProps {
  id: string;
  icon: IconName;
  name: string;
  question: string;
  value: ComponentChildren;
  children: ComponentChildren;
}

function Worry({ id, icon, name, question, value, children }: WorryProps) {
  return (
    <li class={`worry worry-${id}`} data-testid={`worry-${id}`}>
      <h3 class="worry-name">
        <Icon name={icon} size={16} /> {name}
        <span class="worry-question">{question}</span>
      </h3>
      <p class="worry-value num" data-testid={`worry-${id}-value`}>
        {value}
      </p>
      {children}
    </li>
  );
}

/** Whether part of a figure is ours and not somebody's. */
function rests(e: Estimate): boolean {
  return e.parts.some((part) => part.source.includes("assumed:"));
}

/** The parts of a figure, and the word that says how sure it is. */
export function HowKnown({ figure: e, name }: { figure: Estimate; name: string }) {
  return (
    <details class="worry-how">
      <summary>
        How it is known<span class="sr">: {name}</span>
        {rests(e) && <span class="tag">assumed in part</span>}
      </summary>
      <Breakdown figure={e} />
    </details>
  );
}

function Privacy() {
  const tried = probes.value?.filter((one) => one.blocked !== null) ?? [];
  const through = tried.filter((one) => !one.blocked).length;
  const look = () => {
    route.value = "privacy";
  };
  return (
    <Worry
      id="privacy"
      icon="shield"
      name="Privacy"
      question="Who else gets to know?"
      value={`${count(bytesSent.value)} bytes sent`}
    >
      <p class="fine">
        {bytesSent.value === 0
          ? `None of your ${thingsWord()}, labels or models has left this device.`
          : "Something was sent to another address. Privacy says what."}
      </p>
      <p class="worry-proof">
        {probes.value === null ? (
          <span>
            The proof: the page tries every way out and must fail. Not tried in this visit.
          </span>
        ) : (
          <span class={through === 0 ? "verdict-good" : "verdict-bad"}>
            <Icon name={through === 0 ? "check" : "error"} size={16} />
            {through === 0
              ? `All ${plural(tried.length, "attempt")} to send were blocked.`
              : `${count(through)} of ${plural(tried.length, "attempt")} to send got through.`}
          </span>
        )}
        <button type="button" class="btn btn-small" data-testid="worry-proof" onClick={look}>
          {probes.value === null ? "Try it in Privacy" : "See each attempt"}
        </button>
      </p>
    </Worry>
  );
}

/** A round trip as people have measured it for decades: a line at home, and a server that answers. */
const CLOUD_MS = { low: 50, high: 300 } as const;

function Latency() {
  const e = costs.value.footprint?.latency;
  const { state, features_us, network_us } = latency.value;
  const here_ms =
    features_us && network_us ? (features_us.median + network_us.median) / 1000 : null;
  const board = e && e.low !== null && e.high !== null ? { low: e.low, high: e.high } : null;
  return (
    <Worry
      id="latency"
      icon="clock"
      name="Latency"
      question="How long until the answer?"
      value={e ? estimate(e) : "unknown"}
    >
      <LogRows
        unit="ms"
        from={0.001}
        to={10_000}
        ticks={[0.001, 1, 1000]}
        label="Time from the last reading to the answer, on a scale of ratios"
        rows={[
          {
            name: "Here, measured",
            range: here_ms === null ? null : { low: here_ms, high: here_ms },
            look: "measured",
          },
          { name: costs.value.footprint?.board_name ?? "Board", range: board, look: "estimated" },
          { name: "Cloud, assumed", range: CLOUD_MS, look: "assumed" },
        ]}
      />
      {report.value && here_ms === null && (
        <button
          type="button"
          class="btn btn-small"
          disabled={state === "measuring"}
          onClick={() => void measureLatency()}
        >
          {state === "measuring" ? "Measuring…" : "Measure here"}
        </button>
      )}
      <p class="fine">
        The round trip is assumed: {CLOUD_MS.low} to {CLOUD_MS.high} ms on a good line, with a
        server that answers at once; without a line there is no answer.
      </p>
      {e && <HowKnown figure={e} name="latency on the board" />}
    </Worry>
  );
}

function Storage() {
  const { raw_bytes, sent_bytes } = daily.value;
  const ratio = sent_bytes > 0 ? raw_bytes / sent_bytes : null;
  const known = raw_bytes > 0;
  return (
    <Worry
      id="storage"
      icon="disk"
      name="Storage"
      question="Where does all the data go?"
      value={known ? `${bytes(sent_bytes)} a day` : "unknown"}
    >
      <LogRows
        unit="bytes"
        from={1}
        to={1e12}
        ticks={[1e3, 1e6, 1e9]}
        label="Bytes a day, on a scale of ratios"
        rows={[
          { name: "Raw stream", range: known ? one(raw_bytes) : null, look: "estimated" },
          { name: "Events", range: one(sent_bytes), look: "measured" },
        ]}
      />
      <p class="fine" data-testid="worry-ratio">
        {ratio === null
          ? `Nothing is told, instead of ${bytes(raw_bytes)} a day. Set how many events there are.`
          : `${ratio >= 1 ? `${figure(ratio, 2)} times less` : `${figure(1 / ratio, 2)} times more`} than the raw stream: ${plural(usage.value.messages_a_day, "event")} of ${daily.value.event_bytes} bytes (a time and a label).`}
      </p>
    </Worry>
  );
}

const one = (value: number) => ({ low: value, high: value });

export function Worries() {
  // A time between decisions that was tried out is forgotten with the view.
  useEffect(() => forgetTried, []);
  if (!project.value) return null;
  const { footprint, trouble } = costs.value;
  return (
    <section class="panel worries-panel" aria-labelledby="worries-title">
      <header class="panel-head">
        <div>
          <h2 id="worries-title">Four worries</h2>
          <p class="panel-lead">
            Answered with your own model and {thingsWord()}
            {footprint ? `, on ${footprint.board_name}` : ""}. Board and battery are chosen further
            down.
          </p>
        </div>
      </header>
      {trouble && !footprint && (
        <Notice severity="note" what={trouble.what} remedy={trouble.remedy} />
      )}
      <Handles />
      <ul class="worries">
        <Privacy />
        <Latency />
        <Storage />
        <Energy Worry={Worry} />
      </ul>
    </section>
  );
}
