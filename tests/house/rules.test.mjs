// Rules of the house that no compiler holds: who may depend on whom, licences, words.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const run = (command, ...args) =>
  execFileSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
const metadata = JSON.parse(run("cargo", "metadata", "--format-version", "1", "--locked"));
const ours = metadata.packages.filter((p) => p.source === null);
const tracked = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
  .split("\0")
  .filter((path) => path !== "" && existsSync(join(root, path)));
const read = (path) => readFileSync(join(root, path), "utf8");

/** Direct dependencies of a crate of ours, without those of its tests. */
function dependencies(name) {
  const found = ours.find((p) => p.name === `lampyris-${name}`);
  assert.ok(found, `no crate lampyris-${name}`);
  return found.dependencies.filter((d) => d.kind === null).map((d) => d.name);
}

// crate → the crates of ours that it may use. A row that grows is a decision: see ARCHITECTURE.md.
const MAY_USE = {
  core: [],
  dsp: [],
  device: ["core", "dsp"],
  capi: ["core", "device", "dsp"],
  graph: ["core"],
  net: ["graph"],
  dataset: [],
  train: ["lab", "net"],
  lab: ["core", "dataset", "device", "dsp", "formats", "graph", "net", "budget"],
  budget: [],
  infer: ["core", "device", "dsp", "formats", "graph"],
  relaxed: [],
  formats: ["core", "dataset", "device", "graph"],
  web: ["budget", "core", "dataset", "device", "dsp", "formats", "graph", "lab", "net"],
  "web-train": ["lab", "net", "train"],
  cli: ["budget", "core", "dataset", "device", "dsp", "formats", "graph", "lab", "net", "train"],
};

test("every crate has a row, and uses only what its row allows", () => {
  const names = ours.map((p) => p.name.replace("lampyris-", "")).sort();
  assert.deepEqual(names, Object.keys(MAY_USE).sort());
  for (const [name, allowed] of Object.entries(MAY_USE)) {
    const used = dependencies(name)
      .filter((d) => d.startsWith("lampyris-"))
      .map((d) => d.replace("lampyris-", ""));
    for (const one of used) assert.ok(allowed.includes(one), `${name} may not use ${one}`);
  }
});

test("chip crates need nothing but what was made for chips", () => {
  assert.deepEqual(dependencies("core"), ["bytemuck"]);
  for (const one of dependencies("dsp")) assert.ok(["libm"].includes(one), one);
  for (const one of dependencies("device"))
    assert.ok(["lampyris-core", "lampyris-dsp", "libm"].includes(one), one);
  for (const one of dependencies("capi"))
    assert.ok(["lampyris-core", "lampyris-dsp", "lampyris-device", "sha2"].includes(one), one);
  for (const name of ["core", "dsp", "device", "capi"])
    assert.match(read(`crates/${name}/src/lib.rs`), /#!\[no_std\]/, `${name} is no_std`);
});

test("Burn is named by one crate, wasm-bindgen by two", () => {
  const naming = (dependency) =>
    ours
      .filter((p) => p.dependencies.some((d) => dependency.test(d.name)))
      .map((p) => p.name)
      .sort();
  assert.deepEqual(naming(/^burn/), ["lampyris-train"]);
  assert.deepEqual(naming(/^wasm-bindgen$/), ["lampyris-web", "lampyris-web-train"]);
});

test("core has no floating point, not even in a comment's example, but for the page's kernels", () => {
  const chip = (p) => /^crates\/core\/src\/(?!arch\/wasm\/).*\.rs$/.test(p);
  for (const path of tracked.filter(chip))
    assert.doesNotMatch(read(path), /\bf(32|64)\b/, path);
});

test("unsafe code is denied everywhere, and allowed in kernels and the C interface alone", () => {
  assert.match(read("Cargo.toml"), /unsafe_code = "deny"/);
  // The module is allowed what nothing else of the engine is.
  assert.match(read("crates/core/src/lib.rs"), /#!\[deny\(unsafe_code\)\]/);
  // What the export for Rust starts a chip with is beyond safe code; each block says why.
  const beyond = ["crates/core/src/arch/", "crates/capi/", "crates/infer/", "crates/relaxed/", "crates/formats/kit/rust/firmware/"];
  // The engine's first file allows it to its kernels, and to nothing else.
  const gate = "crates/core/src/lib.rs";
  assert.equal(read(gate).match(/unsafe_code/g).length, 2);
  const safe = (path) =>
    /^crates\/.*\.rs$/.test(path) && path !== gate && !beyond.some((at) => path.startsWith(at));
  for (const path of tracked.filter(safe))
    assert.doesNotMatch(read(path), /allow\(\s*unsafe_code|\bunsafe\s*(\{|fn\b|impl\b|extern\b)|#\[unsafe\(/, path);
  for (const one of ours)
    assert.match(read(one.manifest_path.slice(root.length + 1)), /\[lints\]\nworkspace = true/);
});

test("every dependency is pinned exactly and has a licence that users can live with", () => {
  const pins = read("Cargo.toml").split("[workspace.dependencies]")[1].split("\n[")[0];
  for (const line of pins.split("\n").filter((l) => l.includes("=") && !l.includes("path = "))) {
    const [, version] = /= (?:\{ version = )?"([^"]*)"/.exec(line) ?? [];
    assert.match(version ?? "", /^=\d/, line);
  }
  // MPL-2.0 asks only that its own files stay open, and we change none of them; IJG, that it is
  // named where the program is described.
  const free = /^(MPL-2\.0|MIT|Apache-2\.0|Apache-2\.0 WITH LLVM-exception|BSD-[23]-Clause|ISC|Zlib|0BSD|Unlicense|CC0-1\.0|Unicode-3\.0|BSL-1\.0|MIT-0|bzip2-1\.0\.6|IJG)$/;
  assert.match(read("README.md"), /based in part on the work of\s+the Independent JPEG Group/);
  const fine = (terms) =>
    terms.split(/ OR |\//).some((c) => c.split(" AND ").every((l) => free.test(l.trim())));
  // What is really built, for any target; metadata would list every optional backend of Burn.
  const built = run("cargo", "tree", "--locked", "--workspace", "--target", "all", "--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}|{l}");
  for (const line of new Set(built.split("\n").filter((l) => l.includes("|")))) {
    const [name, licence] = line.split("|");
    // What stands in brackets is judged first, from within.
    let left = licence.replace(" (*)", "");
    for (let before = ""; before !== left; ) {
      before = left;
      left = left.replace(/\(([^()]*)\)/, (_, inner) => (fine(inner) ? "MIT" : "none"));
    }
    assert.ok(fine(left), `${name}: ${licence}`);
  }
});

test("the page's packages are pinned exactly, and its lock names no registry", () => {
  const page = JSON.parse(read("www/package.json"));
  for (const [name, version] of Object.entries({ ...page.dependencies, ...page.devDependencies }))
    assert.match(version, /^\d+\.\d+\.\d+/, `${name} ${version}`);
  assert.doesNotMatch(read("www/package-lock.json"), /"resolved"/);
});

test("the project speaks of itself alone", () => {
  const foreign = new RegExp(
    [
      "(^|[^a-z.])/(wo" + "rk|fa" + "rm|ro" + "ot)/",
      "https?://[^ \"]*(reg" + "istry[.]|python" + "hosted|[/.]deb[.])",
      "\\b(is" + "sue|se" + "ssion) #?[0-9]",
    ].join("|"),
    "i",
  );
  const text = tracked.filter((p) => /\.(rs|ts|tsx|mjs|js|py|md|css|html|toml|json|sh|yml)$|Makefile$|^tools\/|^\.ci\//.test(p));
  for (const path of text.filter((p) => !/package-lock\.json$/.test(p))) {
    const hit = read(path).split("\n").findIndex((line) => foreign.test(line));
    assert.equal(hit, -1, `${path}:${hit + 1}`);
  }
});

test("nothing is switched off, and no file has grown beyond reading", () => {
  for (const path of tracked.filter((p) => /\.(rs|ts|tsx|css|mjs|py)$/.test(p) && !p.startsWith("tests/house/"))) {
    const source = read(path);
    assert.doesNotMatch(source, /#\[ignore|todo!\(|unimplemented!\(|\b(test|it|describe)\.(skip|only)\(|FIXME|TODO/, path);
    const lines = source.split("\n").length;
    assert.ok(lines <= 600, `${path} has ${lines} lines; above 400 is a question, 600 is the end`);
  }
});

test("nothing tracked is large", () => {
  for (const path of tracked) {
    const size = readFileSync(join(root, path)).length;
    assert.ok(size <= 500_000, `${path} has ${size} bytes`);
  }
});
