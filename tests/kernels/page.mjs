// Kernels written for a page give the bytes of the plain loops: random networks, made and run on
// the host, are run again by pkg/infer in Chromium, on every path, with and without VNNI.
//
//   node tests/kernels/page.mjs [CASES]
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CHROMIUM, chromium, FLAGS } from "../browser/harness.mjs";
import { make } from "./cases.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const CASES = 1000;
/** Processors that this one can pass for. */
const BROWSERS = {
  "as it is": [],
  "without VNNI": ["--js-flags=--no-enable-avx-vnni --no-enable-avx-vnni-int8"],
};
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", "": "text/html" };

const { odd, ...sound } = await make(process.argv[2] ?? CASES);
const names = [...sound.names, ...odd.names];
const heads = [sound, odd].map(({ cases }) =>
  cases.map(({ graph, calls, inputs, expected }) => [graph.length, calls, inputs.length, expected.length]),
);

/** What the page may ask for. */
function answer(path) {
  if (path === "/") return "<!doctype html>";
  if (path === "/cases.bin") return sound.file;
  if (path === "/odd.bin") return odd.file;
  const [, folder, name] = path.split("/");
  if (folder === "pkg") return readFileSync(join(here, "../../pkg/infer", name));
  return readFileSync(join(here, folder));
}

const server = createServer((request, response) => {
  try {
    const body = answer(request.url);
    const type = TYPES[extname(request.url)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type }).end(body);
  } catch (error) {
    response.writeHead(404).end(error.message);
  }
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

let [passed, failed] = [0, 0];
for (const [name, flags] of Object.entries(BROWSERS)) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, ...flags] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const found = await page.evaluate(
    async (heads) => (await import("/in_page.mjs")).default(heads),
    heads,
  );
  await browser.close();
  console.log(`  Chromium ${name}:`);
  for (const { path, equal, wrong, refused, absent } of found) {
    if (absent !== undefined) {
      console.log(`    ${path}: not on this processor, whose probe gives ${absent}`);
      continue;
    }
    console.log(`    ${path}: ${equal} of ${names.length} networks equal, ${refused} spoiled ones refused`);
    for (const { index, byte } of wrong.slice(0, 10))
      console.error(`    ${names[index]}: output byte ${byte} differs`);
    passed += equal;
    failed += wrong.length;
  }
}
server.close();
console.log(`kernels: ${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;
