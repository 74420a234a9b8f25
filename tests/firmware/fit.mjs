// What a layer costs, from its shape: a small fit to the counted layers of
// docs/cost/instructions.csv, printed as the rows of crates/budget/src/latency/counted.rs.
//
//   node tests/firmware/fit.mjs
//
// docs/latency.md says what the terms are, and how far the fit is from what was counted.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./boards.mjs";
import { parse } from "./tables.mjs";

/** Instructions of a layer beside its loops, about the same for all: the session's steps. */
const LAYER = 400;
/** Terms of an operator: which counts its instructions grow with. */
const TERMS = {
  CONV_2D: ["macs", "windows", "outputs"],
  DEPTHWISE_CONV_2D: ["macs", "outputs"],
  FULLY_CONNECTED: ["macs", "outputs"],
  ADD: ["outputs"],
  MUL: ["outputs"],
  PAD: ["outputs"],
};
const OTHERS = ["reads", "outputs"];
const COLUMNS = ["macs", "windows", "outputs", "reads"];

const of = (row, term) =>
  term === "windows" ? Number(row.rows) * Number(row.outputs) : Number(row[term]);

/**
 * Least squares, then once more with each row weighing as much as it was wrong, so that small
 * pictures are not all on one side. None of the terms may come to less than nothing.
 */
function solve(rows, terms) {
  let weights = rows.map(() => 1);
  let found = [];
  for (let round = 0; round < 2; round++) {
    found = squares(rows, terms, weights);
    const negative = found.findIndex((value) => value < 0);
    if (negative >= 0) {
      const others = terms.filter((_, i) => i !== negative);
      const rest = solve(rows, others);
      return terms.map((term) => rest[others.indexOf(term)] ?? 0);
    }
    weights = rows.map((row) => {
      const loops = terms.reduce((sum, term, i) => sum + found[i] * of(row, term), LAYER);
      return Math.abs(loops / row.instructions - 1) + 1e-9;
    });
  }
  return found;
}

/** Least squares of relative errors: the normal equations, solved by elimination. */
function squares(rows, terms, weights) {
  const n = terms.length;
  const m = Array.from({ length: n }, () => new Float64Array(n + 1));
  for (const [at, row] of rows.entries()) {
    const x = terms.map((term) => of(row, term) / row.instructions);
    const y = (row.instructions - LAYER) / row.instructions;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) m[i][j] += weights[at] * x[i] * x[j];
      m[i][n] += weights[at] * x[i] * y;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      if (k === i || m[i][i] < 1e-15) continue;
      const by = m[k][i] / m[i][i];
      for (let j = i; j <= n; j++) m[k][j] -= by * m[i][j];
    }
  }
  return m.map((row, i) => (row[i] < 1e-15 ? 0 : row[n] / row[i]));
}

const rust = (value) => {
  const short = Number(Math.max(value, 0).toPrecision(4));
  return Number.isInteger(short) ? `${short}.0` : `${short}`;
};
const table = (name) => parse(readFileSync(join(root, "docs/cost", name), "utf8"));
const constant = (core) => core.replace("Cortex-", "").replace("+", "_PLUS").replace("IMC", "");

const layers = table("instructions.csv").filter((row) => row.layer !== "total");
const cores = [...new Set(layers.map((row) => row.core))];
const operators = [...new Set(layers.map((row) => row.operator))].sort();
for (const core of cores) {
  const lines = operators.map((operator) => {
    const rows = layers.filter((row) => row.core === core && row.operator === operator);
    // What was counted in one shape only can't tell what grows with what.
    const shapes = new Set(rows.map((row) => `${row.reads} ${row.outputs}`)).size;
    const terms = TERMS[operator] ?? (shapes > 1 ? OTHERS : ["reads"]);
    const found = solve(rows, terms);
    const values = COLUMNS.map((column) => rust(found[terms.indexOf(column)] ?? 0));
    return `    cost("${operator}", ${values.join(", ")}),\n`;
  });
  console.log(`static ${constant(core)}: [Cost; ${lines.length}] = [\n${lines.join("")}];\n`);
}

// A block's features: the core's instructions for each of Cortex-M4's with the block's
// default settings, least and most over the cases. A case with settings of its own on the
// same signal counts as more work; on another signal only the cores are compared.
const features = table("features.csv");
const SAME_SIGNAL = ["spectral_signed", "spectral_filtered", "mfcc_relative"];
const block = (name) => name.split("_")[0];
const m4 = (name) =>
  Number(features.find((row) => row.core === "Cortex-M4" && row.case === name).window);
for (const core of cores) {
  const blocks = [...new Set(features.map((row) => block(row.case)))];
  const lines = blocks.map((id) => {
    const rows = features.filter((row) => row.core === core && block(row.case) === id);
    const ratios = rows.map(
      (row) => row.window / m4(SAME_SIGNAL.includes(row.case) ? id : row.case),
    );
    return `    ("${id}", ${rust(Math.min(...ratios))}, ${rust(Math.max(...ratios))}),\n`;
  });
  console.log(
    `static ${constant(core)}_FEATURES: [Block; ${lines.length}] = [\n${lines.join("")}];\n`,
  );
}
