// What the page and its service worker say to each other. Types only.
import type { Probe } from "../privacy/probe";

/** From the page; `fill` and `probe` are answered on the port that comes along. */
export interface Asked {
  ask: "renew" | "tidy" | "fill" | "probe";
}

/** To every window, while files are fetched. */
export type Told =
  | { told: "progress"; done: number; total: number }
  | { told: "failed"; why: string };

/** All `files` of this version are kept, or `why` not. */
export interface Filled {
  files: number;
  why: string;
}

/** Null: the host sends no policy with the service worker, so that nothing was tried. */
export interface Probed {
  probes: Probe[] | null;
}
