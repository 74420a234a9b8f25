// What happened while the model ran: what a product would have acted on.

import { clearHappened, live } from "../../state";
import { ClassMark } from "../../widgets/class-mark";
import { duration, percent, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Panel } from "../../widgets/notice";
import { ofPictures } from "../shared";

const SHOWN = 60;

export function EventList({ labels }: { labels: readonly string[] }) {
  const { happened, begun_ms } = live.value;
  const newest = happened.slice(-SHOWN).reverse();
  const counted = happened.filter((one) => one.label !== null).length;
  return (
    <Panel
      title="Events"
      lead={
        counted > 0
          ? `${plural(counted, "event")}, newest first. One is what a product would act on.`
          : "Each time a label begins to count: what a product would act on."
      }
      actions={
        <button
          type="button"
          class="btn btn-small"
          disabled={happened.length === 0}
          onClick={clearHappened}
        >
          <Icon name="trash" size={16} /> Clear
        </button>
      }
    >
      {newest.length === 0 ? (
        <p class="quiet-line">Nothing has happened yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        <ol class="events" tabIndex={0} aria-label="Events, newest first" data-testid="live-events">
          {newest.map((e) => (
            <li key={`${e.t_ms}${e.label}`}>
              <span class="num muted">{duration((e.t_ms - (begun_ms ?? e.t_ms)) / 1000)}</span>
              {e.label === null ? (
                <span class="muted">
                  {ofPictures.value
                    ? "no pictures for a while, begun anew"
                    : "gap in the readings, window started anew"}
                </span>
              ) : (
                <ClassMark index={e.label} label={labels[e.label] ?? ""} />
              )}
              <span class="num">{e.label === null ? "" : percent(e.score, 0)}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
