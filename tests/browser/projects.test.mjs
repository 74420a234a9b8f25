// The life of projects: listed, renamed, copied, deleted and had back; told apart between two tabs;
// in and out as a file; their settings in a link.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { crc32, deflateSync, inflateSync } from "node:zlib";
import {
  assertQuiet,
  bringData,
  download,
  goTo,
  messages,
  openSite,
  ready,
  trainNow,
  untilState,
  visit,
  listed,
} from "./harness.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

async function menu(page, item) {
  await page.getByRole("button", { name: "Project menu" }).click();
  await page.getByRole("button", { name: item }).click();
}

async function list(page) {
  await menu(page, /^All projects/);
  await page.locator("main[data-view=projects]").waitFor();
  // The sizes are counted after the list is shown.
  await page.waitForFunction(() => !/counting/.test(document.querySelector("main").innerText));
}

const rows = (page) => page.getByTestId("project-row");
const row = (page, name) => rows(page).filter({ has: page.getByLabel(`Name of ${name}`, { exact: true }) });

async function untilProjects(page, names) {
  await page.waitForFunction(
    (wanted) =>
      JSON.stringify([...document.querySelectorAll(".project-row-name")].map((one) => one.value).sort()) ===
      JSON.stringify(wanted),
    [...names].sort(),
  );
}

test("copy, rename, delete and undo; what a copy holds is its own", { timeout: 300_000 }, async () => {
  const page = await site.page();
  const recordings = await bringData(page);
  await trainNow(page);
  const int8 = await page.getByTestId("accuracy-int8").innerText();
  await list(page);
  await untilProjects(page, ["My first project"]);
  const facts = await row(page, "My first project").innerText();
  assert.match(facts, new RegExp(`${recordings} recordings · [\\d.]+ (kB|MB) · `));

  await rows(page).getByRole("button", { name: /^Duplicate/ }).click();
  await untilProjects(page, ["My first project", "My first project (2)"]);
  const name = page.getByLabel("Name of My first project (2)", { exact: true });
  await name.fill("The copy");
  await name.press("Enter");
  await untilProjects(page, ["My first project", "The copy"]);

  await row(page, "The copy").getByRole("button", { name: /^Open/ }).click();
  await page.locator("main[data-view=record]").waitFor();
  assert.equal(await page.getByLabel("Project name").inputValue(), "The copy");
  assert.equal(await listed(page), recordings);
  await page.getByTestId("recording-row").first().getByRole("button", { name: /^Delete/ }).click();
  await untilState(page, "train", "stale");
  await goTo(page, "quantize");
  assert.equal(await page.getByTestId("accuracy-int8").innerText(), int8, "the model came along");

  await list(page);
  await row(page, "My first project").getByRole("button", { name: /^Open/ }).click();
  await untilState(page, "quantize", "done");
  assert.equal(await listed(page), recordings, "untouched");

  await list(page);
  await row(page, "The copy").getByRole("button", { name: /^Delete/ }).click();
  await untilProjects(page, ["My first project"]);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await untilProjects(page, ["My first project", "The copy"]);
  assert.equal(await page.getByLabel("Project name").inputValue(), "My first project", "stays open");

  // The open one goes as well, and comes back as the open one.
  await row(page, "My first project").getByRole("button", { name: /^Delete/ }).click();
  await untilProjects(page, ["The copy"]);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await untilProjects(page, ["My first project", "The copy"]);
  await page.reload();
  await ready(page);
  await untilProjects(page, ["My first project", "The copy"]);
  await assertQuiet(page);
  await page.context().close();
});

test("a change is said to be saved once it is, and is there after a reload", async () => {
  const page = await site.page();
  const said = page.getByTestId("saved");
  assert.equal(await said.innerText(), "Saved");
  await page.evaluate(() => {
    globalThis.said = [];
    const shown = document.querySelector("[data-testid=saved]");
    new MutationObserver(() => globalThis.said.push(shown.innerText)).observe(shown, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await page.getByLabel("Project name").fill("Renamed");
  await page.getByLabel("Project name").press("Enter");
  await page.waitForFunction(() => globalThis.said.at(-1) === "Saved");
  assert.match((await page.evaluate(() => globalThis.said)).join(" "), /Saving.* Saved/);
  await page.reload();
  await ready(page);
  assert.equal(await page.getByLabel("Project name").inputValue(), "Renamed");
  await page.context().close();
});

test("a project that another tab has is left alone", async () => {
  const page = await site.page();
  await menu(page, "New project");
  await page.waitForFunction(
    () => document.querySelector(".project-name").value === "Project 2",
  );
  const second = await visit(page.context(), site.url);
  await list(second);
  await row(second, "My first project").getByRole("button", { name: /^Open/ }).click();
  await second.waitForFunction(
    () => document.querySelector(".project-name").value === "My first project",
  );
  await list(second);
  await row(second, "Project 2").getByRole("button", { name: /^Delete/ }).click();
  await second.getByText(/open in another tab/).first().waitFor();
  await second.getByRole("button", { name: "Dismiss" }).last().click();
  await second.getByText(/open in another tab/).first().waitFor({ state: "detached" });
  const name = second.getByLabel("Name of Project 2", { exact: true });
  await name.fill("Taken");
  await name.press("Enter");
  await second.getByText(/open in another tab/).first().waitFor();
  await untilProjects(second, ["My first project", "Project 2"]);
  // Copying reads alone, and may.
  await row(second, "Project 2").getByRole("button", { name: /^Duplicate/ }).click();
  await untilProjects(second, ["My first project", "Project 2", "Project 2 (2)"]);
  await assertQuiet(second);
  await page.context().close();
});

/** A zip of one file, stored as it is. */
function zipOf(name, text) {
  const [path, data] = [Buffer.from(name), Buffer.from(text)];
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt32LE(crc32(data), 10);
  shared.writeUInt32LE(data.length, 14);
  shared.writeUInt32LE(data.length, 18);
  shared.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), shared, path, data]);
  const central = Buffer.concat([
    Buffer.from("PK\x01\x02\x14\0"),
    shared,
    Buffer.alloc(14),
    path,
  ]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

test("a file brought in twice is two projects; one of a newer version is refused with the remedy", {
  timeout: 120_000,
}, async () => {
  const page = await site.page();
  await bringData(page);
  await page.getByRole("button", { name: "Project menu" }).click();
  const zip = await download(page, "project-export");
  const bring = (buffer) =>
    page
      .getByTestId("project-import")
      .setInputFiles({ name: zip.name, mimeType: "application/zip", buffer });
  await bring(zip.bytes);
  await page.waitForFunction(
    () => document.querySelector(".project-name").value === "My first project (2)",
  );
  await bring(zip.bytes);
  await page.waitForFunction(
    () => document.querySelector(".project-name").value === "My first project (3)",
  );
  await bring(zipOf("project.json", '{"version": 99, "more": "than this page knows"}'));
  await page.getByText(/version 99, this program reads versions up to/).first().waitFor();
  await list(page);
  await untilProjects(page, ["My first project", "My first project (2)", "My first project (3)"]);
  await assertQuiet(page);
  await page.context().close();
});

test("the store is nearly full, or a file will hardly fit: told, with the remedy", async () => {
  const page = await site.page();
  await page.evaluate(() => {
    navigator.storage.estimate = async () => ({ usage: 99e6, quota: 100e6 });
  });
  await page.getByTestId("file-input").setInputFiles({
    name: "long.wave.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(`time,x\n${"0,1.5\n".repeat(400_000)}`),
  });
  await page.getByText("This will hardly fit").waitFor();
  assert.match(await messages(page), /It is 2 MB, and about 1 MB are left.*Save projects as files/s);
  await list(page);
  await page.getByText("The store is nearly full", { exact: true }).waitFor();
  await page.context().close();
});

// ── settings in a link ───────────────────────────────────────────────────────

async function linkOf(page) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => navigator.clipboard.writeText("nothing yet"));
  await menu(page, "Copy a link to the settings");
  await page.waitForFunction(async () => /settings=/.test(await navigator.clipboard.readText()));
  return page.evaluate(() => navigator.clipboard.readText());
}

const contentOf = (link) => {
  return JSON.parse(inflateSync(Buffer.from(link.split("#settings=1.")[1], "base64url")));
};

async function setEpochs(page, value) {
  await goTo(page, "train");
  const field = page.getByLabel("Epochs", { exact: false }).first();
  await field.fill(String(value));
  await field.press("Enter");
}

test("settings go out in a link without names or data, and come back into another project", {
  timeout: 120_000,
}, async (t) => {
  const page = await site.page();
  await bringData(page);
  await page.getByLabel("Project name").fill("Secret of Ada");
  const untouched = await linkOf(page);
  assert.deepEqual(contentOf(untouched).changes, {}, "defaults need no words");
  await setEpochs(page, 37);
  const link = await linkOf(page);
  t.diagnostic(`${link.length} letters: ${link}`);
  assert.ok(link.length < 300);
  const content = contentOf(link);
  assert.equal(content.changes.training.epochs, 37);
  assert.doesNotMatch(JSON.stringify(content), /Ada|circle|shake|wave|idle/i);
  await page.context().close();

  const other = await site.page();
  await other.goto(link);
  const offer = other.getByTestId("offer");
  await offer.waitFor();
  assert.match(await offer.innerText(), /training › epochs\s+\d+\s+37/);
  assert.ok(!other.url().includes("settings="), "the address is tidied");
  await offer.getByRole("button", { name: /^Apply to/ }).click();
  await other.getByText(/settings are in this project now/).waitFor();
  assert.equal(contentOf(await linkOf(other)).changes.training.epochs, 37);
  await other.getByRole("button", { name: "Undo" }).click();
  assert.deepEqual(contentOf(await linkOf(other)).changes, {});

  // Into a project of its own; the one before stays as it was.
  await other.evaluate((hash) => {
    location.hash = hash;
  }, link.split("#")[1]);
  await offer.getByRole("button", { name: "New project" }).click();
  await other.waitForFunction(
    () => document.querySelector(".project-name").value === "Settings from a link",
  );
  assert.equal(contentOf(await linkOf(other)).changes.training.epochs, 37);
  await assertQuiet(other);
  await other.context().close();
});

test("a link that is damaged, of a newer version or of something unknown: refused, nothing changed", async () => {
  const page = await site.page();
  const packed = (content) => deflateSync(JSON.stringify(content)).toString("base64url");
  const good = { version: 1, task: "motion", changes: { training: { epochs: 3 } } };
  const whole = packed(good);
  const links = {
    [`1.${whole.slice(0, -6)}`]: /damaged/,
    [`1.${whole.slice(0, 8)}A${whole.slice(9)}`]: /damaged/,
    "1.not-a-link": /damaged/,
    nothing: /damaged/,
    [`1.${packed({ ...good, changes: { training: { epochs: "many" } } })}`]: /damaged/,
    [`1.${packed({ ...good, changes: { merge: { a: "b" } } })}`]: /damaged/,
    [`1.${packed("x".repeat(1_000_000))}`]: /damaged/,
    [`2.${whole}`]: /newer version/,
    [`1.${packed({ ...good, version: 99 })}`]: /newer version/,
    [`1.${packed({ ...good, task: "smell" })}`]: /newer version/,
    [`1.${packed({ ...good, changes: { training: { warmth: 3 } } })}`]: /it sets training\.warmth/,
    [`1.${packed({ ...good, changes: { network: [{ kind: "telepathy" }] } })}`]: /telepathy|settings/,
    [`1.${packed({ ...good, changes: { training: { epochs: 0 } } })}`]: /can't be used: .*training\.epochs/,
    [`1.${packed({ ...good, changes: { window_ms: 1e9 } })}`]: /can't be used: .*window_ms/,
  };
  for (const [link, told] of Object.entries(links)) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `settings=${link}`);
    const toast = page.locator(".toast-error");
    await toast.first().waitFor();
    assert.match(await toast.first().innerText(), told, link.slice(0, 60));
    await toast.first().getByRole("button", { name: "Dismiss" }).click();
    await toast.first().waitFor({ state: "detached" });
    assert.equal(await page.getByTestId("offer").count(), 0);
  }
  assert.deepEqual(contentOf(await linkOf(page)).changes, {});
  await assertQuiet(page);
  await page.context().close();
});
