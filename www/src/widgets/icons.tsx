// Line icons on a 20 × 20 grid. They always stand beside a text, so they are hidden from
// assistive technology.

const PATHS = {
  record:
    "M10 3.5a2.5 2.5 0 0 1 2.5 2.5v4a2.5 2.5 0 0 1-5 0V6A2.5 2.5 0 0 1 10 3.5ZM5 10a5 5 0 0 0 10 0M10 15v2",
  camera: "M3.5 6.5h3L8 4.5h4l1.5 2h3v9h-13zM10 8.2a2.6 2.6 0 1 0 .01 0",
  pictures: "M6.5 3.5h10v10h-10zM6.5 6.5h-3v10h10v-3M6.5 11.5l3-3 2.5 2.5 1.5-1.5 3 3",
  explore: "M3 12c1.5 0 1.5-7 3-7s1.5 11 3.2 11S11 6.5 12.5 6.5 14 12 17 12",
  train:
    "M4 5.5a1.5 1.5 0 1 0 .01 0M4 14.5a1.5 1.5 0 1 0 .01 0M10 10a1.5 1.5 0 1 0 .01 0M16 7a1.5 1.5 0 1 0 .01 0M16 14a1.5 1.5 0 1 0 .01 0M5.3 7.8l3.5 2.8M5.3 15.2l3.5-2.8M11.5 11l3.2-1.8M11.5 12.2l3.2 2.4",
  quantize: "M3 15h3v-4h4V8h4V5h3M3 15c6-1 10-4 14-10",
  run: "M6.5 4.5v11l9-5.5-9-5.5Z",
  deploy: "M6 6h8v8H6zM8.5 3v3M11.5 3v3M8.5 14v3M11.5 14v3M3 8.5h3M3 11.5h3M14 8.5h3M14 11.5h3",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  stale: "M15.5 8A6 6 0 1 0 16 11M15.8 4v4h-4",
  plus: "M10 4v12M4 10h12",
  trash: "M4 6h12M8 6V4h4v2M5.5 6l.7 10h7.6l.7-10M8.5 9v4.5M11.5 9v4.5",
  download: "M10 3v9M6 8.5l4 4 4-4M4 16h12",
  upload: "M10 13V4M6 7.5l4-4 4 4M4 16h12",
  folder: "M3 6.5V15h14V7.5H9.5L8 5H3v1.5Z",
  sun: "M10 6.5a3.5 3.5 0 1 0 .01 0M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1",
  moon: "M15.5 12.3A6.3 6.3 0 0 1 7.7 4.5a6.3 6.3 0 1 0 7.8 7.8Z",
  system: "M3 4.5h14v9H3zM8 16.5h4M10 13.5v3",
  warning: "M10 3.5 17.5 16h-15L10 3.5ZM10 8v4M10 14v.2",
  error: "M7 3h6l4 4v6l-4 4H7l-4-4V7l4-4ZM10 6.5v4.5M10 13.3v.2",
  note: "M10 3a7 7 0 1 0 .01 0M10 9.5v4M10 6.5v.2",
  close: "M5 5l10 10M15 5L5 15",
  down: "M5 8l5 5 5-5",
  up: "M5 12l5-5 5 5",
  copy: "M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3",
  right: "M8 5l5 5-5 5",
  left: "M12 5l-5 5 5 5",
  pause: "M7 5v10M13 5v10",
  stop: "M5.5 5.5h9v9h-9z",
  undo: "M8 5 4.5 8.5 8 12M5 8.5h6.5a4 4 0 0 1 0 8H9",
  shield: "M10 3l6 2v4.5c0 4-2.8 6.3-6 7.5-3.2-1.2-6-3.5-6-7.5V5l6-2ZM7.3 10l2 2 3.5-4",
  clock: "M10 3a7 7 0 1 0 .01 0M10 6v4.3l2.8 1.7",
  battery: "M3 6.5h12v7H3zM17 9v2M5.5 9v2M8 9v2",
  disk: "M4 5.5c0-1.4 2.7-2.5 6-2.5s6 1.1 6 2.5-2.7 2.5-6 2.5-6-1.1-6-2.5ZM4 5.5v9c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5v-9M4 10c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5",
  link: "M8 12l4-4M9 6.5l1.5-1.5a3 3 0 0 1 4.5 4.5L13.5 11M11 13.5 9.5 15A3 3 0 0 1 5 10.5L6.5 9",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  cut: "M6 4l7.2 9.3M14 4l-7.2 9.3M5.2 13a2 2 0 1 0 .01 0M14.8 13a2 2 0 1 0 .01 0",
  minus: "M4 10h12",
  edit: "M4 16l.8-3.2L13 4.6l2.4 2.4-8.2 8.2L4 16Z",
  sensor:
    "M10 9a1 1 0 1 0 .01 0M6.5 6.5a5 5 0 0 0 0 7M13.5 6.5a5 5 0 0 1 0 7M4 4a8.5 8.5 0 0 0 0 12M16 4a8.5 8.5 0 0 1 0 12",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark: a glow-worm seen from above; its lantern is lit while the page works. */
export function Mark({ lit }: { lit: boolean }) {
  return (
    <svg
      class={lit ? "mark mark-lit" : "mark"}
      width="32"
      height="32"
      viewBox="0 0 32 32"
      aria-hidden="true"
    >
      <circle class="mark-halo" cx="21" cy="21.5" r="9.5" />
      <circle class="mark-body" cx="6.5" cy="15.5" r="2" />
      <circle class="mark-body" cx="10.6" cy="11.8" r="2.5" />
      <circle class="mark-body" cx="16" cy="11.4" r="3" />
      <circle class="mark-body" cx="20.6" cy="14.8" r="3.2" />
      <circle class="mark-lamp" cx="21" cy="21.5" r="4.2" />
    </svg>
  );
}

/** How far a step is, as a shape; the words stand beside it. */
export function StateIcon({ state }: { state: "empty" | "ready" | "working" | "stale" | "done" }) {
  return (
    <svg
      class={`state-icon state-${state}`}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      {state === "empty" && <circle cx="8" cy="8" r="6" stroke-dasharray="2 2.7" />}
      {state === "ready" && (
        <>
          <circle cx="8" cy="8" r="6" />
          <circle class="fill" cx="8" cy="8" r="2.5" />
        </>
      )}
      {state === "working" && <path d="M8 2a6 6 0 1 1-6 6" />}
      {state === "stale" && <path d="M8 2.2 14.5 13.5h-13L8 2.2ZM8 6.5v3M8 11.4v.3" />}
      {state === "done" && (
        <>
          <circle class="fill" cx="8" cy="8" r="7" />
          <path class="tick" d="M4.8 8.2l2.3 2.3 4.2-4.7" />
        </>
      )}
    </svg>
  );
}
