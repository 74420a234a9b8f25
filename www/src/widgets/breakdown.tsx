// What a figure is made of, and where each part of it comes from.

import type { Estimate } from "../engine/types/Estimate";
import { count, range } from "./format";

/** "low–high unit"; "unknown" where the engine does not know an end. */
export function estimate(e: Estimate | { low: number | null; high: number | null; unit: string }) {
  return e.low === null || e.high === null ? "unknown" : range(e.low, e.high, e.unit);
}

/** A part in its own unit; bytes are given to the byte. */
function amount(part: Estimate["parts"][number]): string {
  const { low, high, unit } = part;
  if (low === null || high === null) return "unknown";
  if (unit !== "bytes" && unit !== "B") return range(low, high, unit);
  return low === high ? `${count(low)} B` : `${count(low)}–${count(high)} B`;
}

export function Breakdown({ figure }: { figure: Estimate }) {
  return (
    <div class="breakdown">
      <p class="breakdown-total">{estimate(figure)}</p>
      {figure.parts.length > 0 && (
        <table class="breakdown-table">
          <thead>
            <tr>
              <th scope="col" class="fine">
                Part
              </th>
              <th scope="col" class="num fine">
                Amount
              </th>
            </tr>
          </thead>
          <tbody>
            {figure.parts.map((part) => (
              <tr key={part.name}>
                <th scope="row">
                  {part.name}
                  <span class="source">{part.source}</span>
                </th>
                <td class="num">{amount(part)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {figure.note && <p class="fine">{figure.note}</p>}
    </div>
  );
}
