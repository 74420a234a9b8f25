// Where the person is: one of six steps, mirrored in the address, so that reload
// and the back button do what they should.
import { effect, signal } from "@preact/signals";
import { STEP_IDS, type StepId } from "./types";

function inAddress(): StepId {
  const id = location.hash.slice(1);
  return STEP_IDS.find((step) => step === id) ?? "record";
}

export const route = signal<StepId>(inAddress());

export function watchRoute(): void {
  addEventListener("hashchange", () => {
    route.value = inAddress();
  });
  effect(() => {
    if (route.value !== inAddress()) location.hash = route.value;
  });
}
