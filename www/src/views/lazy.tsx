// Views that are fetched when they are first wanted, or in an idle moment: the page shows its first
// step without waiting for the others.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Notice } from "../widgets/notice";

export interface Lazy {
  View: ComponentType;
  /** Begins to fetch it; once it is there, or on its way, does nothing. */
  fetch(): void;
}

/** `name` is what a person calls the view, `load` imports it. */
export function lazy(name: string, load: () => Promise<ComponentType>): Lazy {
  const view = signal<ComponentType | null>(null);
  const state = signal<"idle" | "coming" | "failed">("idle");
  const fetch = () => {
    if (state.peek() === "coming") return;
    state.value = "coming";
    load().then(
      (loaded) => {
        view.value = loaded;
      },
      () => {
        state.value = "failed";
      },
    );
  };
  function View() {
    useEffect(fetch, []);
    const Loaded = view.value;
    if (Loaded) return <Loaded />;
    if (state.value !== "failed") return <p role="status">Loading…</p>;
    return (
      <>
        <h1>{name}</h1>
        <Notice
          severity="error"
          what="This part of the page could not be loaded"
          place={name}
          remedy="Check that the page's server is still there, then reload."
        />
      </>
    );
  }
  return { View, fetch };
}
