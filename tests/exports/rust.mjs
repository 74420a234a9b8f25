// The export `rust`, taken as a firmware engineer would: cargo runs its golden vectors on this
// computer and in the emulator, for chips of every kind; clippy has nothing to say.
//
//   node tests/exports/rust.mjs [DIR…]      (DIR as for run.mjs)
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chipFacts, exportedGolden, golden } from "./bundle.mjs";
import { bundles, check, conclude, exported, run, target } from "./tools.mjs";

/** Chips: one model of motion runs on all of them, each other one on the next in turn. */
const TARGETS = [
  "thumbv7em-none-eabihf",
  "thumbv6m-none-eabi",
  "riscv32imc-unknown-none-elf",
  "thumbv8m.main-none-eabihf",
  "thumbv7em-none-eabi",
];
/** Operators that are another one's code under a name of their own. */
const LENT = { squeeze: "reshape", expand_dims: "reshape", padv2: "pad" };
/** Longest that a build may take on a busy machine. */
const timeout = 600_000;
/** One folder for what is built: crates that models share are compiled for each, but nothing is kept twice. */
const env = { ...process.env, CARGO_TARGET_DIR: join(target, "exports-rust") };

const hex = (values) =>
  Buffer.from(values.buffer, values.byteOffset, values.length).toString("hex");
const best = (outputs) => outputs.reduce((at, v, i) => (v > outputs[at] ? i : at), 0);

/** The lines that a right program prints, whatever it runs on. */
function expected({ sha256, labels }, vectors) {
  const lines = vectors.flatMap(({ features, outputs }) => [
    `f ${hex(features)}`,
    `o ${hex(outputs)}`,
    `l ${labels[best(outputs)]}`,
  ]);
  return [`sha256 ${sha256}`, ...lines, `equal ${vectors.length}`];
}

/** Fails at the first line that is another. */
function compare(said, wanted) {
  const lines = said.split("\n").map((line) => line.replace(/\r$/, ""));
  const found = lines.filter((line) => /^(sha256|f|o|l|equal) /.test(line));
  for (let i = 0; i < Math.max(found.length, wanted.length); i++)
    if (found[i] !== wanted[i])
      throw new Error(
        `line ${i}: found ${found[i]?.slice(0, 80)}, expected ${wanted[i]?.slice(0, 80)}`,
      );
}

const cargo = (folder, args, options = {}) =>
  run("cargo", [args[0], "--offline", "--quiet", ...args.slice(1)], {
    cwd: folder,
    env,
    timeout,
    ...options,
  });

/** A bundle's own golden vectors; of a .tflite, which has none, those of the export. */
const vectorsOf = (file, folder) =>
  file.endsWith(".tflite") ? exportedGolden(folder) : golden(readFileSync(file));

/** The image for a chip: right bytes, stated memory, the model unchanged, and a damaged one refused. */
async function onChip(folder, chip, facts, wanted, ram) {
  const firmware = join(folder, "firmware");
  const said = await cargo(firmware, ["run", "--release", "--target", chip]);
  compare(said, wanted);
  const [, stack] = /^stack (\d+)$/m.exec(said) ?? [];
  const promised = readFileSync(join(folder, "README.md"), "utf8");
  const [, most] = /\*\*Stack\*\*: at most (\d+) bytes/.exec(promised) ?? [];
  if (!(Number(stack) > 0 && Number(stack) <= Number(most)))
    throw new Error(`stack of ${stack} bytes`);
  const image = join(env.CARGO_TARGET_DIR, chip, "release/firmware");
  const bytes = readFileSync(image);
  const at = bytes.indexOf(facts.chip);
  if (at < 0) throw new Error("the image does not hold the chip part as it is");
  const prefix = chip.startsWith("riscv") ? "riscv64-unknown-elf-" : "arm-none-eabi-";
  const symbols = await run(`${prefix}nm`, ["--demangle", "--print-size", image]);
  const [, size] = /^\S+ (\S+) [bBdD] firmware::MEMORY$/m.exec(symbols) ?? [];
  // What was taken is marked by a byte behind the memory, and all is rounded up to four.
  const stated = Math.ceil((Math.ceil(ram / 4) * 4 + 1) / 4) * 4;
  if (Number.parseInt(size, 16) !== stated)
    throw new Error(`the memory takes 0x${size} bytes, not ${stated}`);
  const foreign = [...symbols.matchAll(/lampyris_core::ops::([a-z0-9_]+)::/g)].map(
    ([, name]) => name,
  );
  const linked = new Set(foreign);
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  const [, named] = /operators ([A-Z0-9_\\, ]+)\./.exec(readme) ?? [];
  const own = (named ?? "").toLowerCase().split(", ");
  const allowed = new Set(own.flatMap((one) => [one, LENT[one] ?? one]));
  for (const one of linked)
    if (!allowed.has(one)) throw new Error(`${one} is linked, and the model has none`);
  bytes[at + (facts.chip.length >> 1)] ^= 16;
  const damaged = `${image}-damaged`;
  writeFileSync(damaged, bytes);
  const config = readFileSync(join(firmware, ".cargo/config.toml"), "utf8");
  const table = config.slice(config.indexOf(chip));
  const [emulator, ...args] = /runner = "([^"]*)"/.exec(table)[1].split(" ");
  const refusal = await run(emulator, [...args, damaged], { status: 1 });
  if (!/damaged/.test(refusal) || /^o /m.test(refusal))
    throw new Error(`a damaged model gave ${refusal}`);
  if (!/^sha256 [0-9a-f]{64}$/m.test(refusal) || refusal.includes(facts.sha256))
    throw new Error("the hash is not of the bytes in flash");
  const text = await run(`${prefix}size`, [image]);
  const [, code] = /\n\s*(\d+)/.exec(text) ?? [];
  const vectors = readdirSync(join(folder, "golden")).filter((name) => !name.endsWith(".json"));
  const golden = vectors.reduce(
    (sum, name) => sum + statSync(join(folder, "golden", name)).size,
    0,
  );
  return { flash: Number(code) - facts.chip.length - golden, stack: Number(stack) };
}

let turn = 0;

/**
 * All that one export must show. `model`: its name and its file. `every`: all chips, and clippy.
 * Gives a row of figures for each chip.
 */
export async function prove(model, { every = false } = {}) {
  const folder = await check(`${model.name}: export`, () =>
    exported(model.file, "rust", model.name),
  );
  if (!folder) return [];
  const facts = chipFacts(readFileSync(join(folder, "model/chip.lampyris")));
  const vectors = model.golden ?? vectorsOf(model.file, folder);
  const wanted = expected(facts, vectors);
  const [, ram] =
    /RAM_BYTES: usize = (\d+)/.exec(readFileSync(join(folder, "src/lib.rs"), "utf8")) ?? [];
  await check(`${model.name}: on this computer`, async () =>
    compare(await cargo(folder, ["run", "--example", "host"]), wanted),
  );
  const chips = every ? TARGETS : [TARGETS[turn++ % TARGETS.length]];
  const figures = [];
  for (const chip of chips) {
    const found = await check(`${model.name}: ${chip}`, () =>
      onChip(folder, chip, facts, wanted, Number(ram)),
    );
    if (found) figures.push({ model: model.name, target: chip, ram: Number(ram), ...found });
  }
  await check(`${model.name}: clippy`, async () => {
    await cargo(folder, ["clippy", "--all-targets", "--", "-D", "warnings"]);
    await cargo(join(folder, "firmware"), [
      "clippy",
      "--release",
      "--target",
      chips[0],
      "--",
      "-D",
      "warnings",
    ]);
  });
  await check(`${model.name}: a damaged model on this computer`, async () => {
    const file = join(folder, "model/chip.lampyris");
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file, bytes);
    const said = await cargo(folder, ["run", "--example", "host"], { status: 1 });
    writeFileSync(file, facts.chip);
    if (!/damaged/.test(said)) throw new Error(said);
  });
  return figures;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = process.argv.slice(2).flatMap(bundles);
  for (const file of files)
    for (const row of await prove(
      { name: basename(dirname(file)), file },
      { every: files.length === 1 },
    ))
      console.log(
        `  ${row.model}, ${row.target}: ${row.flash} B of flash without the model, ${row.ram} B of RAM, ${row.stack} B of stack`,
      );
  conclude();
}
