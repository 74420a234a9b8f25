// Form fields that say what they mean: title, unit, help, default. A value is handed on when
// the field is left or Enter is pressed, and only if it is legal.

import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { figure } from "./format";
import { Icon } from "./icons";

export type StepKind = "any" | "whole" | "power_of_two" | "switch";

interface NumberProps {
  title: string;
  value: number;
  onValue: (value: number) => void;
  unit?: string;
  help?: string;
  min?: number;
  max?: number;
  step?: StepKind;
  fallback?: number;
  disabled?: boolean;
  /** A slider below, for values whose effect one watches; it hands on every step. */
  slider?: boolean;
}

/** Single-precision values come from the engine with a tail of digits that nobody typed. */
function tidy(value: number): number {
  return Number(value.toPrecision(7));
}

/** Why `value` is not legal, or null. */
function objection(value: number, p: NumberProps): string | null {
  if (!Number.isFinite(value)) return "Give a number.";
  if (p.min !== undefined && value < p.min)
    return `At least ${figure(p.min)} ${p.unit ?? ""}`.trim();
  if (p.max !== undefined && value > p.max)
    return `At most ${figure(p.max, 6)} ${p.unit ?? ""}`.trim();
  if (p.step === "whole" && !Number.isInteger(value)) return "A whole number.";
  if (p.step === "power_of_two" && !Number.isInteger(Math.log2(value))) {
    return "A power of two, for example 32, 64 or 128.";
  }
  return null;
}

/** Steps of a slider: one for each whole number or power of two, else as many as a hand can tell apart. */
const FINE_STEPS = 200;

/** Where a value lies on its slider, and back. Wide ranges above zero go by ratio, as the ear does. */
function scaleOf(min: number, max: number, step: StepKind) {
  if (step === "power_of_two") {
    const steps = Math.log2(max / min);
    return { steps, at: (v: number) => Math.log2(v / min), value: (at: number) => min * 2 ** at };
  }
  const whole = step === "whole";
  const round = (v: number) => (whole ? Math.round(v) : tidy(Number(v.toPrecision(3))));
  if (min > 0 && max / min > 100) {
    const by = Math.log(max / min) / FINE_STEPS;
    return {
      steps: FINE_STEPS,
      at: (v: number) => Math.log(v / min) / by,
      value: (at: number) => Math.min(max, Math.max(min, round(min * Math.exp(at * by)))),
    };
  }
  const steps = whole ? Math.min(FINE_STEPS, max - min) : FINE_STEPS;
  const by = (max - min) / steps;
  return {
    steps,
    at: (v: number) => (v - min) / by,
    value: (at: number) => Math.min(max, Math.max(min, round(min + at * by))),
  };
}

function Slider({ p, id }: { p: NumberProps & { min: number; max: number }; id: string }) {
  const scale = scaleOf(p.min, p.max, p.step ?? "any");
  return (
    <input
      type="range"
      class="field-slider"
      aria-label={`${p.title}, slider`}
      aria-describedby={`${id}-help`}
      min={0}
      max={scale.steps}
      step={1}
      value={Math.round(scale.at(p.value))}
      aria-valuetext={`${figure(p.value, 4)} ${p.unit ?? ""}`.trim()}
      disabled={p.disabled ?? false}
      onInput={(e) => {
        const next = scale.value(Number(e.currentTarget.value));
        if (next !== p.value) p.onValue(next);
      }}
    />
  );
}

function Reset({
  title,
  fallback,
  unit,
  onReset,
}: {
  title: string;
  fallback: number;
  unit: string;
  onReset: () => void;
}) {
  return (
    <button
      type="button"
      class="field-reset"
      aria-label={`Set ${title} back to ${figure(fallback, 6)} ${unit}`}
      title={`Back to ${figure(fallback, 6)} ${unit}`}
      onClick={onReset}
    >
      <Icon name="undo" size={16} />
    </button>
  );
}

export function NumberField(props: NumberProps) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? String(tidy(props.value));
  const wrong =
    draft === null ? null : objection(draft.trim() === "" ? Number.NaN : Number(draft), props);
  const { min, max } = props;
  const changed = props.fallback !== undefined && tidy(props.value) !== tidy(props.fallback);
  const commit = () => {
    if (draft === null || wrong !== null) return;
    setDraft(null);
    if (Number(draft) !== props.value) props.onValue(Number(draft));
  };
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{props.title}</label>
        {changed && props.fallback !== undefined && (
          <Reset
            title={props.title}
            fallback={props.fallback}
            unit={props.unit ?? ""}
            onReset={() => {
              setDraft(null);
              props.onValue(props.fallback ?? props.value);
            }}
          />
        )}
      </div>
      <div class={wrong ? "input-box input-wrong" : "input-box"}>
        <input
          id={id}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          value={text}
          disabled={props.disabled ?? false}
          aria-invalid={wrong !== null}
          aria-describedby={`${id}-help`}
          onInput={(e) => setDraft(e.currentTarget.value)}
          onBlur={commit}
          onKeyDown={(e) => {
            if (e.key === "Enter") commit();
            if (e.key === "Escape") setDraft(null);
          }}
        />
        {props.unit && <span class="unit">{props.unit}</span>}
      </div>
      {props.slider && min !== undefined && max !== undefined && max > min && (
        <Slider p={{ ...props, min, max }} id={id} />
      )}
      <p id={`${id}-help`} class={wrong ? "field-help field-wrong" : "field-help"}>
        {wrong ?? props.help ?? ""}
      </p>
    </div>
  );
}

interface SelectProps {
  title: string;
  value: string;
  options: readonly { id: string; title: string }[];
  onValue: (value: string) => void;
  help?: ComponentChildren;
  disabled?: boolean;
}

export function SelectField(props: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{props.title}</label>
      </div>
      <select
        id={id}
        value={props.value}
        disabled={props.disabled ?? false}
        aria-describedby={`${id}-help`}
        onChange={(e) => props.onValue(e.currentTarget.value)}
      >
        {props.options.map((o) => (
          <option key={o.id} value={o.id} selected={o.id === props.value}>
            {o.title}
          </option>
        ))}
      </select>
      <p id={`${id}-help`} class="field-help">
        {props.help ?? ""}
      </p>
    </div>
  );
}

interface TextProps {
  title: string;
  value: string;
  onValue: (value: string) => void;
  help?: string;
  placeholder?: string;
  suggestions?: readonly string[];
  live?: boolean;
  disabled?: boolean;
}

/** `live` hands on every key press; otherwise the value is handed on when the field is left. */
export function TextField(props: TextProps) {
  const id = useId();
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{props.title}</label>
      </div>
      <input
        id={id}
        type="text"
        autocomplete="off"
        spellcheck={false}
        value={props.value}
        placeholder={props.placeholder ?? ""}
        list={props.suggestions ? `${id}-list` : undefined}
        disabled={props.disabled ?? false}
        aria-describedby={`${id}-help`}
        onInput={(e) => props.live && props.onValue(e.currentTarget.value)}
        onChange={(e) => !props.live && props.onValue(e.currentTarget.value)}
      />
      {props.suggestions && (
        <datalist id={`${id}-list`}>
          {props.suggestions.map((s) => (
            <option key={s} value={s} />
          ))}
        </datalist>
      )}
      <p id={`${id}-help`} class="field-help">
        {props.help ?? ""}
      </p>
    </div>
  );
}

interface SliderProps {
  title: string;
  value: number;
  min: number;
  max: number;
  step: number;
  shown: string;
  help?: string;
  onValue: (value: number) => void;
}

export function SliderField(props: SliderProps) {
  const id = useId();
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{props.title}</label>
        <output for={id} class="slider-value">
          {props.shown}
        </output>
      </div>
      <input
        id={id}
        type="range"
        min={props.min}
        max={props.max}
        step={props.step}
        value={props.value}
        aria-valuetext={props.shown}
        onInput={(e) => props.onValue(Number(e.currentTarget.value))}
      />
      <p class="field-help">{props.help ?? ""}</p>
    </div>
  );
}

interface SwitchProps {
  title: string;
  on: boolean;
  onValue: (on: boolean) => void;
  help?: string;
  disabled?: boolean;
}

export function SwitchField(props: SwitchProps) {
  const id = useId();
  return (
    <div class="field">
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          checked={props.on}
          aria-checked={props.on}
          disabled={props.disabled ?? false}
          aria-describedby={`${id}-help`}
          onChange={(e) => props.onValue(e.currentTarget.checked)}
        />
        <span>{props.title}</span>
      </label>
      <p id={`${id}-help`} class="field-help">
        {props.help ?? ""}
      </p>
    </div>
  );
}
