// The point of the map that was chosen: what it is, and what can be done with it.

import type { SampleMap } from "../../engine/arrays";
import { isPicture, isSound, project, readOnly, relabel } from "../../state";
import { ClassMark } from "../../widgets/class-mark";
import { TextField } from "../../widgets/fields";
import { figure } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { openPicture } from "../gallery/opened";
import { PlayButton } from "../play-button";
import { byId, focus, labelIndex, labels, sizeOf } from "../shared";
import { labelOf, recordingOf } from "./map-points";

/** What can be done with the chosen window. */
export function Chosen({ map, at }: { map: SampleMap; at: number }) {
  const meta = byId.value.get(recordingOf(map, at));
  const settings = project.value?.settings;
  if (!meta || !settings) return <p class="fine">This recording was deleted.</p>;
  const picture = isPicture(meta.axes);
  const from_s = (map.starts[at] ?? 0) / settings.rate_hz;
  return (
    <div class="map-chosen">
      <p>
        <ClassMark index={labelIndex(labelOf(map, at))} label={labelOf(map, at)} />{" "}
        <span class="clip">{meta.name}</span>
      </p>
      <p class="fine num">
        {picture ? sizeOf(meta) : `from ${figure(from_s, 3)} s`}
        {meta.group ? ` · ${meta.group}` : ""}
      </p>
      <div class="map-actions">
        {isSound(meta.axes) && (
          <PlayButton
            id={meta.id}
            name="the chosen window"
            from_s={from_s}
            to_s={from_s + settings.window_ms / 1000}
            text="Play"
          />
        )}
        {picture ? (
          <button type="button" class="btn btn-small" onClick={() => openPicture(meta.id)}>
            <Icon name="explore" size={16} /> See it large
          </button>
        ) : (
          <button
            type="button"
            class="btn btn-small"
            onClick={() => {
              focus.value = { id: meta.id, start: map.starts[at] ?? 0 };
              document.getElementById("glass")?.scrollIntoView();
            }}
          >
            <Icon name="explore" size={16} /> Under the glass
          </button>
        )}
      </div>
      <TextField
        key={meta.id}
        title={picture ? "Label of this picture" : "Label of this recording"}
        value={meta.spans[0]?.label ?? ""}
        suggestions={labels.value}
        disabled={readOnly.value}
        help={
          meta.spans.length > 1
            ? `It has ${meta.spans.length} labelled parts; a new label replaces them all.`
            : "Wrongly labelled? Give it its right label."
        }
        onValue={(v) => void relabel([meta.id], v)}
      />
    </div>
  );
}
