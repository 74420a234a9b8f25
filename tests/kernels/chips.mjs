// Kernels written for one processor give the bytes of the plain loops: random networks, made
// and run on the host, are run again on emulated chips.
//
//   node tests/kernels/chips.mjs [CASES]
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { boards, build, emulate } from "../firmware/boards.mjs";
import { pack } from "../firmware/models.mjs";
import { make, work } from "./cases.mjs";

const CASES = 600;

/** The cases whose outputs are not those of the host. */
function different(cases, outputs) {
  let at = 0;
  const wrong = cases.flatMap(({ expected }, index) => {
    const given = outputs.subarray(at, at + expected.length);
    at += expected.length;
    const byte = expected.findIndex((value, i) => value !== given[i]);
    return byte < 0 ? [] : [{ index, byte, given: given[byte], wanted: expected[byte] }];
  });
  if (at !== outputs.length) throw new Error("more outputs than expected");
  return wrong;
}

const { names, cases } = await make(process.argv[2] ?? CASES);
let failed = 0;
// The smallest board has no room for all operators; its core is that of the next.
const large = boards.filter(({ ram_kib }) => Number(ram_kib) > 1024);
for (const board of large) {
  const folder = join(work, board.board);
  mkdirSync(folder, { recursive: true });
  pack(cases, join(folder, "models.bin"));
  const image = join(folder, "models");
  await build(board, "models", {}, image);
  const said = await emulate(board, image, folder);
  if (!said.trim().endsWith("end")) throw new Error(`${board.core}: ${said.slice(-500)}`);
  const wrong = different(cases, readFileSync(join(folder, "outputs.bin")));
  for (const { index, byte, given, wanted } of wrong.slice(0, 10))
    console.error(`  ${names[index]}\n    output byte ${byte} is ${given}, not ${wanted}`);
  console.log(
    `  ${board.core} (${board.board}): ${cases.length - wrong.length} of ${cases.length} networks equal`,
  );
  failed += wrong.length;
}
const passed = cases.length * large.length - failed;
console.log(`kernels: ${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
