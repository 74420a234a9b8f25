// Exports made in the page: the bytes that the command writes, with and without a network; and the
// boards that they are for, compared for the very model.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { DIST } from "../../www/serve.mjs";
import {
  assertQuiet,
  axe,
  download,
  filesBelow,
  goTo,
  openSite,
  ROOT,
  screenshot,
  untilState,
} from "./harness.mjs";
import { load, sha256 } from "./node-train.mjs";
import { bringProject, projectZip, quickProject } from "./quick.mjs";
import { unzipFolder } from "./zip.mjs";

const NARROW = { width: 360, height: 740 };
const COMMAND = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug/lampyris");

let site;
let page;
let zip;
before(async () => {
  site = await openSite();
  page = await site.page();
  await quickProject(page, "My wave & sound");
  zip = await projectZip(page);
  await goTo(page, "deploy");
});
after(() => site.close());

/** The same project with a fresh visitor. */
async function brought(page) {
  await bringProject(page, zip);
  await goTo(page, "deploy");
  return page;
}

const targetsOf = (page) =>
  page
    .locator("[data-testid^=export-download-]")
    .evaluateAll((all) => all.map((one) => one.dataset.testid.replace("export-download-", "")));

function bytesOf(text) {
  const [, n, unit] = text.match(/([\d.]+) (bytes|kB|MB)/);
  return Number(n) * { bytes: 1, kB: 1e3, MB: 1e6 }[unit];
}

/** Every file that the command writes for this bundle, by path; from the engine in Node without one. */
async function byCommand(t, bundle, title, target) {
  if (existsSync(COMMAND)) {
    const folder = mkdtempSync(join(tmpdir(), "lampyris-export-"));
    try {
      const model = join(folder, "model.lampyris");
      writeFileSync(model, bundle);
      const out = join(folder, "out");
      const kit = join(DIST, "kits");
      const args = [
        "export",
        model,
        "--target",
        target,
        "--out",
        out,
        "--name",
        title,
        "--kit",
        kit,
      ];
      execFileSync(COMMAND, args);
      return new Map(filesBelow(out).map((path) => [relative(out, path), readFileSync(path)]));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  t.diagnostic("the command is not built: compared with the engine in Node");
  const { Export, catalog } = await load("web", "lampyris_web");
  const making = new Export(target);
  for (const id of catalog().targets.find((one) => one.id === target).kits)
    making.add_kit(id, readFileSync(join(DIST, "kits", `${id}.zip`)));
  return unzipFolder(Buffer.from(making.finish(bundle, title).zip())).files;
}

test("every target: the bytes of the command, and what each export must hold", {
  timeout: 300_000,
}, async (t) => {
  const hash = await page.getByTestId("model-hash").innerText();
  const bundle = await download(page, "download-bundle");
  const title = await page.getByLabel("Project name").inputValue();
  const targets = await targetsOf(page);
  assert.deepEqual(targets, ["tflite", "rust", "c", "arduino"]);
  for (const target of targets) {
    const card = page.getByTestId(`export-${target}`);
    const steps = await card.locator(".export-then").innerText();
    await card.getByText(/^zip, about /).waitFor();
    const about = bytesOf(await page.getByTestId(`export-size-${target}`).innerText());
    const begun = Date.now();
    const { name, bytes } = await download(page, `export-download-${target}`);
    t.diagnostic(`${name}: ${bytes.length} bytes in ${Date.now() - begun} ms`);
    assert.ok(Math.abs(about / bytes.length - 1) < 0.2, `told about ${about} bytes`);
    const { folder, files } = unzipFolder(bytes);
    assert.equal(name, `${folder}.zip`);
    assert.match(
      await page.getByTestId(`export-size-${target}`).innerText(),
      new RegExp(`^zip, .*, ${files.size} files$`),
    );
    const named = target === "arduino" ? folder.replace("_arduino", ", SelfTest") : folder;
    assert.ok(steps.includes(named), `the next steps name ${named} before it is made`);
    assert.equal(await card.locator(".export-then").innerText(), steps, "and after");

    const wanted = await byCommand(t, bundle.bytes, title, target);
    assert.deepEqual([...files.keys()].sort(), [...wanted.keys()].sort(), `files of ${target}`);
    for (const [path, own] of files) assert.ok(own.equals(wanted.get(path)), `${target}: ${path}`);

    assert.match(files.get("MODEL_CARD.md").toString(), new RegExp(hash), "the card has the hash");
    assert.ok(
      [...files.values()].some((file) => sha256(file) === hash),
      "the chip part is there, unchanged",
    );
    const licences = [...files.keys()].filter((path) => path.startsWith("LICENSE"));
    assert.equal(licences.length, 2, `licences of ${target}`);
    assert.ok(files.get("README.md").length > 500, `README of ${target}`);
    assert.ok(
      [...files.keys()].some((path) => path.startsWith("golden")),
      "golden vectors",
    );
  }
  await assertQuiet(page);
});

test("what is inside is told before anything is downloaded", { timeout: 120_000 }, async () => {
  const fresh = await brought(await site.page());
  const size = fresh.getByTestId("export-size-c");
  await size.getByText(/^zip, about [\d.]+ (kB|MB)$/).waitFor();
  await fresh.getByTestId("export-inside-c").click();
  await fresh.locator("[data-testid=export-c] .export-files").waitFor();
  assert.match(await fresh.getByTestId("export-c").innerText(), /README\.md\s+[\d.]+ (bytes|kB)/);
  assert.match(await size.innerText(), /^zip, [\d.]+ (kB|MB), \d+ files$/);
  await fresh.context().close();
});

test("a host that is slow, lacks a kit, or gives another file: cancelled, or told with the way out", {
  timeout: 180_000,
}, async () => {
  const fresh = await brought(await site.page());
  const card = fresh.getByTestId("export-arduino");
  const state = (wanted) =>
    fresh.locator(`[data-testid=export-arduino][data-state=${wanted}]`).waitFor();
  const press = () => fresh.getByTestId("export-download-arduino").click();

  let go;
  const slow = new Promise((resolve) => {
    go = resolve;
  });
  await fresh.route("**/kits/lib.zip", async (route) => {
    await slow;
    await route.abort().catch(() => undefined);
  });
  await press();
  await state("fetching");
  await fresh.getByTestId("export-cancel-arduino").click();
  await state("idle");
  go();
  await fresh.unroute("**/kits/lib.zip");

  await fresh.route("**/kits/lib.zip", (route) => route.fulfill({ status: 404, body: "" }));
  await press();
  await state("failed");
  assert.match(
    await card.getByRole("alert").innerText(),
    /answered 404[\s\S]*kits\/lib\.zip[\s\S]*[Rr]eload/,
  );
  await fresh.unroute("**/kits/lib.zip");

  await fresh.route("**/kits/lib.zip", (route) => route.fulfill({ body: "not a zip" }));
  await press();
  await state("failed");
  assert.ok((await card.getByRole("alert").innerText()).length > 40);
  await fresh.unroute("**/kits/lib.zip");

  await fresh.route("**/kits/lib.zip", (route) => route.abort());
  await press();
  await state("failed");
  assert.match(await card.getByRole("alert").innerText(), /could not be fetched/);
  await fresh.unroute("**/kits/lib.zip");

  // What failed goes, once it is tried again.
  await download(fresh, "export-download-arduino");
  await state("done");
  assert.equal(await card.getByRole("alert").count(), 0);
  await fresh.context().close();
});

test("without host and network every export is made, too", { timeout: 300_000 }, async () => {
  const site = await openSite();
  const page = await brought(await site.page({ serviceWorkers: "allow" }));
  await page.locator("[data-testid=offline][data-state=ready]").waitFor({ timeout: 60_000 });
  await site.cut();
  await page.context().setOffline(true);
  for (const target of await targetsOf(page)) {
    const { bytes } = await download(page, `export-download-${target}`);
    assert.ok(unzipFolder(bytes).files.has("README.md"), target);
  }
  await assertQuiet(page);
  await page.context().close();
  await site.close();
});

test("boards are compared, sorted and chosen; what is not known says so", async () => {
  await goTo(page, "deploy");
  const table = page.getByTestId("boards");
  const rows = table.locator("tbody tr");
  await rows.first().waitFor();
  const column = (n) =>
    rows
      .locator("th, td")
      .evaluateAll(
        (cells, n) => cells.filter((_, i) => i % 6 === n).map((cell) => cell.innerText.trim()),
        n,
      );
  const boards = await rows.count();
  assert.ok(boards >= 5, `${boards} boards`);
  for (const words of await column(1)) assert.match(words, /^(Fits|Tight|Does not fit|Not known)$/);
  const listed = await column(0);

  // Sorted by flash, the unknown last; the other way round by a second press.
  const heading = table.getByRole("columnheader", { name: "Flash" });
  await heading.getByRole("button").click();
  assert.equal(await heading.getAttribute("aria-sort"), "ascending");
  const shares = (await column(2)).map((text) =>
    text === "unknown" ? Infinity : parseFloat(text),
  );
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => a - b),
  );
  await heading.getByRole("button").click();
  assert.equal(await heading.getAttribute("aria-sort"), "descending");
  const down = (await column(2)).map((text) => (text === "unknown" ? -1 : parseFloat(text)));
  assert.deepEqual(
    down,
    [...down].sort((a, b) => b - a),
  );

  // By keyboard: an arrow takes the next board, and the details follow.
  await table.getByRole("columnheader", { name: "Board" }).getByRole("button").click();
  await table.locator("input:checked").focus();
  const before = await table.locator("input:checked").inputValue();
  await page.keyboard.press("ArrowDown");
  const after = await table.locator("input:checked").inputValue();
  assert.notEqual(after, before);
  const chosen = await table.locator(".board-chosen th").innerText();
  await page.getByRole("heading", { level: 3, name: chosen.split("\n")[0], exact: true }).waitFor();
  assert.equal((await column(0)).length, listed.length);
  await page.keyboard.press("ArrowUp");
  await untilState(page, "quantize", "done");
});

test("a board without room: said beside the downloads, with numbers", async () => {
  await goTo(page, "deploy");
  const bad = page.locator("[data-testid=boards] tr[data-verdict=does_not_fit] input");
  const before = await page.locator("[data-testid=boards] input:checked").inputValue();
  if ((await bad.count()) > 0) {
    await bad.first().check();
    await page.locator("[data-testid=export-room][data-verdict=does_not_fit]").waitFor();
    assert.match(await page.getByTestId("export-room").innerText(), /\d/);
    await page.locator(`[data-testid=boards] input[value=${before}]`).check();
  }
  await untilState(page, "quantize", "done");
});

test("cards and boards: axe and sideways scroll, light and dark, wide and narrow", {
  timeout: 300_000,
}, async () => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const viewport of [{ width: 1280, height: 800 }, NARROW]) {
      await page.setViewportSize(viewport);
      assert.deepEqual(await axe(page), [], `axe: ${colorScheme}, ${viewport.width} px`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `scrolls sideways by ${over} at ${viewport.width} px`);
      await page.evaluate(() => scrollTo(0, 0));
      await screenshot(page, `exports-${colorScheme}-${viewport.width}`);
    }
  }
  await assertQuiet(page);
});

test("the kits of the page are those that the command takes", () => {
  const built = join(ROOT, "pkg/kit");
  for (const name of readdirSync(built).filter((one) => one.endsWith(".zip")))
    assert.ok(readFileSync(join(DIST, "kits", name)).equals(readFileSync(join(built, name))), name);
});
