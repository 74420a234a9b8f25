// What is doubtful about the data, and what to do about it.

import type { Issue } from "../../engine/types/Issue";
import { recordings } from "../../state";
import { plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice, Panel } from "../../widgets/notice";
import { showDoubtful } from "../gallery/filter";
import { openPicture } from "../gallery/opened";
import { SmallPicture } from "../gallery/small-picture";
import { byId, focus, ofPictures } from "../shared";

const SHOWN = 4;
const CHECKED = ["clipping, flat lines, doubles and rates", "darkness, glare, blur and doubles"];

function Links({ ids }: { ids: readonly string[] }) {
  const named = ids
    .map((id) => recordings.value.find((r) => r.id === id))
    .filter((r) => r !== undefined);
  if (named.length === 0) return null;
  const links = (list: typeof named) =>
    list.map((r) => (
      <button
        key={r.id}
        type="button"
        class="link"
        onClick={() => {
          focus.value = { id: r.id, start: 0 };
          document.getElementById("glass")?.scrollIntoView();
        }}
      >
        {r.name}
      </button>
    ));
  return (
    <div class="issue-links">
      {links(named.slice(0, SHOWN))}
      {named.length > SHOWN && (
        <details class="details-inline">
          <summary>{named.length - SHOWN} more</summary>
          <div class="issue-links">{links(named.slice(SHOWN))}</div>
        </details>
      )}
    </div>
  );
}

/** Pictures that are concerned: a few at once, all of them in the grid. */
function Pictures({ issue }: { issue: Issue }) {
  const some = issue.recordings.filter((id) => byId.value.has(id));
  if (some.length === 0) return null;
  return (
    <div class="issue-pictures">
      {some.slice(0, SHOWN).map((id) => {
        const name = byId.value.get(id)?.name ?? "";
        return (
          <button
            key={id}
            type="button"
            aria-label={`Open ${name}`}
            title={name}
            onClick={() => openPicture(id, some)}
          >
            <SmallPicture id={id} />
          </button>
        );
      })}
      <button
        type="button"
        class="btn btn-small"
        onClick={() => {
          showDoubtful(issue);
          document.getElementById("gallery")?.scrollIntoView();
        }}
      >
        Show {plural(some.length, "picture")}
      </button>
    </div>
  );
}

export function Health({ issues }: { issues: readonly Issue[] }) {
  return (
    <Panel
      title="Health"
      lead={
        issues.length === 0
          ? `Checked for balance, occasions, ${CHECKED[ofPictures.value ? 1 : 0]}.`
          : `${plural(issues.length, "thing")} to look at`
      }
    >
      {issues.length === 0 ? (
        <p class="healthy">
          <Icon name="check" /> Nothing to complain about.
        </p>
      ) : (
        <div class="issues">
          {issues.map((issue) => (
            <Notice
              key={issue.what}
              severity={issue.severity}
              what={issue.what}
              remedy={issue.remedy}
            >
              {ofPictures.value ? <Pictures issue={issue} /> : <Links ids={issue.recordings} />}
            </Notice>
          ))}
        </div>
      )}
    </Panel>
  );
}
