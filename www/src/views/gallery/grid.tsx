// Pictures in a grid, with what can be done with those that are selected.

import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { readOnly, remove, type Selection, wantSmall } from "../../state";
import { plural } from "../../widgets/format";
import { Tiles } from "../../widgets/tiles";
import { Bulk, Suggestions } from "../bulk";
import { byId, labelIndex, labels, mainLabel } from "../shared";
import { openPicture } from "./opened";

/** The least width of a picture: on a phone three stand beside each other. */
const least = () => (matchMedia("(max-width: 720px)").matches ? 64 : 96);

interface Props {
  label: string;
  ids: readonly string[];
  selection: Selection;
  /** What stands below each picture, and how high that is; stays the same function. */
  foot?: (id: string) => ComponentChildren;
  foot_px?: number;
  /** What is said of a picture besides its label and name; stays the same function. */
  more?: (id: string) => string;
}

export function PictureGrid({ label, ids, selection, foot, foot_px = 0, more }: Props) {
  const [selecting, setSelecting] = useState(false);
  const selected = selection.ids.value;
  const locked = readOnly.value;
  const picked = ids.filter((id) => selected.has(id));
  const [metas, known] = [byId.value, labels.value];
  const { name, mark } = useMemo(() => {
    const labelOf = (id: string) => {
      const meta = metas.get(id);
      return meta ? mainLabel(meta) : "deleted";
    };
    return {
      mark: (id: string) => (known.length > 0 ? labelIndex(labelOf(id)) : -1),
      name: (id: string) =>
        [`${labelOf(id)}: ${metas.get(id)?.name ?? ""}`, more?.(id)].filter(Boolean).join(", "),
    };
  }, [metas, known, more]);
  const clear = () => {
    selection.clear();
    setSelecting(false);
  };
  return (
    <div class="gallery">
      <Suggestions />
      {picked.length > 0 && !locked ? (
        <Bulk ids={picked} selection={selection} />
      ) : (
        <div class="gallery-bar">
          <span class="num">{plural(ids.length, "picture")}</span>
          <span class="push" />
          <button
            type="button"
            class="btn btn-small"
            aria-pressed={selecting}
            disabled={ids.length === 0}
            onClick={() => setSelecting(!selecting)}
          >
            {selecting ? "Done" : "Select"}
          </button>
          <button
            type="button"
            class="btn btn-small"
            disabled={ids.length === 0}
            onClick={() => selection.all(ids)}
          >
            Select all
          </button>
        </div>
      )}
      <Tiles
        label={label}
        ids={ids}
        selected={selected}
        selecting={selecting || picked.length > 0}
        least_px={least()}
        foot_px={foot_px}
        want={wantSmall}
        name={name}
        mark={mark}
        {...(foot ? { foot } : {})}
        onOpen={(id) => openPicture(id, ids)}
        onToggle={(id) => selection.toggle(id)}
        onStretch={(from, to) => selection.stretch(ids, from, to)}
        onAll={() => selection.all(ids)}
        onClear={clear}
        {...(locked
          ? {}
          : {
              onDelete: (some: string[]) => {
                selection.clear();
                void remove(some);
              },
            })}
      />
    </div>
  );
}
