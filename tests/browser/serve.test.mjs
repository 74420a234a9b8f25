// The little server: types, policy, nothing outside its folder, and plain words when it can't.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import http from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { HEADERS } from "../../www/policy.mjs";
import { DIST, handler } from "../../www/serve.mjs";
import { ROOT } from "./harness.mjs";

let server;
let url;
before(async () => {
  server = http.createServer(handler(DIST));
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  url = `http://localhost:${server.address().port}`;
});
after(() => server.close());

/** A request whose path is sent as it is, dots included. */
function raw(path, method = "GET") {
  return new Promise((resolve, reject) => {
    const { port } = server.address();
    http
      .request({ host: "localhost", port, path, method }, (response) => {
        response.resume();
        resolve(response);
      })
      .on("error", reject)
      .end();
  });
}

test("serves the page with its policy", async () => {
  const response = await fetch(`${url}/`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  for (const [name, value] of Object.entries(HEADERS))
    assert.equal(response.headers.get(name), value);
  const wasm = (await (await fetch(`${url}/`)).text()).match(/assets\/[^"]+\.js/)[0];
  assert.match((await fetch(`${url}/${wasm}`)).headers.get("cache-control"), /immutable/);
  // A service worker that is kept too long keeps everything else too long.
  const worker = await fetch(`${url}/service-worker.js`);
  assert.equal(worker.headers.get("cache-control"), "no-cache");
  assert.match(worker.headers.get("content-type"), /^text\/javascript/);
  const manifest = await fetch(`${url}/manifest.webmanifest`);
  assert.equal(manifest.headers.get("content-type"), "application/manifest+json");
  for (const { src } of (await manifest.json()).icons)
    assert.match((await fetch(`${url}/${src}`)).headers.get("content-type"), /^image\//);
});

test("reads nothing above its folder, and says no to the rest", async () => {
  for (const path of [
    "/../Cargo.toml",
    "/%2e%2e/Cargo.toml",
    "/..%2fCargo.toml",
    "/nothing",
    "/%zz",
  ])
    assert.ok([400, 404].includes((await raw(path)).statusCode), path);
  assert.equal((await raw("/", "POST")).statusCode, 405);
});

function run(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, "www/serve.mjs"), ...args]);
    let said = "";
    child.stdout.on("data", (data) => {
      said += data;
    });
    child.stderr.on("data", (data) => {
      said += data;
    });
    child.on("exit", (code) => resolve({ code, said }));
  });
}

test("a port that is taken, or none: plain words", async () => {
  const taken = await run("--port", String(server.address().port));
  assert.equal(taken.code, 1);
  assert.match(taken.said, /is taken: .*PORT=/);
  const none = await run("--port", "many");
  assert.equal(none.code, 1);
  assert.match(none.said, /is no port/);
});
