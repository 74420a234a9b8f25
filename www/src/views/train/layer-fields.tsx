// The settings of one layer, small enough for its row. What is out of range is not taken, and the
// field says why.

import { useId, useState } from "preact/hooks";
import type { LayerSpec } from "../../engine/types/LayerSpec";
import { readOnly } from "../../state";
import { type Field, KINDS, numbers, withField } from "./layer-kinds";

interface NumberProps {
  /** For those who don't see the row: which layer, which field, which direction. */
  name: string;
  value: number;
  min: number;
  max: number;
  onValue: (value: number) => void;
}

function SmallNumber({ name, value, min, max, onValue }: NumberProps) {
  const id = useId();
  const [wrong, setWrong] = useState(false);
  return (
    <span class="mini-number">
      <input
        type="number"
        inputMode="numeric"
        aria-label={name}
        aria-invalid={wrong}
        aria-describedby={wrong ? id : undefined}
        min={min}
        max={max}
        step={1}
        value={value}
        disabled={readOnly.value}
        onInput={(e) => {
          const next = e.currentTarget.valueAsNumber;
          const legal = Number.isInteger(next) && next >= min && next <= max;
          setWrong(!legal);
          if (legal) onValue(next);
        }}
        onBlur={(e) => {
          setWrong(false);
          e.currentTarget.value = String(value);
        }}
      />
      {wrong && (
        <span id={id} class="mini-wrong" role="alert">
          {min} to {max}
        </span>
      )}
    </span>
  );
}

interface FieldProps {
  field: Field;
  layer: LayerSpec;
  at: number;
  onLayer: (layer: LayerSpec) => void;
}

const WAYS = ["over time", "over columns"];

function OneField({ field, layer, at, onLayer }: FieldProps) {
  const name = `Layer ${at + 1}, ${field.title}`;
  if (field.form === "choice") {
    const chosen = (layer as unknown as Record<string, string>)[field.id];
    return (
      <label class="mini-field">
        <span>{field.title}</span>
        <select
          aria-label={name}
          value={chosen}
          disabled={readOnly.value}
          onChange={(e) => onLayer(withField(layer, field.id, e.currentTarget.value))}
        >
          {field.options.map(([id, title]) => (
            <option key={id} value={id} selected={id === chosen}>
              {title}
            </option>
          ))}
        </select>
      </label>
    );
  }
  const values = numbers(layer, field.id);
  const by = field.form === "percent" ? 100 : 1;
  return (
    <span class="mini-field">
      <span aria-hidden="true">{field.title}</span>
      {values.map((value, i) => (
        <span key={i} class="mini-part">
          {i > 0 && <span aria-hidden="true">×</span>}
          <SmallNumber
            name={values.length > 1 ? `${name} ${WAYS[i]}` : name}
            value={Math.round(value * by)}
            min={field.min}
            max={field.max}
            onValue={(next) => {
              const all = values.map((old, k) => (k === i ? next / by : old));
              onLayer(withField(layer, field.id, field.form === "pair" ? all : all[0]));
            }}
          />
        </span>
      ))}
    </span>
  );
}

export function LayerFields(props: Omit<FieldProps, "field">) {
  const fields = KINDS[props.layer.kind]?.fields ?? [];
  return (
    <span class="layer-fields">
      {fields.map((field) => (
        <OneField key={field.id} field={field} {...props} />
      ))}
    </span>
  );
}
