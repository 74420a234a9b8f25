// All recordings: filter, select, change many at once.

import { computed, signal } from "@preact/signals";
import type { RecordingMeta } from "../../engine/types/RecordingMeta";
import { busy, exportDataset, overview, readOnly, recordings, Selection } from "../../state";
import { duration } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Panel } from "../../widgets/notice";
import { Rows } from "../../widgets/rows";
import { Bulk, Suggestions } from "../bulk";
import { LabelChips } from "../label-chips";
import {
  labelIndex,
  mainLabel,
  ofPictures,
  perLabel,
  seconds,
  things,
  thingsWord,
} from "../shared";
import { Row } from "./row";

const wanted = signal<string | null>(null);
const query = signal("");
const selection = new Selection();

const shown = computed(() => {
  const text = query.value.trim().toLowerCase();
  return recordings.value.filter(
    (r) =>
      (wanted.value === null || r.spans.some((s) => s.label === wanted.value)) &&
      (text === "" || `${r.name} ${r.group ?? ""}`.toLowerCase().includes(text)),
  );
});

const counts = computed(() => perLabel(recordings.value));

function Filters() {
  return (
    <div class="filters">
      <LabelChips
        legend={`Show ${thingsWord()} with the label`}
        counts={counts.value}
        all={recordings.value.length}
        chosen={wanted.value}
        onChoose={(label) => {
          wanted.value = label;
        }}
      />
      <input
        class="search"
        type="search"
        placeholder="Find by name, person or occasion"
        aria-label={`Find ${thingsWord()} by name, person or occasion`}
        value={query.value}
        onInput={(e) => {
          query.value = e.currentTarget.value;
        }}
      />
    </div>
  );
}

const select = (id: string, on: boolean) => selection.set(id, on);

/** Height of a row in pixels before one was measured. */
const ROW_PX = 57;

function Head({ rows }: { rows: readonly RecordingMeta[] }) {
  const selected = selection.ids.value;
  const all = rows.length > 0 && rows.every((r) => selected.has(r.id));
  return (
    <div class="row row-head">
      <input
        type="checkbox"
        checked={all}
        aria-label="Select all shown"
        onChange={(e) => {
          if (e.currentTarget.checked) selection.all(rows.map((r) => r.id));
          else selection.clear();
        }}
      />
      <span>{ofPictures.value ? "Picture" : "Waveform"}</span>
      <span>{ofPictures.value ? "Name" : "Recording"}</span>
      <span>Label</span>
      <span>Person or occasion</span>
      <span>Used for</span>
      <span />
    </div>
  );
}

export function RecordingList() {
  const rows = shown.value;
  const locked = readOnly.value;
  const splits = overview.value?.splits;
  const selected = selection.ids.value;
  const keys = rows.map((r) => r.id);
  const picked = keys.filter((id) => selected.has(id));
  const total = rows.reduce((sum, r) => sum + seconds(r), 0);
  return (
    <Panel
      title={ofPictures.value ? "Pictures" : "Recordings"}
      lead={
        <span class="num">
          {ofPictures.value
            ? things(rows.length)
            : `${things(rows.length)}, ${duration(total)} together`}
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
      <Suggestions />
      <Filters />
      {picked.length > 0 && !locked && <Bulk ids={picked} selection={selection} />}
      <Head rows={rows} />
      <Rows
        label={ofPictures.value ? "Pictures" : "Recordings"}
        keys={keys}
        guess_px={ROW_PX}
        onMove={(from, to, range) => {
          const [a, b] = [keys[from], keys[to]];
          if (range && a !== undefined && b !== undefined) selection.stretch(keys, a, b);
        }}
        row={(i) => {
          const meta = rows[i];
          return (
            meta && (
              <Row
                meta={meta}
                split={splits?.[meta.id] ?? null}
                index={labelIndex(mainLabel(meta))}
                selected={selected.has(meta.id)}
                locked={locked}
                onSelect={select}
              />
            )
          );
        }}
      />
      {rows.length === 0 && <p class="quiet-line">Nothing matches this filter.</p>}
    </Panel>
  );
}
