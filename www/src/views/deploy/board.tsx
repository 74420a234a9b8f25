// What the model costs on a board: each figure with its parts, sources, range and verdict.

import { useEffect } from "preact/hooks";
import type { BoardInfo } from "../../engine/types/BoardInfo";
import type { Estimate } from "../../engine/types/Estimate";
import { catalog, project, readOnly, updateSettings } from "../../state";
import { boardCosts, watchBoardCosts } from "../../state/board-costs";
import { Gauge } from "../../widgets/bars";
import { Breakdown, estimate } from "../../widgets/breakdown";
import { SelectField } from "../../widgets/fields";
import { bytes, percent, quantity } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice, Panel } from "../../widgets/notice";
import { currentFootprint } from "../footprint";
import { thingsWord } from "../shared";
import { BoardTable, VERDICTS } from "./board-table";

function FigureRow({ name, figure }: { name: string; figure: Estimate }) {
  const share = figure.high !== null && figure.limit ? figure.high / figure.limit : null;
  return (
    <details class="cost">
      <summary>
        <span class="cost-name">{name}</span>
        <span class="cost-value num">{estimate(figure)}</span>
        <span class="cost-gauge">{share !== null && <Gauge share={share} />}</span>
        <span class="cost-limit num">
          {share !== null && figure.limit !== null
            ? `${percent(share, 1)} of ${quantity(figure.limit, figure.unit)}`
            : ""}
        </span>
        <Icon name="down" size={16} />
      </summary>
      <Breakdown figure={figure} />
    </details>
  );
}

/** What is known about a board; what is not known says so. */
function described(board: BoardInfo): string {
  const size = (n: number | null, of: string) => `${n === null ? "unknown" : bytes(n)} ${of}`;
  const clock = board.clock_mhz === null ? "clock unknown" : `${board.clock_mhz} MHz`;
  const { library } = board;
  const from = library
    ? `Its library in the C export: lib/${library}.`
    : "No library is built for it.";
  return `${board.core}, ${clock}, ${size(board.flash_bytes, "flash")}, ${size(board.ram_bytes, "RAM")}. ${from}`;
}

function Sources({ board }: { board: BoardInfo }) {
  return (
    <details class="details">
      <summary>Figures of {board.name} and their sources</summary>
      <table class="breakdown-table">
        <thead class="sr">
          <tr>
            <th scope="col">Figure</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {board.figures.map((f) => (
            <tr key={f.name}>
              <th scope="row">
                {f.name}
                <span class="source">{f.source}</span>
              </th>
              <td class="num">{estimate(f)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function BoardPanel() {
  const settings = project.value?.settings;
  const boards = catalog.value?.boards ?? [];
  useEffect(watchBoardCosts, []);
  if (!settings) return null;
  const board = boards.find((b) => b.id === settings.board);
  const footprint = currentFootprint();
  const batteries = catalog.value?.batteries ?? [];
  const costs = boardCosts.value;
  const choose = (id: string) =>
    updateSettings((s) => {
      s.board = id;
    });
  const verdict = footprint ? VERDICTS[footprint.verdict] : null;
  return (
    <Panel
      title="On the board"
      lead={
        costs.length > 0
          ? "What this very model costs on each board. Choose yours; below are the parts of each figure, and where each comes from."
          : "Open a line to see its parts and where each comes from."
      }
    >
      {costs.length > 0 && (
        <BoardTable
          costs={costs}
          boards={boards}
          chosen={settings.board}
          disabled={readOnly.value}
          onChoose={choose}
        />
      )}
      <div class="field-row">
        {costs.length === 0 && (
          <SelectField
            title="Board"
            value={settings.board}
            options={boards.map((b) => ({ id: b.id, title: b.name }))}
            help={board ? described(board) : "Choose the board that will carry it."}
            disabled={readOnly.value}
            onValue={choose}
          />
        )}
        <SelectField
          title="Battery"
          value={settings.battery}
          options={batteries.map((b) => ({ id: b.id, title: b.name }))}
          help="For battery life."
          disabled={readOnly.value}
          onValue={(v) =>
            updateSettings((s) => {
              s.battery = v;
            })
          }
        />
      </div>
      {board && costs.length > 0 && (
        <>
          <h3 class="part-head">{board.name}</h3>
          <p class="fine">{described(board)}</p>
        </>
      )}
      {board && <Sources board={board} />}
      {footprint ? (
        <>
          {verdict && (
            <p class={`board-verdict board-${verdict.look}`}>
              <Icon name={verdict.icon} />
              <span>
                <strong>{verdict.words}.</strong> {footprint.reason}
              </span>
            </p>
          )}
          <div class="costs">
            <FigureRow name="Flash" figure={footprint.flash} />
            <FigureRow name="RAM of the model, as in the map file" figure={footprint.ram} />
            <FigureRow name="RAM in all" figure={footprint.ram_whole} />
            <FigureRow name="Latency" figure={footprint.latency} />
            <FigureRow name="Energy for one decision" figure={footprint.energy} />
            <FigureRow name="Average power" figure={footprint.power} />
            <FigureRow name="Battery life" figure={footprint.battery_life} />
          </div>
          {footprint.shrink.length > 0 && (
            <>
              <h3 class="part-head">What to shrink</h3>
              <ul class="shrink">
                {footprint.shrink.map((advice) => (
                  <li key={advice}>{advice}</li>
                ))}
              </ul>
            </>
          )}
          {footprint.cautions.map((caution) => (
            <Notice key={caution} severity="note" what={caution} />
          ))}
        </>
      ) : (
        <p class="quiet-line">Known as soon as there are {thingsWord()} to plan with.</p>
      )}
    </Panel>
  );
}
