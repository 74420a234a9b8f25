// When scores become a label, and a label an event. Acts while the model runs, is part of the bundle.

import type { DecisionSettings } from "../../engine/types/DecisionSettings";
import { defaults, live, project, readOnly, strength, updateSettings } from "../../state";
import { ClassMark } from "../../widgets/class-mark";
import { NumberField, SliderField } from "../../widgets/fields";
import { figure, percent, plural } from "../../widgets/format";
import { Panel } from "../../widgets/notice";

const set = (change: (d: DecisionSettings) => void) => updateSettings((s) => change(s.decision));

/** Labels that never make an event. */
function NoneOfThese({ labels, none }: { labels: readonly string[]; none: readonly string[] }) {
  return (
    <fieldset class="field none-labels">
      <legend>None of these</legend>
      <div class="none-row">
        {labels.map((label, i) => (
          <label key={label} class="none-label">
            <input
              type="checkbox"
              checked={none.includes(label)}
              disabled={readOnly.value}
              onChange={(e) => {
                const on = e.currentTarget.checked;
                set((d) => {
                  d.none = on ? [...none, label] : none.filter((one) => one !== label);
                });
              }}
            />
            <ClassMark index={i} label={label} />
          </label>
        ))}
      </div>
      <p class="field-help">
        {none.length > 0
          ? "These labels are said, but never make an event."
          : "With none chosen, usual names such as noise, unknown and idle count as none of these."}
      </p>
    </fieldset>
  );
}

/** The gate's level goes by ratio: so many steps from its smallest to its largest value. */
const GATE_STEPS = 100;

function Gate({ d, unit, most }: { d: DecisionSettings; unit: string; most: number }) {
  const least = most / 1000;
  const at = d.gate.level > 0 ? 1 + Math.log(d.gate.level / least) / gateStep : 0;
  const now = live.value.state === "running" ? strength.value : null;
  const { windows, awake } = live.value;
  return (
    <>
      <SliderField
        title="Gate"
        value={Math.max(0, Math.min(GATE_STEPS, Math.round(at)))}
        min={0}
        max={GATE_STEPS}
        step={1}
        shown={d.gate.level > 0 ? `${figure(d.gate.level, 2)} ${unit}` : "off"}
        help={
          now !== null
            ? `Sleeps while the signal is weaker. Now: ${figure(now, 2)} ${unit}.`
            : "Features and network sleep while the signal is weaker; 0 never sleeps."
        }
        onValue={(v) =>
          set((g) => {
            g.gate.level =
              v === 0 ? 0 : Number((least * Math.exp((v - 1) * gateStep)).toPrecision(3));
          })
        }
      />
      {d.gate.level > 0 && (
        <NumberField
          title="Stays awake"
          unit="ms"
          value={d.gate.hold_ms}
          min={0}
          max={60000}
          fallback={defaults.value?.decision.gate.hold_ms ?? 1000}
          help={
            windows > 0
              ? `After the event. So far awake in ${percent(awake / windows, 0)} of windows.`
              : "After the event has left the window."
          }
          disabled={readOnly.value}
          onValue={(v) =>
            set((g) => {
              g.gate.hold_ms = v;
            })
          }
        />
      )}
    </>
  );
}

const gateStep = Math.log(1000) / (GATE_STEPS - 1);

export function Decision({ labels }: { labels: readonly string[] }) {
  const settings = project.value?.settings;
  if (!settings) return null;
  const d = settings.decision;
  const sound = settings.task === "audio";
  const pictures = settings.task === "image";
  const examples = pictures ? "picture" : "window";
  return (
    <Panel title="Decision" lead="Acts at once, and is part of the bundle.">
      <SliderField
        title="Threshold"
        value={d.threshold}
        min={0}
        max={1}
        step={0.01}
        shown={percent(d.threshold, 0)}
        help="Below this score no label is given."
        onValue={(v) =>
          set((s) => {
            s.threshold = v;
          })
        }
      />
      <SliderField
        title="Smoothing"
        value={d.smoothing}
        min={1}
        max={16}
        step={1}
        shown={plural(d.smoothing, examples)}
        help={`Scores are averaged over so many ${examples}s: calmer, and slower.`}
        onValue={(v) =>
          set((s) => {
            s.smoothing = v;
          })
        }
      />
      <SliderField
        title="Suppression"
        value={d.suppress_ms}
        min={0}
        max={5000}
        step={100}
        shown={`${figure(d.suppress_ms / 1000, 2)} s`}
        help="After an event there is no other for so long."
        onValue={(v) =>
          set((s) => {
            s.suppress_ms = v;
          })
        }
      />
      <NoneOfThese labels={labels} none={d.none} />
      {!pictures && <Gate d={d} unit={sound ? "of full scale" : "m/s²"} most={sound ? 0.5 : 10} />}
    </Panel>
  );
}
