// The handles of the four worries: how fast the chip runs, how often it decides, how much of the
// time it is awake, what it tells and how.

import { useId } from "preact/hooks";
import { catalog, project, readOnly } from "../../state";
import { clocks, hopTried, setUsage, tryHop, usage } from "../../state/conditions";
import { awakeMeasured } from "../../state/replay";
import { SelectField, SwitchField } from "../../widgets/fields";
import { count, figure, percent, quantity } from "../../widgets/format";
import { ofPictures } from "../shared";

/** Steps of a slider: as many as a hand can tell apart. */
const STEPS = 200;
const CLOCK_STEPS = 48;

interface HandleProps {
  title: string;
  testId: string;
  value: number;
  /** By ratio; `zero`: its left end is 0. */
  min: number;
  max: number;
  zero?: boolean;
  shown: string;
  help: string;
  disabled?: boolean;
  onValue: (value: number) => void;
}

/** A slider that goes by ratio, so that 1 and 10 are as far apart as 100 and 1000. */
function Handle(p: HandleProps) {
  const id = useId();
  const by = Math.log(p.max / p.min) / (STEPS - 1);
  const at = p.value < p.min ? (p.zero ? 0 : 1) : 1 + Math.log(p.value / p.min) / by;
  const valueAt = (step: number) => {
    if (step === 0 && p.zero) return 0;
    const exact = p.min * Math.exp((step - 1) * by);
    return Math.min(p.max, Math.max(p.min, Number(exact.toPrecision(2))));
  };
  return (
    <div class="field handle">
      <div class="field-head">
        <label for={id}>{p.title}</label>
        <output for={id} class="slider-value num">
          {p.shown}
        </output>
      </div>
      <input
        id={id}
        data-testid={p.testId}
        type="range"
        min={p.zero ? 0 : 1}
        max={STEPS}
        step={1}
        value={Math.round(at)}
        aria-valuetext={p.shown}
        aria-describedby={`${id}-help`}
        disabled={p.disabled ?? false}
        onInput={(e) => p.onValue(valueAt(Number(e.currentTarget.value)))}
      />
      <p class="field-help" id={`${id}-help`}>
        {p.help}
      </p>
    </div>
  );
}

function Clock() {
  const id = useId();
  const all = clocks.value;
  const [slowest, fastest] = [all[0], all.at(-1)];
  if (slowest === undefined || fastest === undefined) return null;
  const wish = usage.value.clock_mhz > 0 ? usage.value.clock_mhz : fastest;
  // As the engine does: a wish that the board can't follow is its nearest end.
  const now = Math.min(fastest, Math.max(slowest, wish));
  const shown = `${figure(now, 3)} MHz`;
  const fixed = slowest === fastest;
  return (
    <div class="field handle">
      <div class="field-head">
        <label for={id}>Clock</label>
        <output for={id} class="slider-value num">
          {shown}
        </output>
      </div>
      <input
        id={id}
        data-testid="handle-clock"
        type="range"
        min={fixed ? 0 : slowest}
        max={fastest}
        step={fixed ? fastest : (fastest - slowest) / CLOCK_STEPS}
        value={now}
        aria-valuetext={shown}
        aria-describedby={`${id}-help`}
        disabled={fixed || readOnly.value}
        onInput={(e) => setUsage({ clock_mhz: Number(e.currentTarget.value) })}
      />
      <p class="field-help" id={`${id}-help`}>
        {fixed
          ? "Power is known at this clock alone."
          : `Power is known at ${all.map((mhz) => figure(mhz, 3)).join(", ")} MHz, and taken to lie on a line in between.`}
      </p>
    </div>
  );
}

function Hop() {
  const own = project.value?.settings.hop_ms ?? 0;
  const hop = hopTried.value;
  return (
    <div class="handle-with">
      <Handle
        title="Hop"
        testId="handle-hop"
        value={hop}
        min={10}
        max={60_000}
        shown={quantity(hop * 1000, "µs")}
        help={
          hop === own
            ? `Time between ${ofPictures.value ? "pictures" : "decisions"}: the model's own.`
            : `Tried out here; the model's own is ${quantity(own * 1000, "µs")}, and is set in Explore.`
        }
        onValue={tryHop}
      />
      {hop !== own && (
        <button type="button" class="btn btn-small" onClick={() => tryHop(own)}>
          Back to the model's
        </button>
      )}
    </div>
  );
}

function Awake() {
  const share = usage.value.awake_share;
  const measured = awakeMeasured.value;
  const same = measured !== null && Math.abs(measured - share) < 0.0005;
  return (
    <div class="handle-with">
      <Handle
        title="Awake"
        testId="handle-awake"
        value={share}
        min={0.001}
        max={1}
        shown={percent(share, share < 0.1 ? 1 : 0)}
        help={
          measured === null
            ? "Share of decisions that are computed; the others sleep behind a gate. A replay below measures it."
            : `${same ? "As measured" : `Measured: ${percent(measured)}`} in the replay, with so many events a day.`
        }
        disabled={readOnly.value}
        onValue={(awake_share) => setUsage({ awake_share })}
      />
      {measured !== null && !same && (
        <button
          type="button"
          class="btn btn-small"
          disabled={readOnly.value}
          onClick={() => setUsage({ awake_share: measured })}
        >
          Take what was measured
        </button>
      )}
    </div>
  );
}

export function Handles() {
  const now = usage.value;
  const radios = catalog.value?.radios ?? [];
  const sensors = catalog.value?.sensors ?? [];
  const radio = radios.find((one) => one.id === now.radio);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend can't lie in a grid
    <div class="handles" role="group" aria-label="How it is used">
      <Clock />
      <Hop />
      <Handle
        title="Events a day"
        testId="handle-events"
        value={now.messages_a_day}
        min={1}
        max={100_000}
        zero
        shown={count(now.messages_a_day)}
        help="Each is one message: a time and a label."
        disabled={readOnly.value}
        onValue={(messages_a_day) => setUsage({ messages_a_day })}
      />
      <Awake />
      <SelectField
        title="Radio"
        value={now.radio}
        options={radios.map(({ id, name }) => ({ id, title: name }))}
        help={
          radio && radio.id !== "none"
            ? "Sends the events."
            : "Nothing is sent; events are kept or shown."
        }
        disabled={readOnly.value}
        onValue={(id) => setUsage({ radio: id })}
      />
      <SelectField
        title="Sensor"
        value={now.sensor}
        options={[
          { id: "", title: "The task's usual one" },
          ...sensors.map(({ id, name }) => ({ id, title: name })),
        ]}
        help="Its power counts while awake, and while it watches."
        disabled={readOnly.value}
        onValue={(id) => setUsage({ sensor: id })}
      />
      <SwitchField
        title="The whole board"
        on={now.whole_board}
        help="As bought, with its regulator and lights; off: the chip alone, on a board of your own."
        disabled={readOnly.value}
        onValue={(whole_board) => setUsage({ whole_board })}
      />
    </div>
  );
}
