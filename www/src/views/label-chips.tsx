// One label, or all of them: which recordings of a list one wants to see.

import { ClassMark } from "../widgets/class-mark";
import { count } from "../widgets/format";
import { labelIndex, labels } from "./shared";

interface Props {
  legend: string;
  /** How many there are of each label, and of all together. */
  counts: ReadonlyMap<string, number>;
  all: number;
  /** Null: all are shown. */
  chosen: string | null;
  onChoose: (label: string | null) => void;
}

export function LabelChips({ legend, counts, all, chosen, onChoose }: Props) {
  const chip = (label: string | null, text: preact.ComponentChildren, n: number) => (
    <button
      key={label === null ? "all" : `label ${label}`}
      type="button"
      class="chip chip-button"
      aria-pressed={chosen === label}
      onClick={() => onChoose(chosen === label ? null : label)}
    >
      {text} <span class="num muted">{count(n)}</span>
    </button>
  );
  return (
    <fieldset class="chips">
      <legend class="sr">{legend}</legend>
      {chip(null, "All", all)}
      {labels.value.map((one) =>
        chip(one, <ClassMark index={labelIndex(one)} label={one} />, counts.get(one) ?? 0),
      )}
    </fieldset>
  );
}
