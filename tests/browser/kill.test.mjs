// The browser is killed (SIGKILL to all of its processes) at random moments of recording,
// importing and training, on a profile that stays. After each time the page opens again, the
// project opens, everything that the page had shown as saved is there, and nothing is half there.
//
// The gate kills 6 times; LAMPYRIS_KILLS=20 kills more often. LAMPYRIS_SEED repeats a run.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DIST, handler } from "../../www/serve.mjs";
import { CHROMIUM, chromium, FLAGS, goTo, moveDevice, untilState, visit } from "./harness.mjs";
import { drawn, folders, random, zip } from "./pictures.mjs";
import { inStore, told } from "./stored.mjs";

const KILLS = Number(process.env.LAMPYRIS_KILLS ?? 6);
const SEED = Number(process.env.LAMPYRIS_SEED ?? Date.now() % 1_000_000);
const next = random(SEED);

let server;
let url;
before(async () => {
  server = http.createServer(handler(DIST, "/some/where/"));
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  url = `http://localhost:${server.address().port}/some/where/`;
});
after(() => server.close());

/** A browser of its own group of processes, so that all of them can be killed at once. */
async function start(profile) {
  const port = join(profile, "DevToolsActivePort");
  rmSync(port, { force: true });
  const flags = [...FLAGS, `--user-data-dir=${profile}`, "--remote-debugging-port=0", "about:blank"];
  const child = spawn(CHROMIUM, flags, { detached: true, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const until = Date.now() + 60_000;
  while (!existsSync(port) || !readFileSync(port, "utf8").includes("\n")) {
    assert.ok(Date.now() < until && child.exitCode === null, "the browser did not start");
    await new Promise((wake) => setTimeout(wake, 50));
  }
  const [number] = readFileSync(port, "utf8").split("\n");
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${number}`);
  const page = await visit(browser.contexts()[0], url);
  const kill = async () => {
    process.kill(-child.pid, "SIGKILL");
    await ended;
    await browser.close().catch(() => undefined);
  };
  return { page, kill };
}

/**
 * Tells this process what the page shows, whenever it changes and as it is drawn: once the number
 * of recordings or a model is seen, a person may rely on it.
 */
async function watch(page) {
  const shown = { recordings: 0, model: "", said: [] };
  await page.exposeBinding("shows", (_source, now) => {
    shown.recordings = Math.max(shown.recordings, now.recordings);
    shown.model = now.model || shown.model;
    if (now.said) shown.said.push(now.said);
  });
  await page.evaluate(() => {
    let last = "";
    let before = 0;
    const saving = () => {
      const busy = document.querySelector(".toast-busy")?.innerText ?? "";
      return busy.startsWith("Saving") ? busy : "";
    };
    const title = (step) => document.querySelector(`a[data-step=${step}]`)?.title ?? "";
    const look = () => {
      const [, listed] = /^(?!Working).*?(\d[\d,]*) (?:recording|picture)/.exec(title("record")) ?? [];
      if (listed) before = Number(listed.replaceAll(",", ""));
      // Beside the number itself, what a large import says to have saved so far.
      const [, stored = "0"] = /^(\d[\d,]*) of/m.exec(saving()) ?? [];
      const recordings = before + Number(stored.replaceAll(",", ""));
      const model = /^Done: (.*)/i.exec(title("quantize"))?.[1] ?? "";
      const said = document.querySelector(".messages")?.innerText ?? "";
      const now = JSON.stringify({ recordings, model, said });
      if (now !== last) globalThis.shows(JSON.parse(now));
      last = now;
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    look();
  });
  return shown;
}

const folder = mkdtempSync(join(tmpdir(), "lampyris-kill-"));
const file = (name, bytes) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

/** What is going on when the browser is killed; each resolves once it has begun. */
const WORK = {
  async record(page, round) {
    await goTo(page, "record");
    await page.getByLabel("Label", { exact: true }).fill(`wave ${round % 2}`);
    await page.getByRole("radio", { name: "at once" }).check();
    await page.getByRole("radio", { name: "2 s", exact: true }).check();
    void moveDevice(page, 60);
    await page.getByRole("button", { name: /Accelerometer/ }).click();
    const again = async () => {
      for (;;) await page.getByRole("button", { name: "Record", exact: true }).click();
    };
    void again().catch(() => undefined);
  },
  async import(page, round) {
    // Other pictures each time.
    const entries = folders(700, 16).map(([path], i) => {
      const kind = path.split("/")[0];
      return [`${kind}/${round}-${i}.png`, drawn(kind, 10_000 * (round + 1) + i, 16)];
    });
    const path = file(`round ${round}.zip`, zip(entries));
    await page.getByTestId("file-input").setInputFiles(path);
    await page.locator(".toast-busy").waitFor();
  },
  async train(page) {
    if ((await told(page)) === 0) {
      await page.getByTestId("file-input").setInputFiles(file("few.zip", zip(folders(80, 48))));
      await untilState(page, "explore", "done");
    }
    await goTo(page, "train");
    await page.getByTestId("train-start").click();
  },
};

/** Longest time from the beginning of the work to the kill. */
const WITHIN_MS = { record: 6000, import: 5000, train: 12_000 };

for (const [kind, begin] of Object.entries(WORK))
  test(`killed while it is busy with: ${kind}`, { timeout: 1_200_000 }, async (t) => {
    const profile = mkdtempSync(join(tmpdir(), `lampyris-kill-${kind}-`));
    const saved = { recordings: 0, model: "" };
    const rounds = Math.ceil(KILLS / Object.keys(WORK).length);
    for (let round = 0; round <= rounds; round++) {
      const { page, kill } = await start(profile);
      // What was seen before the last kill is here.
      const now = await told(page);
      assert.ok(now >= saved.recordings, `seed ${SEED}: ${now} of ${saved.recordings} recordings`);
      const { halves, recordings } = await inStore(page);
      assert.deepEqual(halves, [], `seed ${SEED}, round ${round}`);
      assert.equal(recordings, now, "what is listed is what is stored");
      if (saved.model) await untilState(page, "quantize", "done");
      // The engine has them as well: whether they suffice to train is another matter.
      const looked = page.locator("a[data-step=explore]:is([data-state=done], [data-state=ready])");
      if (now > 0) await looked.waitFor({ timeout: 120_000 });
      assert.deepEqual(page.seen.errors, []);
      if (round === rounds) {
        await kill();
        break;
      }
      const shown = await watch(page);
      await begin(page, round);
      const wait = next() * WITHIN_MS[kind];
      await new Promise((wake) => setTimeout(wake, wait));
      await kill();
      saved.recordings = shown.recordings;
      saved.model = shown.model;
      t.diagnostic(
        `round ${round}: killed after ${Math.round(wait)} ms with ${shown.recordings} recordings shown, model: ${shown.model || "none"}`,
      );
    }
  });
