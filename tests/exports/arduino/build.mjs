// Compiles a sketch as the IDE does, links it as a core does, and runs it in an emulator.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { library_folder } from "./cores.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const start = promisify(execFile);
const STRICT = ["-Wall", "-Wextra", "-Werror"];
const FOR_CPP = /^-f(no-)?(rtti|exceptions|threadsafe-statics)$/;
const MEMORY = 4 << 20;
const SECONDS = 300;

/**
 * The image of an example.
 *
 * @param options define: macros; replay: what is replayed, of replay.mjs; file: where its bytes lie
 */
export async function sketch_image(core, library, name, scratch, { define = [], replay, file }) {
  const folder = join(library.folder, "examples", name);
  const sketch = await as_cpp(
    readFileSync(join(folder, `${name}.ino`), "utf8"),
    join(folder, `${name}.ino`),
  );
  const out = mkdtempSync(join(scratch, `${core.id}-${name}-`));
  const source = join(out, `${name}.ino.cpp`);
  writeFileSync(source, sketch);
  const include = ["core", "libraries", ...(core.has_c ? [] : ["nolibc"])].map(
    (one) => `-I${join(here, one)}`,
  );
  include.push(`-I${join(library.folder, "src")}`, `-I${folder}`);
  const macros = [
    ...core.defines.map((one) => `${one}=1`),
    ...define,
    ...(replay?.defines ?? []),
    "ARDUINO=10819",
  ];
  const options = [...core.flags, ...macros.map((one) => `-D${one}`), ...include];
  const sources = [
    source,
    ...sources_of(folder),
    ...sources_of(join(library.folder, "src")),
    ...["core.cpp", "start.S"].map((one) => join(here, "core", one)),
    ...(replay ? [join(here, "replay", `${replay.source}.cpp`), join(here, "core", "file.S")] : []),
    ...(core.has_c ? [] : [join(here, "nolibc", "string.cpp")]),
  ];
  const objects = [];
  for (const [i, one] of sources.entries()) {
    const object = join(out, `${i}.o`);
    objects.push(object);
    const more = one.endsWith(".S")
      ? file
        ? [`-DSTUB_FILE="${file}"`]
        : []
      : one.endsWith(".c")
        ? ["-std=gnu11", ...STRICT]
        : [`-std=${core.std}`, ...STRICT];
    const fit =
      one.endsWith(".c") || one.endsWith(".S")
        ? options.filter((flag) => !FOR_CPP.test(flag))
        : options;
    await start(`${core.tools}${one.endsWith(".c") ? "gcc" : "g++"}`, [
      "-c",
      ...fit,
      ...more,
      one,
      "-o",
      object,
    ]);
  }
  return link(core, library, objects, join(out, `${name}.elf`));
}

/** Sources of a folder, without its subfolders: libraries lie there. */
function sources_of(folder) {
  return readdirSync(folder)
    .filter((name) => /\.(c|cpp|S)$/.test(name))
    .map((name) => join(folder, name));
}

async function link(core, library, objects, image) {
  const at = join(library.folder, "src", library_folder(core, library.folder));
  const libraries = readdirSync(at)
    .filter((name) => /^lib.*\.a$/.test(name))
    .map((name) => `-l${name.slice(3, -2)}`);
  const c = core.has_c ? ["--specs=nano.specs", "--specs=nosys.specs"] : ["-nostdlib"];
  const places = { FLASH_AT: core.flash_at, RAM_AT: core.ram_at, RAM_BYTES: MEMORY };
  // Debian's compiler for Arm has no C++ library, and no sketch here needs one.
  await start(`${core.tools}gcc`, [
    ...core.flags.filter((flag) => !FOR_CPP.test(flag)),
    ...c,
    "-nostartfiles",
    "-Wl,--gc-sections,--fatal-warnings,--no-warn-rwx-segments,-z,noexecstack",
    ...Object.entries(places).map(([name, value]) => `-Wl,--defsym=${name}=${value}`),
    `-T${join(here, "core", "layout.ld")}`,
    ...objects,
    "-Wl,--start-group",
    ...(core.has_c ? ["-lm", "-lc"] : []),
    "-lgcc",
    `-L${at}`,
    library.properties.ldflags,
    ...libraries,
    "-Wl,--end-group",
    "-o",
    image,
  ]);
  return image;
}

/**
 * A sketch as C++: Arduino.h in front, and a prototype of each function before the first.
 *
 * @param {string} text the .ino
 */
async function as_cpp(text, path) {
  const functions = [...text.matchAll(/^[A-Za-z_][\w :<>*&]*[ *&]\w+\([^;{}()]*\)(?= \{$)/gm)];
  assert.ok(functions.length >= 2, `${path}: setup and loop`);
  const before = text.slice(0, functions[0].index);
  const line = before.split("\n").length;
  const prototypes = functions.map(([head]) => `${head.replace(/\s+/g, " ")};`).join("\n");
  return `#include <Arduino.h>\n#line 1 "${path}"\n${before}${prototypes}\n#line ${line} "${path}"\n${text.slice(before.length)}`;
}

/** What the sketch printed. */
export async function run(core, image) {
  const [machine, ...options] = core.machine;
  const semihosting = ["-semihosting-config", "enable=on,target=native"];
  const { stdout, stderr } = await start(
    `qemu-system-${machine}`,
    [
      ...options,
      "-nographic",
      "-monitor",
      "none",
      "-serial",
      "none",
      ...semihosting,
      "-kernel",
      image,
    ],
    { timeout: SECONDS * 1000, maxBuffer: 1 << 28, encoding: "utf8" },
  );
  // The emulator's semihosting writes to its standard error.
  const printed = stdout + stderr;
  assert.doesNotMatch(printed, /^FAULT$/m, `${core.id}: ${printed.slice(-500)}`);
  return printed;
}

/** Bytes of text, data and bss. */
export function sizes(core, image) {
  const out = execFileSync(`${core.tools}size`, [image], { encoding: "utf8" });
  const [text, data, bss] = out.trim().split("\n")[1].trim().split(/\s+/).map(Number);
  return { text, data, bss };
}

/** Names of all that was linked. */
export function symbols(core, image) {
  const out = execFileSync(`${core.tools}nm`, [image], { encoding: "utf8", maxBuffer: 1 << 28 });
  return out
    .trim()
    .split("\n")
    .map((line) => line.trim().split(" ").at(-1));
}

/** The image of the resampler's own test. */
export async function resampler_image(core, library, scratch) {
  const folder = join(scratch, "resampler", "examples", "resampler");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "resampler.ino"), readFileSync(join(here, "replay", "resampler.ino")));
  const source = await as_cpp(readFileSync(join(folder, "resampler.ino"), "utf8"), "resampler.ino");
  const path = join(folder, "resampler.cpp");
  writeFileSync(path, source);
  const include = [`-I${join(here, "core")}`, `-I${join(library.folder, "src")}`];
  const objects = [path, join(here, "core", "core.cpp"), join(here, "core", "start.S")].map(
    (one, i) => {
      const object = join(folder, `${i}.o`);
      const language = one.endsWith(".S") ? [] : [`-std=${core.std}`, ...STRICT];
      execFileSync(`${core.tools}g++`, [
        "-c",
        ...core.flags,
        ...language,
        ...include,
        one,
        "-o",
        object,
      ]);
      return object;
    },
  );
  return link(core, library, objects, join(folder, "resampler.elf"));
}
