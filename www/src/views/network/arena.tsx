// The arena as a picture: steps to the right, bytes upward; each activation is a block that lies
// where the planner put it for as long as somebody needs it.

import { useState } from "preact/hooks";
import type { ArenaPlace } from "../../engine/types/ArenaPlace";
import type { NetworkInfo } from "../../engine/types/NetworkInfo";
import { bytes, count } from "../../widgets/format";
import { Panel } from "../../widgets/notice";
import { ScrollBox } from "../../widgets/scroll-box";
import { shapeOf } from "./words";

const MOST_TICKS = 10;

/** Where two blocks share bytes at the same step: one is written over the other. */
function shared(places: readonly ArenaPlace[]): ArenaPlace[] {
  return places.flatMap((a, i) =>
    places.slice(i + 1).flatMap((b) => {
      const [first, last] = [Math.max(a.first, b.first), Math.min(a.last, b.last)];
      const offset = Math.max(a.offset, b.offset);
      const size = Math.min(a.offset + a.size, b.offset + b.size) - offset;
      return first <= last && size > 0 ? [{ ...a, first, last, offset, size }] : [];
    }),
  );
}

function told(place: ArenaPlace): string {
  const when =
    place.first === place.last ? `layer ${place.first}` : `layers ${place.first} to ${place.last}`;
  return `${place.name || "unnamed"}, ${shapeOf(place.shape)}: ${count(place.size)} bytes from byte ${count(place.offset)}, needed at ${when}`;
}

export function ArenaPanel({ info }: { info: NetworkInfo }) {
  const [at, setAt] = useState<number | null>(null);
  const steps = Math.max(1, info.layers.length);
  const size = Math.max(1, info.arena_bytes);
  // By time, then by place: the order in which the arrow keys go through them.
  const places = info.places.toSorted((a, b) => a.first - b.first || a.offset - b.offset);
  const live = info.layers.map((layer) => layer.live_bytes);
  const peak = live.indexOf(Math.max(...live));
  const x = (step: number) => `${(100 * step) / steps}%`;
  const box = (p: ArenaPlace) => ({
    x: x(p.first),
    width: x(p.last - p.first + 1),
    y: `${100 - (100 * (p.offset + p.size)) / size}%`,
    height: `${(100 * p.size) / size}%`,
  });
  const chosen = at === null ? undefined : places[at];
  const every = Math.ceil(steps / MOST_TICKS);
  const go = (by: number) =>
    setAt(((at ?? (by > 0 ? -1 : places.length)) + by + places.length) % places.length);
  const summary = `The peak is at layer ${peak} (${info.layers[peak]?.operator ?? ""}): ${count(live[peak] ?? 0)} bytes are needed.`;
  return (
    <Panel
      title="Arena"
      lead={`${count(info.arena_bytes)} bytes of working memory, layer by layer. ${summary}`}
    >
      <div class="arena">
        <div class="arena-scale num" aria-hidden="true">
          <span>{bytes(info.arena_bytes)}</span>
          <span>0</span>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a picture that keys move through has no element of its own */}
        <div
          class="arena-picture"
          role="group"
          aria-label={`Arena timeline of ${places.length} activations. Arrow keys go from one to the next; the same is in the table below.`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys need the focus
          tabIndex={0}
          data-testid="arena"
          onKeyDown={(e) => {
            if (e.key === "ArrowRight" || e.key === "ArrowDown") go(1);
            else if (e.key === "ArrowLeft" || e.key === "ArrowUp") go(-1);
            else return;
            e.preventDefault();
          }}
          onMouseLeave={() => setAt(null)}
          onBlur={() => setAt(null)}
        >
          <svg class="arena-svg" aria-hidden="true">
            <rect class="arena-peak" x={x(peak)} width={x(1)} y="0" height="100%" />
            {places.map((p, i) => (
              // biome-ignore lint/a11y/noStaticElementInteractions: the keys do the same on the whole picture
              <rect
                key={i}
                class={[
                  "arena-block",
                  p.first <= peak && peak <= p.last ? "arena-at-peak" : "",
                  i === at ? "arena-chosen" : "",
                ].join(" ")}
                {...box(p)}
                onMouseEnter={() => setAt(i)}
                onClick={() => setAt(i)}
              />
            ))}
            {shared(places).map((p, i) => (
              <rect key={i} class="arena-over" {...box(p)} />
            ))}
            {info.bound_bytes < info.arena_bytes && (
              <line
                class="arena-bound"
                x1="0"
                x2="100%"
                y1={`${100 - (100 * info.bound_bytes) / size}%`}
                y2={`${100 - (100 * info.bound_bytes) / size}%`}
              />
            )}
          </svg>
        </div>
        <span class="fine" aria-hidden="true">
          layer
        </span>
        <div class="arena-ticks num" aria-hidden="true">
          {info.layers.map((_, i) =>
            i % every === 0 ? (
              <span key={i} style={{ left: x(i), width: x(1) }}>
                {i}
              </span>
            ) : null,
          )}
        </div>
      </div>
      <p class="arena-told num" aria-live="polite" data-testid="arena-told">
        {chosen
          ? told(chosen)
          : "Point at a block, or focus the picture and use the arrow keys, to see which tensor it is."}
      </p>
      <p class="fine arena-legend">
        <span>
          <span class="arena-key arena-key-peak" /> needed at the peak
        </span>
        <span>
          <span class="arena-key" /> other activations
        </span>
        <span>
          <span class="arena-key arena-key-over" /> written over what was read
        </span>
        {info.bound_bytes < info.arena_bytes && (
          <span>
            <span class="arena-key arena-key-bound" /> bound: no plan needs less
          </span>
        )}
      </p>
      <details class="details">
        <summary>The same as a table</summary>
        <ScrollBox label="Arena">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Tensor</th>
                <th scope="col" class="num">
                  Shape
                </th>
                <th scope="col" class="num">
                  Layers
                </th>
                <th scope="col" class="num">
                  From byte
                </th>
                <th scope="col" class="num">
                  Bytes
                </th>
              </tr>
            </thead>
            <tbody>
              {places.map((p, i) => (
                <tr key={i}>
                  <th scope="row">{p.name || "unnamed"}</th>
                  <td class="num">{shapeOf(p.shape)}</td>
                  <td class="num">{p.first === p.last ? p.first : `${p.first}–${p.last}`}</td>
                  <td class="num">{count(p.offset)}</td>
                  <td class="num">{count(p.size)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </details>
    </Panel>
  );
}
