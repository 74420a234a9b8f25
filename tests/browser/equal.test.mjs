// The engine that the page downloads, in Chromium, byte for byte: every golden case, and where
// LAMPYRIS_DATA is there every case of its reference models with every layer that is recorded.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openSite, ROOT } from "./harness.mjs";

let site;
let page;
before(async () => {
  site = await openSite();
  page = await site.browser.newPage();
  const script = readFileSync(join(ROOT, "pkg/web/lampyris_web.js"), "utf8");
  const wasm = readFileSync(join(ROOT, "pkg/web/lampyris_web_bg.wasm")).toString("base64");
  await page.evaluate(
    async ({ script, wasm }) => {
      const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
      globalThis.bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      globalThis.engine = await import(url);
      await globalThis.engine.default({ module_or_path: globalThis.bytes(wasm) });
    },
    { script, wasm },
  );
});
after(() => site.close());

/** The file of that name, or those numbered from 0 on. */
function files(folder, name, numbered) {
  if (existsSync(join(folder, name))) return [readFileSync(join(folder, name))];
  const several = [];
  while (existsSync(join(folder, numbered(several.length))))
    several.push(readFileSync(join(folder, numbered(several.length))));
  return several;
}

/** Recorded layers: for each case a list of [operator, tensor, bytes]. */
function recorded(folder) {
  const layers = join(folder, "layers");
  if (!existsSync(layers)) return [];
  return readdirSync(layers)
    .sort()
    .map((one) =>
      readdirSync(join(layers, one)).map((name) => {
        const [, operator, tensor] = /^(\d+)_t(\d+)\.bin$/.exec(name);
        const content = readFileSync(join(layers, one, name)).toString("base64");
        return [Number(operator), Number(tensor), content];
      }),
    );
}

/** Runs all cases in the page; gives how many values were equal, or the first difference. */
const compare = (folder, input, output) =>
  page.evaluate(
    ({ model, inputs, outputs, layers }) => {
      const { bytes, engine } = globalThis;
      const [file, given, wanted] = [bytes(model), inputs.map(bytes), outputs.map(bytes)];
      const network = new engine.Network(file);
      const widths = network.info().inputs.map((_, i) => network.fill(i).length);
      const calls = given[0].length / widths[0];
      const equal = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);
      const call = (n) => given.map((all, i) => all.subarray(n * widths[i], (n + 1) * widths[i]));
      let values = 0;
      for (let n = 0; n < calls; n++) {
        for (const [i, found] of network.run(call(n)).entries()) {
          const want = wanted[i].subarray(n * found.length, (n + 1) * found.length);
          if (!equal(found, want)) return `call ${n}, output ${i}: ${found} is not ${want}`;
          values += found.length;
        }
      }
      network.free();
      if (layers.length === 0) return values;
      const trace = new engine.Trace(file);
      for (const [n, tensors] of layers.entries()) {
        const seen = new Map(trace.run(call(n)).map(([op, t, raw]) => [`${op} ${t}`, raw]));
        for (const [operator, tensor, content] of tensors) {
          const [found, want] = [seen.get(`${operator} ${tensor}`), bytes(content)];
          if (!found || !equal(found, want))
            return `call ${n}, operator ${operator}, tensor ${tensor} differs`;
          values += want.length;
        }
      }
      trace.free();
      return values;
    },
    {
      model: readFileSync(join(folder, "model.tflite")).toString("base64"),
      inputs: input.map((file) => file.toString("base64")),
      outputs: output.map((file) => file.toString("base64")),
      layers: recorded(folder),
    },
  );

async function all(folders, [input, output], t) {
  let values = 0;
  const wrong = [];
  for (const folder of folders) {
    const ins = files(folder, `${input}.bin`, (i) => `in${i}.bin`);
    const outs = files(folder, `${output}.bin`, (i) => `out${i}.bin`);
    const found = await compare(folder, ins, outs).catch((error) => error.message.split("\n")[0]);
    if (typeof found === "number") values += found;
    else wrong.push(`${folder}: ${found}`);
  }
  assert.deepEqual(wrong, []);
  t.diagnostic(`${values} values of ${folders.length} models equal`);
}

const below = (folder) =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, "model.tflite")));

test("every golden case", { timeout: 120_000 }, async (t) => {
  const cases = below(join(ROOT, "tests/golden/cases"));
  assert.ok(cases.length >= 560, `${cases.length} cases`);
  await all(cases, ["in", "out"], t);
});

test("every reference model, with every recorded layer", { timeout: 300_000 }, async (t) => {
  const models = process.env.LAMPYRIS_DATA && join(process.env.LAMPYRIS_DATA, "models");
  if (!models || !existsSync(models)) {
    console.error("skipped: LAMPYRIS_DATA has no reference models");
    return;
  }
  // What has recorded outputs; a model of custom operators is no int8 network.
  const folders = [...below(models), ...below(join(models, "op-units"))].filter((folder) =>
    readdirSync(folder).some((name) => /^(outputs|out0)\.bin$/.test(name)),
  );
  assert.ok(folders.length >= 24, `${folders.length} models`);
  await all(folders, ["inputs", "outputs"], t);
});
