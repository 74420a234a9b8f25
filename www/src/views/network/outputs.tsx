// What the network answers: classes by their names, or numbers.

import { useState } from "preact/hooks";
import type { NetworkInfo } from "../../engine/types/NetworkInfo";
import type { TensorInfo } from "../../engine/types/TensorInfo";
import {
  type Answer,
  answers,
  ranked,
  rawNumber,
  runTrouble,
  saveOutputs,
  saveTable,
} from "../../state/network";
import { count, figure, percent } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice, Panel } from "../../widgets/notice";
import { quantText, shapeOf } from "./words";

/** Rows shown before all are asked for. */
const ROWS = 10;
const MOST_ROWS = 1000;

/** Shares of one: what a softmax or a sigmoid gives. */
function isShares(tensor: TensorInfo): boolean {
  return tensor.scale === 1 / 256 && tensor.zero_point === -128;
}

interface OutputProps {
  tensor: TensorInfo;
  answer: Answer;
  labels: readonly string[];
  i: number;
}

function Output({ tensor, answer, labels, i }: OutputProps) {
  const [all, setAll] = useState(false);
  const n = answer.real.length;
  const named = labels.length === n;
  const order = ranked(answer.real);
  // Classes are ranked; a handful of numbers is easier to read in its own order.
  const byRank = named || n > ROWS;
  const rows = byRank ? order : order.toSorted((a, b) => a - b);
  const most = Math.max(
    1e-12,
    ...order
      .slice(0, 1)
      .concat(order.slice(-1))
      .map((k) => Math.abs(answer.real[k] ?? 0)),
  );
  const shares = isShares(tensor);
  const top = order[0] ?? 0;
  const seen = rows.slice(0, all ? MOST_ROWS : ROWS);
  return (
    <div class="network-output">
      <p class="fine">
        {tensor.name || "unnamed"} · <span class="num">{shapeOf(tensor.shape)}</span> ·{" "}
        {tensor.dtype}, {quantText(tensor)}
      </p>
      {named && (
        <p class="network-top" data-testid="network-top">
          {labels[top]}
        </p>
      )}
      <table class="table network-values">
        <thead>
          <tr>
            <th scope="col">{named ? "Class" : "Index"}</th>
            <th scope="col">
              <span class="sr">Bar</span>
            </th>
            <th scope="col" class="num">
              Real
            </th>
            <th scope="col" class="num">
              Raw
            </th>
          </tr>
        </thead>
        <tbody>
          {seen.map((k) => {
            const real = answer.real[k] ?? 0;
            return (
              <tr key={k} data-testid={`output-${i}-${k}`}>
                <th scope="row">
                  <span class="clip">{named ? labels[k] : k}</span>
                </th>
                <td class="network-bar">
                  <span class="meter">
                    <span
                      class={real < 0 ? "meter-fill meter-below" : "meter-fill"}
                      style={{ width: `${(100 * Math.abs(real)) / (shares ? 1 : most)}%` }}
                    />
                  </span>
                </td>
                <td class="num">{shares ? percent(real) : figure(real, 4)}</td>
                <td class="num">{rawNumber(answer.raw[k] ?? 0, tensor.dtype)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {n > ROWS && (
        <p class="fine num">
          {all
            ? `${count(Math.min(n, MOST_ROWS))} of ${count(n)}`
            : `The ${ROWS} largest of ${count(n)}`}
          , by value.{" "}
          <button type="button" class="link" onClick={() => setAll(!all)}>
            {all ? "Show fewer" : n > MOST_ROWS ? `Show ${count(MOST_ROWS)}` : "Show all"}
          </button>
        </p>
      )}
      <button type="button" class="btn btn-small" onClick={() => saveTable(i)}>
        <Icon name="download" size={16} /> Save as CSV
      </button>
    </div>
  );
}

export function OutputPanel({ info }: { info: NetworkInfo }) {
  const found = answers.value;
  const trouble = runTrouble.value;
  return (
    <Panel
      title={info.outputs.length === 1 ? "Output" : "Outputs"}
      actions={
        <button
          type="button"
          class="btn"
          data-testid="network-save"
          disabled={!found}
          onClick={saveOutputs}
        >
          <Icon name="download" size={16} /> Save raw
        </button>
      }
    >
      <div aria-live="polite">
        {trouble && (
          <Notice
            severity="warning"
            what={trouble.what}
            place={trouble.place}
            remedy={trouble.remedy}
          />
        )}
        {!found && !trouble && <p class="fine">Press Run to see what the network answers.</p>}
      </div>
      {found?.map((answer, i) => {
        const tensor = info.outputs[i];
        return tensor ? (
          <Output
            key={tensor.name}
            tensor={tensor}
            answer={answer}
            labels={i === 0 ? info.labels : []}
            i={i}
          />
        ) : null;
      })}
    </Panel>
  );
}
