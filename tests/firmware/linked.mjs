// What an export links: bytes in flash by operator, block and way of running, measured on
// the C interface's static libraries, which are linked as a C project links them.
//
//   node tests/firmware/linked.mjs KIT            compares with docs/cost/code.csv, classifiers.csv
//   node tests/firmware/linked.mjs KIT --renew    writes them and crates/budget/src/code/table.rs
//
// KIT holds lib/<variant>/liblampyris.a, as tools/kit makes it. Whatever a program may name
// is linked alone first; a section belongs to everything whose program holds it. Then whole
// classifiers are linked, and their bytes compared with what the table says.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root, run, target } from "./boards.mjs";
import { differences, format, parse } from "./tables.mjs";

const ARM = ["arm-none-eabi-gcc", "-mthumb"];
/** The cores of docs/cost, the library that such a chip takes, and its compiler. */
const CORES = [
  ["Cortex-M0+", "thumbv6m", [...ARM, "-mcpu=cortex-m0plus"]],
  ["Cortex-M4", "thumbv7em-hard", [...ARM, "-mcpu=cortex-m4", "-mfloat-abi=hard"]],
  ["Cortex-M33", "thumbv8m-main-dsp", [...ARM, "-mcpu=cortex-m33", "-mfloat-abi=hard"]],
  ["RV32IMC", "riscv32imc", ["riscv64-unknown-elf-gcc", "-march=rv32imc", "-mabi=ilp32"]],
];

/** What any project calls, and by which way samples come in. */
const ALWAYS = ["lampyris_scores", "lampyris_reset", "lampyris_reason"];
const WAYS = {
  windows: ["lampyris_start", "lampyris_push"],
  frames: ["lampyris_start_streaming", "lampyris_push"],
  pictures: ["lampyris_start", "lampyris_see"],
};

/** Whole classifiers, to compare with. */
const CLASSIFIERS = {
  motion: ["windows", "spectral", "FULLY_CONNECTED", "SOFTMAX"],
  sound: ["frames", "mfcc", "CONV_2D", "DEPTHWISE_CONV_2D", "MEAN", "FULLY_CONNECTED", "SOFTMAX"],
  picture: [
    "pictures",
    "image",
    "CONV_2D",
    "DEPTHWISE_CONV_2D",
    "ADD",
    "MAX_POOL_2D",
    "MEAN",
    "RESHAPE",
    "FULLY_CONNECTED",
    "SOFTMAX",
  ],
};
/** Sections of less for all who share them, on every core, are not worth a row. */
const SMALL = 32;
/** How far whole classifiers may be from the sum of their parts. */
const [SHARE, BYTES] = [0.05, 256];

const work = join(target, "linked");
const table = join(root, "docs/cost/code.csv");
const wholes = join(root, "docs/cost/classifiers.csv");
const source = join(root, "crates/budget/src/code/table.rs");
const kit = resolve(process.argv[2] ?? "pkg/kit");
const renew = process.argv.includes("--renew");

/** What a program may name: operators and blocks of the library, then the ways. */
function users(symbols) {
  const named = (prefix) =>
    symbols.filter((symbol) => symbol.startsWith(prefix)).map((s) => s.slice(prefix.length));
  const operators = named("lampyris_op_").map((name) => name.toUpperCase());
  return [...operators.sort(), ...named("lampyris_block_").sort(), ...Object.keys(WAYS)];
}

/** The symbols of what was named. */
function symbols(user) {
  if (WAYS[user]) return [...WAYS[user], ...ALWAYS];
  if (user === user.toUpperCase()) return [`lampyris_op_${user.toLowerCase()}`];
  return [`lampyris_block_${user}`];
}

/** Links a program that names all of these; the sections that it holds, and all bytes. */
async function link(variant, compiler, names) {
  const all = [...new Set(names.flatMap(symbols))];
  const declared = all.map((name) => `extern const char ${name}[];\n`).join("");
  const code = `${declared}const void *volatile lampyris_sink;\nvoid _start(void) {\n${all
    .map((name) => `  lampyris_sink = ${name};\n`)
    .join("")}}\n`;
  const file = join(work, `${variant}.c`);
  writeFileSync(file, code);
  const [program, ...flags] = compiler;
  const [image, map, object] = ["elf", "map", "o"].map((end) => join(work, `${variant}.${end}`));
  await run(program, [...flags, "-Os", "-ffreestanding", "-w", "-c", file, "-o", object]);
  const library = join(kit, "lib", variant, "liblampyris.a");
  const options = ["-nostdlib", "-Wl,--gc-sections", `-Wl,-Map=${map}`, "-Wl,-z,noexecstack"];
  await run(program, [...flags, ...options, object, library, "-lgcc", "-o", image]);
  return { sections: held(readFileSync(map, "utf8")), bytes: await flash(image, object) };
}

/** The library's sections in flash, by name, of a linker's map. */
function held(map) {
  const body = map.slice(map.indexOf("Linker script and memory map"));
  const found = new Map();
  const line = /^ (\.(?:text|rodata|data|srodata|sdata)\S*)\s+0x[0-9a-f]+\s+0x([0-9a-f]+) (.*)$/gm;
  for (const [, name, size, file] of body.replaceAll(/^( \.\S+)\n\s+/gm, "$1 ").matchAll(line)) {
    const bytes = Number.parseInt(size, 16);
    if (bytes > 0 && file.includes("(")) found.set(`${name} ${file.replace(/.*\(/, "(")}`, bytes);
  }
  return found;
}

/** Bytes in flash without the program's own; a few are tables for unwinding, which `held` leaves out. */
async function flash(image, object) {
  const sum = async (file) => {
    const lines = (await run("size", ["-A", "-d", file])).split("\n");
    const kept = /^\.(text|rodata|data|srodata|sdata|ARM\.ex\S+)\S*\s+(\d+)/;
    return lines.reduce((total, line) => total + Number(kept.exec(line)?.[2] ?? 0), 0);
  };
  return (await sum(image)) - (await sum(object));
}

/** Bytes by who holds them: the names of all users of a section, and the bytes of all such. */
async function shares(names, variant, compiler) {
  const holders = new Map();
  const sizes = new Map();
  for (const user of names) {
    for (const [section, bytes] of (await link(variant, compiler, [user])).sections) {
      holders.set(section, [...(holders.get(section) ?? []), user]);
      sizes.set(section, Math.max(bytes, sizes.get(section) ?? 0));
    }
  }
  const sums = new Map();
  for (const [section, held] of holders) {
    const key = held.join(" ");
    sums.set(key, (sums.get(key) ?? 0) + sizes.get(section));
  }
  return sums;
}

/** Bytes that the table says for a program with these. */
function predicted(rows, core, chosen) {
  const used = rows.filter(({ users: all }) => all.split(" ").some((u) => chosen.includes(u)));
  return used.reduce((sum, row) => sum + Number(row[core]), 0);
}

/** The table as Rust: a bit for each user. */
function rust(names, rows) {
  const lines = rows.map((row) => {
    const mask = row.users.split(" ").reduce((m, u) => m | (1n << BigInt(names.indexOf(u))), 0n);
    return `    (0x${mask.toString(16)}, [${CORES.map(([core]) => row[core]).join(", ")}]),\n`;
  });
  const quoted = names.map((name) => `    "${name}",\n`).join("");
  return [
    "//! Made by tests/firmware/linked.mjs of docs/cost/code.csv.\n\n",
    "/// What a program may name: operators, blocks, ways of running. Bits of [`SHARES`].\n",
    `pub(super) static USERS: [&str; ${names.length}] = [\n${quoted}];\n\n`,
    "/// Who shares some bytes, and how many on Cortex-M0+, M4, M33 and RV32IMC.\n",
    `#[rustfmt::skip]\npub(super) static SHARES: [(u64, [u16; 4]); ${rows.length}] = [\n`,
    ...lines,
    "];\n",
  ].join("");
}

process.on("uncaughtException", (error) => {
  console.error(`linked: ${error.message}`);
  console.log("linked: 0 passed, 1 failed");
  process.exit(1);
});
mkdirSync(work, { recursive: true });
const missing = CORES.filter(([, v]) => !existsSync(join(kit, "lib", v, "liblampyris.a")));
if (missing.length > 0) throw new Error(`${kit} lacks ${missing.map((c) => c[1])}: run tools/kit`);
const any = join(kit, "lib", CORES[0][1], "liblampyris.a");
const listed = await run("arm-none-eabi-nm", ["-g", "--defined-only", any]);
const names = users([...new Set(listed.match(/lampyris_(op|block)_\w+/g))]);
const sums = [];
for (const [core, variant, compiler] of CORES) {
  sums.push([core, await shares(names, variant, compiler)]);
  console.log(`  ${core}: ${names.length} programs linked`);
}
const keys = [...new Set(sums.flatMap(([, shared]) => [...shared.keys()]))].sort();
const every = keys.map((key) => ({
  users: key,
  ...Object.fromEntries(sums.map(([core, shared]) => [core, shared.get(key) ?? 0])),
}));
const rows = every.filter((row) => CORES.some(([core]) => row[core] >= SMALL));
if (renew) {
  writeFileSync(table, format(rows));
  mkdirSync(join(source, ".."), { recursive: true });
  writeFileSync(source, rust(names, rows));
}
const stored = parse(readFileSync(table, "utf8"));
if (rust(names, stored) !== readFileSync(source, "utf8"))
  throw new Error("crates/budget/src/code/table.rs is not docs/cost/code.csv");
const whole = [];
for (const [name, chosen] of Object.entries(CLASSIFIERS)) {
  for (const [core, variant, compiler] of CORES) {
    const { bytes } = await link(variant, compiler, chosen);
    const told = predicted(stored, core, chosen);
    console.log(`  ${name}, ${core}: ${bytes} B linked, ${told} B predicted`);
    if (Math.abs(told - bytes) > SHARE * bytes + BYTES)
      throw new Error(`${name}, ${core}: ${told} B predicted, ${bytes} B linked`);
    whole.push({ classifier: name, core, parts: chosen.join(" "), linked: bytes, predicted: told });
  }
}
if (renew) writeFileSync(wholes, format(whole));
const known = parse(readFileSync(wholes, "utf8"));
const found = [
  ...differences(stored, rows, ["users"], 32, () => true),
  ...differences(known, whole, ["classifier", "core", "parts"], 32, () => true),
];
for (const line of found) console.error(`  ${line}`);
if (found.length > 0)
  throw new Error(`${found.length} sizes are not those of docs/cost; --renew writes them`);
console.log(`linked: ${whole.length} passed, 0 failed`);
