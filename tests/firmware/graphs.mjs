// Runs emitted graphs on emulated chips: outputs equal the host's byte for byte, executed
// instructions are counted layer by layer, sizes and stack are measured.
//
//   node tests/firmware/graphs.mjs            compares with the tables in docs/cost
//   node tests/firmware/graphs.mjs --renew    writes them
//
// docs/cost/README.md says what the tables hold.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { boards, build, emulate, root, run, target } from "./boards.mjs";
import { parts, prove } from "./elf.mjs";
import { COUNTED, PUBLISHED, pack, prepare } from "./models.mjs";
import { differences, format, parse } from "./tables.mjs";

/** The most stack that the engine may take, to check or to run, below the function that calls it. */
const STACK_BYTES = 1536;
/** The board whose RAM has no room for all models runs this one alone. */
const SMALLEST = { board: "microbit", model: "network" };
/** The model that shows what a product would link. */
const LINKED = "ds_cnn";

const work = join(target, "graphs");
const renew = process.argv.includes("--renew");

function fail(message) {
  throw new Error(message);
}

/** Two runs at once, which must not differ in anything; what the image and the plugin said. */
async function twice(board, image, plugin, fill) {
  const runs = ["first", "second"].map(async (name) => {
    const folder = join(work, board.board, name);
    mkdirSync(folder, { recursive: true });
    fill(folder);
    const said = await emulate(board, image, folder, plugin);
    const outputs = readFileSync(join(folder, "outputs.bin"));
    return { said, outputs, log: readFileSync(join(folder, "count.log"), "utf8") };
  });
  const [first, second] = await Promise.all(runs);
  const equal = first.outputs.equals(second.outputs) && first.said === second.said;
  if (!equal || first.log !== second.log) fail(`${board.board}: a second run differs from the first`);
  return first;
}

/** Every model's outputs on the chip are those of the host. */
function compare(board, models, outputs) {
  let at = 0;
  for (const { name, expected } of models) {
    const given = outputs.subarray(at, (at += expected.length));
    const first = expected.findIndex((byte, i) => byte !== given[i]);
    if (first >= 0)
      fail(`${board.board}: ${name}: byte ${first} of the outputs is ${given[first]}, not ${expected[first]}`);
  }
  if (at !== outputs.length) fail(`${board.board}: more outputs than expected`);
}

/** The lines that begin with `mark`, their numbers read. */
function numbers(said, mark) {
  const lines = said.split("\n").filter((line) => line.startsWith(`${mark} `));
  return lines.map((line) => line.split(" ").slice(1).map((n) => Number.parseInt(n, 16)));
}

/** Stack of each model, held to the bound. */
function stacks(core, models, said) {
  return numbers(said, "model").map(([calls, check, deepest], i) => {
    const { name, calls: wanted } = models[i];
    if (calls !== wanted) fail(`${core}: ${name}: ${calls} calls instead of ${wanted}`);
    if (Math.max(check, deepest) > STACK_BYTES)
      fail(`${core}: ${name}: ${check} B of stack to check, ${deepest} to run; ${STACK_BYTES} is the most`);
    return { core, model: name, check, run: deepest };
  });
}

/** Instructions of each layer of the counted models, in their first call. */
function instructions(core, models, log) {
  const marks = log.split("\n").filter((line) => line.startsWith("mark "));
  let at = 0;
  return models.flatMap(({ name, calls, layers }) => {
    const totals = marks.slice(at, at + layers.length + 1).map((line) => Number(line.split(" ")[1]));
    at += calls * (layers.length + 1);
    const row = (layer, operator, macs, count) => {
      const perMac = macs > 0 ? (count / macs).toFixed(3) : "";
      return { core, model: name, layer, operator, macs, instructions: count, instructions_per_mac: perMac };
    };
    const rows = layers.map(({ operator, macs }, i) =>
      row(i, operator, Number(macs), totals[i + 1] - totals[i]),
    );
    const macs = rows.reduce((sum, r) => sum + r.macs, 0);
    return [...rows, row("total", "all", macs, totals[layers.length] - totals[0])];
  });
}

/** Bytes of the parts of an image. */
async function sizes(core, name, image) {
  const rows = await parts(image);
  return rows.map(([part, bytes]) => ({ core, image: name, part, bytes }));
}

/** The graph image: one model, with only the operators it names. */
async function linked(board, model, plugin) {
  const image = join(work, `${board.board}-${model.name}`);
  await build(board, "graph", { LAMPYRIS_GRAPH: join(model.folder, "graph.bin") }, image);
  await prove(image, `${board.board}: the image of ${model.name}`);
  const fill = (folder) => writeFileSync(join(folder, "inputs.bin"), model.inputs);
  const { said, outputs } = await twice(board, image, plugin, fill);
  compare(board, [model], outputs);
  const [[calls, check, deepest]] = numbers(said, "end");
  const rows = await sizes(board.core, model.name, image);
  console.log(`  ${board.core} (${board.board}): ${model.name}, ${calls} calls equal`);
  console.log(`    ${rows.at(-1).bytes} B linked without model and emulator services`);
  console.log(`    stack ${check} B to check, ${deepest} B to run`);
  return rows;
}

/** The image that runs all models. */
async function all(board, models, plugin) {
  const image = join(work, `${board.board}-models`);
  await build(board, "models", {}, image);
  await prove(image, `${board.board}: the image of all operators`);
  const { said, outputs, log } = await twice(board, image, plugin, (folder) => pack(models, join(folder, "models.bin")));
  compare(board, models, outputs);
  const counted = models.filter(({ name }) => [...COUNTED, ...PUBLISHED].includes(name));
  const rows = {
    instructions: instructions(board.core, counted, log),
    stack: stacks(board.core, models, said).slice(0, counted.length),
    sizes: await sizes(board.core, "models", image),
  };
  console.log(`  ${board.core} (${board.board}): ${models.length} models equal`);
  for (const row of rows.instructions.filter((r) => r.layer === "total"))
    console.log(`    ${row.model}: ${row.instructions} instructions, ${row.instructions_per_mac} a MAC`);
  return rows;
}

process.on("uncaughtException", (error) => {
  console.error(`firmware: ${error.message}`);
  process.exit(1);
});
mkdirSync(work, { recursive: true });
const plugin = join(work, "count.so");
const source = join(root, "tests/firmware/count.c");
await run("cc", ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", plugin, source]);
const models = await prepare(join(work, "models"));
const named = (name) => models.find((model) => model.name === name) ?? fail(`no golden case ${name}`);
const tables = { instructions: [], sizes: [], stack: [] };
for (const board of boards) {
  if (board.board === SMALLEST.board) {
    await linked(board, named(SMALLEST.model), plugin);
    continue;
  }
  const rows = await all(board, models, plugin);
  rows.sizes.push(...(await linked(board, named(LINKED), plugin)));
  for (const [name, table] of Object.entries(tables)) table.push(...rows[name]);
}

const KEYS = { instructions: ["core", "model", "layer", "operator"], sizes: ["core", "image", "part"], stack: ["core", "model"] };
const absent = PUBLISHED.filter((name) => !models.some((model) => model.name === name));
if (renew && absent.length > 0) fail(`--renew: give LAMPYRIS_DATA, for the tables hold ${absent.join(", ")}`);
const found = [];
for (const [name, rows] of Object.entries(tables)) {
  const file = join(root, "docs/cost", `${name}.csv`);
  if (renew) writeFileSync(file, format(rows));
  const stored = parse(readFileSync(file, "utf8"));
  const expected = (row) => !absent.includes(row.model);
  found.push(...differences(stored, rows, KEYS[name], name === "instructions" ? 0.002 : 16, expected));
}
if (found.length > 0) {
  console.error(found.slice(0, 40).map((line) => `  ${line}`).join("\n"));
  const rustc = (await run("rustc", ["--version"])).trim();
  fail(`${found.length} figures differ from docs/cost by more than 1 % (with ${rustc}). If that is meant: make firmware RENEW=1`);
}
console.log(`  tables in docs/cost ${renew ? "written" : "hold, within 1 %"}`);
