// All windows on a plane: what lies together looks alike to the network. A point can be heard,
// opened and given another label.

import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SampleMap } from "../../engine/arrays";
import {
  isSound,
  play,
  project,
  readOnly,
  recordings,
  relabel,
  sampleMap,
  watchMap,
} from "../../state";
import { Canvas, type Draw } from "../../widgets/canvas";
import { ClassMark, classColor, shapePath } from "../../widgets/class-mark";
import { TextField } from "../../widgets/fields";
import { figure, percent, plural } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { Notice, Panel } from "../../widgets/notice";
import { color } from "../../widgets/theme";
import { PlayButton } from "../play-button";
import { focus, labelIndex, labels } from "../shared";
import { labelOf, nearest, place, recordingOf, toward } from "./map-points";

const REACH_PX = 16;
const KEYS: Readonly<Record<string, [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** One point in words. */
function told(map: SampleMap, i: number): string {
  const rate = project.value?.settings.rate_hz ?? 1;
  const name =
    recordings.value.find((r) => r.id === recordingOf(map, i))?.name ?? "a deleted recording";
  return `${labelOf(map, i)}: ${name}, from ${figure((map.starts[i] ?? 0) / rate, 3)} s`;
}

function open(map: SampleMap, i: number): void {
  const [id, start] = [recordingOf(map, i), map.starts[i]];
  const meta = recordings.value.find((r) => r.id === id);
  const settings = project.value?.settings;
  if (!meta || start === undefined || !settings) return;
  focus.value = { id: meta.id, start };
  if (isSound(meta.axes)) {
    const from_s = start / settings.rate_hz;
    void play(meta.id, from_s, from_s + settings.window_ms / 1000);
  }
}

function usePainter(
  map: SampleMap,
  only: string | null,
  hot: number,
  size: { w: number; h: number },
) {
  const at = useMemo(() => place(map, size.w, size.h), [map, size.w, size.h]);
  const draw = useCallback<Draw>(
    (c) => {
      const marks = new Map<string, { path: Path2D; ink: string }>();
      const markOf = (label: string) => {
        let mark = marks.get(label);
        if (!mark) {
          const index = Math.max(0, labelIndex(label));
          mark = { path: new Path2D(shapePath(index)), ink: color(classColor(index)) };
          marks.set(label, mark);
        }
        return mark;
      };
      const base = c.getTransform();
      const stamp = (i: number, scale: number) => {
        const { path, ink } = markOf(labelOf(map, i));
        c.setTransform(base);
        c.translate((at[2 * i] ?? 0) - 6 * scale, (at[2 * i + 1] ?? 0) - 6 * scale);
        c.scale(scale, scale);
        c.fillStyle = ink;
        c.fill(path);
      };
      const few = map.x.length < 400 ? 0.9 : 0.65;
      for (let i = 0; i < map.x.length; i++) {
        c.globalAlpha = only !== null && labelOf(map, i) !== only ? 0.1 : 0.75;
        stamp(i, few);
      }
      c.globalAlpha = 1;
      if (hot >= 0) {
        stamp(hot, 1.3);
        c.setTransform(base);
        c.strokeStyle = color("--ink");
        c.lineWidth = 1.5;
        c.beginPath();
        c.arc(at[2 * hot] ?? 0, at[2 * hot + 1] ?? 0, 12, 0, 2 * Math.PI);
        c.stroke();
      }
    },
    [map, at, only, hot],
  );
  return { at, draw };
}

/** What can be done with the chosen window. */
function Chosen({ map, at }: { map: SampleMap; at: number }) {
  const meta = recordings.value.find((r) => r.id === recordingOf(map, at));
  const settings = project.value?.settings;
  if (!meta || !settings) return <p class="fine">This recording was deleted.</p>;
  const from_s = (map.starts[at] ?? 0) / settings.rate_hz;
  return (
    <div class="map-chosen">
      <p>
        <ClassMark index={labelIndex(labelOf(map, at))} label={labelOf(map, at)} />{" "}
        <span class="clip">{meta.name}</span>
      </p>
      <p class="fine num">
        from {figure(from_s, 3)} s{meta.group ? ` · ${meta.group}` : ""}
      </p>
      <div class="map-actions">
        {isSound(meta.axes) && (
          <PlayButton
            id={meta.id}
            name="the chosen window"
            from_s={from_s}
            to_s={from_s + settings.window_ms / 1000}
            text="Play"
          />
        )}
        <button
          type="button"
          class="btn btn-small"
          onClick={() => {
            focus.value = { id: meta.id, start: map.starts[at] ?? 0 };
            document.getElementById("glass")?.scrollIntoView();
          }}
        >
          <Icon name="explore" size={16} /> Under the glass
        </button>
      </div>
      <TextField
        key={meta.id}
        title="Label of this recording"
        value={meta.spans[0]?.label ?? ""}
        suggestions={labels.value}
        disabled={readOnly.value}
        help={
          meta.spans.length > 1
            ? `It has ${meta.spans.length} labelled parts; a new label replaces them all.`
            : "Wrongly labelled? Give it its right label."
        }
        onValue={(v) => void relabel([meta.id], v)}
      />
    </div>
  );
}

function Legend(props: {
  map: SampleMap;
  only: string | null;
  onOnly: (label: string | null) => void;
}) {
  const { labels, label_names } = props.map;
  const counts = label_names.map((_, at) =>
    labels.reduce((n, label) => n + Number(label === at), 0),
  );
  return (
    <ul class="map-legend" aria-label="Labels; press one to see it alone">
      {label_names.map((label, at) => (
        <li key={label}>
          <button
            type="button"
            class="btn btn-small btn-quiet"
            aria-pressed={props.only === label}
            onClick={() => props.onOnly(props.only === label ? null : label)}
          >
            <ClassMark index={labelIndex(label)} label={label} />
            <span class="num muted">{counts[at]}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Plane({ map }: { map: SampleMap }) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ w: 1, h: 1 });
  const [only, setOnly] = useState<string | null>(null);
  const [hover, setHover] = useState(-1);
  const [chosen, setChosen] = useState(-1);
  const hot = hover >= 0 ? hover : chosen;
  const { at, draw } = usePainter(map, only, hot, size);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setSize({ w: element.clientWidth, h: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // Another map has other points.
  useEffect(() => {
    setHover(-1);
    setChosen(-1);
  }, [map]);

  const pointAt = (e: PointerEvent | MouseEvent) => {
    const r = box.current?.getBoundingClientRect();
    return r ? nearest(at, e.clientX - r.left, e.clientY - r.top, REACH_PX) : -1;
  };
  const choose = (i: number) => {
    if (i < 0) return;
    setChosen(i);
    open(map, i);
  };
  const words = hot >= 0 ? told(map, hot) : "Arrow keys go from point to point; Enter opens one.";
  return (
    <div class="map">
      <div class="map-side">
        <Legend map={map} only={only} onOnly={setOnly} />
        {chosen >= 0 ? (
          <Chosen map={map} at={chosen} />
        ) : (
          <p class="fine">
            Press a point to open its window
            {recordings.value.some((r) => isSound(r.axes)) ? " and hear it" : ""}. A point amid
            others of another label may be labelled wrongly.
          </p>
        )}
      </div>
      <div
        ref={box}
        class="map-box"
        role="slider"
        tabIndex={0}
        aria-label="Map of all windows"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, map.x.length - 1)}
        aria-valuenow={Math.max(0, hot)}
        aria-valuetext={words}
        data-testid="map"
        onPointerMove={(e) => setHover(pointAt(e))}
        onPointerLeave={() => setHover(-1)}
        onClick={(e) => choose(pointAt(e))}
        onKeyDown={(e) => {
          const way = KEYS[e.key];
          if (way) {
            e.preventDefault();
            setHover(-1);
            setChosen(chosen < 0 ? 0 : toward(at, chosen, way[0], way[1]));
          } else if ((e.key === "Enter" || e.key === " ") && chosen >= 0) {
            e.preventDefault();
            choose(chosen);
          }
        }}
      >
        <Canvas
          draw={draw}
          label={`Map of ${plural(map.x.length, "window")}: the nearer, the more alike their features`}
        />
        {hover >= 0 && (
          <span
            class="map-tip"
            style={{
              left: `${Math.min(at[2 * hover] ?? 0, size.w - 180)}px`,
              top: `${(at[2 * hover + 1] ?? 0) + ((at[2 * hover + 1] ?? 0) > size.h - 56 ? -52 : 16)}px`,
            }}
          >
            {words}
          </span>
        )}
      </div>
    </div>
  );
}

/** What stands in the map's place while there is none. */
function waiting(near: boolean, map: SampleMap | null): string {
  if (map) return "No recording gives a window yet: all are too short or left out.";
  return near ? "Computing the features of every window…" : "Drawn as soon as it is in sight.";
}

export function MapPanel() {
  const box = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  // Made only once it comes into sight: it takes the features of everything.
  useEffect(() => {
    let stop: (() => void) | null = null;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((e) => e.isIntersecting)) return;
      observer.disconnect();
      setNear(true);
      stop = watchMap();
    });
    if (box.current) observer.observe(box.current);
    return () => {
      observer.disconnect();
      stop?.();
    };
  }, []);
  const { map, pending, trouble } = sampleMap.value;
  const old = pending || trouble !== null;
  return (
    <Panel
      title="Map"
      lead={`Every window as a point, from all its features: what lies together looks alike to the network.${map ? ` The plane shows ${percent(map.shown, 0)} of all differences.` : ""}`}
      actions={pending && map ? <span class="badge">Drawing anew…</span> : null}
    >
      <div ref={box} class={old ? "map-frame map-old" : "map-frame"}>
        {trouble && (
          <Notice
            severity="warning"
            what={trouble.what}
            place={trouble.place}
            remedy={trouble.remedy}
          />
        )}
        {map && map.x.length > 0 ? (
          <Plane map={map} />
        ) : (
          !trouble && (
            <p class="map-wait" data-testid="map-wait">
              {waiting(near, map)}
            </p>
          )
        )}
      </div>
    </Panel>
  );
}
