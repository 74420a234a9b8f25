// What the model sees of a picture: as the project says, or as a project of pictures would.

import { computed } from "@preact/signals";
import type { Framing } from "../engine/framing";
import { catalog, project } from "../state";

export const framing = computed<Framing>(() => {
  const block = project.value?.settings.block;
  const known = catalog.value?.blocks.find((one) => one.id === "image")?.settings ?? [];
  const chosen = block?.id === "image" ? block.settings : {};
  const value = (id: string) => chosen[id] ?? known.find((one) => one.id === id)?.default ?? 0;
  return { width: value("width"), height: value("height"), whole: value("whole") > 0 };
});
