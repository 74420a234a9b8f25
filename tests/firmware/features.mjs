// Computes features on emulated chips and in the page's module: bytes equal the host's,
// executed instructions, stack and memory are measured.
//
//   node tests/firmware/features.mjs            compares with docs/cost/features.csv
//   node tests/firmware/features.mjs --renew    writes it
//
// docs/cost/README.md says what the table holds.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { boards, build, emulate, hostTarget, root, run, target } from "./boards.mjs";
import { differences, format, parse } from "./tables.mjs";

/** Its RAM has no room for a second of sound. */
const TOO_SMALL = "microbit";
/** The most stack that a block may take, to prepare or to run, below what calls it. */
const STACK_BYTES = 1024;
/** Clips of LAMPYRIS_DATA that are computed beside the made-up windows. */
const CLIPS = 2;

/** Words of `cases.bin` before a case's settings, and behind those of a block for pictures. */
const HEAD_WORDS = 6;
const PICTURE_WORDS = 3;
const PIXEL_BYTES = { grey: 1, rgb: 3, rgba: 4, rgb565: 2 };

const work = join(target, "features");
const table = join(root, "docs/cost/features.csv");
const renew = process.argv.includes("--renew");
/** Windows whose features were the host's, on all cores. */
let passed = 0;

/** Some recordings from outside, where there are any. */
function clips() {
  const folder = join(process.env.LAMPYRIS_DATA ?? "", "audio/kws-frontend-pairs");
  if (!existsSync(join(folder, "index.csv"))) {
    console.log("  skipped: recordings, for there are none in LAMPYRIS_DATA");
    return [];
  }
  const rows = parse(readFileSync(join(folder, "index.csv"), "utf8"));
  return rows.slice(0, CLIPS).map(({ name }) => join(folder, "wav", `${name}.wav`));
}

/** Has the host compute all cases, and reads what it says of them. */
async function prepare(folder) {
  rmSync(folder, { recursive: true, force: true });
  const example = [
    "run",
    "--locked",
    "--quiet",
    "-p",
    "lampyris-dsp",
    "--example",
    "chip_features",
  ];
  await run("cargo", [...example, "--", folder, ...clips()], {
    cwd: root,
    env: { ...process.env, CARGO_TARGET_DIR: hostTarget },
  });
  const cases = parse(readFileSync(join(folder, "cases.csv"), "utf8"));
  const expected = readFileSync(join(folder, "expected.bin"));
  return { file: join(folder, "cases.bin"), cases, expected };
}

/** All features are the host's, bit for bit. */
function compare(place, cases, expected, found) {
  let begin = 0;
  for (const { case: name, windows, features, bytes } of cases) {
    for (let window = 0; window < Number(windows); window++) {
      const end = begin + Number(bytes) * Number(features);
      if (!expected.subarray(begin, end).equals(found.subarray(begin, end)))
        throw new Error(`${place}: ${name}: window ${window} has other features than natively`);
      begin = end;
      passed += 1;
    }
  }
  if (begin !== found.length) throw new Error(`${place}: more features than expected`);
}

/** Instructions between one mark and the next, in pairs: to prepare, then for each window. */
function counts(log, { windows }, next) {
  const totals = log.slice(next, next + 2 * (1 + Number(windows)));
  const spans = totals.filter((_, i) => i % 2 === 0).map((from, i) => totals[2 * i + 1] - from);
  return { next: next + totals.length, prepare: spans[0], window: spans[1] };
}

/** One board: bytes, and a row of the table for each case. */
async function measure(board, { file, cases, expected }, plugin) {
  const image = join(work, `${board.board}-features`);
  await build(board, "features", {}, image);
  const panics = (await run("nm", ["--demangle", image])).match(/^.*panic.*$/gim);
  if (panics) throw new Error(`${board.core}: the image can panic: ${panics.join(", ")}`);
  const folder = join(work, board.board);
  mkdirSync(folder, { recursive: true });
  copyFileSync(file, join(folder, "cases.bin"));
  const said = await emulate(board, image, folder, plugin);
  compare(board.core, cases, expected, readFileSync(join(folder, "outputs.bin")));
  const marks = readFileSync(join(folder, "count.log"), "utf8").split("\n");
  const log = marks.filter((l) => l.startsWith("mark ")).map((l) => Number(l.split(" ")[1]));
  const stacks = said.split("\n").filter((line) => line.startsWith("case "));
  let next = 0;
  const rows = cases.map((one, i) => {
    const count = counts(log, one, next);
    next = count.next;
    const [, prepared, ran] = stacks[i]
      .split(" ")
      .slice(1)
      .map((n) => Number.parseInt(n, 16));
    if (Math.max(prepared, ran) > STACK_BYTES)
      throw new Error(`${board.core}: ${one.case}: ${prepared} and ${ran} B of stack`);
    return {
      core: board.core,
      case: one.case,
      features: Number(one.features),
      scratch_bytes: 4 * Number(one.scratch),
      stack_bytes: Math.max(prepared, ran),
      prepare: count.prepare,
      window: count.window,
    };
  });
  if (next !== log.length)
    throw new Error(`${board.core}: ${log.length} marks where ${next} are expected`);
  console.log(`  ${board.core} (${board.board}): ${cases.length} cases equal`);
  for (const row of rows) console.log(`    ${row.case}: ${row.window} instructions a window`);
  return rows;
}

/** Numbers, wherever in a file they lie. */
const floats = (bytes) => new Float32Array(Uint8Array.from(bytes).buffer);

/** Bytes of a picture. */
const picture = (pixels, width, height) => width * height * PIXEL_BYTES[pixels];

/** The page's module gives the same. */
async function wasm({ file, cases, expected }) {
  const module = join(root, "pkg/web/lampyris_web.js");
  if (!existsSync(module)) {
    console.log("  skipped: WebAssembly, for there is no pkg/web (make build packages it)");
    return;
  }
  const { default: init, features, sees } = await import(pathToFileURL(module));
  await init({ module_or_path: readFileSync(join(root, "pkg/web/lampyris_web_bg.wasm")) });
  const bytes = readFileSync(file);
  let at = 0;
  const take = (count) => {
    at += count;
    return bytes.subarray(at - count, at);
  };
  const found = [];
  for (const one of cases) {
    const settings = Float32Array.from(one.settings.split(" "), Number);
    const [axes, samples, rate] = [one.axes, one.samples, one.rate_hz].map(Number);
    const [pixels, width, height] = one.picture.split(" ");
    take(4 * (HEAD_WORDS + settings.length + (pixels ? PICTURE_WORDS : 0)));
    for (let window = 0; window < Number(one.windows); window++) {
      const computed = pixels
        ? sees(
            one.block,
            settings,
            axes,
            pixels,
            +width,
            +height,
            take(picture(pixels, width, height)),
          )
        : features(one.block, settings, rate, axes, floats(take(4 * axes * samples)));
      found.push(Buffer.from(computed.buffer, computed.byteOffset, computed.byteLength));
    }
  }
  compare("WebAssembly", cases, expected, Buffer.concat(found));
  console.log(`  WebAssembly: ${cases.length} cases equal`);
}

process.on("uncaughtException", (error) => {
  console.error(`features: ${error.message}`);
  console.log(`features: ${passed} passed, 1 failed`);
  process.exit(1);
});
mkdirSync(work, { recursive: true });
const plugin = join(work, "count.so");
const source = join(root, "tests/firmware/count.c");
await run("cc", ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", plugin, source]);
const prepared = await prepare(join(work, "cases"));
const rows = [];
for (const board of boards.filter(({ board }) => board !== TOO_SMALL))
  rows.push(...(await measure(board, prepared, plugin)));
await wasm(prepared);
if (renew) writeFileSync(table, format(rows));
const stored = parse(readFileSync(table, "utf8"));
const found = differences(stored, rows, ["core", "case"], 16, () => true);
for (const line of found) console.error(`  ${line}`);
if (found.length > 0)
  throw new Error(
    `${found.length} figures are not those of docs/cost; make firmware RENEW=1 renews them`,
  );
console.log(`  docs/cost/features.csv ${renew ? "written" : "holds, within 1 %"}`);
console.log(`features: ${passed} passed, 0 failed`);
