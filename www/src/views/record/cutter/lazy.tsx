// Fetches the cutter when a recording is first cut.

import { type Signal, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { cutting } from "../../../state";
import { Notice } from "../../../widgets/notice";

const view: Signal<ComponentType<{ id: string }> | null> = signal(null);
const failed = signal(false);

export function Cutter() {
  const id = cutting.value?.id ?? null;
  useEffect(() => {
    if (id === null || view.value) return;
    failed.value = false;
    import("./cutter").then(
      (loaded) => {
        view.value = loaded.CutPanel;
      },
      () => {
        failed.value = true;
      },
    );
  }, [id]);
  if (id === null) return null;
  const View = view.value;
  if (View) return <View key={id} id={id} />;
  if (!failed.value) return <p role="status">Loading…</p>;
  return (
    <Notice
      severity="error"
      what="This part of the page could not be loaded"
      place="cutting"
      remedy="Check that the page's server is still there, then reload."
    />
  );
}
