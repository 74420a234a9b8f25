// What the parts beside peers have in common: the peers' harness with its server and Chromium,
// their Python scripts, and which of them is the best.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { run } from "../firmware/boards.mjs";
import { home, peers, pkg } from "./places.mjs";

/** The name of our own side. */
export const OURS = "lampyris";

/** The peers' harness, or null where it is not there. */
export async function harness() {
  const file = join(peers, "lib/common.mjs");
  return process.env.LAMPYRIS_PEERS && existsSync(file) ? import(pathToFileURL(file).href) : null;
}

/** What a part beside peers lacks, in words; null where it can run. `build`: a file below pkg/ that it needs. */
export async function lacks(build, maker = "make build") {
  if (!(await harness())) return "the peers' benchmark is not there (LAMPYRIS_PEERS)";
  return build && !existsSync(join(pkg, build)) ? `pkg/${build} is missing: ${maker}` : null;
}

/**
 * Serves folders by mount and opens a browser while `work` lasts. It is given `ask`, which runs a
 * module in a fresh page and gives what came of it, and the server's address.
 */
export async function inBrowser(mounts, work, extra = []) {
  const { chrome, inPage, serve } = await harness();
  const site = await serve(mounts);
  try {
    const browser = await chrome({ extra });
    try {
      const ask = (module, argument, options) =>
        inPage(browser, site.url, module, argument, options);
      return await work(ask, site.url);
    } finally {
      await browser.close();
    }
  } finally {
    site.close();
  }
}

/** What a page said first of an error. */
export const firstLine = (error) => error.split("\n")[0].slice(0, 160);

/** Runs a Python script with packages, in an environment of its own that is made once; throws what it said. */
export async function python(what, name, packages, ...script) {
  const venv = join(home, name);
  const program = join(venv, "bin/python");
  try {
    if (!existsSync(program)) {
      await run("python3", ["-m", "venv", venv]);
      await run(program, ["-m", "pip", "-q", "install", ...packages]).catch((error) => {
        rmSync(venv, { recursive: true });
        throw error;
      });
    }
    await run(program, script);
  } catch (error) {
    throw new Error(`${what}: ${error.message}`);
  }
}

/** Of everyone in a row, the peer whose `score` is the highest: its name and what it told; nulls where none can. */
export function bestPeer(sides, score) {
  const [found] = Object.entries(sides)
    .filter(([side, { error }]) => side !== OURS && !error)
    .sort(([, a], [, b]) => score(b) - score(a));
  return found ?? [null, null];
}

/** One number over another; null where either is not there. */
export const over = (a, b) => (a && b ? a / b : null);
