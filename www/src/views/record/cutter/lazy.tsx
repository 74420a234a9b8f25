// The cutter is fetched when a recording is first cut.

import { cutting } from "../../../state";
import { lazy } from "../../lazy";

const panel = lazy("Cutting", async () => (await import("./cutter")).CutPanel);

export function Cutter() {
  const id = cutting.value?.id;
  return id === undefined ? null : <panel.View key={id} />;
}
