// A long stream through the model as a chip would run it: what it finds and misses, how late, how
// often it cries for nothing, and how long it is awake.

import { useState } from "preact/hooks";
import type { Replay } from "../../engine/types/Replay";
import { readOnly, report } from "../../state";
import { setUsage, usage } from "../../state/conditions";
import {
  awakeMeasured,
  cancelReplay,
  replay,
  replayOld,
  startReplay,
  streams,
} from "../../state/replay";
import { NumberField, SelectField } from "../../widgets/fields";
import { bytes, count, duration, figure, percent, plural, quantity } from "../../widgets/format";
import { Notice, Panel } from "../../widgets/notice";
import { ofPictures } from "../shared";
import { ReplayEvents } from "./replay-events";
import { ReplayTimeline } from "./replay-timeline";
import "../../styles/replay.css";

const HELD_OUT = "";
const PAUSE_S = 10;
const MOST_PAUSE_S = 600;

function Figure({
  name,
  value,
  text,
  testId,
}: {
  name: string;
  value: string;
  text: string;
  testId: string;
}) {
  return (
    <div class="replay-figure">
      <dt>{name}</dt>
      <dd>
        <span class="replay-value num" data-testid={testId}>
          {value}
        </span>
        <span class="fine">{text}</span>
      </dd>
    </div>
  );
}

const ms = (value: number) => quantity(value * 1000, "µs");

/** False alarms an hour with what chance allows; too little of nothing says nothing. */
function alarms({ false_alarms: told }: Replay): { value: string; text: string } {
  const { per_hour, low, high, hours } = told;
  if (per_hour === null || low === null || high === null)
    return { value: "unknown", text: "The stream holds no stretch in which nothing happens." };
  const heard = `${plural(told.count, "false alarm")} in ${duration(hours * 3600)} of nothing`;
  if (!told.telling)
    return {
      value: told.count === 0 ? "none heard" : count(told.count),
      text: `${heard}: too short to tell; chance allows up to ${figure(high, 2)} an hour.`,
    };
  return {
    value: `${figure(per_hour, 2)} an hour`,
    text: `${heard}; between ${figure(low, 2)} and ${figure(high, 2)} an hour in 95 of 100 cases.`,
  };
}

function delays(told: Replay): { value: string; text: string } {
  const { delay_median_ms: median, delay_worst_ms: worst, delay_full_median_ms: full } = told;
  if (median === null || worst === null) return { value: "unknown", text: "No event was found." };
  const beside =
    full === null
      ? ""
      : ` From the end of the first full window: ${full < 0 ? "−" : ""}${ms(Math.abs(full))}.`;
  return {
    value: `${ms(median)}`,
    text: `Median from the event's beginning; the slowest took ${ms(worst)}.${beside}`,
  };
}

function Figures({ told }: { told: Replay }) {
  const all = told.found + told.missed;
  const false_alarms = alarms(told);
  const late = delays(told);
  const quiet = told.quiet_windows > 0 ? told.quiet_awake / told.quiet_windows : null;
  return (
    <dl class="replay-figures">
      <Figure
        name="Found"
        testId="replay-found"
        value={`${count(told.found)} of ${count(all)}`}
        text={`${plural(told.missed, "miss", "misses")}; ${plural(told.mistaken, "time")} another label was said; ${plural(told.repeated, "repetition")}.`}
      />
      <Figure
        name="False alarms"
        testId="replay-alarms"
        value={false_alarms.value}
        text={false_alarms.text}
      />
      <Figure name="Delay" testId="replay-delay" value={late.value} text={late.text} />
      <Figure
        name="Awake"
        testId="replay-awake"
        value={percent(told.awake / Math.max(1, told.windows))}
        text={
          !told.gated
            ? ofPictures.value
              ? "Each picture is computed: there is no gate for pictures."
              : "Each window is computed: the gate is off. Switch it on in Run."
            : `Of ${plural(told.windows, "window")}${quiet === null ? "" : `; while nothing happened, ${percent(quiet)}`}.`
        }
      />
      <Figure
        name="Sent"
        testId="replay-sent"
        value={`${bytes(told.sent_bytes_day)} a day`}
        text={`If all day were like this: ${count(told.messages_day)} messages of ${told.message_bytes} bytes, against ${bytes(told.raw_bytes_day)} of raw stream.`}
      />
    </dl>
  );
}

/** The measured share of time awake, for the handles above. */
function TakeAwake({ told }: { told: Replay }) {
  const share = awakeMeasured.value;
  if (share === null || !told.gated) return null;
  const taken = Math.abs(share - usage.value.awake_share) < 0.0005;
  return (
    <div class="replay-take">
      <p>
        With {plural(usage.value.messages_a_day, "event")} a day it would be awake{" "}
        <strong class="num">{percent(share)}</strong> of the time
        {told.awake_s_per_event !== null &&
          `: ${percent(told.quiet_awake / Math.max(1, told.quiet_windows))} anyway, and ${figure(told.awake_s_per_event, 2)} s for each event`}
        .
      </p>
      <button
        type="button"
        class="btn"
        data-testid="replay-take"
        disabled={taken || readOnly.value}
        onClick={() => setUsage({ awake_share: share })}
      >
        {taken ? "Used above" : "Use this awake share above"}
      </button>
    </div>
  );
}

function Running() {
  const { done, total } = replay.value.progress;
  const share = total > 0 ? done / total : 0;
  return (
    <div class="replay-running">
      <progress aria-label="Replay" value={share} max={1} />
      <span class="num" role="status">
        {percent(share, 0)}
      </span>
      <button type="button" class="btn" data-testid="replay-cancel" onClick={cancelReplay}>
        Cancel
      </button>
    </div>
  );
}

export function ReplayPanel() {
  const [chosen, choose] = useState(HELD_OUT);
  const [pause_s, setPause] = useState(PAUSE_S);
  const [seed, setSeed] = useState(1);
  if (!report.value) return null;
  const { state, found, trouble, seconds } = replay.value;
  const longest = streams.value;
  const recording = longest.some(({ id }) => id === chosen) ? chosen : null;
  const running = state === "running";
  return (
    <Panel
      title="A long stream, replayed"
      lead="The model listens to a long stream exactly as the chip will: same gate, same smoothing, same threshold."
      class="replay-panel"
    >
      <div class="replay-choice">
        <SelectField
          title="Stream"
          value={recording ?? HELD_OUT}
          options={[
            { id: HELD_OUT, title: "All that was held out for test" },
            ...longest.map(({ id, name, seconds: s }) => ({
              id,
              title: `${name}, ${duration(s)}`,
            })),
          ]}
          help={
            recording
              ? "As it was recorded; its labels are the truth, and what bears none is nothing."
              : "In a shuffled order, with recordings of nothing in between."
          }
          disabled={running}
          onValue={choose}
        />
        {recording === null && (
          <>
            <NumberField
              title="Pause"
              unit="s"
              value={pause_s}
              min={0}
              max={MOST_PAUSE_S}
              fallback={PAUSE_S}
              help="Of nothing between events. Repeated where too little was recorded; repetitions are not counted."
              disabled={running}
              onValue={setPause}
            />
            <NumberField
              title="Order"
              value={seed}
              min={0}
              max={1e6}
              step="whole"
              help="Another number, another order."
              disabled={running}
              onValue={setSeed}
            />
          </>
        )}
        {running ? (
          <Running />
        ) : (
          <button
            type="button"
            class="btn btn-primary replay-run"
            data-testid="replay-start"
            onClick={() => void startReplay({ recording, pause_s, seed })}
          >
            {found ? "Replay again" : "Replay"}
          </button>
        )}
      </div>
      {trouble && <Notice severity="error" {...trouble} />}
      {found && (
        <div data-testid="replay-result">
          {replayOld.value && (
            <Notice
              severity="warning"
              what="The model or its decision has changed since"
              remedy="Replay again to renew the figures."
            />
          )}
          <ReplayTimeline found={found} />
          <Figures told={found.told} />
          <TakeAwake told={found.told} />
          <p class="fine">
            {found.told.made_of} {duration(found.told.length_ms / 1000)} in all, replayed here in{" "}
            {duration(seconds)}.
          </p>
          {found.told.cautions.map((caution) => (
            <Notice key={caution} severity="note" what={caution} />
          ))}
          <ReplayEvents told={found.told} />
        </div>
      )}
    </Panel>
  );
}
