// The network as a list of layers: what is drawn, and what each layer will cost.

import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { BlockChoice } from "../../engine/types/BlockChoice";
import type { Issue } from "../../engine/types/Issue";
import type { LayerLoad } from "../../engine/types/LayerLoad";
import type { LayerSpec } from "../../engine/types/LayerSpec";
import type { NetworkPreset } from "../../engine/types/NetworkPreset";
import type { Overview } from "../../engine/types/Overview";
import {
  catalog,
  changeNetwork,
  overview,
  project,
  readOnly,
  undoable,
  undoNetwork,
} from "../../state";
import { SelectField } from "../../widgets/fields";
import { Icon } from "../../widgets/icons";
import { Panel } from "../../widgets/notice";
import { framing } from "../framing";
import { thingsWord } from "../shared";
import { freshAfter, KIND_IDS, KINDS, type Kind } from "./layer-kinds";
import { Cost, LayerRow, type LayerTrouble, totals } from "./layer-row";

const OWN = "own";
const same = (a: readonly LayerSpec[], b: readonly LayerSpec[]) =>
  JSON.stringify(a) === JSON.stringify(b);

/** The settings of its block that a preset decides: those that any of its task says something of. */
function decided(preset: NetworkPreset): [id: string, value: number][] {
  const all = catalog.value?.presets.filter((p) => p.task === preset.task) ?? [];
  const ids = new Set(all.flatMap((p) => Object.keys(p.block_settings)));
  const usual = catalog.value?.blocks.find((one) => one.id === preset.block)?.settings ?? [];
  return usual
    .filter((one) => ids.has(one.id))
    .map((one) => [one.id, preset.block_settings[one.id] ?? one.default]);
}

/** Whether the features are what the preset is made for; where none says anything, all are. */
function fits(preset: NetworkPreset, block: BlockChoice | undefined): boolean {
  const wanted = decided(preset);
  if (wanted.length === 0 || !block) return true;
  const usual = catalog.value?.blocks.find((one) => one.id === block.id)?.settings ?? [];
  const have = (id: string) => block.settings[id] ?? usual.find((one) => one.id === id)?.default;
  return block.id === preset.block && wanted.every(([id, value]) => have(id) === value);
}

/** The block that a preset is made for, with the size of its pictures, for example. */
function fitted(preset: NetworkPreset, block: BlockChoice): BlockChoice {
  if (fits(preset, block)) return block;
  const before = block.id === preset.block ? block.settings : {};
  return { id: preset.block, settings: { ...before, ...Object.fromEntries(decided(preset)) } };
}

/** The preset that the drawing began as, for the way back. */
const begun = signal<NetworkPreset | null>(null);

function Presets({ network }: { network: readonly LayerSpec[] }) {
  const task = project.value?.settings.task;
  const presets = (catalog.value?.presets ?? []).filter((p) => p.task === task);
  if (presets.length === 0) return null;
  const block = project.value?.settings.block;
  const now = presets.find((p) => same(p.network, network) && fits(p, block));
  useEffect(() => {
    if (now) begun.value = now;
  }, [now]);
  const from = now ?? presets.find((p) => p.id === begun.value?.id);
  const take = (preset: NetworkPreset | undefined) => {
    if (!preset) return;
    begun.value = preset;
    changeNetwork((n, settings) => {
      n.splice(0, n.length, ...structuredClone(preset.network));
      settings.block = fitted(preset, settings.block);
    });
  };
  return (
    <div class="presets">
      <SelectField
        title="Begin with"
        value={now?.id ?? OWN}
        options={now ? presets : [...presets, { id: OWN, title: "Your own" }]}
        help={
          now?.help ?? "Changed by you. Choosing a network here replaces it; Undo brings it back."
        }
        disabled={readOnly.value}
        onValue={(id) => take(presets.find((p) => p.id === id))}
      />
      {!now && from && (
        <button
          type="button"
          class="btn btn-small"
          disabled={readOnly.value}
          onClick={() => take(from)}
        >
          Back to {from.title}
        </button>
      )}
    </div>
  );
}

function Adding({ list }: { list: () => Element | null }) {
  const [kind, setKind] = useState<Kind>("dense");
  const add = () => {
    changeNetwork((n) => n.push(freshAfter(kind, n)));
    // The new layer's first field is what one wants next.
    requestAnimationFrame(() => {
      const rows = list()?.querySelectorAll("[data-layer]");
      const last = rows?.item((rows?.length ?? 0) - 1);
      last?.querySelector<HTMLElement>("input, select, button:enabled")?.focus();
    });
  };
  return (
    <div class="layer-add">
      <label class="mini-field">
        <span>New layer</span>
        <select
          data-testid="layer-kind"
          value={kind}
          disabled={readOnly.value}
          onChange={(e) => setKind(e.currentTarget.value as Kind)}
        >
          {KIND_IDS.map((id) => (
            <option key={id} value={id} selected={id === kind}>
              {KINDS[id].title}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="btn"
        data-testid="layer-add"
        disabled={readOnly.value}
        onClick={add}
      >
        <Icon name="plus" size={16} /> Add below
      </button>
      <p class="fine">{KINDS[kind].help}</p>
    </div>
  );
}

/** What the engine says about layer `at`, whose place it names in brackets behind the fault. */
function troubleOf(issues: readonly Issue[], at: number): LayerTrouble | undefined {
  const behind = ` (layer ${at + 1}).`;
  const found = issues.find((one) => one.severity === "error" && one.what.endsWith(behind));
  return found && { what: found.what.slice(0, -behind.length), remedy: found.remedy };
}

/** The costs of each drawn layer, and of what follows them. An overview of an older drawing has none. */
function paired(network: readonly LayerSpec[], costs: readonly LayerLoad[]) {
  const of = network.map((layer, at) => {
    const cost = costs[at];
    return cost?.name === `${layer.kind}_${at + 1}` ? cost : undefined;
  });
  return { of, rest: costs.slice(network.length).filter((c) => !/_\d+$/.test(c.name)) };
}

function inputShape(o: Overview): string {
  const { frames } = o;
  if (project.value?.settings.task === "image") {
    const { width, height } = framing.value;
    return `→ ${height} × ${width} × ${o.features / frames}: rows × columns × channels`;
  }
  if (frames <= 1) return `→ ${o.features} features`;
  return `→ ${frames} × ${o.features / frames} × 1: frames × columns × channels`;
}

export function NetworkEditor() {
  const list = useRef<HTMLOListElement>(null);
  const network = project.value?.settings.network ?? [];
  const o = overview.value;
  const costs = o?.layers ?? [];
  const { of, rest } = paired(network, costs);
  return (
    <Panel
      title="Network"
      lead={
        <span class="num" data-testid="network-cost">
          {costs.length > 0
            ? totals(costs)
            : o
              ? "Costs appear once every layer fits."
              : `Costs appear with the first ${thingsWord()}.`}
        </span>
      }
      actions={
        <button
          type="button"
          class="btn btn-small"
          data-testid="network-undo"
          disabled={readOnly.value || !undoable.value}
          onClick={undoNetwork}
        >
          <Icon name="undo" size={16} /> Undo
        </button>
      }
    >
      <Presets network={network} />
      <ol class="layers" ref={list}>
        <li class="layer layer-fixed">
          <span class="layer-name">Input</span>
          <span class="layer-cost layer-cost-end num">
            <span>{o ? inputShape(o) : "what one decision looks at"}</span>
          </span>
        </li>
        {network.map((layer, at) => (
          // A layer has no name of its own but its place.
          <LayerRow
            key={at}
            layer={layer}
            at={at}
            length={network.length}
            cost={of[at]}
            trouble={o ? troubleOf(o.issues, at) : undefined}
          />
        ))}
        {rest.map((cost) => (
          <li key={cost.name} class="layer layer-fixed">
            <span class="layer-name">
              {cost.operator === "SOFTMAX" ? "Softmax" : "Dense, one unit a class"}
            </span>
            <Cost cost={cost} end />
          </li>
        ))}
      </ol>
      <Adding list={() => list.current} />
    </Panel>
  );
}
