// Which footprint counts: the model's while it is up to date, else the plan's.

import type { Footprint } from "../engine/types/Footprint";
import { overview, report, steps } from "../state";

/** Whether the figures shown are those of the trained model. */
export function fromModel(): boolean {
  return steps.value.quantize.state === "done" && (report.value?.footprint ?? null) !== null;
}

export function currentFootprint(): Footprint | null {
  const model = fromModel() ? report.value?.footprint : null;
  return model ?? overview.value?.footprint ?? null;
}
