// Which footprint counts: the one of the conditions while somebody looks at them, else the
// model's while it is up to date, else the plan's.

import type { Footprint } from "../engine/types/Footprint";
import { overview, report, steps } from "../state";
import { costs } from "../state/conditions";

/** Whether the figures shown are those of the trained model. */
export function fromModel(): boolean {
  // A report that an earlier build stored has fewer figures.
  const known = report.value?.footprint?.ram_whole !== undefined;
  return steps.value.quantize.state === "done" && known;
}

export function currentFootprint(): Footprint | null {
  const model = fromModel() ? report.value?.footprint : null;
  return costs.value.footprint ?? model ?? overview.value?.footprint ?? null;
}
