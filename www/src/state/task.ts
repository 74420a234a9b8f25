// What a project is about, movement, sound or pictures: chosen on the empty page, or settled by the
// first recordings.
import type { Axis } from "../engine/types/Axis";
import type { RecordingMeta } from "../engine/types/RecordingMeta";
import type { Task } from "../engine/types/Task";
import { isPicture, isSound } from "../sensors";
import { project, replaceSettings, updateSettings } from "./project";
import { defaultsOf } from "./settings";
import { notify } from "./toasts";

export const WORDS: Readonly<Record<Task, string>> = {
  motion: "movements",
  audio: "sounds",
  image: "pictures",
};

/** What recordings of these axes are for. */
export function kindOf(axes: readonly Axis[]): Task {
  if (isPicture(axes)) return "image";
  return isSound(axes) ? "audio" : "motion";
}

/** Gives the project this task, with the task's own settings. */
export function chooseTask(task: Task): void {
  if (!project.value || project.value.settings.task === task) return;
  const defaults = defaultsOf(task);
  updateSettings((settings) => Object.assign(settings, structuredClone(defaults)));
}

/** The same when a person asks for it: what was set before can be had back. */
export function switchTask(task: Task): void {
  const open = project.value;
  if (!open || open.settings.task === task) return;
  const defaults = defaultsOf(task);
  const { board, battery } = open.settings;
  replaceSettings({ ...defaults, board, battery }, `Settings are now those for ${WORDS[task]}`);
}

/** The first recordings of a project say what it is about. */
export function adoptTask(first: readonly RecordingMeta[]): void {
  const before = project.value?.settings;
  const [one] = first;
  if (!before || !one || kindOf(one.axes) === before.task) return;
  chooseTask(kindOf(one.axes));
  const now = project.value?.settings;
  if (!now || now === before) return;
  notify("info", `This project is about ${WORDS[now.task]} now, and has their settings`);
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
