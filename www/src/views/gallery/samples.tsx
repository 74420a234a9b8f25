// The pictures of one cell of the confusion matrix, each with all of its scores.

import { useMemo } from "preact/hooks";
import { report, Selection } from "../../state";
import { percent } from "../../widgets/format";
import { bestScores, ScoreColumns } from "../../widgets/score-columns";
import { cell, samples } from "../quantize/drill";
import { byId, mainLabel } from "../shared";
import { PictureGrid } from "./grid";

const FOOT_PX = 28;
const selection = new Selection();

export function SamplePictures() {
  const all = samples.value;
  const at = cell.value;
  const names = report.value?.labels;
  const metas = byId.value;
  const { foot, more } = useMemo(() => {
    const scores = new Map(all.map((one) => [one.id, one.scores]));
    const truth = names?.[at?.truth ?? 0] ?? "";
    const labelOf = (id: string) => {
      const meta = metas.get(id);
      return meta ? mainLabel(meta) : truth;
    };
    return {
      foot: (id: string) => {
        const own = scores.get(id) ?? new Float32Array();
        const now = labelOf(id);
        return (
          <span class="tile-foot">
            <ScoreColumns labels={names ?? []} scores={own} />
            <span class="num clip">
              {now === truth ? percent(own[at?.said ?? 0] ?? 0, 0) : `now ${now}`}
            </span>
          </span>
        );
      },
      more: (id: string) => {
        const now = labelOf(id);
        const said = bestScores(names ?? [], scores.get(id) ?? []);
        return now === truth ? said : `now ${now}, ${said}`;
      },
    };
  }, [all, at, names, metas]);
  return (
    <PictureGrid
      label="Pictures of this cell"
      ids={all.map((one) => one.id)}
      selection={selection}
      foot={foot}
      foot_px={FOOT_PX}
      more={more}
    />
  );
}
