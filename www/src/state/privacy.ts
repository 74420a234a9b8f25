// Shows that nothing leaves the device: tries every way out, in the page and in each
// worker, and counts requests to other origins, of which there must be none.
import { signal } from "@preact/signals";
import { isProbe, probe } from "../privacy/probe";
import { allProjects, type Sizes, sizes } from "../store";
import { type StoredKey, storedKeys } from "./keys";
import { pageKept, probeServiceWorker } from "./offline";
import { attempt } from "./toasts";
import type { ProbeResult } from "./types";
import { lab, live, newTrainer } from "./workers";

export interface StoredHere {
  projects: number;
  recordings: number;
  sizes: Sizes;
  /** The page itself, as its service worker keeps it. */
  page: { files: number; bytes: number };
  keys: StoredKey[];
}

/** What lies in this browser, counted when somebody asks. */
export const storedHere = signal<StoredHere | null>(null);
/** The same by project. */
export const sizesByProject = signal<ReadonlyMap<string, number> | null>(null);

const NOTHING: Sizes = { readings: 0, sounds: 0, pictures: 0, models: 0, takes: 0 };

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
      probes.value = [...found.flat(), ...(await fromServiceWorker())];
      // Not blocked means that it went out.
      for (const { blocked, how } of probes.value)
        if (blocked === false) bytesSent.value += how.length;
    } finally {
      trainer.stop();
    }
  });
}

/** A service worker has the policy that its host sends with it, and no other. */
async function fromServiceWorker(): Promise<ProbeResult[]> {
  const where = "service worker";
  const untried = (detail: string): ProbeResult[] => [
    { where, how: "all of them", blocked: null, detail },
  ];
  const probed = await probeServiceWorker();
  if (!probed) return untried("There is none in this browser, or not yet");
  if (!probed.probes)
    return untried("The page's host sends no policy with it, so an attempt would really go out");
  return probed.probes.map((one) => ({ where, ...one }));
}

/** Counts what is stored; one recording after another, so that it may take a moment. */
export async function countStored(): Promise<void> {
  await attempt(async () => {
    const [all, counted, page] = await Promise.all([allProjects(), sizes(), pageKept()]);
    const sum = { ...NOTHING };
    for (const one of counted.values())
      for (const [kind, bytes] of Object.entries(one)) sum[kind as keyof Sizes] += bytes;
    sizesByProject.value = new Map(
      [...counted].map(([id, one]) => [id, Object.values(one).reduce((a, b) => a + b, 0)]),
    );
    storedHere.value = {
      projects: all.length,
      recordings: all.reduce((n, { recordings }) => n + recordings, 0),
      sizes: sum,
      page,
      keys: storedKeys(),
    };
  });
}
