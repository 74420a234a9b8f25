// Takes each export as a person would: makes it with the command, packs and unpacks it,
// builds it with the tools of its kind, runs it on emulated chips on golden vectors, and
// compares features, outputs and labels byte for byte.
//
//   node tests/exports/run.mjs [DIR…]
//
// DIR holds model.lampyris, or folders that do; without it, the models that tests/trained has
// made, and reference models: golden cases of ours, and published ones of LAMPYRIS_DATA.
// LAMPYRIS_EXPORTS=c,rust takes those exports alone, LAMPYRIS_TARGETS=thumbv6m,riscv32imc
// those libraries of C. LAMPYRIS_PYTHON is a Python with tests/golden/requirements.txt.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { chipFacts, golden, relabelled, SPECTRAL } from "./bundle.mjs";
import * as c from "./c.mjs";
import { bundles, conclude, lampyris, root, target, work } from "./tools.mjs";

/** Labels that are no identifiers, or none of their own, or that C would read as something else. */
const ODD = [
  "\u202eturned",
  "\u2066apart",
  "手",
  "a b",
  "a-b",
  "int",
  "1st",
  "??/",
  'say "hi"\\',
  "höher",
  "*/",
  "_",
  "%s",
  "🙂",
];
/** Below this rate three axes are motion, not sound. */
const MOTION_HZ = 1000;
const REFERENCES = ["ds_cnn", "mobilenet_block"];
const PUBLISHED = ["mlperf_kws_dscnn", "mlperf_vww_mobilenet"];

/** Models that others have trained, as .tflite: published ones, or ours of the same shapes. */
function references() {
  const data = join(process.env.LAMPYRIS_DATA ?? "", "models");
  const theirs = PUBLISHED.map((name) => ({ name, folder: join(data, name) }));
  const have = theirs.every(({ folder }) => existsSync(join(folder, "model.tflite")));
  if (!have)
    console.log(
      `  ${REFERENCES.join(", ")} take the place of models that are not in LAMPYRIS_DATA`,
    );
  const ours = REFERENCES.map((name) => ({ name, folder: join(root, "tests/golden/cases", name) }));
  const chosen = have ? theirs : ours;
  return chosen.map(({ name, folder }) => ({ name, file: join(folder, "model.tflite") }));
}

/** The same model under labels that are odd; several times where it has fewer of them. */
function odd(file) {
  const bytes = readFileSync(file);
  const count = chipFacts(bytes).labels.length;
  const sets = Math.ceil(ODD.length / count);
  return [...Array(sets).keys()].map((set) => {
    const labels = [...Array(count).keys()].map((i) => ODD[(set * count + i) % ODD.length]);
    const folder = join(work, `odd-${set}`);
    mkdirSync(folder, { recursive: true });
    const made = join(folder, "model.lampyris");
    writeFileSync(made, relabelled(bytes, labels));
    return { name: `odd-labels-${set}`, file: made, golden: golden(bytes) };
  });
}

/** Whether a classifier is of motion, which is held to the size that is promised. */
const ofMotion = ({ axes, block, rate }) => axes === 3 && block === SPECTRAL && rate < MOTION_HZ;

/** All models, with what is known of those that are bundles. */
function models(folders) {
  const files = folders.flatMap(bundles);
  if (files.length === 0)
    throw new Error(`no model.lampyris in ${folders.join(", ")}: make test-trained`);
  const known = (file) => {
    const name = basename(dirname(file));
    const bytes = readFileSync(file);
    return { name, file, golden: golden(bytes), small: ofMotion(chipFacts(bytes)) };
  };
  const found = files.map(known);
  if (!found.some(({ small }) => small))
    throw new Error(`no model of motion in ${folders.join(", ")}, so no size would be held`);
  return found;
}

/** One kind of export after another, each with a line on how long it took. */
async function timed(what, step) {
  const begin = Date.now();
  const found = await step();
  console.log(`  ${what}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
  return found ?? [];
}

/** The export `c`: every library for every model, one for those with odd labels. */
async function inC(all, strange) {
  const figures = [];
  for (const model of [...all, ...strange.map((one) => ({ ...one, only: [c.CLOSER] }))])
    figures.push(...(await timed(`c: ${model.name}`, () => c.prove(model))));
  console.log("  model, target: flash of the classifier without the model, static memory, stack");
  for (const { model, target, flash, ram, stack } of figures)
    console.log(`    ${model}, ${target}: ${flash} B, ${ram} B, ${stack} B`);
}

/** The proofs of the other exports; each is told what it needs. */
const PROOFS = {
  c: inC,
  rust: async (all, strange) => {
    const { prove } = await import("./rust.mjs");
    const whole = all.find(({ small }) => small);
    for (const model of [...all, ...strange.slice(0, 1)])
      await timed(`rust: ${model.name}`, () => prove(model, { every: model === whole }));
  },
  arduino: async (all, strange) => {
    const { prove } = await import("./arduino.mjs");
    for (const model of [...all, ...strange.slice(0, 1)])
      await timed(`arduino: ${model.name}`, () => prove(model));
  },
  tflite: async (all, strange) => {
    const { prove } = await import("./tflite.mjs");
    const python = process.env.LAMPYRIS_PYTHON;
    if (!python) throw new Error("LAMPYRIS_PYTHON names no Python: make test-exports does");
    for (const model of [...all, ...strange.slice(0, 1)])
      await timed(`tflite: ${model.name}`, () => prove(model, python));
  },
};

process.on("uncaughtException", (error) => {
  console.error(`exports: ${error.stack}`);
  conclude();
  process.exit(1);
});
if (!existsSync(lampyris)) throw new Error(`${lampyris} is missing: cargo build -p lampyris-cli`);
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const named = process.argv.slice(2);
const trained = models(named.length > 0 ? named : [join(target, "trained")]);
const strange = odd(trained.find(({ small }) => small).file);
const all = named.length > 0 ? trained : [...trained, ...references()];
const wanted = process.env.LAMPYRIS_EXPORTS?.split(",") ?? Object.keys(PROOFS);
for (const kind of wanted) await PROOFS[kind](all, strange);
conclude();
