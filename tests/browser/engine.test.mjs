// Inference alone (pkg/infer) in a page of somebody else's: files from outside, on every path.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { CHROMIUM, chromium, FLAGS, ROOT } from "./harness.mjs";

const cases = join(ROOT, "tests/golden/cases");
const target = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target");
const bundles = join(target, "engine-fixture");
const FOLDERS = { pkg: join(ROOT, "pkg/infer"), cases, bundles };
const TYPES = { js: "text/javascript", wasm: "application/wasm" };

let server, browser, page;

/** A bundle's chip part, windows for it and what a chip gives: made as for the emulated chips. */
function made(name, ...kind) {
  const folder = join(bundles, name);
  if (existsSync(join(folder, "outputs.i8"))) return;
  const example = (which, ...args) =>
    execFileSync("cargo", ["run", "--locked", "--quiet", "-p", "lampyris-device", "--example", which, "--", folder, ...args], { cwd: ROOT });
  example("fixture", ...kind);
  example("golden");
}

before(async () => {
  made("motion");
  made("sound", "sound");
  server = http.createServer((request, response) => {
    const [folder, ...rest] = request.url.slice(1).split("/");
    const file = FOLDERS[folder] && join(FOLDERS[folder], ...rest);
    const type = TYPES[request.url.split(".").at(-1)] ?? "text/html";
    if (request.url !== "/" && !existsSync(file ?? "")) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": type });
    response.end(request.url === "/" ? "<!doctype html>" : readFileSync(file));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.evaluate(async () => {
    const { Engine } = await import("/pkg/lampyris_infer.js");
    const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
    const views = (count, of) => Array.from({ length: count }, (_, i) => of(i));
    const raw = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    /** What each output was, call after call, of all calls' values for each input. */
    const run = (model, inputs) => {
      const given = model.outputs.map(() => []);
      const calls = inputs[0].length / model.input(0).byteLength;
      for (let call = 0; call < calls; call++) {
        views(model.inputs.length, (i) => raw(model.input(i))).forEach((view, i) => {
          view.set(inputs[i].subarray(call * view.length, (call + 1) * view.length));
        });
        model.run();
        views(model.outputs.length, (i) => raw(model.output(i))).forEach((view, i) => {
          given[i].push(...view);
        });
      }
      return given;
    };
    Object.assign(globalThis, { Engine, bytes, run });
  });
});

after(async () => {
  await browser?.close();
  server?.close();
});

test("every golden case gives TFLite Micro's bytes, with and without relaxed SIMD", async () => {
  // Of several inputs or outputs each has a file of its own.
  const parts = (files, end) =>
    files.filter((file) => new RegExp(`^${end}\\d*\\.bin$`).test(file)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const names = readdirSync(cases).map((name) => {
    const files = readdirSync(join(cases, name));
    return { name, ins: parts(files, "in"), outs: parts(files, "out") };
  });
  const found = await page.evaluate(async (names) => {
    const wrong = [];
    const paths = [];
    for (const kernels of ["/pkg/relaxed.wasm", "/pkg/nowhere.wasm"]) {
      const engine = await Engine.load("/pkg/lampyris_infer.wasm", kernels);
      paths.push(engine.path);
      for (const { name, ins, outs } of names) {
        const read = (files) => Promise.all(files.map((file) => bytes(`/cases/${name}/${file}`)));
        const [[file], inputs, expected] = await Promise.all([["model.tflite"], ins, outs].map(read));
        const model = engine.open(file);
        const given = run(model, inputs);
        const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
        if (given.length !== expected.length || !given.every((out, i) => equal(out, expected[i])))
          wrong.push(`${engine.path}: ${name}`);
        model.free();
      }
    }
    return { wrong, paths };
  }, names);
  assert.deepEqual(found.wrong, []);
  assert.equal(found.paths[1], "simd128");
  assert.ok(["relaxed", "simd128"].includes(found.paths[0]), found.paths[0]);
});

test("bundles give a chip's scores, also without the reader of .tflite files", async () => {
  for (const program of ["lampyris_infer.wasm", "lampyris_infer_bundle.wasm"])
    for (const name of ["motion", "sound"]) {
      const found = await page.evaluate(
        async ([program, name]) => {
          const engine = await Engine.load(`/pkg/${program}`);
          const model = engine.open(await bytes(`/bundles/${name}/chip.bin`));
          const windows = await bytes(`/bundles/${name}/windows.f32`);
          const whole = windows.length - (windows.length % model.input().byteLength);
          const [given] = run(model, [windows.subarray(0, whole)]);
          return { given: Array.from(Int8Array.from(given)), labels: model.labels, type: model.inputs[0].type.name };
        },
        [program, name],
      );
      const expected = [...new Int8Array(readFileSync(join(bundles, name, "outputs.i8")))];
      assert.deepEqual(found.given, expected, `${program}: ${name}`);
      assert.equal(found.type, "Float32Array");
      assert.equal(new Set(found.labels).size, found.labels.length);
    }
});

test("what is no model is refused, and the engine goes on", async () => {
  const told = await page.evaluate(async () => {
    const engine = await Engine.load("/pkg/lampyris_infer.wasm");
    const good = await bytes("/cases/add/model.tflite");
    const tries = {
      empty: new Uint8Array(0),
      text: new TextEncoder().encode("no model"),
      cut: good.subarray(0, good.length / 2),
    };
    const caught = (what) => {
      try {
        what();
        return null;
      } catch (error) {
        return { name: error.name, what: error.what, place: error.place, remedy: error.remedy };
      }
    };
    const refused = Object.entries(tries).map(([name, file]) => [name, caught(() => engine.open(file))]);
    const bundle = await Engine.load("/pkg/lampyris_infer_bundle.wasm");
    refused.push(["tflite", caught(() => bundle.open(good))]);
    const first = engine.open(good.buffer);
    first.free();
    const second = engine.open(good);
    first.free();
    const ran = caught(() => first.run()).name;
    second.run();
    return {
      refused,
      outside: caught(() => second.output(1)).name,
      ran,
      freed: caught(() => first.input()).name,
      alive: second.output().length > 0,
    };
  });
  for (const [name, error] of told.refused) {
    assert.equal(error?.name, "EngineError", name);
    for (const part of ["what", "place", "remedy"]) assert.ok(error[part], `${name}: ${part}`);
  }
  const { outside, freed, ran, alive } = told;
  assert.deepEqual([outside, freed, ran, alive], ["RangeError", "RangeError", "EngineError", true]);
});
