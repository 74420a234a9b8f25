// Beside the six steps: any .tflite file or bundle, without a project.

import type { NetworkInfo } from "../../engine/types/NetworkInfo";
import { chooseModelFile, closeModelFile } from "../../state";
import { chooseInput, network, times } from "../../state/network";
import { bytes, count, percent, quantity } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Empty, Notice } from "../../widgets/notice";
import "../../styles/network.css";
import { ArenaPanel } from "./arena";
import { BundlePanel } from "./bundle";
import { InputPanel } from "./inputs";
import { LayersPanel } from "./layers";
import { OutputPanel } from "./outputs";
import { short } from "./words";

function Actions() {
  return (
    <div class="view-actions network-actions">
      <button type="button" class="btn" data-testid="network-open" onClick={chooseModelFile}>
        <Icon name="upload" size={16} /> Open another
      </button>
      <button type="button" class="btn" data-testid="network-close" onClick={closeModelFile}>
        <Icon name="close" size={16} /> Close
      </button>
    </div>
  );
}

function Figures({ info }: { info: NetworkInfo }) {
  const run = times.value?.run;
  const over = info.arena_bytes / Math.max(1, info.bound_bytes) - 1;
  const figures = [
    {
      id: "params",
      name: "Parameters",
      value: short(info.params),
      note: `${count(info.params)} weights and biases`,
    },
    { id: "macs", name: "MACs", value: short(info.macs), note: "multiply-accumulates a run" },
    {
      id: "flash",
      name: "Flash",
      value: bytes(info.flash_bytes),
      note: "the graph as a chip keeps it",
    },
    {
      id: "arena",
      name: "Arena",
      value: bytes(info.arena_bytes),
      note:
        info.arena_bytes === info.bound_bytes
          ? "RAM for activations; no plan needs less"
          : `RAM for activations, ${percent(over)} above the bound`,
    },
    { id: "file", name: "File", value: bytes(info.file_bytes), note: ".tflite" },
    {
      id: "time",
      name: "One run here",
      value: run ? quantity(run.median_us, "µs") : "not timed",
      note: run ? `95 % below ${quantity(run.p95_us, "µs")}` : "median of many, when measured",
    },
  ];
  return (
    <dl class="network-figures panel">
      {figures.map((one) => (
        <div key={one.id}>
          <dt>{one.name}</dt>
          <dd>
            <span class="memory-value num" data-testid={`network-${one.id}`}>
              {one.value}
            </span>
            <span class="fine num">{one.note}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Refused() {
  const { trouble, operators, file } = network.value;
  if (!trouble) return null;
  return (
    <div role="alert" class="stacked">
      <Notice
        severity="error"
        what={trouble.what}
        place={trouble.place === file ? file : `${file}, ${trouble.place}`}
        remedy={trouble.remedy}
      />
      {operators.length > 0 && !trouble.remedy.includes("supported") && (
        <p class="fine" data-testid="network-operators">
          This build runs fully int8 models of these operators: {operators.join(", ")}. QUANTIZE of
          the inputs and DEQUANTIZE of the outputs may stand at the ends.
        </p>
      )}
    </div>
  );
}

/** A file that is dropped here is for the input that it is dropped on, else for the first. */
const DROP = {
  onDrop: (event: DragEvent) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    const on = event.target instanceof Element ? event.target.closest("[data-input]") : null;
    const i = Number(on?.getAttribute("data-input") ?? 0);
    void chooseInput(i, { file, source: "file" });
  },
};

export function Network() {
  const { state, file, info } = network.value;
  const about = [info?.name, info?.description].filter(Boolean).join(" · ");
  return (
    <>
      <div class="view-head">
        <h1 class="network-name">{state === "none" ? "Look into a model" : file}</h1>
        <p>
          {about ||
            "Any int8 TensorFlow Lite model or Lampyris bundle: its layers, what they cost, and how it answers. It stays on this device, and your project is not touched."}
        </p>
        {state !== "none" && <Actions />}
      </div>
      {state === "none" && (
        <Empty
          title="No model is open"
          text="Drop a .tflite or .lampyris file anywhere on this page, or open one. No data is needed: random values will do."
        >
          <button type="button" class="btn btn-primary" onClick={chooseModelFile}>
            <Icon name="upload" size={16} /> Open a model
          </button>
        </Empty>
      )}
      {state === "opening" && (
        <p class="quiet-line" role="status">
          Reading {file}…
        </p>
      )}
      {state === "failed" && <Refused />}
      {state === "open" && info && (
        <>
          <BundlePanel />
          <Figures info={info} />
          <div class="columns columns-side" {...DROP}>
            <div class="stacked">
              <LayersPanel info={info} />
              <ArenaPanel key={file} info={info} />
            </div>
            <div class="stacked">
              {info.inputs.map((tensor, i) => (
                <div key={i} data-input={i}>
                  <InputPanel tensor={tensor} i={i} of={info.inputs.length} />
                </div>
              ))}
              <OutputPanel info={info} />
            </div>
          </div>
        </>
      )}
    </>
  );
}
