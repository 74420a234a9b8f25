// Which class is taken for which, and the very windows where it happens.

import { useState } from "preact/hooks";
import type { Report } from "../../engine/types/Report";
import { isSound, project, recordings } from "../../state";
import { ClassMark } from "../../widgets/class-mark";
import { Confusion } from "../../widgets/confusion";
import { figure, percent, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Panel } from "../../widgets/notice";
import { PlayButton } from "../play-button";
import { openRecording } from "../shared";
import { evaluatedOn } from "./evaluated";

type Cell = { truth: number; said: number };

function Mistakes({ report, cell }: { report: Report; cell: Cell }) {
  const list = report.mistakes.filter((m) => m.truth === cell.truth && m.said === cell.said);
  const rate = project.value?.settings.rate_hz ?? 1;
  const window_s = (project.value?.settings.window_ms ?? 0) / 1000;
  return (
    <div class="mistakes">
      <p>
        {plural(list.length, "window")} of{" "}
        <ClassMark index={cell.truth} label={report.labels[cell.truth] ?? ""} /> taken for{" "}
        <ClassMark index={cell.said} label={report.labels[cell.said] ?? ""} />
      </p>
      <ul>
        {list.map((m) => {
          const meta = recordings.value.find((r) => r.id === m.recording);
          return (
            <li key={`${m.recording}${m.start}`} class="mistake-row">
              <button
                type="button"
                class="mistake"
                disabled={!meta}
                onClick={() => openRecording(m.recording, m.start)}
              >
                <Icon name="explore" size={16} />
                <span class="clip">{meta?.name ?? "a recording that was deleted"}</span>
                <span class="num muted">at {figure(m.start / rate, 3)} s</span>
                <span class="num muted">score {percent(m.score, 0)}</span>
              </button>
              {meta && isSound(meta.axes) && (
                <PlayButton
                  id={meta.id}
                  name={`${meta.name} at ${figure(m.start / rate, 3)} s`}
                  from_s={m.start / rate}
                  to_s={m.start / rate + window_s}
                />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

export function ConfusionPanel({ report }: { report: Report }) {
  const [exact, setExact] = useState<"int8" | "float">("int8");
  const [cell, setCell] = useState<Cell | null>(null);
  const counts = exact === "int8" ? report.confusion : report.confusion_float;
  return (
    <Panel
      title="Confusion"
      lead="Press a mistake to see its windows."
      actions={
        <fieldset class="segmented segmented-small">
          <legend class="sr">Model</legend>
          <div class="segmented-row">
            {(["int8", "float"] as const).map((id) => (
              <label key={id}>
                <input
                  type="radio"
                  name="confusion-model"
                  checked={exact === id}
                  onChange={() => {
                    setExact(id);
                    setCell(null);
                  }}
                />
                <span>{id}</span>
              </label>
            ))}
          </div>
        </fieldset>
      }
    >
      <Confusion
        labels={report.labels}
        counts={counts}
        caption={`Confusion of the ${exact} model on ${report.windows_test} windows of the ${evaluatedOn(report)}: rows are the truth, columns what it said`}
        chosen={cell}
        onChoose={setCell}
      />
      {cell && exact === "int8" && <Mistakes report={report} cell={cell} />}
      {cell && exact === "float" && (
        <p class="fine">The list of windows is kept for the int8 model, the one that is shipped.</p>
      )}
    </Panel>
  );
}
