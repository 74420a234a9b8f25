// Models on an emulated board, counted: each run is done twice and must repeat, and what comes out
// must be the host's bytes.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, emulate, root, run } from "./boards.mjs";
import { prove } from "./elf.mjs";
import { pack } from "./models.mjs";

/** Compiles the emulator's plugin that counts instructions, into a folder; where it is then. */
export async function plugin(folder) {
  const made = join(folder, "count.so");
  const source = join(root, "tests/firmware/count.c");
  await run("cc", ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", made, source]);
  return made;
}

/** Two runs at once, which must not differ in anything: what was said, written and counted. */
export async function twice(board, image, work, plugin, fill) {
  const runs = ["first", "second"].map(async (name) => {
    const folder = join(work, name);
    mkdirSync(folder, { recursive: true });
    fill(folder);
    const said = await emulate(board, image, folder, plugin);
    const outputs = readFileSync(join(folder, "outputs.bin"));
    return { said, outputs, log: readFileSync(join(folder, "count.log"), "utf8") };
  });
  const [first, second] = await Promise.all(runs);
  const equal = first.said === second.said && first.log === second.log;
  if (!equal || !first.outputs.equals(second.outputs))
    throw new Error(`${board.board}: a second run differs from the first`);
  return first;
}

/** Every model's outputs on the chip are those of the host; how many models. */
export function compare(board, models, outputs) {
  let begin = 0;
  for (const { name, expected } of models) {
    const given = outputs.subarray(begin, begin + expected.length);
    const at = expected.findIndex((byte, i) => byte !== given[i]);
    if (at >= 0)
      throw new Error(
        `${board.board}: ${name}: output byte ${at} is ${given[at]}, not ${expected[at]}`,
      );
    begin += expected.length;
  }
  if (begin !== outputs.length) throw new Error(`${board.board}: more outputs than expected`);
  return models.length;
}

/** The image `models`, which runs all of them one after another: itself, and what its run said and counted. */
export async function runAll(board, models, work, plugin) {
  const image = join(work, `${board.board}-models`);
  await build(board, "models", {}, image);
  await prove(image, `${board.board}: the image of all operators`);
  const fill = (folder) => pack(models, join(folder, "models.bin"));
  const run = await twice(board, image, join(work, board.board), plugin, fill);
  compare(board, models, run.outputs);
  return { image, ...run };
}
