// A bundle that was opened from a file: its name, what it takes and says, whether it still answers
// as it did when it was made, and the exports that can be made of it.

import type { ModelInfo } from "../../engine/types/ModelInfo";
import { catalog, project, readOnly, updateSettings } from "../../state";
import { bundleFile, bundleRefusal, type OpenBundle } from "../../state/bundle-file";
import { SelectField } from "../../widgets/fields";
import { bytes, count, figure, percent, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice, Panel } from "../../widgets/notice";
import { ExportCards, Hash } from "../deploy/exports";

function Golden({ open }: { open: OpenBundle }) {
  const { checks, checked, info } = open;
  if (info.golden === 0)
    return <p class="fine">It carries no golden vectors, so that nothing can be compared.</p>;
  if (!checks)
    return (
      <p class="quiet-line" role="status" data-testid="bundle-golden">
        Running golden vectors: {checked.done} of {checked.total}…
      </p>
    );
  const equal = checks.filter((one) => one.features && one.outputs).length;
  const other = checks.find((one) => !one.features || !one.outputs);
  if (other)
    return (
      <div role="alert" data-testid="bundle-golden">
        <Notice
          severity="error"
          what={`${equal} of ${checks.length} golden vectors give the same bytes here`}
          place={`${other.label}: the ${other.features ? "outputs" : "features"} differ`}
          remedy="The bundle and this build disagree. Don't flash it; train or export it again."
        />
      </div>
    );
  return (
    <p class="board-verdict board-good" role="status" data-testid="bundle-golden">
      <Icon name="check" />
      <span>
        <strong>
          {equal} of {checks.length} golden vectors equal.
        </strong>{" "}
        Run right here, features and outputs byte for byte as when the model was made.
      </span>
    </p>
  );
}

/** What goes in. */
function takes(model: ModelInfo): string {
  const { picture } = model;
  if (picture) {
    const kind = picture.channels === 1 ? "grey" : "colour";
    return `${kind} pictures of ${picture.width} × ${picture.height} pixels`;
  }
  const ms = (1000 * model.window) / model.rate_hz;
  const names = model.axis_names.join(", ") || plural(model.axes, "axis", "axes");
  return `${names} at ${figure(model.rate_hz)} Hz: ${count(model.window)} readings (${figure(ms)} ms), every ${figure((1000 * model.hop) / model.rate_hz)} ms`;
}

function averaged(windows: number): string {
  return windows > 1 ? `, averaged over ${windows} windows` : "";
}

function Facts({ open }: { open: OpenBundle }) {
  const { model, file_bytes, tflite_bytes } = open.info;
  const block = catalog.value?.blocks.find(({ id }) => id === model.block);
  const rows: [string, string][] = [
    ["Labels", model.labels.join(", ")],
    ["Takes", takes(model)],
    ["Features", `${block?.title ?? model.block}, ${count(model.features)} values`],
    ["Says a label", `from a score of ${percent(model.threshold, 0)}${averaged(model.smoothing)}`],
    ["On the chip", `${count(model.flash_bytes)} bytes of flash, ${count(model.ram_bytes)} of RAM`],
    ["The file", `${bytes(file_bytes)}, ${bytes(tflite_bytes)} of it the .tflite`],
  ];
  return (
    <dl class="bundle-facts" data-testid="bundle-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Boards() {
  const settings = project.value?.settings;
  const boards = catalog.value?.boards ?? [];
  if (!settings) return null;
  return (
    <SelectField
      title="Board"
      value={settings.board}
      options={boards.map(({ id, name }) => ({ id, title: name }))}
      help="The board that is to carry it; your project's board, too."
      disabled={readOnly.value}
      onValue={(board) =>
        updateSettings((s) => {
          s.board = board;
        })
      }
    />
  );
}

/** Shown above the network of a bundle. */
export function BundlePanel() {
  const open = bundleFile.value;
  if (!open) return null;
  const refusal = bundleRefusal.value;
  return (
    <Panel title="The bundle" class="bundle">
      <Hash hash={open.info.model.sha256} />
      <Golden open={open} />
      <Facts open={open} />
      <details class="details">
        <summary>Its card</summary>
        <p class="bundle-card">{open.info.card}</p>
      </details>
      <h3 class="part-head">Take it to a chip</h3>
      <Boards />
      {refusal ? (
        <div role="alert" data-testid="bundle-refused">
          <Notice
            severity="error"
            what={refusal.what}
            place={refusal.place}
            remedy={refusal.remedy}
          />
        </div>
      ) : (
        <ExportCards of="file" />
      )}
    </Panel>
  );
}
