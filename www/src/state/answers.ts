// What the model said to each window that it was measured on: asked for when somebody looks into the
// confusion matrix, once a model.
import { signal } from "@preact/signals";
import type { Answers } from "../engine/arrays";
import { latestOnly } from "./latest";
import { labHoldsModel, model, stale } from "./model";
import { troubleOf } from "./toasts";
import type { Trouble } from "./types";
import { lab } from "./workers";

export interface Answered {
  /** The model that they are of. */
  model_sha256: string;
  /** Null while they are on their way, and where they can't be had. */
  answers: Answers | null;
  /** The recordings have changed since, and the page was opened anew: nobody knows them now. */
  lost: boolean;
  trouble: Trouble | null;
}

export const answered = signal<Answered | null>(null);

const ask = latestOnly(async (model_sha256: string) => {
  const found: Answered = { model_sha256, answers: null, lost: false, trouble: null };
  try {
    const settings = model.peek()?.made_with.settings;
    if (!settings || !(await labHoldsModel())) found.lost = true;
    else found.answers = await lab.call("answers", { settings });
  } catch (error) {
    found.trouble = troubleOf(error);
  }
  if (model.peek()?.report.model_sha256 === model_sha256) answered.value = found;
});

/** Asks for the present model's answers, unless they are there. */
export function wantAnswers(): void {
  const now = model.peek()?.report.model_sha256;
  const known = answered.peek();
  // What was changed since may have been taken back.
  const again = known?.trouble || (known?.lost && !stale.peek());
  if (now && (known?.model_sha256 !== now || again)) ask(now);
}
