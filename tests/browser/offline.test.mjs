// Without a network: the page opens, trains and hands out its files from what it has kept. And a
// newer version is announced, never forced.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { DIST, handler } from "../../www/serve.mjs";
import {
  assertQuiet,
  download,
  goTo,
  messages,
  openSite,
  ready,
  screenshot,
  trainNow,
  untilState,
  visit,
  listed,
} from "./harness.mjs";

const KEEPING = { serviceWorkers: "allow" };
const folders = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function copyOfDist() {
  const folder = mkdtempSync(join(tmpdir(), "lampyris-dist-"));
  folders.push(folder);
  cpSync(DIST, folder, { recursive: true });
  return folder;
}

async function untilKept(page) {
  await page
    .locator("[data-testid=offline][data-state=ready]")
    .waitFor({ timeout: 60_000 })
    .catch(async (error) => {
      const now = await page.getByTestId("offline").getAttribute("title");
      throw new Error(`the page says "${now}"`, { cause: error });
    });
}

test("loaded once: then without host and network it opens, trains, quantizes, downloads", {
  timeout: 300_000,
}, async (t) => {
  const site = await openSite();
  const page = await site.page(KEEPING);
  const begun = Date.now();
  await untilKept(page);
  t.diagnostic(`ready offline ${Date.now() - begun} ms after the page was up`);
  await site.cut();
  await page.context().setOffline(true);

  await page.reload();
  await ready(page);
  await untilKept(page);
  await page.getByTestId("starter").click();
  await untilState(page, "explore", "done");
  t.diagnostic(`trained without a network in ${(await trainNow(page)).toFixed(1)} s`);
  await goTo(page, "deploy");
  const model = await download(page, "download-tflite");
  assert.equal(model.bytes.subarray(4, 8).toString("latin1"), "TFL3");
  await goTo(page, "run");
  await page.getByTestId("live-start").click();
  await page.getByTestId("live-label").waitFor();

  // A fresh tab, by another of the page's addresses, and what stands beside the steps.
  const other = await visit(page.context(), `${site.url}index.html?from=a-bookmark#privacy`);
  await other.getByTestId("stored").waitFor();
  assert.match(await other.getByTestId("stored").innerText(), /The page itself\s+Cache, \d\d files/);
  await assertQuiet(page);
  await page.context().close();
  await site.close();
});

/** The same page with another title, as a later build would be: its service worker knows the hash. */
async function rebuilt(folder, mark) {
  const { createHash } = await import("node:crypto");
  const hash = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
  const index = join(folder, "index.html");
  const before = readFileSync(index, "utf8");
  const later = before.replace("</head>", `<meta name="mark" content="${mark}"></head>`);
  const program = join(folder, "service-worker.js");
  const text = readFileSync(program, "utf8");
  assert.ok(text.includes(hash(before)), "the list holds the page's hash");
  writeFileSync(index, later);
  writeFileSync(
    program,
    text.replace(hash(before), hash(later)).replace(/VERSION = "\w+"/, `VERSION = "${mark}"`),
  );
}

const markOf = (page) =>
  page.evaluate(() => document.querySelector("meta[name=mark]")?.content ?? "first");
const cachesOf = (page) => page.evaluate(() => caches.keys());

test("a newer version is announced, waits for the click, saves first, and leaves nothing of the old", {
  timeout: 300_000,
}, async () => {
  const folder = copyOfDist();
  const site = await openSite({ answer: handler(folder, "/some/where/") });
  const page = await site.page(KEEPING);
  await untilKept(page);
  await page.getByTestId("starter").click();
  await untilState(page, "explore", "done");
  const recordings = await listed(page);
  const [old] = await cachesOf(page);

  await rebuilt(folder, "second");
  await page.reload();
  await ready(page);
  assert.equal(await markOf(page), "first", "a reload alone changes nothing");
  await page.getByTestId("new-version").waitFor();
  assert.match(await messages(page), /reload when it suits you/);
  await screenshot(page, "new-version");
  assert.equal((await cachesOf(page)).length, 2, "the newer one lies beside the old one");

  // Another tab of the old version; and a name that is not saved yet.
  const other = await visit(page.context(), site.url);
  assert.equal(await markOf(other), "first");
  await page.getByLabel("Project name").fill("Kept through the change");
  await page.getByTestId("new-version").click();
  await Promise.all([
    page.waitForEvent("load"),
    page.getByTestId("renew").click(),
  ]);
  await ready(page);
  assert.equal(await markOf(page), "second");
  await untilKept(page);
  assert.equal(await listed(page), recordings);
  assert.equal(await page.getByLabel("Project name").inputValue(), "Kept through the change");

  // The other tab goes on as it was, with its own files, until it is told to.
  await other.getByText(/renewed in another tab/).waitFor();
  assert.equal(await markOf(other), "first");
  await goTo(other, "train");
  await other.getByRole("heading", { level: 1, name: "Train" }).waitFor();
  await other.getByRole("button", { name: "Save and reload" }).first().click();
  await other.waitForFunction(() => document.querySelector("meta[name=mark]") !== null);
  await ready(other);
  await other.close();

  await page.reload();
  await untilKept(page);
  await page.waitForFunction(async () => (await caches.keys()).length === 1);
  assert.notEqual((await cachesOf(page))[0], old);
  await assertQuiet(page);
  await page.context().close();
  await site.close();
});

test("a host that lacks a file, or changes one: not ready, and why", async () => {
  const folder = copyOfDist();
  writeFileSync(join(folder, "manifest.webmanifest"), "{}");
  const site = await openSite({ answer: handler(folder, "/some/where/") });
  const page = await site.page(KEEPING);
  await page
    .locator("[data-testid=offline][data-state=failed][title*='manifest.webmanifest']")
    .waitFor({ timeout: 60_000 });
  await page.context().close();
  await site.close();
});
