// Executed instructions per multiply-accumulate of whole networks on emulated chips, counted one
// by one: quantization, pooling and the session's own steps included. Runs twice, and must repeat;
// what comes out must be the host's bytes.
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { boards } from "../firmware/boards.mjs";
import { plugin, runAll } from "../firmware/emulated.mjs";
import { instructions } from "../firmware/measure.mjs";
import { prepare } from "../firmware/models.mjs";
import { has, NETWORKS, work } from "./places.mjs";

const CHIPS = { m4: "Cortex-M4", m0: "Cortex-M0+", m33: "Cortex-M33", rv32: "RV32IMC" };
const NAMES = ["kws", "vww", "ic", "ad"];

/**
 * The same of CMSIS-NN (99f736a, -Ofast, GCC 12.2), called layer by layer, counted in the same
 * emulator on MLPerf Tiny's networks: figures to compare with, not measured by this benchmark.
 */
export const CMSIS_NN = {
  m4: { kws: 2.95, vww: 3.3, ic: 2.38, ad: 2.19 },
  m0: { kws: 10.9, vww: 11.6, ic: 7.8, ad: 6.6 },
  m33: { kws: 2.93, vww: 3.28, ic: 2.38, ad: 2.19 },
};

/** `{m4: {kws, vww, ic, ad}, m0, m33, rv32}`; null for what is not there. */
export async function countInstructions() {
  const folder = join(work, "chips");
  mkdirSync(folder, { recursive: true });
  const names = NAMES.filter(has);
  const models = await prepare(
    join(folder, "models"),
    names.map((name) => NETWORKS[name].folder),
  );
  const counter = await plugin(folder);
  const table = {};
  for (const [chip, core] of Object.entries(CHIPS)) {
    const board = boards.find((one) => one.core === core);
    const { log } = await runAll(board, models, folder, counter);
    const totals = instructions(core, models, log).filter(({ layer }) => layer === "total");
    const of = (name) =>
      totals.find(({ model }) => model === basename(NETWORKS[name].folder))?.instructions_per_mac;
    table[chip] = Object.fromEntries(
      NAMES.map((name) => [name, of(name) === undefined ? null : Number(of(name))]),
    );
    console.log(`  ${core}: ${NAMES.map((name) => `${name} ${of(name) ?? "-"}`).join(", ")}`);
  }
  return table;
}
