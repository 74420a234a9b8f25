// Where the person is: one of six steps or the look into a model file, mirrored in the address, so that reload
// and the back button do what they should.
import { effect, signal } from "@preact/signals";
import { type RouteId, STEP_IDS } from "./types";

function inAddress(): RouteId {
  const id = location.hash.slice(1);
  if (id === "network") return id;
  return STEP_IDS.find((step) => step === id) ?? "record";
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
