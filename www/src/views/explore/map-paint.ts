// Draws the map: a shape a point, and a small picture where there is room for it.

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { SampleMap } from "../../engine/arrays";
import { smallAtHand, wantSmall } from "../../state";
import type { Draw } from "../../widgets/canvas";
import { classColor, shapePath } from "../../widgets/class-mark";
import { color } from "../../widgets/theme";
import { labelIndex, ofPictures } from "../shared";
import { labelOf, place, recordingOf, roomy, type View } from "./map-points";

/** Side of a small picture with its frame, and how many are drawn at most: fewer than are kept. */
const PICTURE_PX = 36;
const FRAME_PX = 2;
const MOST = 240;
const NONE: number[] = [];

export interface Painted {
  map: SampleMap;
  /** Only this label is drawn strongly. */
  only: string | null;
  /** The point that is meant, or -1. */
  hot: number;
  size: { w: number; h: number };
  view: View;
}

interface Mark {
  path: Path2D;
  ink: string;
}

/** The shape and colour of each label, looked up once a drawing. */
function marksOf(map: SampleMap): Mark[] {
  return map.label_names.map((label) => {
    const index = Math.max(0, labelIndex(label));
    return { path: new Path2D(shapePath(index)), ink: color(classColor(index)) };
  });
}

/** Rises as small pictures come, at most once a frame. */
function usePictures(map: SampleMap, points: number[]): number {
  const [come, setCome] = useState(0);
  useEffect(() => {
    let frame = 0;
    const later = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setCome((n) => n + 1);
      });
    };
    const missing = points.map((i) => recordingOf(map, i)).filter((id) => !smallAtHand(id));
    const withdraw = missing.map((id) => wantSmall(id, later));
    return () => {
      cancelAnimationFrame(frame);
      for (const one of withdraw) one();
    };
  }, [map, points]);
  return come;
}

export function usePainter({ map, only, hot, size, view }: Painted) {
  const { w, h } = size;
  const at = useMemo(() => place(map, w, h, view), [map, w, h, view]);
  const pictures = ofPictures.value;
  const points = useMemo(
    () => (pictures ? roomy(at, PICTURE_PX, MOST, [w, h]) : NONE),
    [pictures, at, w, h],
  );
  const come = usePictures(map, points);
  const draw = useCallback<Draw>(
    (c) => {
      const marks = marksOf(map);
      const base = c.getTransform();
      const [x, y] = [(i: number) => at[2 * i] ?? 0, (i: number) => at[2 * i + 1] ?? 0];
      const stamp = (i: number, scale: number) => {
        const mark = marks[map.labels[i] ?? 0];
        if (!mark) return;
        c.setTransform(base);
        c.translate(x(i) - 6 * scale, y(i) - 6 * scale);
        c.scale(scale, scale);
        c.fillStyle = mark.ink;
        c.fill(mark.path);
      };
      const photo = (i: number) => {
        const picture = smallAtHand(recordingOf(map, i));
        if (!picture) return;
        const left = x(i) - PICTURE_PX / 2;
        const top = y(i) - PICTURE_PX / 2;
        const inner = PICTURE_PX - 2 * FRAME_PX;
        c.setTransform(base);
        c.fillStyle = marks[map.labels[i] ?? 0]?.ink ?? "";
        c.fillRect(left, top, PICTURE_PX, PICTURE_PX);
        c.drawImage(picture, left + FRAME_PX, top + FRAME_PX, inner, inner);
      };
      const weak = (i: number) => only !== null && labelOf(map, i) !== only;
      const few = map.x.length < 400 ? 0.9 : 0.65;
      for (let i = 0; i < map.x.length; i++) {
        if (x(i) < -8 || y(i) < -8 || x(i) > w + 8 || y(i) > h + 8) continue;
        c.globalAlpha = weak(i) ? 0.1 : 0.75;
        stamp(i, few);
      }
      for (const i of points) {
        c.globalAlpha = weak(i) ? 0.15 : 1;
        photo(i);
      }
      c.globalAlpha = 1;
      if (hot >= 0) {
        stamp(hot, 1.3);
        c.setTransform(base);
        c.strokeStyle = color("--ink");
        c.lineWidth = 1.5;
        c.beginPath();
        c.arc(x(hot), y(hot), 12, 0, 2 * Math.PI);
        c.stroke();
      }
    },
    // `come` stands for the pictures that are at hand.
    [map, at, points, only, hot, w, h, come],
  );
  return { at, draw };
}
