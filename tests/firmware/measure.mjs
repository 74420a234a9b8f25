// What an image's own words and the plugin's say: stack, and instructions layer by layer.
import { parts } from "./elf.mjs";

/** The most stack that the engine may take, to check or to run, below what calls it. */
const STACK_BYTES = 1536;

/** The numbers of the lines that begin with `mark`. */
function numbers(said, mark) {
  const lines = said.split("\n").filter((line) => line.startsWith(`${mark} `));
  return lines.map((line) =>
    line
      .split(" ")
      .slice(1)
      .map((n) => Number.parseInt(n, 16)),
  );
}

/** Bytes of stack for each model, held to the bound; every model ran as often as it should. */
export function stack(core, models, said, mark) {
  return numbers(said, mark).map(([calls, check, run], i) => {
    const { name, calls: wanted } = models[i];
    const place = `${core}: ${name}`;
    if (calls !== wanted) throw new Error(`${place}: ${calls} calls instead of ${wanted}`);
    if (Math.max(check, run) > STACK_BYTES)
      throw new Error(
        `${place}: ${check} B of stack to check, ${run} to run, above ${STACK_BYTES}`,
      );
    return { core, model: name, check, run };
  });
}

/** Instructions of each layer of each model, in its first call. */
export function instructions(core, models, log) {
  const marks = log.split("\n").filter((line) => line.startsWith("mark "));
  const totals = marks.map((line) => Number(line.split(" ")[1]));
  let begin = 0;
  return models.flatMap(({ name: model, calls, layers }) => {
    const row = (layer, operator, macs, shape, count) => {
      const { outputs = "", reads = "", rows = "" } = shape;
      const perMac = macs > 0 ? (count / macs).toFixed(3) : "";
      const cost = { instructions: count, instructions_per_mac: perMac };
      return { core, model, layer, operator, macs, outputs, reads, rows, ...cost };
    };
    const at = totals.slice(begin, begin + layers.length + 1);
    begin += calls * at.length;
    const rows = layers.map((l, i) => row(i, l.operator, Number(l.macs), l, at[i + 1] - at[i]));
    const macs = rows.reduce((sum, r) => sum + r.macs, 0);
    return [...rows, row("total", "all", macs, {}, at.at(-1) - at[0])];
  });
}

/** Bytes of the parts of an image. */
export async function sizes(core, name, image) {
  return (await parts(image)).map(([part, bytes]) => ({ core, image: name, part, bytes }));
}
