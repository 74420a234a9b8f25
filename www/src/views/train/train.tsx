// Step 3: the network, and watching it learn.

import {
  cancelTraining,
  overview,
  pauseTraining,
  readOnly,
  recordings,
  resumeTraining,
  route,
  steps,
  train,
  training,
} from "../../state";
import { duration, percent } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Empty, Notice, Panel } from "../../widgets/notice";
import { thingsWord, windows } from "../shared";
import { Curves } from "./curves";
import { NetworkEditor } from "./network";
import { TrainingForm } from "./settings";

const WORDS = {
  idle: "Not started",
  preparing: "Computing features…",
  running: "Learning…",
  pausing: "Pausing…",
  paused: "Paused",
  finishing: "Quantizing the best epoch…",
  done: "Done",
  cancelled: "Cancelled",
  failed: "Failed",
} as const;

/** How it ended, in words. */
function ending(): string {
  const { state, progress } = training.value;
  if (!progress || state !== "done") return "";
  const best = progress.history[progress.best_epoch - 1] ?? progress.history.at(-1);
  const score = best?.validation_accuracy ?? null;
  const told = score === null ? "" : `, with ${percent(score)} on validation`;
  const kept = `The network of epoch ${progress.best_epoch} is kept${told}.`;
  return progress.stopped_early
    ? `Stopped early after epoch ${progress.epoch}: validation had not become better for a while. ${kept}`
    : `All ${progress.epochs} epochs were used. ${kept}`;
}

const working = () =>
  ["preparing", "running", "pausing", "paused", "finishing"].includes(training.value.state);

function Controls() {
  const { state, progress, seconds } = training.value;
  const ready = overview.value?.ready === true && !readOnly.value;
  const share = progress ? progress.epoch / Math.max(1, progress.epochs) : 0;
  return (
    <div class="train-bar">
      <div class="train-buttons">
        {!working() && (
          <button
            type="button"
            class="btn btn-primary btn-large"
            data-testid="train-start"
            disabled={!ready}
            onClick={() => void train()}
          >
            <Icon name="run" size={16} />
            {progress ? "Train again" : "Train"}
          </button>
        )}
        {working() && (
          <>
            <button
              type="button"
              class="btn btn-large"
              data-testid="train-pause"
              disabled={state !== "running" && state !== "paused"}
              onClick={state === "paused" ? resumeTraining : pauseTraining}
            >
              <Icon name={state === "paused" ? "run" : "pause"} size={16} />
              {state === "paused" ? "Resume" : "Pause"}
            </button>
            <button
              type="button"
              class="btn btn-large"
              data-testid="train-cancel"
              disabled={state === "finishing"}
              onClick={cancelTraining}
            >
              <Icon name="close" size={16} /> Cancel
            </button>
          </>
        )}
      </div>
      <div class="train-progress">
        <div class="train-numbers">
          <span role="status">{WORDS[state]}</span>
          <span class="num">
            {progress ? `epoch ${progress.epoch} of ${progress.epochs}` : "no epoch yet"}
          </span>
          <span class="num">{duration(seconds)}</span>
        </div>
        <progress
          aria-label="Training"
          max={1}
          {...(state === "preparing" ? {} : { value: state === "done" ? 1 : share })}
        />
      </div>
    </div>
  );
}

export function Train() {
  const { state, trouble } = training.value;
  const stale = steps.value.train.state === "stale";
  // What is being learned goes on without its examples, and can be stopped.
  if (recordings.value.length === 0 && !working()) {
    return (
      <>
        <div class="view-head">
          <h1>Train</h1>
          <p>The network learns from examples; it needs some first.</p>
        </div>
        <Empty
          title="Nothing to learn from yet"
          text={`Two labels with a few ${thingsWord()} each are enough to begin.`}
        >
          <button
            type="button"
            class="btn btn-primary"
            onClick={() => {
              route.value = "record";
            }}
          >
            Go to Record
          </button>
        </Empty>
      </>
    );
  }
  const n = overview.value?.labels.reduce((sum, l) => sum + l.train, 0) ?? 0;
  return (
    <>
      <div class="view-head">
        <h1>Train</h1>
        <p>
          {recordings.value.length === 0
            ? "It goes on learning from what it was given at its start."
            : overview.value
              ? `${windows(n)} to learn from. Training happens here, on this device.`
              : `Looking at the ${thingsWord()}…`}
        </p>
      </div>
      {stale && (
        <Notice
          severity="warning"
          what={steps.value.train.why}
          remedy="Train again to bring the model up to date."
        />
      )}
      {!overview.value?.ready && steps.value.train.state === "empty" && (
        <Notice severity="note" what={steps.value.train.why} remedy="See Health in Explore." />
      )}
      {state === "failed" && trouble && (
        <Notice
          severity="error"
          what={trouble.what}
          place={trouble.place}
          remedy={trouble.remedy}
        />
      )}
      <Panel title="Learning">
        <Controls />
        <Curves />
        <p class="train-ending" aria-live="polite">
          {ending()}
        </p>
        {state === "done" && (
          <button
            type="button"
            class="btn btn-primary"
            onClick={() => {
              route.value = "quantize";
            }}
          >
            See how good it is <Icon name="right" size={16} />
          </button>
        )}
      </Panel>
      <div class="columns columns-side">
        <NetworkEditor />
        <TrainingForm />
      </div>
    </>
  );
}
