// Whether the page is up.
import { signal } from "@preact/signals";
import type { Trouble } from "./types";

export const booted = signal<"starting" | "ready" | "failed">("starting");
export const bootTrouble = signal<Trouble | null>(null);
