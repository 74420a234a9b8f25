// All windows on a plane: what lies together looks alike to the network, pictures to the eye. A point can be heard,
// opened and given another label.

import { useEffect, useRef, useState } from "preact/hooks";
import type { SampleMap } from "../../engine/arrays";
import { isPicture, isSound, play, project, recordings, sampleMap, watchMap } from "../../state";
import { Canvas } from "../../widgets/canvas";
import { ClassMark } from "../../widgets/class-mark";
import { figure, percent } from "../../widgets/format";
import { Icon } from "../../widgets/icons";
import { useInSight } from "../../widgets/in-sight";
import { Notice, Panel } from "../../widgets/notice";
import { onResize } from "../../widgets/windowing";
import { openPicture } from "../gallery/opened";
import { SmallPicture } from "../gallery/small-picture";
import { byId, focus, labelIndex, ofPictures, windows } from "../shared";
import { Chosen } from "./map-chosen";
import { usePainter } from "./map-paint";
import {
  held,
  labelOf,
  nearer,
  nearest,
  recordingOf,
  showing,
  toward,
  type View,
  WHOLE,
} from "./map-points";

const REACH_PX = 16;
/** A pointer that moves less than this has clicked. */
const STILL_PX = 4;
const PICTURES_HINT =
  "Press a point to see its picture. Neighbours share light and background more than what is shown: a point amid another label need not be labelled wrongly, and two that lie on each other are nearly the same picture.";

const windowsHint = () =>
  `Press a point to open its window${recordings.value.some((r) => isSound(r.axes)) ? " and hear it" : ""}. A point amid others of another label may be labelled wrongly.`;

const LEADS = [
  "Every picture as a point, placed by a tiny colour copy of all of it: what lies together has much the same colours in the same places. The network is not asked.",
  "Every window as a point, from all its features: what lies together looks alike to the network.",
];

interface Size {
  w: number;
  h: number;
}

const KEYS: Readonly<Record<string, [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** One point in words. */
function told(map: SampleMap, i: number): string {
  const rate = project.value?.settings.rate_hz ?? 1;
  const name = byId.value.get(recordingOf(map, i))?.name ?? "a deleted recording";
  if (ofPictures.value) return `${labelOf(map, i)}: ${name}`;
  return `${labelOf(map, i)}: ${name}, from ${figure((map.starts[i] ?? 0) / rate, 3)} s`;
}

/** All pictures, those nearest to this one first: what one goes through when it is opened. */
function alike(map: SampleMap, i: number): string[] {
  const far = (j: number) =>
    ((map.x[j] ?? 0) - (map.x[i] ?? 0)) ** 2 + ((map.y[j] ?? 0) - (map.y[i] ?? 0)) ** 2;
  return Array.from(map.x.keys())
    .sort((a, b) => far(a) - far(b))
    .map((j) => recordingOf(map, j));
}

function open(map: SampleMap, i: number): void {
  const [id, start] = [recordingOf(map, i), map.starts[i]];
  const meta = byId.value.get(id);
  const settings = project.value?.settings;
  if (!meta || start === undefined || !settings) return;
  if (isPicture(meta.axes)) {
    openPicture(meta.id, alike(map, i));
    return;
  }
  focus.value = { id: meta.id, start };
  if (isSound(meta.axes)) {
    const from_s = start / settings.rate_hz;
    void play(meta.id, from_s, from_s + settings.window_ms / 1000);
  }
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

/** What is under the pointer, in words, and as a picture where it is one. */
function Tip(props: { map: SampleMap; i: number; at: Float32Array; size: Size; words: string }) {
  const { map, i, at, size } = props;
  const [x, y] = [at[2 * i] ?? 0, at[2 * i + 1] ?? 0];
  const picture = ofPictures.value;
  const high = picture ? 148 : 52;
  return (
    <span
      class={picture ? "map-tip map-tip-picture" : "map-tip"}
      style={{
        left: `${Math.max(0, Math.min(x, size.w - (picture ? 112 : 180)))}px`,
        top: `${y + (y > size.h - high - 4 ? -high : 16)}px`,
      }}
    >
      {picture && <SmallPicture id={recordingOf(map, i)} />}
      {props.words}
    </span>
  );
}

interface ZoomProps {
  view: View;
  onZoom: (by: number) => void;
  onWhole: () => void;
}

function Zoom({ view, onZoom, onWhole }: ZoomProps) {
  return (
    <div class="map-zoom">
      <button
        type="button"
        class="btn btn-icon btn-small"
        aria-label="Nearer"
        title="Nearer"
        onClick={() => onZoom(2)}
      >
        <Icon name="plus" size={16} />
      </button>
      <button
        type="button"
        class="btn btn-icon btn-small"
        aria-label="Farther"
        title="Farther"
        disabled={view.by === 1}
        onClick={() => onZoom(0.5)}
      >
        <Icon name="minus" size={16} />
      </button>
      {view.by > 1 && (
        <button type="button" class="btn btn-small" onClick={onWhole}>
          Whole
        </button>
      )}
    </div>
  );
}

/** Dragging moves the plane once one is nearer; `moved` tells whether the click that ends it is no click. */
function useDrag(view: View, room: [number, number], onView: (view: View) => void) {
  const grip = useRef<{ x: number; y: number; from: View; moved: boolean } | null>(null);
  return {
    moved: () => grip.current?.moved ?? false,
    down: (e: PointerEvent) => {
      grip.current = { x: e.clientX, y: e.clientY, from: view, moved: false };
    },
    move: (e: PointerEvent): boolean => {
      const at = grip.current;
      if (!at || e.buttons === 0 || view.by === 1) return false;
      const [dx, dy] = [e.clientX - at.x, e.clientY - at.y];
      at.moved ||= Math.hypot(dx, dy) > STILL_PX;
      if (at.moved) onView(held({ by: view.by, x: at.from.x + dx, y: at.from.y + dy }, room));
      return at.moved;
    },
  };
}

function Plane({ map }: { map: SampleMap }) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size>({ w: 1, h: 1 });
  const [view, setView] = useState(WHOLE);
  const [only, setOnly] = useState<string | null>(null);
  const [hover, setHover] = useState(-1);
  const [chosen, setChosen] = useState(-1);
  const hot = hover >= 0 ? hover : chosen;
  const { at, draw } = usePainter({ map, only, hot, size, view });
  const room: [number, number] = [size.w, size.h];
  const drag = useDrag(view, room, setView);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setSize({ w: element.clientWidth, h: element.clientHeight });
    measure();
    const still = onResize(element, measure);
    // Not passive, so that the page stays where it is while one goes nearer.
    const wheel = (e: WheelEvent) => {
      if (!e.ctrlKey) return;
      e.preventDefault();
      const r = element.getBoundingClientRect();
      const to: [number, number] = [e.clientX - r.left, e.clientY - r.top];
      setView((now) => nearer(now, 2 ** (-e.deltaY / 100), to, [r.width, r.height]));
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      still();
      element.removeEventListener("wheel", wheel);
    };
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
  const zoom = (by: number) => setView(nearer(view, by, [size.w / 2, size.h / 2], room));
  return (
    <div class="map">
      <div class="map-side">
        <Legend map={map} only={only} onOnly={setOnly} />
        {chosen >= 0 ? (
          <Chosen map={map} at={chosen} />
        ) : (
          <p class="fine">{ofPictures.value ? PICTURES_HINT : windowsHint()}</p>
        )}
      </div>
      <div class="map-place">
        <div
          ref={box}
          class={view.by > 1 ? "map-box map-near" : "map-box"}
          role="slider"
          tabIndex={0}
          aria-label={ofPictures.value ? "Map of all pictures" : "Map of all windows"}
          aria-valuemin={0}
          aria-valuemax={Math.max(0, map.x.length - 1)}
          aria-valuenow={Math.max(0, hot)}
          aria-valuetext={words}
          data-testid="map"
          onPointerDown={drag.down}
          onPointerMove={(e) => setHover(drag.move(e) ? -1 : pointAt(e))}
          onPointerLeave={() => setHover(-1)}
          onClick={(e) => !drag.moved() && choose(pointAt(e))}
          onKeyDown={(e) => {
            const way = KEYS[e.key];
            if (way) {
              setHover(-1);
              const next = chosen < 0 ? 0 : toward(at, chosen, way[0], way[1]);
              setChosen(next);
              setView(showing(view, at[2 * next] ?? 0, at[2 * next + 1] ?? 0, room));
            } else if ((e.key === "Enter" || e.key === " ") && chosen >= 0) choose(chosen);
            else if (e.key === "+") zoom(2);
            else if (e.key === "-") zoom(0.5);
            else return;
            e.preventDefault();
          }}
        >
          <Canvas
            draw={draw}
            label={`Map of ${windows(map.x.length)}: the nearer, the more alike their ${ofPictures.value ? "colours" : "features"}`}
          />
          {hover >= 0 && <Tip map={map} i={hover} at={at} size={size} words={words} />}
        </div>
        <Zoom view={view} onZoom={zoom} onWhole={() => setView(WHOLE)} />
      </div>
    </div>
  );
}

/** What stands in the map's place while there is none. */
function waiting(near: boolean, map: SampleMap | null): string {
  if (map)
    return ofPictures.value
      ? "No picture is used yet: all are left out."
      : "No recording gives a window yet: all are too short or left out.";
  if (!near) return "Drawn as soon as it is in sight.";
  return ofPictures.value ? "Comparing all pictures…" : "Computing the features of every window…";
}

export function MapPanel() {
  // It takes the features of everything.
  const { box, near } = useInSight(watchMap);
  const { value: map, pending, trouble } = sampleMap.value;
  const old = pending || trouble !== null;
  return (
    <Panel
      title="Map"
      lead={`${LEADS[ofPictures.value ? 0 : 1]}${map ? ` The plane shows ${percent(map.shown, 0)} of all differences.` : ""}`}
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
