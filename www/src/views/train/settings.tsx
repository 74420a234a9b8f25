// How it is trained, and how its examples are varied.

import type { AugmentSettings } from "../../engine/types/AugmentSettings";
import type { TrainingSettings } from "../../engine/types/TrainingSettings";
import { catalog, project, readOnly, updateSettings } from "../../state";
import { NumberField, type StepKind } from "../../widgets/fields";
import { Panel } from "../../widgets/notice";

interface Row<Id> {
  id: Id;
  title: string;
  unit: string;
  min: number;
  max: number;
  step: StepKind;
  help: string;
}

const FITTING: readonly Row<Exclude<keyof TrainingSettings, "augment">>[] = [
  {
    id: "epochs",
    title: "Epochs",
    unit: "at most",
    min: 1,
    max: 1000,
    step: "whole",
    help: "Passes over all training windows.",
  },
  {
    id: "patience",
    title: "Patience",
    unit: "epochs",
    min: 0,
    max: 1000,
    step: "whole",
    help: "Stops when validation has not improved for so long; 0 never stops.",
  },
  {
    id: "batch_size",
    title: "Batch",
    unit: "windows",
    min: 1,
    max: 1024,
    step: "whole",
    help: "Windows for one step of learning.",
  },
  {
    id: "learning_rate",
    title: "Learning rate",
    unit: "",
    min: 0.000001,
    max: 1,
    step: "any",
    help: "How far one step goes.",
  },
  {
    id: "hop_ms",
    title: "Hop in training",
    unit: "ms",
    min: 10,
    max: 10000,
    step: "any",
    help: "Shorter than the hop shows each movement at more positions.",
  },
  {
    id: "seed",
    title: "Seed",
    unit: "",
    min: 0,
    max: 4294967295,
    step: "whole",
    help: "Same data, settings and seed give the same model, byte for byte.",
  },
];

const VARYING: readonly Row<keyof AugmentSettings>[] = [
  {
    id: "copies",
    title: "Variations",
    unit: "a window",
    min: 0,
    max: 20,
    step: "whole",
    help: "0 switches them off.",
  },
  {
    id: "rotate_deg",
    title: "Turned by up to",
    unit: "°",
    min: 0,
    max: 180,
    step: "any",
    help: "As if the sensor were held otherwise.",
  },
  {
    id: "scale",
    title: "Strength, ±",
    unit: "share",
    min: 0,
    max: 0.9,
    step: "any",
    help: "Weaker and stronger movements.",
  },
  {
    id: "stretch",
    title: "Speed, ±",
    unit: "share",
    min: 0,
    max: 0.5,
    step: "any",
    help: "Slower and faster movements.",
  },
];

/** Fields for those rows of `values` that this build knows. */
function Fields<T extends { [K in Id]: number }, Id extends string>(props: {
  rows: readonly Row<Id>[];
  values: T | undefined;
  defaults: T;
  set: (id: Id, value: number) => void;
}) {
  const { rows, values, defaults, set } = props;
  return (
    <div class="field-grid">
      {rows.map((row) => (
        <NumberField
          key={row.id}
          title={row.title}
          unit={row.unit}
          min={row.min}
          max={row.max}
          step={row.step}
          help={row.help}
          value={values?.[row.id] ?? defaults[row.id]}
          fallback={defaults[row.id]}
          disabled={readOnly.value}
          onValue={(v) => set(row.id, v)}
        />
      ))}
    </div>
  );
}

export function TrainingForm() {
  const settings = project.value?.settings.training;
  const defaults = catalog.value?.defaults.training;
  if (!settings || !defaults) return null;
  return (
    <Panel title="Training settings">
      <Fields
        rows={FITTING}
        values={settings}
        defaults={defaults}
        set={(id, value) =>
          updateSettings((s) => {
            s.training[id] = value;
          })
        }
      />
      {defaults.augment && (
        <>
          <hr />
          <h3>Varied copies</h3>
          <p class="fine vary-lead">
            Training windows, turned and stretched, so that the network learns the movement and not
            how one take was held. Validation and test are never varied.
          </p>
          <Fields
            rows={VARYING}
            values={settings.augment}
            defaults={defaults.augment}
            set={(id, value) =>
              updateSettings((s) => {
                s.training.augment = { ...defaults.augment, ...s.training.augment, [id]: value };
              })
            }
          />
        </>
      )}
    </Panel>
  );
}
