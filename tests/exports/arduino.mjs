// The Arduino export, taken as a person would: added to the IDE as a zip, each example
// compiled with the options of a core, linked with what lies where that core looks, and run
// in an emulator of that kind of core.
//
//   node tests/exports/arduino.mjs EXPORT BUNDLE    EXPORT: the zip, or its folder
//
// LAMPYRIS_CORES=uno_r4,pico takes those cores alone.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { resampler_image, run, sizes, sketch_image, symbols } from "./arduino/build.mjs";
import { open_model } from "./arduino/bundle.mjs";
import { CORES, library_folder } from "./arduino/cores.mjs";
import { expected_lines, recording_of } from "./arduino/replay.mjs";
import { check_layout } from "./arduino/specification.mjs";
import { check, exported } from "./tools.mjs";

/** Cores on which the sensor's sketch runs too: each calling convention, and each without a floating-point unit. */
const SENSOR_ON = ["nano33ble", "uno_r4", "pico", "esp32c3"];

/** Bytes of a recording that fit into an emulated board's 4 MiB beside the program. */
const MOST_RECORDED = 3 << 20;

/**
 * Checks one export.
 *
 * @param {string} archive the zip, or a folder that is zipped first
 * @param {string} bundle the model.lampyris or .tflite that it was made of
 * @returns {Promise<string[]>} lines with what was found
 */
export async function arduino(archive, bundle) {
  const scratch = mkdtempSync(join(tmpdir(), "lampyris-arduino-"));
  try {
    const model = open_model(bundle, archive);
    return await checked(resolve(archive), model, scratch);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** As tests/exports/run.mjs calls it: makes the export with the command, and counts. */
export async function prove({ name, file }) {
  await check(`${name}: arduino`, async () => {
    for (const line of await arduino(await exported(file, "arduino", name), file))
      console.log(`    ${line}`);
  });
}

async function checked(archive, model, scratch) {
  const said = [];
  const zip = zipped(archive, scratch);
  const library = check_layout(zip, join(scratch, "libraries"));
  said.push(`${basename(library.folder)}: ${statSync(zip).size} bytes of zip`);
  const wanted = process.env.LAMPYRIS_CORES?.split(",");
  const cores = CORES.filter((core) => !wanted || wanted.includes(core.id));
  assert.ok(cores.length > 0, `no core of LAMPYRIS_CORES=${wanted}`);
  for (const core of cores) {
    const at = library_folder(core, library.folder);
    await self_test(core, library, model, scratch);
    const sensor = await sensor_sketch(core, library, model, scratch);
    said.push(`  ${core.id} (src/${at}): ${model.golden.length} golden inputs equal, ${sensor}`);
  }
  const [first] = cores;
  await damaged(first, library, scratch);
  const resampled = await run(first, await resampler_image(first, library, scratch));
  assert.equal(resampled, "equal rates good\npause good\nfaster good\nslower good\n");
  said.push(`  ${first.id}: a flipped bit is refused with a reason`);
  return said;
}

/** A zip as the IDE takes it. */
function zipped(archive, scratch) {
  if (!statSync(archive).isDirectory()) return archive;
  const zip = join(scratch, "library.zip");
  execFileSync("zip", ["-qr", zip, basename(archive)], { cwd: resolve(archive, "..") });
  return zip;
}

/** The self-test says PASSED, and the bytes that it prints are the bundle's. */
async function self_test(core, library, model, scratch) {
  const image = await sketch_image(core, library, "SelfTest", scratch, {
    define: ["SHOW_BYTES=1"],
  });
  for (const name of symbols(core, image))
    assert.doesNotMatch(
      name,
      /^(malloc|calloc|realloc|free|_sbrk|_Zn[wa]|_Zd[la])|panic|__cxa_throw/,
      `${core.id} links it`,
    );
  const lines = (await run(core, image)).split("\n").filter((line) => line !== "");
  const hex = (bytes) => Buffer.from(bytes).toString("hex");
  const expected = [
    `model ${model.sha256}`,
    ...model.labels.map((label) => `label ${label}`),
    ...model.golden.flatMap((golden) => [
      `features ${hex(golden.features)}`,
      `outputs ${hex(golden.outputs)}`,
      `${golden.label} is taken for ${model.labels[golden.best]}`,
    ]),
    "PASSED",
  ];
  for (const [i, line] of expected.entries()) {
    assert.equal(clipped(lines[i]), clipped(line), `${core.id}: line ${i + 1}`);
    assert.ok(lines[i] === line, `${core.id}: line ${i + 1} differs behind its beginning`);
  }
  assert.equal(lines.length, expected.length, `${core.id}: ${lines.slice(expected.length)}`);
}

const clipped = (line) => (line ?? "nothing").slice(0, 200);

/** The sensor's sketch, fed with golden inputs, prints the labels that a classifier on the host gives. */
async function sensor_sketch(core, library, model, scratch) {
  const name = library.sketches.find((sketch) => sketch !== "SelfTest");
  if (!core.has_c && name === "Lines") return "no sensor sketch";
  const replayed = recording_of(name, model);
  if (replayed.file.length > MOST_RECORDED)
    return `${name} not run, since its recording of ${replayed.file.length} bytes has no room`;
  const file = join(scratch, "replayed");
  writeFileSync(file, replayed.file);
  const image = await sketch_image(core, library, name, scratch, { replay: replayed, file });
  const { text, data, bss } = sizes(core, image);
  const size = `${name} without its recording ${text + data - replayed.file.length} bytes of flash, ${data + bss} of static RAM`;
  if (!SENSOR_ON.includes(core.id)) return size;
  const expected = expected_lines(replayed, model, join(scratch, "native"));
  const lines = (await run(core, image))
    .split("\n")
    .filter((line) => / \d\.\d\d$/.test(line) && !line.startsWith("the sensor"));
  const shown = replayed.exact ? lines : lines.map((line) => line.replace(/ \S+$/, ""));
  const should = replayed.exact ? expected : expected.map((line) => line.replace(/ \S+$/, ""));
  assert.deepEqual(shown, should, `${core.id}: ${name}`);
  return `${size}, prints ${shown.length} labels rightly`;
}

/** A model with a flipped bit is refused, and the sketch says why. */
async function damaged(core, library, scratch) {
  const folder = join(scratch, "damaged", basename(library.folder));
  mkdirSync(folder, { recursive: true });
  cpSync(library.folder, folder, { recursive: true });
  const source = join(folder, "src", library.model);
  const text = readFileSync(source, "utf8");
  const at = text.lastIndexOf(",", text.lastIndexOf("};", text.lastIndexOf("LampyrisModel ")) - 40);
  const [number] = text.slice(0, at).match(/\d+$/);
  const flipped = text.slice(0, at - number.length) + (Number(number) ^ 1) + text.slice(at);
  writeFileSync(source, flipped);
  const image = await sketch_image(core, { ...library, folder }, "SelfTest", scratch, {});
  const lines = (await run(core, image)).trim().split("\n");
  assert.equal(lines.length, 3, `a damaged model gave ${lines}`);
  assert.match(lines[1], /\S+ \S+ \S+/, "a reason");
  assert.equal(lines[2], "FAILED");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [archive, bundle] = process.argv.slice(2);
  if (!archive || !bundle || !existsSync(archive)) {
    console.error("usage: node tests/exports/arduino.mjs EXPORT BUNDLE");
    process.exit(2);
  }
  console.log((await arduino(archive, bundle)).join("\n"));
}
