// The features of one window, axis by axis: the value, and how far it lies from the usual.

import type { FeatureValue } from "../../engine/types/FeatureValue";
import type { WindowView } from "../../engine/types/WindowView";
import { DeviationBar } from "../../widgets/bars";
import { figure, plural } from "../../widgets/format";

/** Normalised values beyond this fill the bar. */
const LIMIT = 3;

/** What a feature is of: its axis, or the first word of its name where it is of all axes. */
function subject(f: FeatureValue): string {
  return f.axis ?? f.name.split(" ")[0] ?? "";
}

function grouped(features: readonly FeatureValue[]): [string, FeatureValue[]][] {
  const groups = new Map<string, FeatureValue[]>();
  for (const f of features) {
    const key = subject(f);
    const list = groups.get(key);
    if (list) list.push(f);
    else groups.set(key, [f]);
  }
  return [...groups];
}

/** The name without the axis that already stands in the heading. */
function short(f: FeatureValue): string {
  const of = subject(f);
  const rest = f.name.startsWith(of) ? f.name.slice(of.length).trim() : f.name;
  return rest === "" ? f.name : rest;
}

export function Features({ view }: { view: WindowView }) {
  return (
    <section class="features" aria-label="Features of this window">
      <h3>
        {plural(view.features.length, "feature")} of this window
        <span class="fine">
          {" "}
          bars: standard deviations from the mean of the training data, ±{LIMIT}
        </span>
      </h3>
      <div class="feature-groups">
        {grouped(view.features).map(([axis, list]) => (
          <table key={axis} class="feature-table">
            <caption>{axis}</caption>
            <thead class="sr">
              <tr>
                <th scope="col">Feature</th>
                <th scope="col">Value</th>
                <th scope="col">Normalised</th>
              </tr>
            </thead>
            <tbody>
              {list.map((f) => (
                <tr key={f.name}>
                  <th scope="row">{short(f)}</th>
                  <td class="num">{figure(f.value, 3)}</td>
                  <td class="feature-bar">
                    {f.normalized === null ? (
                      <span class="fine">not known yet</span>
                    ) : (
                      <>
                        <DeviationBar value={f.normalized} limit={LIMIT} />
                        <span class="sr">{f.normalized.toFixed(2)}</span>
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
    </section>
  );
}
