// Numbers as people read them: never without a unit, a guess never without its range.

const DECIMAL = "en-GB";

/** A number with `digits` significant digits, without exponent, grouped by thousands. */
export function figure(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "unknown";
  if (value === 0) return "0";
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.min(6, Math.max(0, digits - 1 - magnitude));
  return value.toLocaleString(DECIMAL, {
    minimumFractionDigits: 0,
    maximumFractionDigits: decimals,
  });
}

/** A count: whole, grouped. */
export function count(value: number): string {
  return Math.round(value).toLocaleString(DECIMAL);
}

/** "1 window", "216 windows". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A share of 0..1 in per cent with one decimal. */
export function percent(share: number, decimals = 1): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(decimals)} %` : "unknown";
}

interface Ladder {
  readonly steps: readonly (readonly [string, number])[];
}

const LADDERS: readonly Ladder[] = [
  {
    steps: [
      ["bytes", 1],
      ["kB", 1e3],
      ["MB", 1e6],
      ["GB", 1e9],
    ],
  },
  {
    steps: [
      ["ns", 1e-3],
      ["µs", 1],
      ["ms", 1e3],
      ["s", 1e6],
    ],
  },
  {
    steps: [
      ["nW", 1e-3],
      ["µW", 1],
      ["mW", 1e3],
      ["W", 1e6],
    ],
  },
  {
    steps: [
      ["nJ", 1e-3],
      ["µJ", 1],
      ["mJ", 1e3],
      ["J", 1e6],
    ],
  },
  {
    steps: [
      ["hours", 1],
      ["days", 24],
      ["years", 24 * 365.25],
    ],
  },
];

const SAME_UNIT: Readonly<Record<string, string>> = {
  B: "bytes",
  byte: "bytes",
  us: "µs",
  uW: "µW",
  uJ: "µJ",
  h: "hours",
  d: "days",
};

/** The step of its unit's ladder on which `value` reads best. */
function scale(value: number, unit: string): { by: number; unit: string } {
  const known = SAME_UNIT[unit] ?? unit;
  for (const { steps } of LADDERS) {
    const from = steps.find(([name]) => name === known);
    if (!from) continue;
    const base = Math.abs(value) * from[1];
    let best = steps[0] ?? from;
    for (const step of steps) {
      const enough = known === "days" || known === "hours" ? step[1] * 2 : step[1];
      if (base >= enough) best = step;
    }
    return { by: from[1] / best[1], unit: best[0] };
  }
  return { by: 1, unit: known };
}

/** A value with its unit, on the step of the unit that reads best. */
export function quantity(value: number, unit: string, digits = 3): string {
  if (!Number.isFinite(value)) return "unknown";
  const to = scale(value, unit);
  return `${figure(value * to.by, digits)} ${to.unit}`.trim();
}

/** "low–high unit", or one value where both ends are the same. */
export function range(low: number, high: number, unit: string): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return "unknown";
  const to = scale(high, unit);
  // Ends that are far apart each read best in a unit of their own: "29 days–7.7 years".
  if (low > 0 && low * to.by < 0.1) return `${quantity(low, unit, 2)}–${quantity(high, unit, 2)}`;
  const digits = high - low < high * 0.02 ? 3 : 2;
  const a = figure(low * to.by, digits);
  const b = figure(high * to.by, digits);
  return a === b ? `${b} ${to.unit}` : `${a}–${b} ${to.unit}`;
}

/** Bytes on a decimal ladder: 1 kB is 1,000 bytes. */
export function bytes(n: number): string {
  return quantity(n, "bytes");
}

/** Seconds as "8.2 s" or "3 min 05 s". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** A time of a stream: "0:07", "1:02:30"; halves of a second as such. */
export function clock(ms: number): string {
  const tenths = Math.round(ms / 100);
  const seconds = Math.floor(tenths / 10);
  const two = (n: number) => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const rest = `${two(seconds % 60)}${tenths % 10 === 0 ? "" : `.${tenths % 10}`}`;
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${rest}` : `${minutes}:${rest}`;
}

/** A rate: "62.5 Hz". */
export function hertz(rate: number | null): string {
  return rate === null ? "unknown rate" : `${figure(rate, 4)} Hz`;
}

/** When something was made, as far as the reader's own clock tells. */
export function moment(ms: number | null): string {
  if (ms === null) return "date unknown";
  return new Date(ms).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
