// Which class is taken for which, and the very samples behind each cell.

import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Report } from "../../engine/types/Report";
import { answered, route, steps, wantAnswers } from "../../state";
import { ClassMark } from "../../widgets/class-mark";
import { Confusion } from "../../widgets/confusion";
import { Notice, Panel } from "../../widgets/notice";
import { Segmented } from "../../widgets/segmented";
import { SamplePictures } from "../gallery/lazy";
import { ofPictures, windows } from "../shared";
import { answers, cell, samples, worstFirst } from "./drill";
import { evaluatedOn } from "./evaluated";
import { SampleRows } from "./samples";

const ORDERS = [
  { id: "worst", title: "Worst first" },
  { id: "best", title: "Best first" },
] as const;

/** Why there are no samples to show, if so. */
function Missing() {
  const now = answered.value;
  if (answers.value) return null;
  if (now?.trouble)
    return (
      <Notice
        severity="error"
        what={now.trouble.what}
        place={now.trouble.place}
        remedy={now.trouble.remedy}
      />
    );
  if (now?.lost)
    return (
      <Notice
        severity="note"
        what="What this model said to each of them is not known any more"
        remedy="Something has changed since: take the changes back or train again to look into the cells."
      />
    );
  return (
    <p class="quiet-line" role="status">
      Asking the model…
    </p>
  );
}

function Stale() {
  if (steps.value.train.state !== "stale") return null;
  return (
    <p class="fine">
      The model does not know of the last changes.{" "}
      <button
        type="button"
        class="link"
        onClick={() => {
          route.value = "train";
        }}
      >
        Train again
      </button>{" "}
      to see what they bring.
    </p>
  );
}

function Samples({ report }: { report: Report }) {
  const at = cell.value;
  useSignalEffect(() => {
    const lost = answered.value?.lost && steps.value.train.state !== "stale";
    if (cell.value && lost) wantAnswers();
  });
  const heading = useRef<HTMLHeadingElement>(null);
  // The matrix may fill the screen: what was asked for comes into sight, and is read next.
  useEffect(() => {
    if (!at) return;
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView();
  }, [at]);
  if (!at) return null;
  const right = at.truth === at.said;
  const truth = <ClassMark index={at.truth} label={report.labels[at.truth] ?? ""} />;
  return (
    <section class="mistakes" aria-label="Samples of the chosen cell" data-testid="samples">
      <div class="mistakes-head">
        <h3 ref={heading} tabIndex={-1}>
          {answers.value && windows(samples.value.length)} of {truth}{" "}
          {right ? (
            "told rightly"
          ) : (
            <>
              taken for <ClassMark index={at.said} label={report.labels[at.said] ?? ""} />
            </>
          )}
        </h3>
        <Segmented
          title="Order"
          name="samples-order"
          small
          value={worstFirst.value ? "worst" : "best"}
          options={ORDERS}
          onValue={(id) => {
            worstFirst.value = id === "worst";
          }}
        />
      </div>
      <p class="fine">
        Columns: the scores of all labels. {right ? "The least sure" : "The surest mistakes"} stand
        first, and wrong labels among them.
      </p>
      <Stale />
      <Missing />
      {answers.value && (ofPictures.value ? <SamplePictures /> : <SampleRows />)}
    </section>
  );
}

const MODELS = [
  { id: "int8", title: "int8" },
  { id: "float", title: "float" },
] as const;

export function ConfusionPanel({ report }: { report: Report }) {
  const [exact, setExact] = useState<"int8" | "float">("int8");
  const counts = exact === "int8" ? report.confusion : report.confusion_float;
  // Another model has other mistakes.
  useEffect(
    () => () => {
      cell.value = null;
    },
    [report.model_sha256],
  );
  return (
    <Panel
      title="Confusion"
      lead="Press a number to see what stands behind it."
      actions={
        <Segmented
          title="Model"
          name="confusion-model"
          small
          value={exact}
          options={MODELS}
          onValue={(id) => {
            setExact(id);
            cell.value = null;
          }}
        />
      }
    >
      <Confusion
        labels={report.labels}
        counts={counts}
        windows={windows}
        caption={`Confusion of the ${exact} model on ${windows(report.windows_test)} of the ${evaluatedOn(report)}: rows are the truth, columns what it said`}
        chosen={cell.value}
        onChoose={(at) => {
          cell.value = at;
          if (at && exact === "int8") wantAnswers();
        }}
      />
      {exact === "int8" && <Samples report={report} />}
      {cell.value && exact === "float" && (
        <p class="fine">The samples are kept for the int8 model, the one that is shipped.</p>
      )}
    </Panel>
  );
}
