// Settings as plain data: what is usual for a task, and how others are laid over that.
import type { Catalog } from "../engine/types/Catalog";
import type { Settings } from "../engine/types/Settings";
import { catalog } from "./project";

/** What a task's settings are when nothing is said; those of the first task where it is unknown. */
export function defaultsOf(task: string): Settings {
  const known = catalog.value as Catalog;
  return known.tasks.find(({ id }) => id === task)?.defaults ?? known.defaults;
}

export function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What `settings` do not say, as it is usual. */
export function completed(settings: Settings, usual: Settings): Settings {
  return filled(settings, structuredClone(usual)) as Settings;
}

/** Groups are filled one by one; which names stand in a merge or a block is not the page's business. */
function filled(stored: object, usual: object): object {
  const whole: Record<string, unknown> = { ...usual, ...stored };
  for (const [key, group] of Object.entries(usual)) {
    const own = (stored as Record<string, unknown>)[key];
    if (key !== "merge" && key !== "block" && isGroup(group) && isGroup(own))
      whole[key] = filled(own, group);
  }
  return whole;
}
