// The network as a list of layers: what is drawn, and what each layer will cost.

import type { LayerCost } from "../../engine/types/LayerCost";
import type { LayerSpec } from "../../engine/types/LayerSpec";
import { catalog, overview, project, readOnly, updateSettings } from "../../state";
import { bytes, count, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Panel } from "../../widgets/notice";

const MAX_UNITS = 1024;

function change(edit: (network: LayerSpec[]) => void): void {
  updateSettings((s) => edit(s.network));
}

function DenseFields({ layer, at }: { layer: LayerSpec & { kind: "dense" }; at: number }) {
  return (
    <>
      <label class="mini-field">
        <span>Units</span>
        <input
          type="number"
          min={1}
          max={MAX_UNITS}
          step={1}
          value={layer.units}
          disabled={readOnly.value}
          onChange={(e) => {
            const units = Math.round(Number(e.currentTarget.value));
            const legal = Number.isFinite(units) && units >= 1 && units <= MAX_UNITS;
            if (!legal) {
              e.currentTarget.value = String(layer.units);
              return;
            }
            change((n) => {
              n[at] = { ...layer, units };
            });
          }}
        />
      </label>
      <label class="mini-field">
        <span>Activation</span>
        <select
          value={layer.activation}
          disabled={readOnly.value}
          onChange={(e) => {
            const activation = e.currentTarget.value === "relu" ? "relu" : "none";
            change((n) => {
              n[at] = { ...layer, activation };
            });
          }}
        >
          <option value="relu" selected={layer.activation === "relu"}>
            ReLU
          </option>
          <option value="none" selected={layer.activation === "none"}>
            none
          </option>
        </select>
      </label>
    </>
  );
}

function DropoutFields({ layer, at }: { layer: LayerSpec & { kind: "dropout" }; at: number }) {
  return (
    <label class="mini-field">
      <span>Silenced while training, %</span>
      <input
        type="number"
        min={0}
        max={90}
        step={5}
        value={Math.round(layer.rate * 100)}
        disabled={readOnly.value}
        onChange={(e) => {
          const rate = Math.max(0, Math.min(90, Number(e.currentTarget.value) || 0)) / 100;
          change((n) => {
            n[at] = { kind: "dropout", rate };
          });
        }}
      />
    </label>
  );
}

function Cost({ cost }: { cost: LayerCost | undefined }) {
  if (!cost) return <span class="layer-cost fine">no cost on the chip</span>;
  return (
    <span class="layer-cost num">
      <span>[{cost.output_shape.join(", ")}]</span>
      <span>{plural(cost.params, "parameter")}</span>
      <span>{plural(cost.macs, "MAC")}</span>
      <span>{bytes(cost.bytes)}</span>
    </span>
  );
}

/** The costs that belong to each drawn layer: dropout vanishes on the chip and has none. */
function paired(network: readonly LayerSpec[], costs: readonly LayerCost[]) {
  const real = costs.filter((c) => c.operator !== "-");
  let next = 0;
  const hidden = network.map((layer) => (layer.kind === "dense" ? real[next++] : undefined));
  return { hidden, rest: real.slice(next) };
}

export function NetworkEditor() {
  const network = project.value?.settings.network ?? [];
  const o = overview.value;
  const { hidden, rest } = paired(network, o?.layers ?? []);
  const defaults = catalog.value?.defaults.network;
  const locked = readOnly.value;
  const total = (key: "params" | "macs" | "bytes") =>
    (o?.layers ?? []).reduce((sum, l) => sum + l[key], 0);
  return (
    <Panel
      title="Network"
      lead={
        <span class="num">
          {o
            ? `${count(total("params"))} parameters, ${count(total("macs"))} MACs a window, ${bytes(total("bytes"))} of weights`
            : "Costs appear with the first recordings."}
        </span>
      }
      actions={
        defaults && (
          <button
            type="button"
            class="btn btn-small"
            disabled={locked}
            onClick={() =>
              updateSettings((s) => {
                s.network = structuredClone(defaults);
              })
            }
          >
            Reset
          </button>
        )
      }
    >
      <ol class="layers">
        <li class="layer layer-fixed">
          <span class="layer-name">Input</span>
          <span class="layer-cost num">
            <span>{o ? `[1, ${o.features}] features` : "features of one window"}</span>
          </span>
        </li>
        {network.map((layer, at) => (
          // A layer has no name of its own but its place.
          <li key={at} class={layer.kind === "dense" ? "layer" : "layer layer-quiet"}>
            <span class="layer-name">{layer.kind === "dense" ? "Dense" : "Dropout"}</span>
            <span class="layer-fields">
              {layer.kind === "dense" ? (
                <DenseFields layer={layer} at={at} />
              ) : (
                <DropoutFields layer={layer} at={at} />
              )}
            </span>
            <Cost cost={hidden[at]} />
            <button
              type="button"
              class="btn btn-quiet btn-icon"
              disabled={locked}
              aria-label={`Remove layer ${at + 1}, ${layer.kind}`}
              onClick={() =>
                change((n) => {
                  n.splice(at, 1);
                })
              }
            >
              <Icon name="trash" size={16} />
            </button>
          </li>
        ))}
        {rest.map((cost) => (
          <li key={cost.name} class="layer layer-fixed">
            <span class="layer-name">
              {cost.operator === "SOFTMAX" ? "Softmax" : "Dense, one unit a class"}
            </span>
            <Cost cost={cost} />
          </li>
        ))}
      </ol>
      <div class="layer-add">
        <button
          type="button"
          class="btn"
          disabled={locked}
          onClick={() => change((n) => n.push({ kind: "dense", units: 16, activation: "relu" }))}
        >
          <Icon name="plus" size={16} /> Dense layer
        </button>
        <button
          type="button"
          class="btn"
          disabled={locked}
          onClick={() => change((n) => n.push({ kind: "dropout", rate: 0.1 }))}
        >
          <Icon name="plus" size={16} /> Dropout
        </button>
      </div>
    </Panel>
  );
}
