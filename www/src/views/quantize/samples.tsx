// The samples of one cell of the confusion matrix, where they are stretches of recordings: each with
// all of its scores, to be heard, opened, given another label or left out.

import type { RecordingMeta } from "../../engine/types/RecordingMeta";
import { isSound, project, readOnly, relabel, remove, report } from "../../state";
import { figure, percent } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Rows } from "../../widgets/rows";
import { bestScores, ScoreColumns } from "../../widgets/score-columns";
import { PlayButton } from "../play-button";
import { byId, labels, mainLabel, openRecording } from "../shared";
import { cell, type Sample, samples } from "./drill";

const ROW_PX = 45;

function LabelChoice({ meta }: { meta: RecordingMeta }) {
  const now = mainLabel(meta);
  const some = labels.value.includes(now) ? labels.value : [now, ...labels.value];
  const parts = meta.spans.length;
  return (
    <select
      aria-label={`Label of ${meta.name}`}
      title={
        parts > 1
          ? `It has ${parts} labelled parts; a new label replaces them all`
          : "Wrongly labelled? Give the recording its right label"
      }
      value={now}
      disabled={readOnly.value}
      onChange={(e) => void relabel([meta.id], e.currentTarget.value)}
    >
      {some.map((label) => (
        <option key={label} value={label} selected={label === now}>
          {label}
        </option>
      ))}
    </select>
  );
}

function SampleRow({ sample, meta }: { sample: Sample; meta: RecordingMeta }) {
  const rate = project.value?.settings.rate_hz ?? 1;
  const from_s = sample.start / rate;
  const at = `at ${figure(from_s, 3)} s`;
  const names = report.value?.labels ?? [];
  const score = sample.scores[cell.value?.said ?? 0] ?? 0;
  return (
    <div class="sample" data-testid="sample">
      <button
        type="button"
        class="mistake"
        data-stop
        onClick={() => openRecording(meta.id, sample.start)}
      >
        <span class="clip">{meta.name}</span>
        <span class="num muted">{at}</span>
        <span class="sr">: {bestScores(names, sample.scores)}. Open in Explore</span>
      </button>
      <ScoreColumns labels={names} scores={sample.scores} />
      <span class="num muted" title={bestScores(names, sample.scores)}>
        {percent(score, 0)}
      </span>
      <LabelChoice meta={meta} />
      <span class="sample-tools">
        {isSound(meta.axes) && (
          <PlayButton
            id={meta.id}
            name={`${meta.name} ${at}`}
            from_s={from_s}
            to_s={from_s + (project.value?.settings.window_ms ?? 0) / 1000}
          />
        )}
        <button
          type="button"
          class="btn btn-quiet btn-icon"
          aria-label={`Leave out ${meta.name}`}
          title="Leave it out: delete the recording; Undo brings it back"
          disabled={readOnly.value}
          onClick={() => void remove([meta.id])}
        >
          <Icon name="trash" size={16} />
        </button>
      </span>
    </div>
  );
}

export function SampleRows() {
  const all = samples.value;
  return (
    <div class="samples">
      <Rows
        label="Samples of this cell"
        keys={all.map((one) => one.key)}
        guess_px={ROW_PX}
        row={(i) => {
          const sample = all[i];
          const meta = sample && byId.value.get(sample.id);
          return sample && meta ? <SampleRow sample={sample} meta={meta} /> : null;
        }}
      />
    </div>
  );
}
