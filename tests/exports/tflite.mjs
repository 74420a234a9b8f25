// The export `tflite`, taken as who has TensorFlow Lite Micro would: the array compiles, holds
// the file's bytes, and TFLite Micro gives the golden outputs for the golden features.
//
//   node tests/exports/tflite.mjs PYTHON [DIR…]      (a Python with tests/golden/requirements.txt)
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chipFacts } from "./bundle.mjs";
import { bundles, check, conclude, exported, run } from "./tools.mjs";

const FLAGS = [
  "-std=c++17",
  "-Os",
  "-Wall",
  "-Wextra",
  "-Wpedantic",
  "-Werror",
  "-mcpu=cortex-m4",
  "-mthumb",
];
/** What a project does with the export; the resolver is a stand-in that counts. */
const USE = (name) => `#include "${name}_tflite.h"
#include "${name}_tflite.h"
struct Resolver {
  unsigned added = 0;
${[...operators].map((call) => `  int ${call}() { ++added; return 0; }`).join("\n")}
};
unsigned added() {
  Resolver resolver;
  if (!${name}_add_operators(resolver)) return 0;
  static_assert(${name}_label_count > 0 && ${name}_input_values > 0 && ${name}_input_scale > 0 && ${name}_output_scale > 0, "facts");
  return resolver.added == ${name}_operator_count ? ${name}_tflite[4] + ${name}_labels[0][0] : 0;
}
`;
const operators = new Set();

/** All that one export must show. `model`: its name and its file; `python`: what runs TFLite Micro. */
export async function prove(model, python) {
  const folder = await check(`${model.name}: export`, () =>
    exported(model.file, "tflite", model.name),
  );
  if (!folder) return;
  const file = readdirSync(folder).find((name) => name.endsWith(".tflite"));
  const name = file.slice(0, -".tflite".length);
  const tflite = readFileSync(join(folder, file));
  const inside = (command, args) => run(command, args, { cwd: folder });
  await check(`${model.name}: the array is the file`, async () => {
    await inside("arm-none-eabi-g++", [
      ...FLAGS,
      "-fdata-sections",
      "-c",
      `${name}_tflite.cc`,
      "-o",
      "model.o",
    ]);
    const section = `.rodata.${name}_tflite`;
    await inside("arm-none-eabi-objcopy", [
      "-O",
      "binary",
      "--only-section",
      section,
      "model.o",
      "array.bin",
    ]);
    if (!readFileSync(join(folder, "array.bin")).equals(tflite))
      throw new Error("its bytes are not those of the file");
    const headers = await inside("arm-none-eabi-objdump", ["-h", "model.o"]);
    const [, power] =
      new RegExp(`${section.replaceAll(".", "\\.")}\\s.*2\\*\\*(\\d+)`).exec(headers) ?? [];
    if (Number(power) < 4) throw new Error(`it lies on ${2 ** power} bytes`);
  });
  await check(`${model.name}: labels and operators`, async () => {
    const header = readFileSync(join(folder, `${name}_tflite.h`), "utf8");
    operators.clear();
    for (const [, call] of header.matchAll(/resolver\.(\w+)\(\)/g)) operators.add(call);
    writeFileSync(join(folder, "use.cc"), USE(name));
    await inside("arm-none-eabi-g++", [...FLAGS, "-c", "use.cc", "-o", "use.o"]);
    const image = readFileSync(join(folder, "model.o"));
    for (const label of chipFacts(readFileSync(join(folder, "model/chip.lampyris"))).labels)
      if (!image.includes(`${label}\0`)) throw new Error(`${label} is not in the object file`);
  });
  await check(`${model.name}: TFLite Micro gives the golden outputs`, () =>
    inside(python, [
      join(dirname(fileURLToPath(import.meta.url)), "micro.py"),
      file,
      "golden/features.i8",
      "golden/outputs.i8",
    ]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [python, ...folders] = process.argv.slice(2);
  for (const file of folders.flatMap(bundles))
    await prove({ name: basename(dirname(file)), file }, python);
  conclude();
}
