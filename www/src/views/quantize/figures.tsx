// Tables of the report: per class, calibration, memory, layers.

import type { LayerReport } from "../../engine/types/LayerReport";
import type { Report } from "../../engine/types/Report";
import { catalog, project } from "../../state";
import { Gauge } from "../../widgets/bars";
import { ClassMark, classColor } from "../../widgets/class-mark";
import { bytes, count, percent } from "../../widgets/format";
import { Panel } from "../../widgets/notice";
import { ScrollBox } from "../../widgets/scroll-box";
import { ofPictures, windowsWord } from "../shared";
import { evaluatedOn } from "./evaluated";

/** A share that may not exist: no window was called so, or none was so. */
function share(value: number | null): string {
  return value === null ? `no ${windowsWord().toLowerCase()}` : percent(value);
}

export function PerClassPanel({ report }: { report: Report }) {
  return (
    <Panel title="Each class" lead={`int8, ${evaluatedOn(report)}`}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th
              scope="col"
              class="num"
              title={`Of the ${windowsWord().toLowerCase()} called so, how many were`}
            >
              Precision
            </th>
            <th
              scope="col"
              class="num"
              title={`Of the ${windowsWord().toLowerCase()} that were so, how many were found`}
            >
              Recall
            </th>
            <th scope="col" class="num">
              {windowsWord()}
            </th>
          </tr>
        </thead>
        <tbody>
          {report.per_class.map((c, i) => (
            <tr key={c.label}>
              <th scope="row">
                <ClassMark index={i} label={c.label} />
              </th>
              <td class="num">{share(c.precision)}</td>
              <td class="num">{share(c.recall)}</td>
              <td class="num">{count(c.support)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="fine">
        Precision: of what was called so, how much was. Recall: of what was so, how much was found.
      </p>
    </Panel>
  );
}

/** Below this share of the largest class, a class's ranges may be poorly covered. */
const THIN_COVERAGE = 0.25;

export function CalibrationPanel({ report }: { report: Report }) {
  const most = Math.max(1, ...report.calibration.map((c) => c.windows));
  return (
    <Panel
      title="Calibration"
      lead={`Training ${windowsWord().toLowerCase()} whose values set the integer ranges. Every class should be there.`}
    >
      <table class="table calibration">
        <thead class="sr">
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Share</th>
            <th scope="col">{windowsWord()}</th>
          </tr>
        </thead>
        <tbody>
          {report.calibration.map((c, i) => (
            <tr key={c.label}>
              <th scope="row">
                <ClassMark index={i} label={c.label} />
              </th>
              <td class="calibration-bar">
                <span class="meter">
                  <span
                    class="meter-fill"
                    style={{
                      width: `${(100 * c.windows) / most}%`,
                      background: `var(${classColor(i)})`,
                    }}
                  />
                </span>
              </td>
              <td class="num">
                {count(c.windows)}
                {c.windows < most * THIN_COVERAGE && <span class="thin"> few</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

export function MemoryPanel({ report }: { report: Report }) {
  const board = catalog.value?.boards.find((b) => b.id === project.value?.settings.board);
  const rows = [
    {
      id: "flash",
      name: "Flash",
      note: "model data, constant",
      value: report.flash_bytes,
      limit: board?.flash_bytes,
    },
    {
      id: "arena",
      name: "Arena",
      note: "the network's working memory",
      value: report.arena_bytes,
      limit: board?.ram_bytes,
    },
    {
      id: "ram",
      name: "RAM",
      note: ofPictures.value ? "arena and scores" : "arena, sample ring, features, scratch",
      value: report.ram_bytes,
      limit: board?.ram_bytes,
    },
  ];
  return (
    <Panel
      class="memory-panel"
      title="Memory"
      lead={board ? `Against ${board.name}` : "Planned, not guessed"}
    >
      <dl class="memory">
        {rows.map((row) => (
          <div key={row.id} class="memory-row">
            <dt>
              {row.name} <span class="fine">{row.note}</span>
            </dt>
            <dd>
              <span class="memory-value num" data-testid={row.id}>
                {bytes(row.value)}
              </span>
              <span class="fine num">
                {count(row.value)} bytes
                {row.limit ? `, ${percent(row.value / row.limit, 2)} of the board` : ""}
              </span>
              {row.limit ? <Gauge share={row.value / row.limit} /> : null}
            </dd>
          </div>
        ))}
      </dl>
      <p class="fine">
        These are the bytes of the model alone. The range at the head of the page counts the
        program, its stack and {ofPictures.value ? "the camera's picture" : "the sensor's readings"}{" "}
        as well.
      </p>
    </Panel>
  );
}

/** One step of the integers in real units, and the integer that stands for zero. */
function scaleOf(layer: LayerReport): string {
  return `${layer.scale.toPrecision(3)} · ${layer.zero_point}`;
}

export function LayerPanel({ report }: { report: Report }) {
  return (
    <Panel
      title="Layers"
      lead={`${count(report.params)} parameters, ${count(report.macs)} multiply-accumulates for one ${ofPictures.value ? "picture" : "window"}`}
    >
      <ScrollBox label="Layers">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col">Operator</th>
              <th scope="col" class="num">
                Output
              </th>
              <th scope="col" class="num">
                Parameters
              </th>
              <th scope="col" class="num">
                MACs
              </th>
              <th scope="col" class="num">
                Bytes
              </th>
              <th scope="col" class="num">
                Scale · zero point
              </th>
              <th scope="col" class="num" title="Outputs that hit the end of the int8 range">
                Saturated
              </th>
            </tr>
          </thead>
          <tbody>
            {report.layers.map((l) => (
              <tr key={l.name}>
                <th scope="row">{l.name}</th>
                <td class="mono">{l.operator}</td>
                <td class="num">[{l.output_shape.join(", ")}]</td>
                <td class="num">{count(l.params)}</td>
                <td class="num">{count(l.macs)}</td>
                <td class="num">{count(l.bytes)}</td>
                <td class="num">{scaleOf(l)}</td>
                <td class="num">{percent(l.saturated, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </Panel>
  );
}
