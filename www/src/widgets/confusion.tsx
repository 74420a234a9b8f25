// Who is taken for whom: rows are the truth, columns what the model said. The darker a cell, the
// larger its share of the row. A cell that holds anything is a button; arrow keys go to the next.

import { Shape } from "./class-mark";
import { percent } from "./format";
import { ScrollBox } from "./scroll-box";

interface Props {
  labels: readonly string[];
  /** `[truth][said]`, windows. */
  counts: readonly (readonly number[])[];
  /** "1 window", "3 pictures". */
  windows: (n: number) => string;
  caption: string;
  chosen: { truth: number; said: number } | null;
  onChoose: (cell: { truth: number; said: number } | null) => void;
}

const WAYS: Readonly<Record<string, [number, number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** To the next cell in that direction that holds anything. */
function step(e: KeyboardEvent): void {
  const way = WAYS[e.key];
  const here = e.target instanceof HTMLElement ? e.target.closest("td") : null;
  const table = here?.closest("table");
  if (!way || !here || !table) return;
  e.preventDefault();
  const [down, right] = way;
  let row = (here.parentElement as HTMLTableRowElement).rowIndex + down;
  let column = here.cellIndex + right;
  for (let cell = table.rows[row]?.cells[column]; cell; cell = table.rows[row]?.cells[column]) {
    const button = cell.querySelector("button");
    if (button) {
      button.focus();
      return;
    }
    row += down;
    column += right;
  }
}

export function Confusion({ labels, counts, windows, caption, chosen, onChoose }: Props) {
  return (
    <ScrollBox label="Confusion matrix">
      <table
        class="confusion"
        onKeyDown={step}
        style={{ minWidth: `${labels.length * 44 + 80}px` }}
      >
        <caption class="sr">{caption}</caption>
        <thead>
          <tr>
            <td class="confusion-corner">
              <span aria-hidden="true">truth ↓ said →</span>
            </td>
            {labels.map((label, i) => (
              <th key={label} scope="col" title={label}>
                <Shape index={i} />
                <span class="confusion-label">{label}</span>
              </th>
            ))}
            <th scope="col" class="confusion-recall">
              Recall
            </th>
          </tr>
        </thead>
        <tbody>
          {labels.map((label, truth) => {
            const row = counts[truth] ?? [];
            const total = row.reduce((sum, n) => sum + n, 0);
            return (
              <tr key={label}>
                <th scope="row" title={label}>
                  <Shape index={truth} />
                  <span class="confusion-label">{label}</span>
                </th>
                {labels.map((other, said) => {
                  const n = row[said] ?? 0;
                  const share = total > 0 ? n / total : 0;
                  const right = truth === said;
                  const here = chosen?.truth === truth && chosen.said === said;
                  const depth = Math.ceil(share * 5);
                  const look = `cell ${right ? "cell-right" : "cell-wrong"} cell-${n > 0 ? Math.max(1, depth) : 0}`;
                  return (
                    <td key={other} class={look}>
                      {n > 0 ? (
                        <button
                          type="button"
                          aria-pressed={here}
                          aria-label={`${windows(n)} of ${label} taken for ${right ? "what it is" : other}: list`}
                          onClick={() => onChoose(here ? null : { truth, said })}
                        >
                          {n}
                        </button>
                      ) : (
                        <span class="zero">{n}</span>
                      )}
                    </td>
                  );
                })}
                <td class="num confusion-recall">
                  {total > 0 ? percent((row[truth] ?? 0) / total, 0) : windows(0)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollBox>
  );
}
