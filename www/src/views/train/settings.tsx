// How it is trained, and how its examples are varied.

import type { AugmentSettings } from "../../engine/types/AugmentSettings";
import type { Task } from "../../engine/types/Task";
import type { TrainingSettings } from "../../engine/types/TrainingSettings";
import { defaults, project, readOnly, updateSettings } from "../../state";
import { NumberField, type StepKind, SwitchField } from "../../widgets/fields";
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

type Fitting = Exclude<keyof TrainingSettings, "augment" | "class_weights">;
/** Variations that are so many or so much; a mirror is there or not. */
type Varying = Exclude<keyof AugmentSettings, "mirror">;

const FITTING: readonly Row<Fitting>[] = [
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
    help: "Shorter than the hop shows each event at more positions.",
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

const COPIES: Row<Varying> = {
  id: "copies",
  title: "Variations",
  unit: "a window",
  min: 0,
  max: 20,
  step: "whole",
  help: "0 switches them all off.",
};

const STRETCH: Row<Varying> = {
  id: "stretch",
  title: "Speed, ±",
  unit: "share",
  min: 0,
  max: 0.5,
  step: "any",
  help: "Slower and faster.",
};

const SHIFT: Row<Varying> = {
  id: "shift_ms",
  title: "Moved by up to",
  unit: "ms",
  min: 0,
  max: 5000,
  step: "any",
  help: "Begins earlier or later.",
};

const JITTER: Row<Varying> = {
  id: "jitter",
  title: "Jitter",
  unit: "share",
  min: 0,
  max: 1,
  step: "any",
  help: "Noise of the sensor's own, as a share of the signal's spread.",
};

/** What a window of each task may be varied in. */
const VARYING: Readonly<
  Record<Task, { lead: string; mirror?: true; rows: readonly Row<Varying>[] }>
> = {
  motion: {
    lead: "Training windows, turned and stretched, so that the network learns the movement and not how one take was held.",
    rows: [
      COPIES,
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
      STRETCH,
      JITTER,
      SHIFT,
    ],
  },
  audio: {
    lead: "Training windows, louder and softer, moved and with background mixed in, so that the network learns the sound and not one room.",
    rows: [
      COPIES,
      {
        id: "gain_db",
        title: "Loudness, ±",
        unit: "dB",
        min: 0,
        max: 40,
        step: "any",
        help: "Nearer to the microphone, and farther.",
      },
      SHIFT,
      {
        id: "noise",
        title: "Background, up to",
        unit: "× as loud",
        min: 0,
        max: 4,
        step: "any",
        help: "Mixed in from your own background recordings; 1 is as loud as the sound.",
      },
      {
        id: "mask_frames",
        title: "Blanked in time",
        unit: "frames",
        min: 0,
        max: 256,
        step: "whole",
        help: "Frames of the features that are hidden, at most.",
      },
      {
        id: "mask_columns",
        title: "Blanked bands",
        unit: "columns",
        min: 0,
        max: 256,
        step: "whole",
        help: "Bands that are hidden, at most.",
      },
      STRETCH,
      JITTER,
    ],
  },
  image: {
    lead: "Training pictures, held otherwise and in other light, so that the network learns what is in them and not one hand, one room or one hour.",
    mirror: true,
    rows: [
      { ...COPIES, unit: "a picture" },
      {
        id: "rotate_deg",
        title: "Turned by up to",
        unit: "°",
        min: 0,
        max: 180,
        step: "any",
        help: "Either way, about the middle.",
      },
      {
        id: "scale",
        title: "Size, ±",
        unit: "share",
        min: 0,
        max: 0.9,
        step: "any",
        help: "Nearer and farther.",
      },
      {
        id: "shift",
        title: "Moved by up to",
        unit: "of a side",
        min: 0,
        max: 0.5,
        step: "any",
        help: "Each way: 0.1 is a tenth of the picture.",
      },
      {
        id: "brightness",
        title: "Brightness, ±",
        unit: "of full",
        min: 0,
        max: 0.9,
        step: "any",
        help: "More light and less.",
      },
      {
        id: "contrast",
        title: "Contrast, ±",
        unit: "share",
        min: 0,
        max: 0.9,
        step: "any",
        help: "Harder and softer light.",
      },
      {
        id: "jitter",
        title: "Noise, up to",
        unit: "of full",
        min: 0,
        max: 1,
        step: "any",
        help: "As cameras have it in the dark.",
      },
      {
        id: "erase",
        title: "Blanked out",
        unit: "of a side",
        min: 0,
        max: 0.5,
        step: "any",
        help: "A rectangle up to so large is hidden: no single part may decide.",
      },
    ],
  },
};

/** What one example is called. */
const EXAMPLES: Readonly<Record<Task, string>> = {
  motion: "windows",
  audio: "windows",
  image: "pictures",
};

/** Rows that say "windows", in the words of the task; a picture has no hop of its own. */
function fitting(task: Task): Row<Fitting>[] {
  const say = (text: string) =>
    text.replaceAll("windows", EXAMPLES[task]).replace("Windows", capital(EXAMPLES[task]));
  return FITTING.filter((row) => task !== "image" || row.id !== "hop_ms").map((row) => ({
    ...row,
    unit: say(row.unit),
    help: say(row.help),
  }));
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Fields for those rows of `values` that this build knows. */
function Fields<T extends Record<Id, number>, Id extends string>(props: {
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
  const all = project.value?.settings;
  const usual = defaults.value?.training;
  if (!all || !usual) return null;
  const { training: settings, task } = all;
  const varying = VARYING[task];
  return (
    <Panel title="Training settings">
      <Fields
        rows={fitting(task)}
        values={settings}
        defaults={usual}
        set={(id, value) =>
          updateSettings((s) => {
            s.training[id] = value;
          })
        }
      />
      <SwitchField
        title="Weigh rare labels more"
        help={`Each label counts the same in learning, however many ${EXAMPLES[task]} it has.`}
        on={settings.class_weights}
        disabled={readOnly.value}
        onValue={(on) =>
          updateSettings((s) => {
            s.training.class_weights = on;
          })
        }
      />
      <hr />
      <h3>Variations</h3>
      <p class="fine vary-lead">{varying.lead} Validation and test are never varied.</p>
      {varying.mirror && (
        <SwitchField
          title="Mirrored"
          help="Half of the variations, left for right. Not for what has a left and a right: arrows, letters, hands."
          on={settings.augment.mirror}
          disabled={readOnly.value}
          onValue={(on) =>
            updateSettings((s) => {
              s.training.augment.mirror = on;
            })
          }
        />
      )}
      <Fields
        rows={varying.rows}
        values={settings.augment}
        defaults={usual.augment}
        set={(id, value) =>
          updateSettings((s) => {
            s.training.augment[id] = value;
          })
        }
      />
    </Panel>
  );
}
