// Speed in the page, beside what others do there, in one run: make bench
//
// Ratios are what counts; the times are this machine's, as busy as it is now. Each round
// asks everyone in turn, so that a disturbance meets all. Peers are installed by exact
// version into LAMPYRIS_CACHE, never into the project.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const cache = process.env.LAMPYRIS_CACHE ?? join(homedir(), ".cache/lampyris");
const TYPES = { ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm" };
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
];

/** Page modules beside this file, and the package each compares with. */
const BENCHES = [{ module: "mfcc.mjs", peer: "meyda", version: "5.6.3" }];

/** The folder of a package of exactly this version. */
function installed(name, version) {
  const folder = join(cache, "bench", `${name}-${version}`);
  const done = join(folder, "node_modules", name, "package.json");
  if (!existsSync(done)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"private":true}\n');
    const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--save-exact"];
    const npm = spawnSync("npm", ["install", ...options, `${name}@${version}`], {
      cwd: folder,
      encoding: "utf8",
    });
    if (npm.status !== 0) throw new Error(`npm can't install ${name} ${version}: ${npm.stderr}`);
  }
  return dirname(done);
}

/** Serves folders under the names of their mounts. */
async function serve(mounts) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://local");
    const [, mount, ...rest] = pathname.split("/");
    if (pathname === "/") {
      response
        .writeHead(200, { "Content-Type": "text/html" })
        .end("<!doctype html><title>bench</title>");
      return;
    }
    const folder = mounts[mount];
    const file = folder && normalize(join(folder, ...rest));
    if (!file?.startsWith(folder) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "text/plain" });
    response.end(readFileSync(file));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** The middle and the least of some times. */
function summary(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return { least: sorted[0], median: sorted[sorted.length >> 1] };
}

const engine = join(root, "pkg/web");
if (!existsSync(join(engine, "lampyris_web.js"))) throw new Error("pkg/web is missing: make build");
const { chromium } = createRequire(join(root, "www/package.json"))("playwright-core");
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: FLAGS });
try {
  for (const { module, peer, version } of BENCHES) {
    const site = await serve({ bench: here, engine, peer: installed(peer, version) });
    const page = await browser.newPage();
    await page.goto(site.url);
    const result = await page.evaluate(
      async (path) => (await import(path)).default(),
      `/bench/${module}`,
    );
    const [ours, theirs] = [result.lampyris, result[peer]].map(summary);
    console.log(`${result.what} (Chromium ${browser.version()})`);
    for (const [name, { least, median }] of [
      ["lampyris", ours],
      [`${peer} ${version}`, theirs],
    ])
      console.log(
        `  ${name.padEnd(14)} ${least.toFixed(3)} ms at best, ${median.toFixed(3)} ms in the middle`,
      );
    console.log(
      `  ${peer} takes ${(theirs.least / ours.least).toFixed(1)} times as long at best, ${(theirs.median / ours.median).toFixed(1)} in the middle`,
    );
    site.close();
  }
} finally {
  await browser.close();
}
