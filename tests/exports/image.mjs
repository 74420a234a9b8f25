// A linked image of the export `c`: what its map file says, what must not be in it, and
// images with other bytes.
import { readFileSync } from "node:fs";
import { run } from "./tools.mjs";

/** Routines of floating point in software, by the names that they have on either processor. */
const FLOAT =
  /__aeabi_(c?[fd]|u?[il]2[fd]|ul2[fd])|\b__[a-z]*[sd]f([sd]i|[sd]f)?[23]?\b|libm|::float::/;
/** Heaps, however they are called. */
const HEAP = /^(malloc|calloc|realloc|free|_?_?sbrk(_r)?|_malloc_r|__rust_alloc.*|__rg_.*)$/;
const PANIC = /panic|rust_begin_unwind/i;
/** Functions of the network (operators, their loops, fixed-point arithmetic, session), by their mangled names. */
const NETWORK = /13lampyris_core/;
const OPERATOR = /13lampyris_core3ops/;
/** Instructions on floating-point registers: VFP, and the F extension of RISC-V. */
const REGISTERS = /^(v[a-z]|f[a-z]+\.s\b|fl[wd]|fs[wd])/;

/** Sections of the map file with their sizes and the files they are of, discarded ones left out. */
export function sections(map) {
  const text = readFileSync(map, "utf8");
  const placed = text
    .slice(text.indexOf("Linker script and memory map"))
    .replace(/\n {16,}(?=0x)/g, " ");
  const row = /^ (\.[^\s]+)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S.*)$/gm;
  return [...placed.matchAll(row)].map(([, name, at, size, file]) => {
    return { name, at: Number.parseInt(at, 16), bytes: Number.parseInt(size, 16), file };
  });
}

/** Bytes of each static variable of the model that the map file names. */
export function statics(map) {
  const found = {};
  for (const { name, bytes } of sections(map)) {
    const [, variable] = /^\.s?bss\.lampyris_(\w+)$/.exec(name) ?? [];
    if (variable) found[variable] = bytes;
  }
  return found;
}

/** Flash of the classifier alone: code and constants of library, compiler and model, without the weights. */
export function classifierBytes(map, name) {
  const own = ({ file }) =>
    /liblampyris\.a|libgcc\.a/.test(file) || file.includes(`${name}_model.o`);
  const flash = ({ name: section }) => /^\.(s?rodata|text|s?data)(\.|$)/.test(section);
  const kept = sections(map).filter((row) => own(row) && flash(row));
  const code = kept.filter((row) => !row.name.endsWith(`.${name}_chip`));
  return code.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Fails where the image allocates, can panic, or its network computes with floating point. */
export async function prove(image, prefix) {
  const symbols = (await run(`${prefix}nm`, ["--demangle", image])).split("\n");
  const names = symbols.map((line) => line.replace(/^\S* *\S /, ""));
  const code = sections(image.replace(/elf$/, "map")).filter(({ name }) =>
    name.startsWith(".text"),
  );
  names.push(...code.map(({ name }) => name.replace(/^\.text\.?/, "")));
  for (const [trouble, pattern] of [
    ["has a heap", HEAP],
    ["can panic", PANIC],
  ]) {
    const found = names.filter((name) => pattern.test(name));
    if (found.length > 0) throw new Error(`${trouble}: ${found.join(", ")}`);
  }
  // Names of functions are stripped from the library, those of their sections are not.
  const within = (at) => code.find((one) => at >= one.at && at < one.at + one.bytes)?.name ?? "";
  const listing = await run(`${prefix}objdump`, ["-d", "--no-show-raw-insn", image]);
  const seen = new Set();
  for (const [, at, text] of listing.matchAll(/^ *([0-9a-f]+):\t(.*)$/gm)) {
    const name = within(Number.parseInt(at, 16));
    if (!NETWORK.test(name)) continue;
    seen.add(name);
    const [, goal] = /\b([0-9a-f]+) </.exec(text) ?? [];
    const called = goal ? within(Number.parseInt(goal, 16)) : "";
    if (REGISTERS.test(text) || FLOAT.test(text) || FLOAT.test(called))
      throw new Error(`floating point in ${name}: ${text} ${called}`);
  }
  if (![...seen].some((name) => OPERATOR.test(name))) throw new Error("no operator is named");
}

/** Where in the file a variable lies, and its size. */
export async function place(image, prefix, variable) {
  const symbol = await run(`${prefix}nm`, ["--print-size", image]);
  const [, at, size] =
    new RegExp(`^([0-9a-f]+) ([0-9a-f]+) \\w ${variable}$`, "m").exec(symbol) ?? [];
  if (!at) throw new Error(`${variable} is not in the image`);
  const headers = await run(`${prefix}readelf`, ["--section-headers", "--wide", image]);
  const address = Number.parseInt(at, 16);
  for (const [, start, offset, length] of headers.matchAll(
    /PROGBITS +([0-9a-f]{8}) ([0-9a-f]{6}) ([0-9a-f]{6})/g,
  )) {
    const [from, file, bytes] = [start, offset, length].map((n) => Number.parseInt(n, 16));
    if (address >= from && address < from + bytes)
      return { at: file + address - from, bytes: Number.parseInt(size, 16) };
  }
  throw new Error(`${variable} is in no section of the image`);
}
