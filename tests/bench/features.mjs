// Features in the page beside what others make of the same sound, in one run. Each round asks
// everyone in turn, so that a disturbance meets all. Peers are installed by exact version into
// LAMPYRIS_CACHE, never into the project.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { CHROMIUM, chromium, FLAGS } from "../browser/harness.mjs";
import { cache, here, pkg } from "./places.mjs";

const TYPES = { ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Page modules beside this file, and the package each compares with. */
const BENCHES = [{ module: "features_page.mjs", peer: "meyda", version: "5.6.3" }];

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

/** What this part lacks, in words; null where it can run. */
export const lacking = () =>
  existsSync(join(pkg, "web/lampyris_web.js")) ? null : "pkg/web is missing: make build";

/** Of each feature: milliseconds at best and in the middle, ours and the peer's, and ours to theirs. */
export async function featureTable() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const table = {};
  try {
    for (const { module, peer, version } of BENCHES) {
      const folders = { bench: here, engine: join(pkg, "web"), peer: installed(peer, version) };
      const site = await serve(folders);
      const page = await browser.newPage();
      await page.goto(site.url);
      const result = await page.evaluate(
        async (path) => (await import(path)).default(),
        `/bench/${module}`,
      );
      const [ours, theirs] = [result.lampyris, result[peer]].map(summary);
      table[result.what] = {
        ours_ms: ours.least,
        ours_median_ms: ours.median,
        best_peer: `${peer} ${version}`,
        best_peer_ms: theirs.least,
        best_peer_median_ms: theirs.median,
        ratio: ours.least / theirs.least,
      };
      site.close();
    }
  } finally {
    await browser.close();
  }
  return table;
}
