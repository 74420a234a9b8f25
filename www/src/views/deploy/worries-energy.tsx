// A year on the battery: yes or no, what draws how much, and what would make it yes.

import type { ComponentChildren, FunctionComponent } from "preact";
import type { Estimate } from "../../engine/types/Estimate";
import { catalog, project, readOnly } from "../../state";
import { applyChange, costs } from "../../state/conditions";
import { estimate } from "../../widgets/breakdown";
import { percent, quantity, range } from "../../widgets/format";
import type { IconName } from "../../widgets/icons";
import { HowKnown } from "./worries";

type Shell = FunctionComponent<{
  id: string;
  icon: IconName;
  name: string;
  question: string;
  value: ComponentChildren;
  children: ComponentChildren;
}>;

/** Each part in a pattern of its own, in the order of the sum. */
const LOOKS = ["computing", "waking", "asleep", "sensor", "radio"] as const;

function look(name: string): string {
  return LOOKS.find((one) => name.startsWith(one)) ?? "other";
}

/** The parts of the average power beside each other, against what the battery allows for a year. */
function PowerBars({ power, allowed_uw }: { power: Estimate; allowed_uw: number | null }) {
  const ends = [
    { name: "At least", of: "low", whole: power.low },
    { name: "At most", of: "high", whole: power.high },
  ] as const;
  const longest = Math.max(power.high ?? 0, (allowed_uw ?? 0) * 1.15);
  if (!(longest > 0)) return null;
  const share = (uw: number) => (100 * uw) / longest;
  const told = power.parts
    .map((part) => `${part.name} ${estimate(part)}`)
    .concat(allowed_uw === null ? [] : [`a year allows ${quantity(allowed_uw, "µW")}`]);
  return (
    <div class="power">
      <div class="power-bars" role="img" aria-label={`Average power: ${told.join(", ")}`}>
        {ends.map(({ name, of, whole }) => (
          <div class="power-row" key={name}>
            <span class="power-name">{name}</span>
            <span class="power-track">
              {power.parts.map((part) => (
                <span
                  key={part.name}
                  class={`power-part power-${look(part.name)}`}
                  style={{ width: `${share(part[of] ?? 0)}%` }}
                />
              ))}
            </span>
            <span class="power-value num">{whole === null ? "" : quantity(whole, "µW")}</span>
          </div>
        ))}
        {allowed_uw !== null && (
          <div class="power-line">
            <span style={{ left: `${share(allowed_uw)}%` }} />
          </div>
        )}
      </div>
      <ul class="power-key" aria-label="Parts of the average power">
        {power.parts
          .filter((part) => part.high === null || part.high > 0)
          .map((part) => (
            <li key={part.name}>
              <span class={`power-swatch power-${look(part.name)}`} aria-hidden="true" />
              {part.name} <span class="num muted">{estimate(part)}</span>
            </li>
          ))}
        {allowed_uw !== null && (
          <li>
            <span class="power-swatch power-allowed" aria-hidden="true" />a year allows{" "}
            <span class="num muted">{quantity(allowed_uw, "µW")}</span>
          </li>
        )}
      </ul>
    </div>
  );
}

function answer(possible: boolean | null, known: boolean): string {
  if (possible === null) return known ? "Perhaps" : "Unknown";
  return possible ? "Yes" : "No";
}

export function Energy({ Worry }: { Worry: Shell }) {
  const { footprint } = costs.value;
  const id = project.value?.settings.battery;
  const battery = catalog.value?.batteries.find((one) => one.id === id)?.name ?? "the battery";
  const question = `A year on a ${battery}?`;
  if (!footprint)
    return (
      <Worry id="energy" icon="battery" name="Energy" question={question} value="unknown">
        <p class="fine">Known as soon as there is something to plan with.</p>
      </Worry>
    );
  const { year, power, battery_life: life } = footprint;
  return (
    <Worry
      id="energy"
      icon="battery"
      name="Energy"
      question={question}
      value={
        <>
          <span class={`worry-answer worry-${String(year.possible)}`}>
            {answer(year.possible, power.low !== null)}
          </span>
          <span class="worry-life">
            {life.low === null || life.high === null
              ? "life unknown"
              : `lasts ${range(life.low, life.high, "days")}`}
          </span>
        </>
      }
    >
      <PowerBars power={power} allowed_uw={year.allowed_uw} />
      {year.by.length === 0 ? (
        <p class="fine">{year.text}</p>
      ) : (
        <div class="levers">
          <p class="levers-head">Any one of these would make it yes:</p>
          <ul>
            {year.by.map((change) => (
              <li key={change.lever + change.text}>
                <span>{change.text}</span>
                <button
                  type="button"
                  class="btn btn-small"
                  aria-label={`Try ${change.text}`}
                  disabled={readOnly.value}
                  onClick={() => applyChange(change)}
                >
                  Try
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <HowKnown figure={power} name="average power" />
      {footprint.latency.high !== null && footprint.latency.limit !== null && (
        <p class="fine num">
          Computing takes up to{" "}
          {percent(Math.min(1, footprint.latency.high / footprint.latency.limit), 1)} of the time
          while awake.
        </p>
      )}
    </Worry>
  );
}
