// How a model's parts are put into words.

import type { NetworkTimes } from "../../engine/types/NetworkTimes";
import type { TensorInfo } from "../../engine/types/TensorInfo";
import { figure, quantity } from "../../widgets/format";

/** A large count: "2.66 M". */
export function short(n: number): string {
  if (n >= 1e9) return `${figure(n / 1e9)} G`;
  if (n >= 1e6) return `${figure(n / 1e6)} M`;
  if (n >= 1e4) return `${figure(n / 1e3)} k`;
  return figure(n, 5);
}

export function shapeOf(shape: readonly number[]): string {
  return shape.length === 0 ? "scalar" : shape.join(" × ");
}

/** Scales span many powers of ten: significant digits, and an exponent where they are tiny. */
export function scaleText(scale: number): string {
  return scale === 0 || scale >= 1e-3 ? figure(scale, 4) : scale.toExponential(2);
}

export function quantText(t: TensorInfo): string {
  if (t.scales === 0) return "no scale";
  if (t.scales === 1) return `scale ${scaleText(t.scale)}, zero point ${t.zero_point}`;
  return `${t.scales} scales ${scaleText(t.scale)} … ${scaleText(t.scale_to)} along dimension ${t.axis}`;
}

/** A measured time. A block's clock steps, spread over its runs, are the least it can tell. */
export function timeText(us: number, of: NetworkTimes): string {
  const least = of.resolution_us / Math.max(1, of.runs);
  return us < least ? `< ${quantity(least, "µs")}` : quantity(us, "µs");
}
