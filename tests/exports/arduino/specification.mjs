// Arduino's library specification, revision 2.2, as far as it can be checked without the IDE.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const CATEGORIES = [
  "Display",
  "Communication",
  "Signal Input/Output",
  "Sensors",
  "Device Control",
  "Timing",
  "Data Storage",
  "Data Processing",
  "Other",
];
const REQUIRED = [
  "name",
  "version",
  "author",
  "maintainer",
  "sentence",
  "paragraph",
  "category",
  "url",
  "architectures",
];
const KNOWN = [
  ...REQUIRED,
  "depends",
  "dot_a_linkage",
  "includes",
  "precompiled",
  "ldflags",
  "license",
];

/**
 * Unzips a library as "Add .ZIP Library…" does, and checks its layout.
 *
 * @returns its folder, its properties, its sketches, its header, the file that holds the model
 */
export function check_layout(zip, libraries) {
  mkdirSync(libraries, { recursive: true });
  execFileSync("unzip", ["-q", zip, "-d", libraries]);
  const tops = readdirSync(libraries);
  assert.equal(tops.length, 1, `one folder at the top of the zip, not ${tops}`);
  assert.match(tops[0], /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, "the library's folder");
  const folder = join(libraries, tops[0]);
  const properties = read_properties(join(folder, "library.properties"));
  check_properties(properties);
  const sources = readdirSync(join(folder, "src"));
  for (const header of properties.includes.split(","))
    assert.ok(sources.includes(header), `src/${header}`);
  check_keywords(readFileSync(join(folder, "keywords.txt"), "utf8"));
  for (const wrong of ["utility", "Examples", "example"])
    assert.ok(!existsSync(join(folder, wrong)), wrong);
  const sketches = readdirSync(join(folder, "examples"));
  for (const sketch of sketches) {
    assert.match(sketch, /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, "a sketch's folder");
    assert.ok(
      existsSync(join(folder, "examples", sketch, `${sketch}.ino`)),
      `${sketch}.ino bears its folder's name`,
    );
  }
  assert.ok(
    sketches.includes("SelfTest") && sketches.length === 2,
    `SelfTest and one for the sensor, not ${sketches}`,
  );
  const model = sources.find((name) => name.endsWith("_model.c"));
  assert.ok(model, "src/…_model.c");
  return { folder, properties, sketches, model };
}

function read_properties(file) {
  const lines = readFileSync(file, "utf8").split("\n");
  const pairs = lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const at = line.indexOf("=");
      assert.ok(at > 0, `library.properties: ${line}`);
      return [line.slice(0, at), line.slice(at + 1)];
    });
  assert.equal(new Set(pairs.map(([key]) => key)).size, pairs.length, "each field once");
  return Object.fromEntries(pairs);
}

function check_properties(properties) {
  for (const field of REQUIRED) assert.ok(properties[field], `library.properties: ${field}`);
  for (const field of Object.keys(properties))
    assert.ok(KNOWN.includes(field), `library.properties: ${field}`);
  assert.match(properties.name, /^[A-Za-z0-9][A-Za-z0-9 _.-]*$/);
  assert.match(properties.name, /[A-Za-z]/);
  assert.doesNotMatch(properties.name, /^Arduino/i, "a reserved name");
  assert.ok(properties.name.length <= 63, "name: at most 63 characters");
  assert.match(properties.version, /^\d+\.\d+(\.\d+)?$/);
  assert.ok(CATEGORIES.includes(properties.category), properties.category);
  assert.match(properties.url, /^https:\/\//);
  assert.match(properties.architectures, /^[a-z0-9_]+(,[a-z0-9_]+)*$/);
  assert.equal(properties.precompiled, "true", "sources are compiled beside what is precompiled");
  assert.match(properties.ldflags, /^-l\S+$/);
  assert.ok(
    !properties.paragraph.startsWith(properties.sentence),
    "the sentence is prepended to the paragraph",
  );
}

function check_keywords(text) {
  for (const line of text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))) {
    assert.match(
      line,
      /^[A-Za-z_]\w*\t(KEYWORD[123]|LITERAL[12])$/,
      "keywords.txt: a true tab between",
    );
  }
}
