// All recordings: filter, select, change many at once.

import { computed, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Split } from "../../engine/types/Split";
import {
  busy,
  exportDataset,
  overview,
  readOnly,
  recordings,
  relabel,
  remove,
  setGroup,
  setSplit,
} from "../../state";
import { ClassMark } from "../../widgets/class-mark";
import { count, duration, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Panel } from "../../widgets/notice";
import { groups, labelIndex, labels, mainLabel, seconds } from "../shared";
import { Row, SPLITS } from "./row";

const wanted = signal<string | null>(null);
const query = signal("");
const selected = signal<ReadonlySet<string>>(new Set());

const shown = computed(() => {
  const text = query.value.trim().toLowerCase();
  return recordings.value.filter(
    (r) =>
      (wanted.value === null || r.spans.some((s) => s.label === wanted.value)) &&
      (text === "" || `${r.name} ${r.group ?? ""}`.toLowerCase().includes(text)),
  );
});

const perLabel = computed(() => {
  const counts = new Map<string, number>();
  for (const r of recordings.value) {
    const label = mainLabel(r);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
});

function select(id: string, on: boolean): void {
  const next = new Set(selected.value);
  if (on) next.add(id);
  else next.delete(id);
  selected.value = next;
}

function Filters() {
  return (
    <div class="filters">
      <fieldset class="chips">
        <legend class="sr">Show recordings with the label</legend>
        <button
          type="button"
          class="chip chip-button"
          aria-pressed={wanted.value === null}
          onClick={() => {
            wanted.value = null;
          }}
        >
          All <span class="num muted">{count(recordings.value.length)}</span>
        </button>
        {labels.value.map((label) => (
          <button
            key={label}
            type="button"
            class="chip chip-button"
            aria-pressed={wanted.value === label}
            onClick={() => {
              wanted.value = wanted.value === label ? null : label;
            }}
          >
            <ClassMark index={labelIndex(label)} label={label} />
            <span class="num muted">{count(perLabel.value.get(label) ?? 0)}</span>
          </button>
        ))}
      </fieldset>
      <input
        class="search"
        type="search"
        placeholder="Find by name or group"
        aria-label="Find recordings by name or group"
        value={query.value}
        onInput={(e) => {
          query.value = e.currentTarget.value;
        }}
      />
    </div>
  );
}

/** What can be done with all that is selected. */
function Bulk({ ids }: { ids: string[] }) {
  const [label, setLabel] = useState("");
  const [group, setGroupName] = useState("");
  return (
    <section class="bulk" aria-label="Selected recordings">
      <strong class="num">{plural(ids.length, "selected", "selected")}</strong>
      <form
        class="bulk-part"
        onSubmit={(e) => {
          e.preventDefault();
          if (label.trim() !== "") void relabel(ids, label.trim());
        }}
      >
        <input
          list="label-list"
          placeholder="New label"
          aria-label="New label for the selected"
          value={label}
          onInput={(e) => setLabel(e.currentTarget.value)}
        />
        <button type="submit" class="btn btn-small" disabled={label.trim() === ""}>
          Relabel
        </button>
      </form>
      <form
        class="bulk-part"
        onSubmit={(e) => {
          e.preventDefault();
          void setGroup(ids, group.trim() === "" ? null : group.trim());
        }}
      >
        <input
          list="group-list"
          placeholder="Person or occasion"
          aria-label="Person or occasion of the selected"
          value={group}
          onInput={(e) => setGroupName(e.currentTarget.value)}
        />
        <button type="submit" class="btn btn-small">
          Set group
        </button>
      </form>
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
          selected.value = new Set();
          void remove(ids);
        }}
      >
        <Icon name="trash" size={16} /> Delete
      </button>
      <button
        type="button"
        class="btn btn-small btn-quiet"
        onClick={() => {
          selected.value = new Set();
        }}
      >
        Clear selection
      </button>
    </section>
  );
}

const FIRST_ROWS = 40;
const MORE_ROWS = 120;

export function RecordingList() {
  const rows = shown.value;
  const locked = readOnly.value;
  const splits = overview.value?.splits;
  // The first rows are drawn at once, the others frame by frame, so that opening is instant.
  const [limit, setLimit] = useState(FIRST_ROWS);
  useEffect(() => {
    if (limit >= rows.length) return;
    const frame = requestAnimationFrame(() => setLimit(limit + MORE_ROWS));
    return () => cancelAnimationFrame(frame);
  }, [limit, rows.length]);

  const picked = rows.filter((r) => selected.value.has(r.id)).map((r) => r.id);
  const all = picked.length === rows.length && rows.length > 0;
  const total = rows.reduce((sum, r) => sum + seconds(r), 0);
  return (
    <Panel
      title="Recordings"
      lead={
        <span class="num">
          {plural(rows.length, "recording")}, {duration(total)} together
        </span>
      }
      actions={
        <button
          type="button"
          class="btn btn-small"
          data-testid="export-dataset"
          title="One zip, one folder a label: other tools read it, and this page as well"
          disabled={busy.value !== null}
          onClick={() => void exportDataset()}
        >
          <Icon name="download" size={16} /> Save as zip
        </button>
      }
    >
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
      <Filters />
      {picked.length > 0 && !locked && <Bulk ids={picked} />}
      <div class="row row-head">
        <input
          type="checkbox"
          checked={all}
          aria-label="Select all shown"
          onChange={(e) => {
            selected.value = e.currentTarget.checked ? new Set(rows.map((r) => r.id)) : new Set();
          }}
        />
        <span>Waveform</span>
        <span>Recording</span>
        <span>Label</span>
        <span>Person or occasion</span>
        <span>Used for</span>
        <span />
      </div>
      <ul class="rows">
        {rows.slice(0, limit).map((meta) => (
          <Row
            key={meta.id}
            meta={meta}
            split={splits?.[meta.id] ?? null}
            index={labelIndex(mainLabel(meta))}
            selected={selected.value.has(meta.id)}
            locked={locked}
            onSelect={select}
          />
        ))}
      </ul>
      {rows.length === 0 && <p class="quiet-line">Nothing matches this filter.</p>}
    </Panel>
  );
}
