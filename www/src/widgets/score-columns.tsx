// The scores of all labels as a row of small columns, where there is room for no more.

import { classColor } from "./class-mark";
import { percent } from "./format";

interface Props {
  labels: readonly string[];
  scores: ArrayLike<number>;
}

/** "idle 80 %, wave 20 %": the highest three. */
export function bestScores(labels: readonly string[], scores: ArrayLike<number>): string {
  return labels
    .map((label, i) => ({ label, score: scores[i] ?? 0 }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 3)
    .map(({ label, score }) => `${label} ${percent(score, 0)}`)
    .join(", ");
}

export function ScoreColumns({ labels, scores }: Props) {
  return (
    <span class="score-columns" aria-hidden="true" title={bestScores(labels, scores)}>
      {labels.map((label, i) => (
        <span key={label} class="score-column">
          <span
            style={{
              height: `${100 * Math.max(0, Math.min(1, scores[i] ?? 0))}%`,
              background: `var(${classColor(i)})`,
            }}
          />
        </span>
      ))}
    </span>
  );
}
