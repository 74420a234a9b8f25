// Takes each export as a person would: makes it with the command, packs and unpacks it,
// builds it with the tools of its kind, runs it on emulated chips on golden vectors, and
// compares features, outputs and labels byte for byte.
//
//   node tests/exports/run.mjs [DIR…]
//
// DIR holds model.lampyris, or folders that do; without it, the models that tests/trained has
// made. LAMPYRIS_TARGETS=thumbv6m,riscv32imc takes those libraries alone.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { chipFacts, golden, relabelled } from "./bundle.mjs";
import * as c from "./c.mjs";
import { bundles, conclude, lampyris, target, work } from "./tools.mjs";

/** Labels that are no identifiers, or none of their own, or that C would read as something else. */
const ODD = ["手", "a b", "a-b", "int", "1st", "??/", 'say "hi"\\', "höher", "*/", "_", "%s", "🙂"];
/** Of this model the classifier is held to the size that is promised. */
const SMALL = /motion|gestures/;

/** The same model under labels and a title that are odd; several times where it has fewer labels. */
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
    return { name: `odd-labels-${set}`, file: made };
  });
}

process.on("unhandledRejection", (error) => {
  console.error(`exports: ${error.stack}`);
  conclude();
  process.exit(1);
});
if (!existsSync(lampyris)) throw new Error(`${lampyris} is missing: cargo build -p lampyris-cli`);
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const named = process.argv.slice(2);
const folders = named.length > 0 ? named : [join(target, "trained")];
const files = folders.flatMap(bundles);
if (files.length === 0)
  throw new Error(`no model.lampyris in ${folders.join(", ")}: make test-trained`);
const models = files.map((file) => ({ name: basename(dirname(file)), file }));
const motion = models.find(({ name }) => SMALL.test(name)) ?? models[0];
const figures = [];
for (const model of [...models, ...odd(motion.file)]) {
  const whole = {
    ...model,
    golden: golden(readFileSync(model.file)),
    small: SMALL.test(model.name),
  };
  const begin = Date.now();
  figures.push(...(await c.prove(whole)));
  console.log(`  c: ${model.name}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}
console.log("  model, target: flash of the classifier without the model, static memory, stack");
for (const { model, target, flash, ram, stack } of figures)
  console.log(`    ${model}, ${target}: ${flash} B, ${ram} B, ${stack} B`);
conclude();
