// What the network is given: zeros, random values, or a file.

import { useEffect, useRef } from "preact/hooks";
import type { TensorInfo } from "../../engine/types/TensorInfo";
import {
  cases,
  chooseInput,
  type InputChoice,
  inputs,
  type Numbers,
  network,
  runNetwork,
  running,
  saveAll,
  showCase,
  shown,
} from "../../state/network";
import { pictureShape } from "../../state/network-input";
import { NumberField } from "../../widgets/fields";
import { count } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice, Panel } from "../../widgets/notice";
import { Segmented } from "../../widgets/segmented";
import { quantText, shapeOf } from "./words";

const SOURCES = [
  { id: "random", title: "Random" },
  { id: "zeros", title: "Zeros" },
  { id: "file", title: "A file" },
] as const;

/** The picture as the network gets it, pixel by pixel. */
function Picture({ picture }: { picture: ImageData }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current?.getContext("2d")?.putImageData(picture, 0, 0);
  }, [picture]);
  return (
    <canvas
      ref={canvas}
      class="network-picture"
      width={picture.width}
      height={picture.height}
      role="img"
      aria-label={`The picture as the network gets it, ${picture.width} by ${picture.height} pixels`}
    />
  );
}

function FromFile({ tensor, i, choice }: { tensor: TensorInfo; i: number; choice: InputChoice }) {
  const field = useRef<HTMLInputElement>(null);
  const isText = /\.(csv|txt)$/i.test(choice.file?.name ?? "");
  const fits = pictureShape(tensor) ? ", or a picture" : "";
  return (
    <div class="network-file">
      <button type="button" class="btn" onClick={() => field.current?.click()}>
        <Icon name="upload" size={16} /> {choice.file ? "Choose another file" : "Choose a file"}
      </button>
      <span class="clip num">{choice.file?.name}</span>
      <input
        ref={field}
        class="sr"
        type="file"
        tabIndex={-1}
        aria-label={`File for input ${i}`}
        data-testid={`network-input-${i}`}
        onChange={(e) => {
          const file = e.currentTarget.files?.[0];
          e.currentTarget.value = "";
          if (file) void chooseInput(i, { file, source: "file" });
        }}
      />
      {!choice.file && (
        <p class="fine">
          Raw bytes (.bin), numbers (.csv, .txt){fits}; or drop it here. A file may hold several
          inputs one after another.
        </p>
      )}
      {isText && (
        <Segmented<Numbers>
          title="The numbers are"
          name={`numbers-${i}`}
          value={choice.numbers}
          options={[
            { id: "real", title: "real values" },
            { id: "raw", title: `raw ${tensor.dtype}` },
          ]}
          onValue={(numbers) => void chooseInput(i, { numbers })}
        />
      )}
      {choice.picture && <Picture picture={choice.picture} />}
      {choice.trouble ? (
        <div role="alert">
          <Notice
            severity="error"
            what={choice.trouble.what}
            place={choice.trouble.place}
            remedy={choice.trouble.remedy}
          />
        </div>
      ) : (
        choice.note && <p class="fine">{choice.note}</p>
      )}
    </div>
  );
}

/** Which of the inputs in a file is shown, and all of them at once. */
function Cases() {
  const n = cases.value;
  if (n < 2) return null;
  return (
    <div class="network-cases">
      <NumberField
        title={`Input 1 to ${count(n)} of the file`}
        value={shown.value + 1}
        min={1}
        max={n}
        step="whole"
        onValue={(v) => showCase(v - 1)}
      />
      <button
        type="button"
        class="btn"
        data-testid="network-run-all"
        onClick={() => void saveAll()}
      >
        <Icon name="download" size={16} /> Run all {count(n)}, save the outputs
      </button>
    </div>
  );
}

export function InputPanel({ tensor, i, of }: { tensor: TensorInfo; i: number; of: number }) {
  const choice = inputs.value[i];
  if (!choice) return null;
  const last = i === of - 1;
  return (
    <Panel
      title={of === 1 ? "Input" : `Input ${i}`}
      lead={
        <>
          {tensor.name || "unnamed"} · <span class="num">{shapeOf(tensor.shape)}</span> ·{" "}
          {tensor.dtype}, {quantText(tensor)}
        </>
      }
    >
      <div class="stacked network-input">
        <Segmented
          title="Values"
          name={`source-${i}`}
          value={choice.source}
          options={SOURCES}
          onValue={(source) => void chooseInput(i, { source })}
        />
        {choice.source === "random" && (
          <div class="network-seed">
            <NumberField
              title="Seed"
              value={choice.seed}
              min={0}
              max={4_294_967_295}
              step="whole"
              help="The same seed gives the same values every time."
              onValue={(seed) => void chooseInput(i, { seed })}
            />
            <button
              type="button"
              class="btn"
              onClick={() => void chooseInput(i, { seed: choice.seed + 1 })}
            >
              Next
            </button>
          </div>
        )}
        {choice.source === "file" && <FromFile tensor={tensor} i={i} choice={choice} />}
        {last && <Cases />}
        {last && network.value.info?.stateful && (
          <div class="network-cases">
            <p class="fine">
              This model keeps a state: an answer depends on the runs before it. Measuring, and a
              run of all inputs, begin anew.
            </p>
            <button type="button" class="btn btn-small" onClick={() => void runNetwork(true)}>
              Reset the state and run
            </button>
          </div>
        )}
        {last && (
          <button
            type="button"
            class="btn btn-primary btn-wide"
            data-testid="network-run"
            disabled={running.value}
            onClick={() => void runNetwork()}
          >
            <Icon name="run" size={16} /> {running.value ? "Running…" : "Run"}
          </button>
        )}
      </div>
    </Panel>
  );
}
