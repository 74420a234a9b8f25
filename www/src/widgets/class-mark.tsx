// A class is told by three things at once: its colour, its shape and its name.

const SHAPES = [
  "M6 1.2a4.8 4.8 0 1 0 .01 0Z", // circle
  "M1.6 1.6h8.8v8.8H1.6Z", // square
  "M6 .8 11.4 10.8H.6Z", // triangle
  "M6 .4 11.6 6 6 11.6.4 6Z", // diamond
  "M4.3.8h3.4v3.5h3.5v3.4H7.7v3.5H4.3V7.7H.8V4.3h3.5Z", // plus
  "M6 .4l1.7 3.6 3.9.5-2.9 2.7.8 3.9L6 9.2l-3.5 1.9.8-3.9L.4 4.5l3.9-.5Z", // star
  "M3.2 1h5.6l2.8 5-2.8 5H3.2L.4 6Z", // hexagon
  "M.6 1.2h10.8L6 11.2Z", // triangle, point down
];

const CLASS_COLORS = 8;

/** The custom property that holds a class's colour. */
export function classColor(index: number): string {
  return `--class-${((index % CLASS_COLORS) + CLASS_COLORS) % CLASS_COLORS}`;
}

/** The shape of a class as SVG path data in a box of 12 × 12. After eight classes shapes and colours pair anew. */
export function shapePath(index: number): string {
  return SHAPES[(index + Math.floor(index / CLASS_COLORS)) % SHAPES.length] ?? "";
}

/** The shape alone, where the name stands elsewhere. */
export function Shape({ index }: { index: number }) {
  return (
    <svg
      class={`shape class-ink-${((index % 8) + 8) % 8}`}
      width="12"
      height="12"
      viewBox="0 0 12 12"
      aria-hidden="true"
    >
      <path d={shapePath(index)} />
    </svg>
  );
}

/** Shape and name. A negative index stands for "no label". */
export function ClassMark({ index, label }: { index: number; label: string }) {
  return (
    <span class="class-mark">
      {index >= 0 ? <Shape index={index} /> : <span class="shape shape-none" />}
      <span class="class-name">{label}</span>
    </span>
  );
}
