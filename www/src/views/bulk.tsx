// What can be done with all that is selected, wherever that is; each of it can be undone.

import { useState } from "preact/hooks";
import type { Split } from "../engine/types/Split";
import { relabel, remove, type Selection, setGroup, setSplit } from "../state";
import { plural } from "../widgets/format";
import { Icon } from "../widgets/icons";
import { groups, labels, SPLITS } from "./shared";

/** Labels and groups that fields suggest; once a view. */
export function Suggestions() {
  return (
    <>
      <datalist id="label-list">
        {labels.value.map((l) => (
          <option key={l} value={l} />
        ))}
      </datalist>
      <datalist id="group-list">
        {groups.value.map((g) => (
          <option key={g} value={g} />
        ))}
      </datalist>
    </>
  );
}

interface FormProps {
  list: string;
  placeholder: string;
  name: string;
  verb: string;
  /** Empty text has a meaning, too. */
  empty?: boolean;
  onValue: (value: string) => void;
}

function BulkForm({ list, placeholder, name, verb, empty, onValue }: FormProps) {
  const [text, setText] = useState("");
  const value = text.trim();
  return (
    <form
      class="bulk-part"
      onSubmit={(e) => {
        e.preventDefault();
        if (value !== "" || empty) onValue(value);
      }}
    >
      <input
        list={list}
        placeholder={placeholder}
        aria-label={name}
        value={text}
        onInput={(e) => setText(e.currentTarget.value)}
      />
      <button type="submit" class="btn btn-small" disabled={value === "" && !empty}>
        {verb}
      </button>
    </form>
  );
}

/** `ids`: those of the selection that are shown. */
export function Bulk({ ids, selection }: { ids: string[]; selection: Selection }) {
  return (
    <section class="bulk" aria-label="Selected" data-testid="bulk">
      <strong class="num">{plural(ids.length, "selected", "selected")}</strong>
      <button
        type="button"
        class="btn btn-small btn-quiet"
        aria-label="Clear selection"
        onClick={() => selection.clear()}
      >
        <Icon name="close" size={16} /> Clear
      </button>
      <BulkForm
        list="label-list"
        placeholder="New label"
        name="New label for the selected"
        verb="Relabel"
        onValue={(v) => void relabel(ids, v)}
      />
      <BulkForm
        list="group-list"
        placeholder="Who or when"
        name="Person or occasion of the selected"
        verb="Set group"
        empty
        onValue={(v) => void setGroup(ids, v === "" ? null : v)}
      />
      <select
        aria-label="Use of the selected"
        value=""
        onChange={(e) => {
          if (e.currentTarget.value) void setSplit(ids, e.currentTarget.value as Split);
          e.currentTarget.value = "";
        }}
      >
        <option value="">Use for…</option>
        {SPLITS.map((s) => (
          <option key={s.id} value={s.id}>
            {s.title}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="btn btn-small btn-danger"
        onClick={() => {
          selection.clear();
          void remove(ids);
        }}
      >
        <Icon name="trash" size={16} /> Delete
      </button>
    </section>
  );
}
