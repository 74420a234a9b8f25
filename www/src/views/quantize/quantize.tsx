// Step 4: what became of the network as 8-bit integers.

import { quantize, quantizing, readOnly, report, route, steps } from "../../state";
import { percent, plural } from "../../widgets/format";
import { Empty, Notice } from "../../widgets/notice";
import { Large } from "../gallery/lazy";
import { ofPictures, thingsWord, windows } from "../shared";
import { evaluatedOn } from "./evaluated";
import { CalibrationPanel, LayerPanel, MemoryPanel, PerClassPanel } from "./figures";
import { LatencyPanel } from "./latency";
import { ConfusionPanel } from "./mistakes";

function Verdict() {
  const r = report.value;
  if (!r) return null;
  const lost = (r.accuracy_float - r.accuracy_int8) * 100;
  const words =
    Math.abs(lost) < 0.05
      ? "Nothing was lost by making it small."
      : lost > 0
        ? `${lost.toFixed(1)} percentage points were lost by making it small.`
        : `${(-lost).toFixed(1)} percentage points were won by rounding, by luck.`;
  return (
    <section class="verdict" aria-label="Accuracy">
      <div class="verdict-figure">
        <span class="verdict-name">Float network</span>
        <span class="verdict-value" data-testid="accuracy-float">
          {percent(r.accuracy_float)}
        </span>
      </div>
      <svg class="verdict-arrow" viewBox="0 0 72 24" aria-hidden="true">
        <path d="M2 12c6-9 10-9 16 0s10 9 16 0" />
        <path d="M34 12h6v-5h7v10h7v-5h6M62 7l5 5-5 5" />
      </svg>
      <div class="verdict-figure verdict-int8">
        <span class="verdict-name">int8 model</span>
        <span class="verdict-value" data-testid="accuracy-int8">
          {percent(r.accuracy_int8)}
        </span>
      </div>
      <div class="verdict-words">
        <p>
          <strong>{words}</strong>
        </p>
        <p class="num">
          On {windows(r.windows_test)} of the {evaluatedOn(r)}.{" "}
          {!ofPictures.value &&
            `By recording: ${percent(r.accuracy_int8_by_recording)} of ${plural(r.recordings_test, "recording")}. `}
          Both models give the same answer for {percent(r.agreement)} of them.
        </p>
      </div>
    </section>
  );
}

export function Quantize() {
  const r = report.value;
  const stale = steps.value.quantize.state === "stale";
  return (
    <>
      <div class="view-head">
        <h1>Quantize</h1>
        <p>
          The network in whole numbers of 8 bits: four times smaller, and a chip needs no floating
          point for it.
        </p>
        {r && (
          <div class="view-actions">
            <button
              type="button"
              class="btn"
              disabled={quantizing.value || readOnly.value}
              onClick={() => void quantize()}
            >
              {quantizing.value ? "Quantizing…" : "Quantize again"}
            </button>
          </div>
        )}
      </div>
      {stale && (
        <Notice
          severity="warning"
          what={steps.value.quantize.why}
          remedy="These figures belong to the earlier model. Train again to renew them."
        />
      )}
      {!r && (
        <Empty
          title={quantizing.value ? "Quantizing…" : "No model yet"}
          text={
            quantizing.value
              ? "The trained network is being turned into integers and tested."
              : "Train a network first; it is quantized as soon as it has learned."
          }
        >
          {!quantizing.value && (
            <button
              type="button"
              class="btn btn-primary"
              onClick={() => {
                route.value = "train";
              }}
            >
              Go to Train
            </button>
          )}
        </Empty>
      )}
      {r && (
        <>
          <Verdict />
          {r.evaluated_on !== "test" && (
            <Notice
              severity="warning"
              what={`These figures are of the ${evaluatedOn(r)}`}
              remedy={`They flatter the model. Give a test share in Explore, or mark ${thingsWord()} for the test, and train again.`}
            />
          )}
          <div class="columns columns-even">
            <div class="stacked">
              <ConfusionPanel report={r} />
              <LatencyPanel />
            </div>
            <div class="stacked">
              <PerClassPanel report={r} />
              <CalibrationPanel report={r} />
            </div>
          </div>
          <MemoryPanel report={r} />
          <LayerPanel report={r} />
          <Large />
        </>
      )}
    </>
  );
}
