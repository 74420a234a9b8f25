// Bars: parts of a whole, and signed values beside their names.

export interface Segment {
  name: string;
  value: number;
  /** Style of the segment: solid, striped or dotted, so that colour is not alone. */
  look: "train" | "validation" | "test";
}

interface StackProps {
  segments: readonly Segment[];
  /** Length of a full bar. */
  whole: number;
  ink: string;
  label: string;
}

export function StackedBar({ segments, whole, ink, label }: StackProps) {
  return (
    <div class="stack" role="img" aria-label={label}>
      {segments.map((s) =>
        s.value > 0 ? (
          <span
            key={s.name}
            class={`stack-part stack-${s.look}`}
            style={{ width: `${(100 * s.value) / whole}%`, "--ink-class": `var(${ink})` }}
            title={`${s.name}: ${s.value}`}
          />
        ) : null,
      )}
    </div>
  );
}

/** A bar from 0 to 1 with a mark where the threshold lies. */
export function ScoreBar({ share, ink, mark }: { share: number; ink: string; mark?: number }) {
  const width = Math.max(0, Math.min(1, share));
  return (
    <span class="score" aria-hidden="true">
      <span
        class="score-fill"
        style={{ transform: `scaleX(${width})`, background: `var(${ink})` }}
      />
      {mark !== undefined && <span class="score-mark" style={{ left: `${mark * 100}%` }} />}
    </span>
  );
}

/** A bar that grows from the middle, to the left for what lies below the mean. */
export function DeviationBar({ value, limit }: { value: number; limit: number }) {
  const share = Math.max(-1, Math.min(1, value / limit));
  return (
    <span class="deviation" aria-hidden="true">
      <span
        class="deviation-fill"
        style={{
          left: `${share < 0 ? 50 + share * 50 : 50}%`,
          width: `${Math.abs(share) * 50}%`,
        }}
      />
    </span>
  );
}

/** How much of a budget is used. */
export function Gauge({ share }: { share: number }) {
  const used = Math.max(0, Math.min(1, share));
  return (
    <span class={share > 1 ? "gauge gauge-over" : "gauge"} aria-hidden="true">
      <span class="gauge-fill" style={{ transform: `scaleX(${Math.max(used, 0.01)})` }} />
    </span>
  );
}
