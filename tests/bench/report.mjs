// The benchmark's figures as tables that a person reads, as text or as Markdown.
import { CMSIS_NN } from "./chips.mjs";
import { NETWORKS } from "./places.mjs";
import { OURS } from "./stage.mjs";

const NONE = "–";
const LANGUAGE = "en-GB";

/** A number in as many digits as say something. */
function figure(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  if (value >= 1000) return Math.round(value).toLocaleString(LANGUAGE);
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
const times = (ratio) => (Number.isFinite(ratio) ? `${ratio.toFixed(2)} ×` : NONE);
const kilobytes = (bytes) => (bytes === null || bytes === undefined ? NONE : figure(bytes / 1000));

/** Everyone who was measured in a table, ours first. */
function everyone(table) {
  const names = Object.values(table).flatMap((row) => Object.keys(row?.sides ?? {}));
  return [...new Set(names)];
}

function inference(title, table) {
  const sides = everyone(table);
  const paths = [
    ...new Set(
      Object.values(table)
        .map((row) => row?.path)
        .filter(Boolean),
    ),
  ];
  return {
    title: `${title}; microseconds a call, at best; ours ran on ${paths.join(", ") || "nothing"}`,
    head: ["network", "MACs", ...sides, "ours / best peer"],
    rows: Object.entries(table).map(([name, row]) => [
      name,
      NETWORKS[name].macs.toLocaleString(LANGUAGE),
      ...sides.map((side) => figure(row?.sides[side]?.best_us)),
      row?.ratio ? `${times(row.ratio)} ${row.best_peer}` : NONE,
    ]),
  };
}

function training(table) {
  const sides = everyone(table);
  return {
    title: "Training in the page; rows a second, whole runs, warm (more is faster)",
    head: ["workload", ...sides, "ours / ort-training", "ours / best peer"],
    rows: Object.entries(table).map(([name, row]) => [
      name,
      ...sides.map((side) => figure(row?.sides[side]?.warm)),
      times(row?.ratio_ort),
      row?.ratio ? `${times(row.ratio)} ${row.best_peer}` : NONE,
    ]),
  };
}

function chips(table) {
  const names = Object.keys(Object.values(table)[0] ?? {});
  return {
    title:
      "Executed instructions a multiply-accumulate, whole networks, on emulated chips (in brackets CMSIS-NN, counted before in the same emulator, not in this run)",
    head: ["core", ...names],
    rows: Object.entries(table).map(([core, row]) => [
      core,
      ...names.map((name) => {
        const known = CMSIS_NN[core]?.[name];
        return `${figure(row[name])}${known ? ` (${figure(known)})` : ""}`;
      }),
    ]),
  };
}

/** How much a visitor waits and holds, side by side; of the keyword network. */
function weight({ start_ms, memory_mib, bytes_brotli }) {
  const sides = Object.keys(start_ms?.kws ?? {});
  const { infer, relaxed, peers } = bytes_brotli ?? {};
  const bytes = { ...peers, [OURS]: infer && relaxed ? infer + relaxed : null };
  return {
    title:
      "To begin with: from loading to the first answer of the keyword network, and what it takes",
    head: ["side", "ms", "MiB of wasm memory", "kB downloaded, brotli"],
    rows: sides.map((side) => [
      side,
      figure(start_ms.kws[side]),
      figure(memory_mib.kws[side]),
      kilobytes(bytes[side]),
    ]),
  };
}

function opened(table) {
  const ways = {
    first: "first dropped",
    dropped: "dropped later",
    dropped_best: "at best",
    chosen: "chosen in a dialog",
    at_once: "dropped unannounced",
  };
  return {
    title: "From a model file in the page to its first answer on the screen; milliseconds, medians",
    head: ["network", ...Object.values(ways)],
    rows: Object.entries(table).map(([name, row]) => [
      name,
      ...Object.keys(ways).map((way) => figure(row[way])),
    ]),
  };
}

function downloads({ peers, ...ours }) {
  const names = {
    infer: "lampyris, inference alone",
    infer_bundle: "lampyris, inference alone, of bundles only",
    relaxed: "kernels for relaxed SIMD, of either",
    page: "lampyris, the whole page but the trainer",
    page_engine: "lampyris, of that page the engine",
    trainer: "lampyris, the trainer",
  };
  return {
    title: "Downloads; kB in brotli",
    head: ["what", "kB"],
    rows: [
      ...Object.entries(ours).map(([key, bytes]) => [names[key], kilobytes(bytes)]),
      ...Object.entries(peers).map(([name, bytes]) => [name, kilobytes(bytes)]),
    ],
  };
}

function ceilings(table) {
  return {
    title: "What bare loops reach in this Chromium; GMAC/s",
    head: Object.keys(table),
    rows: [Object.values(table).map(figure)],
  };
}

function features(table) {
  return {
    title: "Features in the page; milliseconds, at best",
    head: ["what", "ours", "peer", "", "ours / peer"],
    rows: Object.entries(table).map(([what, row]) => [
      what,
      figure(row.ours_ms),
      figure(row.best_peer_ms),
      row.best_peer,
      times(row.ratio),
    ]),
  };
}

/** What there is of the result, as tables of texts. */
function sections(result) {
  const made = [];
  const add = (part, make) => part && made.push(make(part));
  add(result.ceilings_gmac_per_s, ceilings);
  add(result.int8, (table) => inference("int8 in the page", table));
  add(result.int8_simd128, (table) =>
    inference("The same without VNNI, where the relaxed dot is not exact", table),
  );
  add(result.start_ms && result, weight);
  add(result.open_ms, opened);
  add(result.train, training);
  add(result.mcu_instructions_per_mac, chips);
  add(result.bytes_brotli, downloads);
  add(result.features, features);
  return made;
}

function aligned({ title, head, rows }) {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i].length)));
  const line = (row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ");
  return [title, ...all.map((row) => `  ${line(row).trimEnd()}`), ""].join("\n");
}

function marked({ title, head, rows }) {
  const line = (row) => `| ${row.join(" | ")} |`;
  const rule = head.map((_, i) => (i === 0 ? "---" : "---:"));
  return [`**${title}**`, "", ...[head, rule, ...rows].map(line), ""].join("\n");
}

/** The tables, and above them the machine. */
export function report(result, markdown = false) {
  const { machine, chromium, rounds } = result;
  const above = `${machine.cpu}, ${machine.cores} cores, load ${machine.load.join(" ")}; Chromium ${chromium ?? NONE}; rounds: ${rounds}; ${machine.date}`;
  return [above, "", ...sections(result).map(markdown ? marked : aligned)].join("\n");
}
