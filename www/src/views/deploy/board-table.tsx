// All boards beside each other, for one very model: whether it fits, and what it costs there.

import { useState } from "preact/hooks";
import type { BoardInfo } from "../../engine/types/BoardInfo";
import type { Estimate } from "../../engine/types/Estimate";
import type { Footprint } from "../../engine/types/Footprint";
import type { Verdict } from "../../engine/types/Verdict";
import { Gauge } from "../../widgets/bars";
import { estimate } from "../../widgets/breakdown";
import { SelectField } from "../../widgets/fields";
import { percent } from "../../widgets/format";
import { Icon, type IconName } from "../../widgets/icons";
import "../../styles/boards.css";

export const VERDICTS: Readonly<Record<Verdict, { icon: IconName; look: string; words: string }>> =
  {
    fits: { icon: "check", look: "good", words: "Fits" },
    tight: { icon: "warning", look: "tight", words: "Tight" },
    does_not_fit: { icon: "error", look: "bad", words: "Does not fit" },
    unknown: { icon: "note", look: "unknown", words: "Not known" },
  };

const ORDER: readonly Verdict[] = ["fits", "tight", "does_not_fit", "unknown"];

/** The most of it, as a share of what the board has; null where one of both is unknown. */
function shareOf({ high, limit }: Estimate): number | null {
  return high !== null && limit ? high / limit : null;
}

interface Column {
  id: string;
  title: string;
  /** What rows are sorted by; null is unknown and comes last. */
  key: (f: Footprint) => number | string | null;
}

const COLUMNS: readonly Column[] = [
  { id: "board", title: "Board", key: (f) => f.board_name.toLowerCase() },
  { id: "verdict", title: "Verdict", key: (f) => ORDER.indexOf(f.verdict) },
  { id: "flash", title: "Flash", key: (f) => shareOf(f.flash) },
  { id: "ram", title: "RAM", key: (f) => shareOf(f.ram_whole) },
  { id: "latency", title: "Latency", key: (f) => f.latency.high },
  { id: "battery", title: "Battery life", key: (f) => f.battery_life.high },
];

interface Sorting {
  by: string;
  down: boolean;
}

function sorted(costs: readonly Footprint[], { by, down }: Sorting): Footprint[] {
  const column = COLUMNS.find(({ id }) => id === by);
  if (!column) return [...costs];
  const way = down ? -1 : 1;
  return [...costs].sort((a, b) => {
    const [x, y] = [column.key(a), column.key(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return x < y ? -way : x > y ? way : 0;
  });
}

function Share({ of, name }: { of: Estimate; name: string }) {
  const share = shareOf(of);
  return (
    <td
      class="num"
      data-title={name}
      title={share === null ? undefined : `at most ${estimate(of)}`}
    >
      {share === null ? (
        <span class="muted">unknown</span>
      ) : (
        <span class="share">
          {percent(share, share < 0.0995 ? 1 : 0)}
          <Gauge share={share} />
        </span>
      )}
    </td>
  );
}

function Value({ of, name }: { of: Estimate; name: string }) {
  const text = estimate(of);
  return (
    <td class={text === "unknown" ? "num muted" : "num"} data-title={name}>
      {text}
    </td>
  );
}

interface Props {
  costs: readonly Footprint[];
  boards: readonly BoardInfo[];
  chosen: string;
  disabled: boolean;
  onChoose: (id: string) => void;
}

export function BoardTable({ costs, boards, chosen, disabled, onChoose }: Props) {
  const [sorting, setSorting] = useState<Sorting>({ by: "", down: false });
  const press = (by: string) =>
    setSorting((was) => (was.by === by ? { by, down: !was.down } : { by, down: false }));
  return (
    <>
      <div class="boards-sort">
        <SelectField
          title="Sort by"
          value={sorting.by}
          options={[
            { id: "", title: "The order of the list" },
            ...COLUMNS.map(({ id, title }) => ({ id, title })),
          ]}
          onValue={(by) => setSorting({ by, down: false })}
        />
      </div>
      <table class="boards" data-testid="boards">
        <caption class="sr">
          What this model costs on each board, flash and RAM at most; choose a board in the first
          column
        </caption>
        <thead>
          <tr>
            {COLUMNS.map(({ id, title }) => (
              <th
                key={id}
                scope="col"
                aria-sort={sorting.by === id ? (sorting.down ? "descending" : "ascending") : "none"}
              >
                <button type="button" class="sort" onClick={() => press(id)}>
                  {title}
                  {sorting.by === id && <Icon name={sorting.down ? "down" : "up"} size={14} />}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(costs, sorting).map((cost) => {
            const board = boards.find(({ id }) => id === cost.board);
            const verdict = VERDICTS[cost.verdict];
            return (
              <tr
                key={cost.board}
                class={cost.board === chosen ? "board-chosen" : ""}
                data-board={cost.board}
                data-verdict={cost.verdict}
                data-flash={board?.flash_bytes ?? ""}
              >
                <th scope="row">
                  <label class="board-choice">
                    <input
                      type="radio"
                      name="board"
                      value={cost.board}
                      checked={cost.board === chosen}
                      disabled={disabled}
                      onChange={() => onChoose(cost.board)}
                    />
                    <span>
                      {cost.board_name}
                      <span class="source">{board?.core}</span>
                    </span>
                  </label>
                </th>
                <td data-title="Verdict" title={cost.reason}>
                  <span class={`board-word board-word-${verdict.look}`}>
                    <Icon name={verdict.icon} size={16} /> {verdict.words}
                  </span>
                </td>
                <Share of={cost.flash} name="Flash" />
                <Share of={cost.ram_whole} name="RAM" />
                <Value of={cost.latency} name="Latency" />
                <Value of={cost.battery_life} name="Battery life" />
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}
