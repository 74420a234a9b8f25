// Speed and size, beside what others reach, in one run: make bench
//
//   node tests/bench/run.mjs [--only PART,…] [--rounds N] [--markdown]
//
// Ratios are what counts; the times are this machine's, as busy as it is now. Every part asks
// everyone in turn, round by round (N, or BENCH_ROUNDS, else 1), and keeps the best of each, so
// that a disturbance meets all. What can't be run here is said, and is null in target/bench.json,
// which holds all figures of this run and of no other. docs/speed.md says what they mean.
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CHROMIUM, chromium } from "../browser/harness.mjs";
import { makeRandom } from "../firmware/models.mjs";
import { byteTable } from "./bytes.mjs";
import * as ceilings from "./ceilings.mjs";
import { countInstructions } from "./chips.mjs";
import * as features from "./features.mjs";
import * as infer from "./infer.mjs";
import * as open from "./open.mjs";
import { data, here, made, root } from "./places.mjs";
import { report } from "./report.mjs";
import { OURS } from "./stage.mjs";
import * as train from "./train.mjs";

/** Pictures of the project that pictures.mjs makes: fewer than it takes by itself, for the time. */
const PICTURES = "1000";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: process.env.BENCH_ROUNDS ?? "1" },
    markdown: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds ${values.rounds}: 1 or more`);

/** A script that prints its own figures, which are of the page alone. */
function script(name, ...rest) {
  const child = spawn(process.execPath, [join(here, name), ...rest], { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve(null) : reject(new Error(`${name} failed`))));
  });
}

const signsLack = () =>
  existsSync(join(data, "image/sign-digits")) ? null : "LAMPYRIS_DATA has no image/sign-digits";

/** What is measured, in this order: what it lacks, and how it is done. */
const PARTS = {
  ceilings_gmac_per_s: [ceilings.lacking, () => ceilings.ceilingTable(rounds)],
  features: [features.lacking, features.featureTable],
  int8: [infer.lacking, () => infer.inferenceTable(rounds)],
  int8_simd128: [infer.lacking, () => infer.inferenceTable(rounds, infer.WITHOUT_VNNI)],
  train: [train.lacking, () => train.trainingTable(rounds)],
  open_ms: [open.lacking, open.openTable],
  mcu_instructions_per_mac: [() => null, countInstructions],
  bytes_brotli: [() => null, byteTable],
  signs: [() => open.lacking() ?? signsLack(), () => script("signs.mjs")],
  pictures: [open.lacking, () => script("pictures.mjs", PICTURES)],
};
/** Those that print for themselves. */
const PRINTED = ["signs", "pictures"];
/** Those that need the networks of random weights. */
const MADE = ["int8", "int8_simd128", "mcu_instructions_per_mac"];

const wanted = values.only?.split(",") ?? Object.keys(PARTS);
const unknown = wanted.filter((part) => !(part in PARTS));
if (unknown.length > 0)
  throw new Error(`--only ${unknown}: there are ${Object.keys(PARTS).join(", ")}`);

const say = (text) => process.stderr.write(`${text}\n`);
const machine = {
  cpu: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism(),
  load: loadavg().map((one) => Number(one.toFixed(1))),
  date: new Date().toISOString().slice(0, 10),
};
let failed = false;

/** `[name, what our own side told]` of each row of a table; null where a row has no sides. */
const ourOwn = (table) =>
  Object.entries(table ?? {}).map(([name, row]) => [name, row?.sides?.[OURS] ?? null]);

async function measure(part) {
  const [lacking, work] = PARTS[part];
  const lacks = await lacking();
  if (lacks) {
    say(`${part}: skipped, ${lacks}`);
    return null;
  }
  const begun = performance.now();
  try {
    const table = await work();
    for (const [name, told] of ourOwn(table))
      if (told?.error) {
        failed = true;
        say(`${part}, ${name}: our own side fails: ${told.error}`);
      }
    return table;
  } catch (error) {
    failed = true;
    say(`${part}: ${error.message}`);
    return null;
  } finally {
    say(`${part}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  }
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
const version = browser.version();
await browser.close();
if (wanted.some((part) => MADE.includes(part)))
  await makeRandom(made).catch((error) => {
    failed = true;
    say(`ic and ad: ${error.message}`);
  });
const found = {};
for (const part of Object.keys(PARTS))
  found[part] = wanted.includes(part) ? await measure(part) : null;
for (const part of PRINTED) delete found[part];

/** One figure of every side, by network. */
function each(table, key) {
  if (!table) return null;
  const of = (row) =>
    Object.fromEntries(Object.entries(row.sides).map(([side, told]) => [side, told[key] ?? null]));
  return Object.fromEntries(
    Object.entries(table).map(([name, row]) => [name, row ? of(row) : null]),
  );
}
const result = {
  machine,
  chromium: version,
  rounds,
  ...found,
  start_ms: each(found.int8, "start_ms"),
  memory_mib: each(found.int8, "memory_mib"),
  memory_beyond_model_mib:
    found.int8 &&
    Object.fromEntries(
      ourOwn(found.int8).map(([name, told]) => [name, told?.beyond_model_mib ?? null]),
    ),
};
const file = join(root, "target/bench.json");
writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`);
console.log(report(result, values.markdown));
say(`target/bench.json holds all of it`);
if (failed) process.exitCode = 1;
