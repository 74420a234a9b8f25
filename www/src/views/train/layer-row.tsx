// One layer of the drawing: what it is, its settings, what it will cost, what is wrong with it.

import type { LayerLoad } from "../../engine/types/LayerLoad";
import type { LayerSpec } from "../../engine/types/LayerSpec";
import { changeNetwork, readOnly } from "../../state";
import { bytes, count, plural } from "../../widgets/format";
import { Icon, type IconName } from "../../widgets/icons";
import { ofPictures } from "../shared";
import { LayerFields } from "./layer-fields";
import { KINDS } from "./layer-kinds";

export function shapeOf(cost: LayerLoad): string {
  return cost.output_shape.slice(1).join(" × ");
}

/** `end`: at the end of its row, where the row has nothing else. */
export function Cost({ cost, end = false }: { cost: LayerLoad | undefined; end?: boolean }) {
  if (!cost) return <span class="layer-cost" />;
  const arena = cost.arena_bytes;
  return (
    <span class={end ? "layer-cost layer-cost-end num" : "layer-cost num"}>
      <span title="Shape of what it gives: height (time) × width × channels">
        → {shapeOf(cost)}
      </span>
      {cost.operator === "-" ? (
        <span>no cost of its own on the chip</span>
      ) : (
        <>
          {cost.params > 0 && <span>{plural(cost.params, "parameter")}</span>}
          {cost.macs > 0 && <span>{plural(cost.macs, "MAC")}</span>}
          {cost.bytes > 0 && <span title="Weights in flash">{bytes(cost.bytes)} flash</span>}
          {arena > 0 && <span title="Activations in RAM while it runs">{bytes(arena)} arena</span>}
        </>
      )}
    </span>
  );
}

export interface LayerTrouble {
  what: string;
  remedy: string;
}

interface Act {
  id: string;
  icon: IconName;
  title: string;
  off?: boolean;
  /** Where the layer is afterwards, for the focus; null where it is gone. */
  to: number | null;
  edit: (network: LayerSpec[]) => void;
}

function acts(at: number, length: number): Act[] {
  const swap = (to: number) => (n: LayerSpec[]) => {
    const [layer] = n.splice(at, 1);
    if (layer) n.splice(to, 0, layer);
  };
  return [
    { id: "up", icon: "up", title: "Move up", off: at === 0, to: at - 1, edit: swap(at - 1) },
    {
      id: "down",
      icon: "down",
      title: "Move down",
      off: at === length - 1,
      to: at + 1,
      edit: swap(at + 1),
    },
    {
      id: "copy",
      icon: "copy",
      title: "Duplicate",
      to: at + 1,
      edit: (n) => {
        const layer = n[at];
        if (layer) n.splice(at + 1, 0, structuredClone(layer));
      },
    },
    {
      id: "remove",
      icon: "trash",
      title: "Remove",
      to: null,
      edit: (n) => {
        n.splice(at, 1);
      },
    },
  ];
}

/** After the list is drawn anew, puts the focus on the same button of the layer that was meant. */
function follow(list: Element | null, at: number, act: string): void {
  requestAnimationFrame(() => {
    const row = list?.querySelector(`[data-layer="${at}"]`);
    const same = row?.querySelector<HTMLButtonElement>(`[data-act="${act}"]:enabled`);
    (same ?? row?.querySelector<HTMLElement>("input, select, button:enabled"))?.focus();
  });
}

interface Props {
  layer: LayerSpec;
  at: number;
  length: number;
  cost: LayerLoad | undefined;
  trouble: LayerTrouble | undefined;
}

export function LayerRow({ layer, at, length, cost, trouble }: Props) {
  const info = KINDS[layer.kind];
  const name = `${at + 1}, ${info?.title ?? layer.kind}`;
  const all = acts(at, length);
  const run = (act: Act, list: Element | null) => {
    if (act.off || readOnly.value) return;
    changeNetwork(act.edit);
    follow(list, act.to ?? Math.max(0, Math.min(at, length - 2)), act.id);
  };
  return (
    <li
      class={`layer ${cost?.operator === "-" ? "layer-quiet" : ""} ${trouble ? "layer-bad" : ""}`}
      data-layer={at}
      onKeyDown={(e) => {
        if (!e.altKey || (e.key !== "ArrowUp" && e.key !== "ArrowDown")) return;
        const act = all.find((one) => one.id === (e.key === "ArrowUp" ? "up" : "down"));
        e.preventDefault();
        if (act) run(act, e.currentTarget.parentElement);
      }}
    >
      <span class="layer-name" title={info?.help}>
        <span class="layer-n num">{at + 1}</span> {info?.title ?? layer.kind}
      </span>
      <LayerFields
        layer={layer}
        at={at}
        onLayer={(next) =>
          changeNetwork(
            (n) => {
              n[at] = next;
            },
            `${at} ${changed(layer, next)}`,
          )
        }
      />
      <Cost cost={cost} />
      <span class="layer-acts">
        {all.map((act) => (
          <button
            key={act.id}
            type="button"
            class="btn btn-quiet btn-icon btn-small"
            data-act={act.id}
            disabled={readOnly.value || (act.off ?? false)}
            aria-label={`${act.title} layer ${name}`}
            title={act.title}
            onClick={(e) => run(act, e.currentTarget.closest("ol"))}
          >
            <Icon name={act.icon} size={16} />
          </button>
        ))}
      </span>
      {trouble && (
        <p class="layer-trouble" role="alert">
          <Icon name="error" size={16} />
          <span>
            <strong>{trouble.what}.</strong> {trouble.remedy}
          </span>
        </p>
      )}
    </li>
  );
}

/** Which field of a layer was changed. */
function changed(from: LayerSpec, to: LayerSpec): string {
  const old = from as unknown as Record<string, unknown>;
  const differs = ([id, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(old[id]);
  return Object.entries(to).find(differs)?.[0] ?? "";
}

/** "12,345 parameters, …" of the whole network. */
export function totals(costs: readonly LayerLoad[]): string {
  const sum = (key: "params" | "macs" | "bytes") => costs.reduce((n, l) => n + l[key], 0);
  const arena = costs.reduce((n, l) => Math.max(n, l.arena_bytes), 0);
  const ram = arena > 0 ? `, ${bytes(arena)} of arena` : "";
  return `${count(sum("params"))} parameters, ${count(sum("macs"))} MACs a ${ofPictures.value ? "picture" : "window"}, ${bytes(sum("bytes"))} of weights${ram}`;
}
