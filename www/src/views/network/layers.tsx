// The graph, layer by layer: what each makes, holds, costs and takes.

import { useState } from "preact/hooks";
import type { NetworkInfo } from "../../engine/types/NetworkInfo";
import type { NetworkLayer } from "../../engine/types/NetworkLayer";
import type { TensorInfo } from "../../engine/types/TensorInfo";
import { measureNetwork, measuring, times } from "../../state/network";
import { bytes, percent, plural, quantity } from "../../widgets/format";
import { Panel } from "../../widgets/notice";
import { ScrollBox } from "../../widgets/scroll-box";
import { quantText, shapeOf, short, timeText } from "./words";

/** More rows than this wait for a press, so that what follows stays in reach. */
const ROWS = 14;

function Share({ share, kind }: { share: number; kind: "macs" | "time" }) {
  return (
    <span class="net-bar" aria-hidden="true">
      <span class={`net-bar-${kind}`} style={{ width: `${100 * Math.min(1, share)}%` }} />
    </span>
  );
}

function Tensor({ as, tensor }: { as: string; tensor: TensorInfo }) {
  return (
    <tr>
      <th scope="row">{as}</th>
      <td class="num">{shapeOf(tensor.shape)}</td>
      <td>{tensor.dtype}</td>
      <td>{quantText(tensor)}</td>
      <td>{tensor.name || "unnamed"}</td>
    </tr>
  );
}

function Details({ layer, n }: { layer: NetworkLayer; n: number }) {
  const measured = times.value;
  const time = measured?.layers[n];
  return (
    <div class="net-more">
      {layer.options && <p class="mono">{layer.options}</p>}
      {layer.with.length > 0 && (
        <p class="fine">
          The file's {layer.with.join(", ")} {layer.with.length === 1 ? "is" : "are"} done along, to
          the same bytes.
        </p>
      )}
      <ScrollBox label={`Tensors of layer ${n}`}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Role</th>
              <th scope="col" class="num">
                Shape
              </th>
              <th scope="col">Type</th>
              <th scope="col">Quantization</th>
              <th scope="col">Tensor</th>
            </tr>
          </thead>
          <tbody>
            {layer.reads.map((t, i) => (
              <Tensor key={i} as={t.constant ? "constant" : "reads"} tensor={t} />
            ))}
            {layer.writes.map((t, i) => (
              <Tensor key={i} as="writes" tensor={t} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p class="fine">
        {plural(layer.live_bytes, "byte")} of activations are needed while it runs
        {layer.bytes > 0 && `; its constants take ${plural(layer.bytes, "byte")}`}.
        {measured &&
          time &&
          ` It takes ${timeText(time.median_us, measured)} here; 95 % of the blocks took ${timeText(time.p95_us, measured)} or less.`}
      </p>
    </div>
  );
}

function Layer({ info, n }: { info: NetworkInfo; n: number }) {
  const [open, setOpen] = useState(false);
  const layer = info.layers[n];
  if (!layer) return null;
  const time = times.value?.layers[n]?.median_us;
  const all = times.value?.layers.reduce((sum, one) => sum + one.median_us, 0) ?? 0;
  const macs = info.macs > 0 ? layer.macs / info.macs : 0;
  const aside = layer.from.filter((from) => from !== n - 1);
  return (
    <li class="net-layer">
      <details onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary class="net-row" data-testid="layer">
          <span class="net-n num">{n}</span>
          <span class="net-op">
            <span class="mono">{layer.operator}</span>
            <span class="net-note num">
              <span class="sr">output </span>
              {layer.writes[0] ? shapeOf(layer.writes[0].shape) : "nothing: it sets the state"}
              {aside.length > 0 && ` · from ${aside.join(", ")}`}
              {layer.with.length > 0 && ` · with ${layer.with.join(", ")}`}
              {layer.folded && " · before the run"}
            </span>
          </span>
          <span class={layer.params > 0 ? "net-params num" : "net-params net-none num"}>
            {layer.params > 0 ? short(layer.params) : "–"}
            <span class="net-unit"> params</span>
            <span class="net-note">{layer.bytes > 0 && bytes(layer.bytes)}</span>
          </span>
          <span class={layer.macs > 0 ? "net-macs num" : "net-macs net-none num"}>
            {layer.macs > 0 ? short(layer.macs) : "–"}
            <span class="net-unit"> MACs</span>
            <span class="net-note">{layer.macs > 0 && percent(macs)}</span>
            {layer.macs > 0 && <Share share={macs} kind="macs" />}
          </span>
          <span class="net-time num">
            {time === undefined || !times.value ? "–" : timeText(time, times.value)}
            <span class="net-unit"> time</span>
            <span class="net-note">{time !== undefined && all > 0 && percent(time / all)}</span>
            <Share share={all > 0 && time !== undefined ? time / all : 0} kind="time" />
          </span>
        </summary>
        {open && <Details layer={layer} n={n} />}
      </details>
    </li>
  );
}

/** How the times came about, so that nobody takes them for more than they are. */
function How() {
  const t = times.value;
  if (!t) return null;
  const sum = t.layers.reduce((all, one) => all + one.median_us, 0);
  return (
    <p class="fine num">
      Medians of {plural(t.blocks, "block")} of {plural(t.runs, "run")} or more. This browser's
      clock steps by {quantity(t.resolution_us, "µs")}; reading it after each layer takes{" "}
      {quantity(t.reading_us, "µs")}, which is taken off. The layers add up to {quantity(sum, "µs")}
      , a run by itself takes {quantity(t.run.median_us, "µs")}. A chip is slower.
    </p>
  );
}

export function LayersPanel({ info }: { info: NetworkInfo }) {
  const [all, setAll] = useState(false);
  const n = info.layers.length;
  const rows = all || n <= ROWS + 2 ? n : ROWS;
  return (
    <Panel
      title="Layers"
      lead={`${plural(n, "layer")}${n < info.operators ? `, of ${plural(info.operators, "operator")} in the file` : ""}, in the order they run. Press one to see its tensors.`}
      actions={
        <button
          type="button"
          class="btn"
          data-testid="network-measure"
          disabled={measuring.value}
          onClick={() => void measureNetwork()}
        >
          {measuring.value ? "Measuring…" : times.value ? "Measure again" : "Measure"}
        </button>
      }
    >
      <div class="net-row net-head" aria-hidden="true">
        <span />
        <span>Operator, output</span>
        <span>Parameters</span>
        <span>MACs</span>
        <span>Time here</span>
      </div>
      <ol class="net-layers">
        {info.layers.slice(0, rows).map((_, i) => (
          <Layer key={i} info={info} n={i} />
        ))}
      </ol>
      {rows < n && (
        <button type="button" class="btn btn-wide" onClick={() => setAll(true)}>
          Show all {n} layers
        </button>
      )}
      <How />
    </Panel>
  );
}
