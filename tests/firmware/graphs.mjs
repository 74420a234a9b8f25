// Runs emitted graphs on emulated chips: outputs equal the host's byte for byte, executed
// instructions are counted layer by layer, sizes and stack are measured.
//
//   node tests/firmware/graphs.mjs            compares with the tables in docs/cost
//   node tests/firmware/graphs.mjs --renew    writes them
//
// docs/cost/README.md says what the tables hold.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { boards, build, root, run, target } from "./boards.mjs";
import { prove } from "./elf.mjs";
import { compare, plugin as counter, runAll, twice } from "./emulated.mjs";
import { instructions, sizes, stack } from "./measure.mjs";
import { COUNTED, MADE, PUBLISHED, prepare } from "./models.mjs";
import { differences, format, parse } from "./tables.mjs";

/** The board whose RAM has no room for all models runs this one alone. */
const SMALLEST = { board: "microbit", model: "network" };
/** The model that shows what a product would link. */
const LINKED = "ds_cnn";
/** What is measured: which columns name a row, and how far apart small numbers may be. */
const TABLES = {
  instructions: { key: ["core", "model", "layer", "operator"], slack: 0.002 },
  sizes: { key: ["core", "image", "part"], slack: 16 },
  stack: { key: ["core", "model"], slack: 16 },
};

const work = join(target, "graphs");
const renew = process.argv.includes("--renew");
/** How many models gave the host's bytes, on all boards. */
let passed = 0;

/** The image `graph`: one model, with only the operators it names. */
async function linked(board, model, plugin) {
  const image = join(work, `${board.board}-${model.name}`);
  await build(board, "graph", { LAMPYRIS_GRAPH: join(model.folder, "graph.bin") }, image);
  await prove(image, `${board.board}: the image of ${model.name}`);
  const fill = (folder) => writeFileSync(join(folder, "inputs.bin"), model.inputs);
  const { said, outputs } = await twice(board, image, join(work, board.board), plugin, fill);
  passed += compare(board, [model], outputs);
  const [{ check, run: deepest }] = stack(board.core, [model], said, "end");
  const rows = await sizes(board.core, model.name, image);
  console.log(`  ${board.core} (${board.board}): ${model.name} equal, ${model.calls} calls`);
  console.log(`    ${rows.at(-1).bytes} B linked without the model and the emulator's services`);
  console.log(`    ${check} B of stack to check, ${deepest} B to run`);
  return rows;
}

/** The image `models`: all of them, one after another. */
async function all(board, models, plugin) {
  const { image, said, log } = await runAll(board, models, work, plugin);
  passed += models.length;
  const counted = models.filter(({ name }) => [...COUNTED, ...PUBLISHED, ...MADE].includes(name));
  const rows = {
    instructions: instructions(board.core, counted, log),
    stack: stack(board.core, models, said, "model").slice(0, counted.length),
    sizes: await sizes(board.core, "models", image),
  };
  console.log(`  ${board.core} (${board.board}): ${models.length} models equal`);
  for (const { model, instructions: n, instructions_per_mac: perMac } of rows.instructions.filter(
    (row) => row.layer === "total",
  ))
    console.log(`    ${model}: ${n} instructions, ${perMac} a MAC`);
  return rows;
}

/** Compares what was measured with the tables, or writes it there. */
async function settle(measured, models) {
  const absent = PUBLISHED.filter((name) => !models.some((model) => model.name === name));
  if (renew && absent.length > 0)
    throw new Error(`--renew: set LAMPYRIS_DATA, for the tables hold ${absent.join(", ")}`);
  const expected = (row) => !absent.includes(row.model);
  const found = [];
  for (const [name, { key, slack }] of Object.entries(TABLES)) {
    const file = join(root, "docs/cost", `${name}.csv`);
    if (renew) writeFileSync(file, format(measured[name]));
    const stored = parse(readFileSync(file, "utf8"));
    found.push(...differences(stored, measured[name], key, slack, expected));
  }
  for (const line of found.slice(0, 40)) console.error(`  ${line}`);
  if (found.length > 0) {
    const rustc = (await run("rustc", ["--version"])).trim();
    throw new Error(
      `${found.length} figures are not those of docs/cost (${rustc}); make firmware RENEW=1 renews them`,
    );
  }
  console.log(`  tables in docs/cost ${renew ? "written" : "hold, within 1 %"}`);
}

process.on("uncaughtException", (error) => {
  console.error(`firmware: ${error.message}`);
  console.log(`graphs: ${passed} passed, 1 failed`);
  process.exit(1);
});
mkdirSync(work, { recursive: true });
const plugin = await counter(work);
const models = await prepare(join(work, "models"));
const named = (name) => models.find((model) => model.name === name);
const measured = { instructions: [], sizes: [], stack: [] };
for (const board of boards) {
  if (board.board === SMALLEST.board) {
    await linked(board, named(SMALLEST.model), plugin);
    continue;
  }
  const rows = await all(board, models, plugin);
  rows.sizes.push(...(await linked(board, named(LINKED), plugin)));
  for (const [name, table] of Object.entries(measured)) table.push(...rows[name]);
}
await settle(measured, models);
console.log(`graphs: ${passed} passed, 0 failed`);
