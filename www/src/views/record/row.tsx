// One recording in the list. A row is drawn again only when its own facts change, so that a
// thousand rows stay fluent.

import { Component } from "preact";
import { useState } from "preact/hooks";
import type { RecordingMeta } from "../../engine/types/RecordingMeta";
import type { Split } from "../../engine/types/Split";
import {
  isPicture,
  isSound,
  openCutter,
  relabel,
  remove,
  rename,
  setGroup,
  setSplit,
  thumbnailOf,
} from "../../state";
import { ClassMark } from "../../widgets/class-mark";
import { duration, hertz, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Thumbnail } from "../../widgets/thumbnail";
import { openPicture } from "../gallery/opened";
import { SmallPicture } from "../gallery/small-picture";
import { PlayButton } from "../play-button";
import { mainLabel, openRecording, SPLITS, seconds, sizeOf, splitOf } from "../shared";

interface EditProps {
  name: string;
  value: string;
  list?: string;
  class?: string;
  disabled: boolean;
  empty?: boolean;
  children: preact.ComponentChildren;
  onValue: (value: string) => void;
}

/** Text that becomes a field when pressed. */
function EditInPlace(props: EditProps) {
  const [editing, setEditing] = useState(false);
  if (!editing) {
    return (
      <button
        type="button"
        class={`edit-in-place ${props.class ?? ""}`}
        disabled={props.disabled}
        onClick={() => setEditing(true)}
      >
        <span class="sr">Change {props.name}: </span>
        {props.children}
      </button>
    );
  }
  return (
    <input
      class="edit-field"
      aria-label={props.name}
      list={props.list}
      ref={(element) => element?.focus()}
      defaultValue={props.value}
      onBlur={(e) => {
        const next = e.currentTarget.value.trim();
        setEditing(false);
        if (next !== props.value && (next !== "" || props.empty)) props.onValue(next);
      }}
      onKeyDown={(e) => {
        if (e.key === "Enter") e.currentTarget.blur();
        if (e.key === "Escape") {
          e.currentTarget.value = props.value;
          e.currentTarget.blur();
        }
      }}
    />
  );
}

/** How much of what: its size for a picture, else its length and rate. */
function extentOf(meta: RecordingMeta): string {
  if (isPicture(meta.axes)) return sizeOf(meta);
  return `${duration(seconds(meta))} · ${rateOf(meta)}`;
}

function rateOf(meta: RecordingMeta): string {
  if (!isSound(meta.axes))
    return `${hertz(meta.rate_hz)} · ${plural(meta.axes.length, "axis", "axes")}`;
  const from = meta.original_rate_hz;
  const kept = `${meta.rate_hz / 1000} kHz`;
  return from && from !== meta.rate_hz ? `${kept}, taken at ${from / 1000} kHz` : kept;
}

interface Props {
  meta: RecordingMeta;
  /** Where the recording goes, `auto` resolved. */
  split: Split | null;
  index: number;
  selected: boolean;
  locked: boolean;
  onSelect: (id: string, on: boolean) => void;
}

export class Row extends Component<Props> {
  private readonly load = () => thumbnailOf(this.props.meta.id);

  override shouldComponentUpdate(next: Props): boolean {
    const now = this.props;
    return (
      next.meta !== now.meta ||
      next.split !== now.split ||
      next.index !== now.index ||
      next.selected !== now.selected ||
      next.locked !== now.locked
    );
  }

  override render({ meta, split, index, selected, locked, onSelect }: Props) {
    const label = mainLabel(meta);
    const picture = isPicture(meta.axes);
    const looks = ["row", picture && "row-short", selected && "row-selected"];
    const more = meta.spans.length > 1 ? ` +${meta.spans.length - 1}` : "";
    return (
      <div class={looks.filter(Boolean).join(" ")} data-testid="recording-row">
        <input
          type="checkbox"
          data-stop
          checked={selected}
          aria-label={`Select ${meta.name}`}
          onChange={(e) => onSelect(meta.id, e.currentTarget.checked)}
        />
        <button
          type="button"
          class={picture ? "row-thumb row-picture" : "row-thumb"}
          aria-label={picture ? `Open ${meta.name}` : `Open ${meta.name} in Explore`}
          onClick={() => (picture ? openPicture(meta.id) : openRecording(meta.id))}
        >
          {picture ? (
            <SmallPicture id={meta.id} />
          ) : (
            <Thumbnail
              axes={meta.axes.length}
              load={this.load}
              label={`Waveform of ${meta.name}`}
            />
          )}
        </button>
        <div class="row-name">
          <EditInPlace
            name="Name"
            value={meta.name}
            disabled={locked}
            onValue={(v) => void rename(meta.id, v)}
          >
            <span class="clip">{meta.name}</span>
          </EditInPlace>
          <span class="row-sub num">{extentOf(meta)}</span>
        </div>
        <div class="row-label">
          <EditInPlace
            name="Label"
            class="chip"
            list="label-list"
            value={label}
            disabled={locked}
            onValue={(v) => void relabel([meta.id], v)}
          >
            <ClassMark index={index} label={label + more} />
          </EditInPlace>
        </div>
        <div class="row-group">
          <EditInPlace
            name="Person or occasion"
            list="group-list"
            value={meta.group ?? ""}
            empty
            disabled={locked}
            onValue={(v) => void setGroup([meta.id], v === "" ? null : v)}
          >
            <span class={meta.group ? "clip" : "muted"}>{meta.group ?? "no group"}</span>
          </EditInPlace>
        </div>
        <SplitCell meta={meta} split={split} locked={locked} />
        <div class="row-tools">
          {isSound(meta.axes) && <PlayButton id={meta.id} name={meta.name} />}
          {!picture && (
            <button
              type="button"
              class="btn btn-quiet btn-icon"
              aria-label={`Cut ${meta.name}`}
              title="Trim, or split into samples"
              disabled={locked}
              onClick={() => openCutter(meta.id)}
            >
              <Icon name="cut" size={16} />
            </button>
          )}
          <button
            type="button"
            class="btn btn-quiet btn-icon"
            aria-label={`Delete ${meta.name}`}
            title="Delete"
            disabled={locked}
            onClick={() => void remove([meta.id])}
          >
            <Icon name="trash" size={16} />
          </button>
        </div>
      </div>
    );
  }
}

function SplitCell({
  meta,
  split,
  locked,
}: {
  meta: RecordingMeta;
  split: Split | null;
  locked: boolean;
}) {
  const [editing, setEditing] = useState(false);
  const shown = meta.split === "auto" ? split : meta.split;
  if (editing) {
    return (
      <div class="row-split">
        <select
          aria-label={`Use of ${meta.name}`}
          ref={(element) => element?.focus()}
          value={meta.split}
          onChange={(e) => {
            setEditing(false);
            void setSplit([meta.id], e.currentTarget.value as Split);
          }}
          onBlur={() => setEditing(false)}
        >
          {SPLITS.map((s) => (
            <option key={s.id} value={s.id}>
              {s.title}
            </option>
          ))}
        </select>
      </div>
    );
  }
  return (
    <div class="row-split">
      <button
        type="button"
        class={`split-tag split-${shown ?? "auto"}`}
        disabled={locked}
        title={meta.split === "auto" ? "Chosen by the settings" : "Set by hand"}
        onClick={() => setEditing(true)}
      >
        <span class="sr">Change use: </span>
        {(shown && splitOf(shown)?.title) ?? "Unused"}
        {meta.split === "auto" && <span class="split-auto">auto</span>}
      </button>
    </div>
  );
}
