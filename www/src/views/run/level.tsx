// How strong the signal is that goes into the model, beside the gate that it has to pass.

import { level, live, project } from "../../state";
import { figure } from "../../widgets/format";

/** The scale's lower end, in decibels below full scale: the quietest that 16 bits tell well. */
const FLOOR_DB = -72;
/** From here on a peak is cut off, or near it. */
const CLIPS = 0.985;

const decibel = (value: number) => Math.max(FLOOR_DB, 20 * Math.log10(Math.max(value, 1e-6)));
const share = (value: number) => 1 - decibel(value) / FLOOR_DB;

/** Of sound only: its full scale is known. */
export function LevelMeter() {
  const settings = project.value?.settings;
  if (settings?.task !== "audio" || live.value.state !== "running") return null;
  const now = level.value ?? { rms: 0, peak: 0 };
  const gate = settings.decision.gate.level;
  const loud = now.peak >= CLIPS;
  return (
    <div class="level">
      <span class="level-bar" aria-hidden="true">
        <span
          class={loud ? "level-fill level-loud" : "level-fill"}
          style={{ transform: `scaleX(${share(now.rms)})` }}
        />
        <span class="level-peak" style={{ left: `${100 * share(now.peak)}%` }} />
        {gate > 0 && <span class="level-gate" style={{ left: `${100 * share(gate)}%` }} />}
      </span>
      <span class="fine num">{loud ? "too loud" : `${figure(decibel(now.rms), 2)} dB`}</span>
    </div>
  );
}
