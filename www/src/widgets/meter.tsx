// How loud it is, on a scale of decibels below full scale: the filled bar is the effective
// value, the line the highest peak of the last seconds, the lamp says that it clips.

interface Props {
  /** Shares of full scale, 0 to 1. */
  rms: number;
  held: number;
  clipping: boolean;
}

const LOWEST_DB = -60;

function decibels(share: number): number {
  return share > 0 ? Math.max(LOWEST_DB, 20 * Math.log10(share)) : LOWEST_DB;
}

const place = (db: number) => `${(100 * (db - LOWEST_DB)) / -LOWEST_DB}%`;

export function Meter({ rms, held, clipping }: Props) {
  const now = decibels(rms);
  const peak = decibels(held);
  const text =
    peak <= LOWEST_DB
      ? "silence"
      : `${Math.round(peak)} dB at its loudest${clipping ? ", clipped" : ""}`;
  return (
    <div class="level">
      {/* biome-ignore lint/a11y/useSemanticElements: a <meter> has no place for peak and colours */}
      <div
        class="meter-track"
        role="meter"
        aria-label="Level of the microphone"
        aria-valuemin={LOWEST_DB}
        aria-valuemax={0}
        aria-valuenow={Math.round(peak)}
        aria-valuetext={text}
      >
        <span class="meter-mask" style={{ left: place(now) }} />
        {peak > LOWEST_DB && <span class="meter-peak" style={{ left: place(peak) }} />}
      </div>
      <span class="meter-figure num">
        {peak <= LOWEST_DB ? "silent" : `${Math.round(peak)} dB`}
      </span>
      <span class={clipping ? "meter-lamp meter-lamp-on" : "meter-lamp"}>Clip</span>
    </div>
  );
}
