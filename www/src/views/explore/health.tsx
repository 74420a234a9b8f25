// What is doubtful about the data, and what to do about it.

import type { Issue } from "../../engine/types/Issue";
import { recordings } from "../../state";
import { plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice, Panel } from "../../widgets/notice";
import { focus } from "../shared";

const SHOWN = 4;

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

export function Health({ issues }: { issues: readonly Issue[] }) {
  return (
    <Panel
      title="Health"
      lead={
        issues.length === 0
          ? "Checked for balance, occasions, clipping, flat lines, doubles and rates."
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
              <Links ids={issue.recordings} />
            </Notice>
          ))}
        </div>
      )}
    </Panel>
  );
}
