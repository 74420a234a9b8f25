// Fetches the look into a model file when it is first wanted: most visitors come for the six steps.

import { type Signal, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Notice } from "../../widgets/notice";

const view: Signal<ComponentType | null> = signal(null);
const failed = signal(false);

export function Network() {
  useEffect(() => {
    if (view.value) return;
    failed.value = false;
    import("./network").then(
      (loaded) => {
        view.value = loaded.Network;
      },
      () => {
        failed.value = true;
      },
    );
  }, []);
  const View = view.value;
  if (View) return <View />;
  if (!failed.value) return <p role="status">Loading…</p>;
  return (
    <>
      <h1>Network</h1>
      <Notice
        severity="error"
        what="This part of the page could not be loaded"
        place="network view"
        remedy="Check that the page's server is still there, then reload."
      />
    </>
  );
}
