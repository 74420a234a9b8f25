// What is in a linked image: how many bytes of what, and what must not be there.
import { run } from "./boards.mjs";

// Floating point in software, under the names of either processor family, and libm.
const FLOAT =
  /^__aeabi_(c?[fd]|u?[il]2[fd]|ul2[fd])|^__[a-z]*[sd]f([sd]i|[sd]f)?[23]?$|libm|::float::/;
const FORBIDDEN = [
  ["can panic", /panic/i],
  ["has floating point", FLOAT],
  ["allocates", /__rust_alloc|__rg_alloc|\bmalloc\b/],
];

/** Symbols of the code section, in the order of their addresses, with all bytes up to the next. */
async function code(image) {
  const [sections, symbols] = await Promise.all([
    run("size", ["-A", "-d", image]),
    run("nm", ["--demangle", "--numeric-sort", image]),
  ]);
  const section = (name) => {
    const [, size, start] = new RegExp(`^\\${name}\\s+(\\d+)\\s+(\\d+)`, "m").exec(sections) ?? [];
    return { size: Number(size ?? 0), start: Number(start ?? 0) };
  };
  const text = section(".text");
  const end = text.start + text.size;
  const names = new Map();
  for (const line of symbols.split("\n")) {
    // Not $t, $d and the like, which tell code from data.
    const [, at, name] = /^([0-9a-f]+) [tTwW] ([^$.].*)$/.exec(line) ?? [];
    // Thumb code has its lowest bit set.
    const address = (Number.parseInt(at ?? "0", 16) & ~1) >>> 0;
    if (address >= text.start && address < end && !names.has(address)) names.set(address, name);
  }
  const starts = [...names.keys(), end];
  const functions = [...names].map(([at, name], i) => ({ name, bytes: starts[i + 1] - at }));
  const constants = section(".vectors").size + section(".rodata").size + section(".data").size;
  return { functions, constants };
}

/** What an image has for the emulator's sake, and a product would not. */
export const SERVICES = "emulator services";

/** To which part of an image a function belongs. */
function part(name) {
  const operator = /lampyris_core::ops::([a-z0-9_]+)::/.exec(name);
  if (operator) return operator[1].toUpperCase();
  const shared = /lampyris_core::kernel::([a-z0-9_]+)::/.exec(name);
  if (shared) return `shared loops: ${shared[1]}`;
  if (/lampyris_core::fixed::/.test(name)) return "fixed-point arithmetic";
  // These two hold what the compiler has put into them of `Session`, and nothing else.
  if (/lampyris_core::check::|lampyris_firmware::calls::check\b/.test(name)) return "check";
  if (/lampyris_core::|lampyris_firmware::calls::infer\b/.test(name)) return "session";
  if (/lampyris_|^(main|start|reset|fault)$/.test(name)) return SERVICES;
  return "compiler's routines";
}

/** Bytes of each part of the image, the model left out, and sums of them. */
export async function parts(image) {
  const { functions, constants } = await code(image);
  const bytes = { constants };
  for (const f of functions) bytes[part(f.name)] = (bytes[part(f.name)] ?? 0) + f.bytes;
  const rows = Object.entries(bytes).sort(([a], [b]) => (a < b ? -1 : 1));
  const total = rows.reduce((sum, [, n]) => sum + n, 0);
  return [...rows, ["total", total], [`total without ${SERVICES}`, total - bytes[SERVICES]]];
}

/** Fails where a function is linked that an image of the engine must not have. */
export async function prove(image, what) {
  const names = (await run("nm", ["--demangle", image])).split("\n").map((l) => l.slice(11));
  for (const [trouble, pattern] of FORBIDDEN) {
    const found = names.filter((name) => pattern.test(name));
    if (found.length > 0) throw new Error(`${what} ${trouble}: ${found.join(", ")}`);
  }
}
