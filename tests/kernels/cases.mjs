// Random networks with the host's bytes, as the example random_models makes them; it says how
// their file is laid out.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { target } from "../firmware/boards.mjs";
import { example } from "../firmware/models.mjs";

export const work = join(target, "kernels");

/** The parts of a file of cases, and what each of them is. */
function read(name) {
  const file = readFileSync(join(work, `${name}.bin`));
  const names = readFileSync(join(work, `${name}.txt`), "utf8").trim().split("\n");
  const cases = [];
  let at = 0;
  const take = (length) => {
    at += length;
    return file.subarray(at - length, at);
  };
  while (at < file.length) {
    const head = take(16);
    const [graph, calls, inputs, outputs] = [0, 4, 8, 12].map((i) => head.readUInt32LE(i));
    cases.push({ graph: take(graph), calls, inputs: take(inputs), expected: take(outputs) });
  }
  return { file, names, cases };
}

/** Makes `count` cases; and `odd` ones, of which a parameter is spoiled. */
export async function make(count) {
  mkdirSync(work, { recursive: true });
  await example("random_models", ["kernels", work, String(count)]);
  return { ...read("cases"), odd: read("odd") };
}
