// Where the person is: one of six steps or what stands beside them, mirrored in the address, so that
// reload and the back button do what they should.
import { effect, signal } from "@preact/signals";
import { BESIDE_IDS, type RouteId, STEP_IDS } from "./types";

function inAddress(): RouteId {
  const id = location.hash.slice(1);
  return [...STEP_IDS, ...BESIDE_IDS].find((one) => one === id) ?? "record";
}

export const route = signal<RouteId>(inAddress());

export function watchRoute(): void {
  addEventListener("hashchange", () => {
    route.value = inAddress();
  });
  effect(() => {
    if (route.value !== inAddress()) location.hash = route.value;
  });
}
