// The export `c`, taken as a firmware engineer would: built with its own Makefile for each
// library in it, run in the emulator, its figures compared with its README.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chipFacts, exportedGolden } from "./bundle.mjs";
import { classifierBytes, place, prove as proveImage, statics } from "./image.mjs";
import { check, exported, root, run } from "./tools.mjs";

/** The target whose image is also built as C++, for too small a flash, and asked whether it notices. */
export const CLOSER = "thumbv7em-hard";
/** Most flash of the whole classifier of a model of motion, without weights; with floats in software there is no promise but on M0+. */
const MOST_BYTES = { thumbv6m: 32_000, "thumbv7em-softfp": 24_000, "thumbv7em-hard": 24_000 };
/** How make says that a step of it failed. */
const FAILED = 2;

const prefixOf = (target) =>
  target.startsWith("riscv") ? "riscv64-unknown-elf-" : "arm-none-eabi-";

/** What is wrong with a model, how to make it so, and what the firmware must say. */
const DAMAGES = [
  ["a flipped bit", /damaged/, ({ bytes, chip }) => flip(bytes, chip.at + (chip.bytes >> 1), 4)],
  ["a newer version", /newer/, ({ bytes, chip }) => bytes.writeUInt16LE(0x7fff, chip.at + 8)],
  [
    "a model cut short",
    /cut short/,
    ({ bytes, chip, model }) => bytes.writeUInt32LE(chip.bytes - 16, model.at + 4),
  ],
  [
    "a model larger than the flash",
    /cut short.*flash/,
    ({ bytes, chip }) => bytes.writeUInt32LE(chip.bytes + 4096, chip.at + 12),
  ],
];

function flip(bytes, at, bit) {
  bytes[at] ^= 1 << bit;
}

/** Name and version of every crate of others that the C interface is built of. */
async function linked() {
  const tree = ["tree", "--locked", "--offline", "-p", "lampyris-capi", "--edges", "normal"];
  const form = ["--target", "thumbv6m-none-eabi", "--prefix", "none", "--format", "{p}"];
  const said = await run("cargo", [...tree, ...form], { cwd: root });
  const rows = said.split("\n").map((line) => /^(?!lampyris-)(\S+) v(\S+)/.exec(line));
  return [...new Set(rows.filter(Boolean).map(([, name, version]) => `${name} ${version}`))];
}

/** The numbers that the README's table of memory states. */
function stated(readme) {
  const row = (name) => {
    const [, number] = new RegExp(`\\| ${name}[^|]*\\|[^|]*?(\\d+) \\|`).exec(readme) ?? [];
    if (!number) throw new Error(`the README says nothing of ${name}`);
    return Number(number);
  };
  const names = ["arena", "ring", "scratch", "features", "state"];
  const parts = names.map((name) => [name, row(`\`lampyris_${name}\``)]);
  return { parts, total: row("all static memory"), stack: row("stack, beside it") };
}

/**
 * All that one export must show. `model`: its name and its file; where that is a bundle, its
 * golden vectors; `small`: whether it is held to the size that is promised; `only`: the targets
 * that are tried. Gives a row of figures for each target.
 */
export async function prove(model) {
  const folder = await check(`${model.name}: export`, () => exported(model.file, "c", model.name));
  if (!folder) return [];
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  const facts = chipFacts(readFileSync(join(folder, "model/chip.lampyris")));
  const name = readdirSync(join(folder, "model"))
    .find((f) => f.endsWith("_model.c"))
    .slice(0, -8);
  const vectors = model.golden ?? exportedGolden(folder);
  const one = { ...model, golden: vectors, c: name, folder, facts, stated: stated(readme) };
  await check(`${model.name}: licences`, async () => {
    const notices = readFileSync(join(folder, "THIRD_PARTY.md"), "utf8");
    for (const one of await linked())
      if (!notices.includes(`\n## ${one}\n`)) throw new Error(`${one} is not in THIRD_PARTY.md`);
  });
  await check(`${model.name}: unchanged`, () => {
    const same = !model.golden || facts.chip.equals(chipFacts(readFileSync(model.file)).chip);
    if (!same) throw new Error("the chip part is not the bundle's");
    if (!readme.includes(facts.sha256)) throw new Error("the README names another hash");
  });
  const targets = readdirSync(join(folder, "lib")).sort();
  const wanted = model.only ?? process.env.LAMPYRIS_TARGETS?.split(",");
  const rows = await Promise.all(
    targets.filter((t) => !wanted || wanted.includes(t)).map((target) => onTarget(one, target)),
  );
  return rows.filter(Boolean);
}

const make = (one, target, args, options) =>
  run(
    "make",
    ["--no-print-directory", "-C", join(one.folder, "example"), `TARGET=${target}`, ...args],
    options,
  );

/** Neither compiler nor linker warned. */
function quiet(said) {
  if (/warning/i.test(said)) throw new Error(said);
}

/** One library: built, run, measured, refused. */
async function onTarget(one, target) {
  const what = `${one.name}: ${target}`;
  const image = join(one.folder, "example/build", target, "example.elf");
  const built = await check(`${what}: build`, async () => quiet(await make(one, target, [])));
  if (!built) return undefined;
  const said = await check(`${what}: run`, () => make(one, target, ["run"]));
  if (!said) return undefined;
  await check(`${what}: bytes and labels`, () => compare(one, said));
  await check(`${what}: static memory`, () =>
    remember(one, said, join(one.folder, "example/build", target, "example.map")),
  );
  const stack = await check(`${what}: stack`, () => shallow(one, said));
  await check(`${what}: no heap, no panic, no float in the network`, () =>
    proveImage(image, prefixOf(target)),
  );
  await refuses(one, target, image);
  if (target === CLOSER) await closer(one, target, image);
  const flash = await check(`${what}: flash`, () => small(one, target));
  return { model: one.name, target, flash, ram: one.stated.total, stack };
}

/** Flash of the classifier in a product that does nothing else, held to the bound that there is. */
async function small(one, target) {
  await make(one, target, ["product"]);
  const product = join(one.folder, "example/build", target, "product.elf");
  const bytes = classifierBytes(product.replace(/elf$/, "map"), one.c);
  const most = one.small ? MOST_BYTES[target] : undefined;
  if (!(bytes > 0)) throw new Error("the map file tells no size");
  if (bytes > most) throw new Error(`${bytes} bytes, above ${most}`);
  return bytes;
}

/** The firmware found every golden vector equal, and says the labels and outputs that are expected. */
function compare({ facts, golden }, said) {
  const missing = (line) => {
    if (!said.includes(`${line}\n`)) throw new Error(`it does not say "${line}", but ${said}`);
  };
  missing(`sha256 ${facts.sha256}`);
  missing(`${golden.length} of ${golden.length} golden vectors equal`);
  if (golden.length === 0) throw new Error("there are no golden vectors");
  golden.forEach(({ label, outputs }, i) => {
    const best = outputs.indexOf(Math.max(...outputs));
    missing(`golden ${i}: "${label}" is "${facts.labels[best]}", outputs ${outputs.join(" ")}`);
  });
}

/** README, firmware and map file agree on all static memory, to the byte. */
function remember({ stated }, said, map) {
  const linked = statics(map);
  for (const [name, bytes] of stated.parts) {
    if ((linked[name] ?? 0) !== bytes)
      throw new Error(
        `lampyris_${name}: ${linked[name]} bytes in the map file, ${bytes} in the README`,
      );
    if (!said.includes(`\n${name} ${bytes} bytes\n`))
      throw new Error(`the firmware says another size of ${name}`);
  }
  const sum = Object.values(linked).reduce((a, b) => a + b, 0);
  if (sum !== stated.total || !said.includes(`static memory ${sum} bytes\n`))
    throw new Error(`${sum} bytes in the map file, ${stated.total} in the README`);
}

function shallow({ stated }, said) {
  const used = Number(/^stack (\d+) bytes$/m.exec(said)?.[1]);
  if (!(used <= stated.stack))
    throw new Error(`${used} bytes, and the README says ${stated.stack}`);
  return used;
}

/** Runs the image with some bytes changed; it must fail and say why. */
async function changed(one, target, image, [what, expected, change]) {
  const file = image.replace(/example\.elf$/, `${what.replaceAll(" ", "-")}.elf`);
  const prefix = prefixOf(target);
  const [chip, model] = await Promise.all(
    ["chip", "model"].map((variable) => place(image, prefix, `${one.c}_${variable}`)),
  );
  copyFileSync(image, file);
  const bytes = readFileSync(file);
  change({ bytes, chip, model });
  writeFileSync(file, bytes);
  const local = file.slice(join(one.folder, "example").length + 1);
  const said = await make(one, target, ["run", `IMAGE=${local}`], { status: FAILED });
  if (!expected.test(said)) throw new Error(`it says ${said}`);
}

async function refuses(one, target, image) {
  for (const damage of DAMAGES)
    await check(`${one.name}: ${target}: refuses ${damage[0]}`, () =>
      changed(one, target, image, [
        damage[0],
        new RegExp(`refused: .*${damage[1].source}`),
        damage[2],
      ]),
    );
}

/** C++, a flash that is too small, and that the comparison can fail. */
async function closer(one, target, image) {
  const what = `${one.name}: ${target}`;
  const cpp = ["OUT=build/cpp", `CC=${prefixOf(target)}g++`, "STANDARD=-std=c++17"];
  const said = await check(`${what}: as C++17`, () => make(one, target, ["run", ...cpp]));
  if (said) await check(`${what}: as C++17: bytes and labels`, () => compare(one, said));
  await check(`${what}: a flash that is too small`, async () => {
    const small = [`FLASH=${one.facts.chip.length}`, "OUT=build/small"];
    const error = await make(one, target, small, { status: FAILED });
    if (!/region `FLASH' overflowed/.test(error)) throw new Error(error);
  });
  for (const [kind, message] of [
    ["features", "feature"],
    ["outputs", "output"],
  ]) {
    const { at } = await place(image, prefixOf(target), `${kind}_0`);
    await check(`${what}: notices other ${kind}`, () =>
      changed(one, target, image, [
        `other ${kind}`,
        new RegExp(`${message} 0 is -?\\d+, not -?\\d+`),
        ({ bytes }) => flip(bytes, at, 0),
      ]),
    );
  }
}
