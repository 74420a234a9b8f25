// What two tabs, a deletion and a full disk could do to what is stored, and do not.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
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
