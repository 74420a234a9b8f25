// What two tabs, a deletion and a full disk could do to what is stored, and do not.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";
import { assertQuiet, choose, listed, messages, openSite, ready, visit } from "./harness.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

async function rename(page, name) {
  const field = page.getByLabel("Project name");
  await field.fill(name);
  await field.press("Enter");
}

const untilOpen = (page, name) =>
  page.waitForFunction((n) => document.querySelector(".project-name").value === n, name);

async function deleteOpen(page) {
  // A tab behind another takes no clicks.
  await page.bringToFront();
  await page.getByRole("button", { name: "Project menu" }).click();
  await page.getByRole("button", { name: "Delete this project" }).click();
}

/** The names of all projects in the store, deleted or not; `change` may write to one of them first. */
const stored = (page, name = "", change = {}) =>
  page.evaluate(
    async ({ name, change }) => {
      const done = (request) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const db = await done(indexedDB.open("lampyris"));
      const store = db.transaction("projects", "readwrite").objectStore("projects");
      const all = await done(store.getAll());
      for (const one of all) if (one.name === name) await done(store.put({ ...one, ...change }));
      db.close();
      return all.map((one) => one.name).sort();
    },
    { name, change },
  );

test("a project that is deleted in one tab is let go of in the other", async () => {
  const page = await site.page();
  await rename(page, "Doomed");
  await page.getByTestId("saved").getByText("Saved", { exact: true }).waitFor();
  const second = await visit(page.context(), site.url);
  await second.getByText("Read only").waitFor();
  await deleteOpen(page);
  await untilOpen(page, "My first project");
  await untilOpen(second, "My first project");
  assert.match(await messages(second), /This project is gone/);
  // It can be had back, and nobody else has it.
  await page.getByRole("button", { name: "Undo" }).click();
  await untilOpen(page, "Doomed");
  assert.equal(await page.getByText("Read only").count(), 0);
  await assertQuiet(second);
  await page.context().close();
});

test("what is open in some tab is not purged, however long ago it was deleted", async () => {
  const page = await site.page();
  await rename(page, "Held");
  await page.getByTestId("saved").getByText("Saved", { exact: true }).waitFor();
  assert.deepEqual(await stored(page, "Held", { deleted_ms: 1 }), ["Held"]);
  const second = await visit(page.context(), site.url);
  await untilOpen(second, "My first project");
  await second.reload();
  await ready(second);
  assert.deepEqual(await stored(second), ["Held", "My first project"]);
  await page.close();
  await second.reload();
  await ready(second);
  for (let tries = 0; tries < 50; tries++) {
    if (!(await stored(second)).includes("Held")) break;
    await second.waitForTimeout(100);
  }
  assert.deepEqual(await stored(second), ["My first project"]);
  await second.context().close();
});

test("after everything was deleted, a tab of before brings nothing back", async () => {
  const page = await site.page();
  await rename(page, "Ghost");
  const second = await visit(page.context(), site.url);
  await page.bringToFront();
  await page.getByTestId("vital-bytes").click();
  await page.getByRole("button", { name: "What is stored and sent" }).first().click();
  await page.getByRole("button", { name: "Delete everything" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Delete everything?" });
  await Promise.all([
    page.waitForEvent("load"),
    dialog.getByRole("button", { name: "Delete everything" }).click(),
  ]);
  await ready(page);
  await second.getByText("Another tab has deleted or renewed the store").waitFor();
  await second.bringToFront();
  await second.getByRole("button", { name: "Project menu" }).click();
  await second.getByRole("button", { name: "New project" }).click();
  await second.getByText(/was deleted or renewed, perhaps in another tab/).first().waitFor();
  assert.deepEqual(await stored(page), ["My first project"]);
  assert.equal(await second.getByLabel("Project name").inputValue(), "Ghost", "stays as it was");
  await page.context().close();
});

test("a disk that is full in the middle of an import: what was saved stays, and is told", {
  timeout: 120_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "lampyris-full-"));
  try {
    const first = await site.person(folder, []);
    const context = first.context();
    await choose(first, [csv("first", 0, 100)]);
    // What keeps the page takes room as well.
    await first.locator("[data-testid=offline][data-state=ready]").waitFor({ timeout: 60_000 });
    const debug = await context.newCDPSession(await context.newPage());
    const { origin } = new URL(site.url);
    const { usage } = await debug.send("Storage.getUsageAndQuota", { origin });
    await debug.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: usage + 7_200_000 });
    // The browser trusts what it knew of the room for as long as the store stays open.
    await first.close();
    await new Promise((wake) => setTimeout(wake, 3000));
    const page = await visit(context, site.url);
    // Parts of 250: the first has room, the second has none.
    const many = Array.from({ length: 320 }, (_, i) => csv(`wave.${i}`, i + 1, 2000));
    await choose(page, many, 60_000);
    await page.getByText(/then it stopped/).first().waitFor({ timeout: 60_000 });
    const said = await messages(page);
    t.diagnostic(said);
    const [, saved] = /(\d+) recordings imported, then it stopped: (\d+) of 320 are not saved/.exec(said) ?? [];
    assert.ok(Number(saved) > 0 && Number(saved) < 320, said);
    assert.match(said, /There is no room left.*Export and delete/s);
    assert.equal(await listed(page), Number(saved) + 1);
    await debug.send("Storage.overrideQuotaForOrigin", { origin });
    await page.reload();
    await ready(page);
    assert.equal(await listed(page), Number(saved) + 1, "in the store as well");
    await assertQuiet(page);
    await page.context().close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("settings are undone in their own project, or not at all", async () => {
  const page = await site.page();
  await rename(page, "Before");
  const content = { version: 1, task: "motion", changes: { training: { epochs: 7 } } };
  const packed = deflateSync(JSON.stringify(content)).toString("base64url");
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `settings=1.${packed}`);
  await page.getByTestId("offer").getByRole("button", { name: /^Apply to/ }).click();
  await page.getByText(/settings are in this project now/).waitFor();
  await page.getByRole("button", { name: "Project menu" }).click();
  await page.getByRole("button", { name: "New project" }).click();
  await untilOpen(page, "Project 2");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Open the project again to undo the change there").waitFor();
  await assertQuiet(page);
  await page.context().close();
});

test("several projects asked for at once: the last one is open, and it alone is locked", async () => {
  const page = await site.page();
  for (const name of ["One", "Two", "Three"]) {
    await rename(page, name);
    await page.getByRole("button", { name: "Project menu" }).click();
    await page.getByRole("button", { name: "New project" }).click();
    await page.waitForFunction(() => /^(Project|My)/.test(document.querySelector(".project-name").value));
  }
  await page.getByRole("button", { name: "Project menu" }).click();
  await page.evaluate(() => {
    const item = (name) =>
      [...document.querySelectorAll(".menu button")].find((one) => one.innerText.startsWith(name));
    for (const one of ["One", "Two", "Three"].map(item)) one.click();
  });
  await untilOpen(page, "Three");
  await page.getByTestId("saved").waitFor();
  const held = await page.evaluate(async () => {
    const { held, pending } = await navigator.locks.query();
    return [...held, ...pending].filter(({ name }) => name.startsWith("lampyris project")).length;
  });
  assert.equal(held, 1);
  await assertQuiet(page);
  await page.context().close();
});

/** Different readings for each `seed`. */
function csv(name, seed, rows) {
  // As hard to compress as what a sensor says.
  const noise = (i) => ((Math.sin(i * 12.9898 + seed) * 43758.5453) % 1).toFixed(5);
  const line = (i) => `${i * 20},${noise(3 * i)},${noise(3 * i + 1)},${noise(3 * i + 2)}`;
  const text = `time,x,y,z\n${Array.from({ length: rows }, (_, i) => line(i)).join("\n")}\n`;
  return { name: `${name}.csv`, mimeType: "text/csv", buffer: Buffer.from(text) };
}
