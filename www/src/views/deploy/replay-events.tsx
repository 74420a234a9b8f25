// The events of a replay one by one, for whoever wants to know which was missed.

import type { Replay } from "../../engine/types/Replay";
import { ClassMark } from "../../widgets/class-mark";
import { clock, plural, quantity } from "../../widgets/format";
import { byId, openRecording } from "../shared";

/** Rows that are drawn; a long stream may hold thousands. */
const MOST = 200;

export function ReplayEvents({ told }: { told: Replay }) {
  const rows = told.truths.slice(0, MOST);
  if (rows.length === 0) return null;
  return (
    <details class="details replay-events">
      <summary>{plural(told.truths.length, "event")} one by one</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <section class="scroll-y" tabIndex={0} aria-label="Events one by one">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">At</th>
              <th scope="col">Event</th>
              <th scope="col">Found after</th>
              <th scope="col">Recording</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ start_ms, label, delay_ms, recording }) => (
              <tr key={start_ms}>
                <td class="num">{clock(start_ms)}</td>
                <td>
                  <ClassMark index={label} label={told.labels[label] ?? ""} />
                </td>
                <td class="num">
                  {delay_ms === null ? (
                    <span class="verdict-bad">missed</span>
                  ) : (
                    quantity(delay_ms * 1000, "µs")
                  )}
                </td>
                <td>
                  {byId.value.has(recording) && (
                    <button
                      type="button"
                      class="btn btn-small"
                      onClick={() => openRecording(recording)}
                    >
                      {byId.value.get(recording)?.name}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {told.truths.length > MOST && (
        <p class="fine">
          The first {MOST} of {plural(told.truths.length, "event")}.
        </p>
      )}
    </details>
  );
}
