// All pictures of the project, and which of them one wants to see.

import { recordings, Selection } from "../../state";
import { Panel } from "../../widgets/notice";
import { LabelChips } from "../label-chips";
import { groups, perLabel, SPLITS } from "../shared";
import {
  doubt,
  doubts,
  group,
  label,
  part,
  pictures,
  showAll,
  showDoubtful,
  shown,
  wished,
} from "./filter";
import { PictureGrid } from "./grid";

const selection = new Selection();

const PARTS = SPLITS.filter((one) => one.id !== "auto");

/** Each text once, so that a choice can be told by it. */
const ANY = "\u0000any";

function Choices() {
  const some = doubts.value;
  const now = doubt.value;
  const groupless = pictures.value.some((meta) => !meta.group);
  return (
    <div class="gallery-choices">
      {groups.value.length > 0 && (
        <select
          aria-label="Person or occasion shown"
          value={wished.value.group ?? ANY}
          onChange={(e) => {
            group.value = e.currentTarget.value === ANY ? null : e.currentTarget.value;
          }}
        >
          <option value={ANY}>Any person</option>
          {groupless && <option value="">without one</option>}
          {groups.value.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      )}
      <select
        aria-label="Use shown"
        value={part.value ?? ANY}
        onChange={(e) => {
          const id = e.currentTarget.value;
          part.value = PARTS.find((one) => one.id === id)?.id ?? null;
        }}
      >
        <option value={ANY}>Any use</option>
        {PARTS.map((one) => (
          <option key={one.id} value={one.id}>
            {one.use}
          </option>
        ))}
      </select>
      {(some.length > 0 || now) && (
        <select
          aria-label="Doubts shown"
          value={now?.what ?? ANY}
          onChange={(e) => {
            const issue = some.find((one) => one.what === e.currentTarget.value);
            if (issue) showDoubtful(issue);
            else doubt.value = null;
          }}
        >
          <option value={ANY}>Doubtful or not</option>
          {now && !some.some((one) => one.what === now.what) && (
            <option value={now.what}>{now.what}</option>
          )}
          {some.map((one) => (
            <option key={one.what} value={one.what}>
              {one.what}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

export function GalleryPanel() {
  const ids = shown.value.map((meta) => meta.id);
  const filtered = ids.length < pictures.value.length;
  const locked = recordings.value.length === 0;
  if (locked) return null;
  return (
    <div id="gallery">
      <Panel
        title="Pictures"
        lead="Press one to see it large, with what the model sees of it. A long press, or its corner, selects."
      >
        <div class="filters">
          <LabelChips
            legend="Show pictures with the label"
            counts={perLabel(pictures.value)}
            all={pictures.value.length}
            chosen={wished.value.label}
            onChoose={(one) => {
              label.value = one;
            }}
          />
          <Choices />
        </div>
        {doubt.value && (
          <p class="gallery-doubt">
            Only those concerned: {doubt.value.what}{" "}
            <button type="button" class="link" onClick={showAll}>
              Show all pictures
            </button>
          </p>
        )}
        <PictureGrid label="Pictures" ids={ids} selection={selection} />
        {ids.length === 0 && filtered && (
          <p class="quiet-line">
            No picture is like that.{" "}
            <button type="button" class="link" onClick={showAll}>
              Show all
            </button>
          </p>
        )}
      </Panel>
    </div>
  );
}
