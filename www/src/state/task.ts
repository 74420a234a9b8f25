// What a project is about, movement or sound: chosen on the empty page, or settled by the
// first recordings.
import type { Axis } from "../engine/types/Axis";
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import type { Settings } from "../engine/types/Settings";
import { isSound } from "../sensors";
import { catalog, project, replaceSettings, updateSettings } from "./project";
import { notify } from "./toasts";

export type TaskId = "motion" | "audio";

const WORDS: Readonly<Record<TaskId, string>> = { motion: "movements", audio: "sounds" };

export function taskOf(settings: Settings): TaskId {
  return settings.task as TaskId;
}

function kindOf(axes: readonly Axis[]): TaskId {
  return isSound(axes) ? "audio" : "motion";
}

/** A task's own settings when nothing is said. */
function defaultsOf(task: TaskId): Settings | null {
  const tasks = (catalog.value as { tasks?: { id: TaskId; defaults: Settings }[] } | null)?.tasks;
  return tasks?.find((one) => one.id === task)?.defaults ?? null;
}

/** Gives the project this task, with the task's own settings. */
export function chooseTask(task: TaskId): void {
  const defaults = defaultsOf(task);
  if (!defaults || !project.value || taskOf(project.value.settings) === task) return;
  updateSettings((settings) => Object.assign(settings, structuredClone(defaults)));
}

/** The same when a person asks for it: what was set before can be had back. */
export function switchTask(task: TaskId): void {
  const open = project.value;
  const defaults = defaultsOf(task);
  if (!defaults || !open || taskOf(open.settings) === task) return;
  const { board, battery } = open.settings;
  replaceSettings({ ...defaults, board, battery }, `Settings are now those for ${WORDS[task]}`);
}

/** The first recordings of a project say what it is about. */
export function adoptTask(first: readonly RecordingMeta[]): void {
  const before = project.value?.settings;
  const [one] = first;
  if (!before || !one || kindOf(one.axes) === taskOf(before)) return;
  chooseTask(kindOf(one.axes));
  const now = project.value?.settings;
  if (!now || now === before) return;
  notify("info", `This project is about ${WORDS[taskOf(now)]} now, and has their settings`);
}

/** Whether a take of these axes would not fit the project's recordings; says so. */
export function mixes(axes: readonly Axis[], recordings: readonly RecordingMeta[]): boolean {
  const other = recordings.find((meta) => kindOf(meta.axes) !== kindOf(axes));
  if (!other) return false;
  const [have, bring] = [WORDS[kindOf(other.axes)], WORDS[kindOf(axes)]];
  notify("warning", `This project is about ${have}`, {
    detail: {
      what: `No network can learn from ${have} and ${bring} together`,
      place: "this project",
      remedy: `Begin another project for ${bring}: the project menu has "New project"`,
    },
  });
  return true;
}
