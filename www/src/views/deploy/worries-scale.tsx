// Ranges beside each other on a scale of ratios: what is a thousand times as much lies as far
// away whether it is small or large.

import { quantity, range as told } from "../../widgets/format";

export interface LogRow {
  name: string;
  range: { low: number; high: number } | null;
  /** Solid, hollow or dashed, so that colour is not alone. */
  look: "measured" | "estimated" | "assumed";
}

interface Props {
  unit: string;
  /** Ends of the scale, above 0. */
  from: number;
  to: number;
  /** Values that the scale names. */
  ticks: readonly number[];
  /** What the picture shows. */
  label: string;
  rows: readonly LogRow[];
}

export function LogRows({ unit, from, to, ticks, label, rows }: Props) {
  const decades = Math.log10(to / from);
  const at = (value: number) => 100 * Math.min(1, Math.max(0, Math.log10(value / from) / decades));
  return (
    <div class="log-rows">
      <dl aria-label={label}>
        {rows.map(({ name, range, look }) => (
          <div key={name} class="log-row">
            <dt>{name}</dt>
            <dd>
              <span class="log-track" aria-hidden="true">
                {range && range.high > 0 && (
                  <span
                    class={`log-bar log-${look}`}
                    style={{
                      left: `${at(range.low)}%`,
                      width: `${at(range.high) - at(range.low)}%`,
                    }}
                  />
                )}
              </span>
              <span class="log-value num">
                {range ? told(range.low, range.high, unit) : "unknown"}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <div class="log-ticks" aria-hidden="true">
        {ticks.map((value) => (
          // Half of the first would lie beyond the left end.
          <span
            key={value}
            class={value === from ? "log-tick-first" : ""}
            style={{ left: `${at(value)}%` }}
          >
            {quantity(value, unit, 1)}
          </span>
        ))}
      </div>
    </div>
  );
}
