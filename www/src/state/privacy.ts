// Shows that nothing leaves the device: tries every way out, in the page and in each
// worker, and counts requests to other origins, of which there must be none.
import { signal } from "@preact/signals";
import { isProbe, probe } from "../privacy/probe";
import { attempt } from "./toasts";
import type { ProbeResult } from "./types";
import { lab, live, newTrainer } from "./workers";

export const probes = signal<ProbeResult[] | null>(null);
export const bytesSent = signal(0);

/** Counts what the browser reports as fetched from elsewhere; at least the address was sent. */
export function watchRequests(): void {
  const observer = new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) {
      const { origin, protocol } = new URL(name, location.href);
      const elsewhere = origin !== location.origin && protocol !== "blob:" && protocol !== "data:";
      // A blocked attempt of the self-test is listed, though nothing was sent for it.
      if (elsewhere && !isProbe(name)) bytesSent.value += name.length;
    }
  });
  observer.observe({ type: "resource", buffered: true });
}

export async function runPrivacySelfTest(): Promise<void> {
  await attempt(async () => {
    const trainer = newTrainer();
    try {
      const everywhere: [ProbeResult["where"], ReturnType<typeof probe>][] = [
        ["page", probe()],
        ["lab worker", lab.call("probe", null)],
        ["live worker", live.call("probe", null)],
        ["trainer worker", trainer.call("probe", null)],
      ];
      const found = await Promise.all(
        everywhere.map(async ([where, made]) => (await made).map((one) => ({ where, ...one }))),
      );
      probes.value = found.flat();
      // Not blocked means that it went out.
      for (const { blocked, how } of probes.value) if (!blocked) bytesSent.value += how.length;
    } finally {
      trainer.stop();
    }
  });
}
