// Looking through pictures: the grid and what is selected in it, one picture large, the map, and the
// samples behind the confusion matrix; with real pictures, a real engine and a trained network.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  assertQuiet,
  axe,
  bringData,
  choose,
  goTo,
  listed,
  messages,
  openSite,
  ready,
  screenshot,
  trainNow,
  untilState,
} from "./harness.mjs";
import { drawn, folders, KINDS, png, zip } from "./pictures.mjs";

const COUNT = 160;
const SIDE = 48;
const DARK = 3;

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const file = (name, buffer) => ({ name, mimeType: "application/zip", buffer });

/** Discs and stripes, and a few discs in the dark. */
function data() {
  const dark = Array.from({ length: DARK }, (_, n) => [
    `disc/dark-${n}.png`,
    png(SIDE, SIDE, (x, y) => (((x >> 3) + (y >> (n + 2))) % 2 ? [22, 20, 24] : [0, 1, 0])),
  ]);
  return file("pictures.zip", zip([...folders(COUNT - DARK, SIDE), ...dark]));
}

/** A visitor with all pictures, in Explore. */
async function withPictures(options = {}) {
  const page = await site.page(options);
  // A machine that does much else takes its time.
  page.setDefaultTimeout(60_000);
  await choose(page, [data()]);
  await untilState(page, "explore", "done");
  await goTo(page, "explore");
  await page.locator(".tile").first().waitFor();
  return page;
}

const grid = (page) => page.getByRole("listbox", { name: "Pictures", exact: true });
const large = (page) => page.getByTestId("large");
const selected = async (page) => {
  const bar = page.getByTestId("bulk");
  return (await bar.count()) === 0 ? 0 : Number.parseInt(await bar.innerText(), 10);
};
/** How many pictures a label has, as its chip says. */
const of = async (page, label) => {
  const chip = page.locator(".chip-button", { hasText: label });
  return (await chip.count()) === 0 ? 0 : Number((await chip.innerText()).replace(/\D/g, ""));
};
const undo = async (page) => {
  await page.getByRole("button", { name: "Undo" }).last().click();
};
/** What has the focus among the tiles, as assistive technology is told. */
const active = (page) =>
  grid(page).evaluate((box) => {
    const tile = document.getElementById(box.getAttribute("aria-activedescendant"));
    return {
      at: Number(tile?.getAttribute("aria-posinset")),
      name: tile?.getAttribute("aria-label"),
      selected: tile?.getAttribute("aria-selected"),
    };
  });
/** Waits until something seen in the page equals `wanted`. */
async function until(see, wanted, what) {
  let seen;
  for (let i = 0; i < 100; i++) {
    seen = await see();
    if (JSON.stringify(seen) === JSON.stringify(wanted)) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  assert.deepEqual(seen, wanted, what);
}

test("the grid draws what is near, and is gone through by keys", { timeout: 180_000 }, async (t) => {
  const page = await withPictures();
  const box = grid(page);
  assert.equal(await box.getAttribute("data-count"), String(COUNT));
  const there = await page.locator(".tile").count();
  t.diagnostic(`${there} of ${COUNT} pictures are drawn`);
  assert.ok(there < COUNT / 2, `${there} tiles for a view of a few rows`);
  const columns = await page
    .locator(".tile")
    .evaluateAll((all) => new Set(all.map((one) => one.getBoundingClientRect().left)).size);

  await box.focus();
  await page.keyboard.press("End");
  await until(() => active(page).then((one) => one.at), COUNT, "End leads to the last");
  // And its picture comes, though it was far from the view.
  await page.waitForFunction(() => {
    const canvas = document.querySelector(".tile-active canvas");
    const pixels = canvas?.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return canvas?.width > 1 && new Set(pixels).size > 8;
  });
  await page.keyboard.press("Home");
  await until(() => active(page).then((one) => one.at), 1, "Home leads to the first");
  await page.keyboard.press("PageDown");
  const { at } = await active(page);
  assert.ok(at > columns && (at - 1) % columns === 0, `a page down: ${at}`);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowLeft");
  await until(() => active(page).then((one) => one.at), columns, "arrows go by one and by a row");

  await page.keyboard.press("Space");
  assert.equal((await active(page)).selected, "true");
  await page.keyboard.press("Shift+ArrowDown");
  await until(() => selected(page), columns + 1, "Shift and an arrow select a stretch");
  await page.keyboard.press("Control+a");
  await until(() => selected(page), COUNT, "all");
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Escape");
  await until(() => selected(page), 0, "none");
  await assertQuiet(page);
  await page.context().close();
});

test("labels, groups, uses and deletions of many are undone", { timeout: 180_000 }, async () => {
  const page = await withPictures();
  const before = await of(page, "disc");
  const select = async () => {
    const tiles = page.locator(".tile");
    await tiles.nth(0).hover();
    await tiles.nth(0).locator(".tile-check").click();
    await tiles.nth(4).click({ modifiers: ["Shift"] });
    await until(() => selected(page), 5, "a stretch by Shift and a press");
  };
  await select();
  await page.getByLabel("New label for the selected").fill("ring");
  await page.getByRole("button", { name: "Relabel" }).click();
  await until(() => of(page, "ring"), 5, "five have the label");
  assert.match(await messages(page), /5 pictures are now "ring"/);
  await screenshot(page, "gallery-relabelled");
  // What is undone is of the store, not of the page alone.
  await undo(page);
  await until(() => of(page, "disc"), before, "the label is undone");
  await page.reload();
  await ready(page);
  await page.locator(".tile").first().waitFor();
  assert.equal(await of(page, "disc"), before);

  await select();
  await page.getByLabel("Person or occasion of the selected").fill("Ada");
  await page.getByRole("button", { name: "Set group" }).click();
  const people = page.getByLabel("Person or occasion shown");
  await people.selectOption("Ada");
  await until(() => grid(page).getAttribute("data-count"), "5", "those of Ada");
  await undo(page);
  await until(() => people.count(), 0, "nobody is of a group again");
  await until(() => grid(page).getAttribute("data-count"), String(COUNT), "so all are shown");

  await page.getByLabel("Use of the selected").selectOption("test");
  await page.getByText("5 pictures are now held out for the test").waitFor();
  await undo(page);
  await page.waitForTimeout(200);
  await grid(page).focus();
  await page.keyboard.press("Delete");
  await until(() => grid(page).getAttribute("data-count"), String(COUNT - 5), "five are gone");
  await page.getByText("Deleted 5 pictures").waitFor();
  await undo(page);
  await until(() => grid(page).getAttribute("data-count"), String(COUNT), "and are back");

  // A key does not mean what a filter hides.
  await select();
  const chip = (label) => page.locator(".chip-button", { hasText: label });
  const stripes = await of(page, "stripes");
  await chip("stripes").click();
  await until(() => selected(page), 0, "none of those is selected");
  await grid(page).focus();
  await page.keyboard.press("Delete");
  await until(() => of(page, "stripes"), stripes - 1, "the one at hand is gone");
  await undo(page);
  await until(() => of(page, "stripes"), stripes, "and back");
  await chip("All").click();
  const splits = await page.evaluate(async () => {
    const asked = (request) =>
      new Promise((resolve) => {
        request.onsuccess = () => resolve(request.result);
      });
    const db = await asked(indexedDB.open("lampyris"));
    const rows = await asked(db.transaction("recordings").objectStore("recordings").getAll());
    db.close();
    return [...new Set(rows.map((row) => `${row.meta.split} ${row.meta.group}`))];
  });
  assert.deepEqual(splits, ["auto null"], "in the store as well");
  await assertQuiet(page);
  await page.context().close();
});

test("a finger selects by a long press, then by a tap", { timeout: 180_000 }, async () => {
  const page = await withPictures({ viewport: { width: 360, height: 740 }, hasTouch: true });
  await grid(page).scrollIntoViewIfNeeded();
  const session = await page.context().newCDPSession(page);
  const touch = async (i, ms) => {
    const at = await page.locator(`.tile[data-i="${i}"]`).boundingBox();
    const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
    await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
    await page.waitForTimeout(ms);
    await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  };
  await page.locator('.tile[data-i="0"]').scrollIntoViewIfNeeded();
  await touch(0, 800);
  await until(() => selected(page), 1, "the long press");
  assert.equal(await large(page).count(), 0, "and opens nothing");
  await touch(1, 30);
  await until(() => selected(page), 2, "a tap");
  // The message of what was done stands where the bar is not.
  await page.getByLabel("New label for the selected").fill("ring");
  await page.getByRole("button", { name: "Relabel" }).click();
  await page.locator(".toast", { hasText: "now" }).last().waitFor();
  const bar = await page.getByTestId("bulk").boundingBox();
  for (const toast of await page.locator(".toast").all()) {
    const box = await toast.boundingBox();
    const beside = !box || bar.y + bar.height <= box.y || box.y + box.height <= bar.y;
    assert.ok(beside, "no message over the bar");
  }
  await screenshot(page, "gallery-360");
  assert.deepEqual(await axe(page), []);
  await page.getByRole("button", { name: "Clear selection" }).click();
  await touch(2, 30);
  await large(page).waitFor();
  await assertQuiet(page);
  await page.context().close();
});

test("a picture large: what the model sees, the way on, another label, deleted", {
  timeout: 180_000,
}, async () => {
  const page = await withPictures();
  await grid(page).focus();
  await page.keyboard.press("Enter");
  const dialog = large(page);
  await dialog.waitFor();
  const name = () => dialog.getByRole("heading", { level: 2 }).innerText();
  const first = await name();
  assert.match(await dialog.innerText(), new RegExp(`1 of ${COUNT}`));
  assert.match(await dialog.innerText(), new RegExp(`${SIDE} × ${SIDE} px`));
  const canvases = await dialog.locator("canvas").evaluateAll(async (all) => {
    const look = (one) => {
      const { data } = one.getContext("2d").getImageData(0, 0, one.width, one.height);
      return { width: one.width, values: new Set(data).size };
    };
    for (let i = 0; i < 100 && all.some((one) => look(one).values < 8); i++)
      await new Promise((wake) => setTimeout(wake, 50));
    return all.map(look);
  });
  assert.equal(canvases.length, 2, "as it was taken, and as the model sees it");
  for (const { values } of canvases) assert.ok(values >= 8, "pixels of a picture");
  await screenshot(page, "gallery-large");
  assert.deepEqual(await axe(page), []);

  await page.keyboard.press("ArrowRight");
  await until(async () => (await name()) !== first, true, "the next one");
  await page.keyboard.press("ArrowLeft");
  await until(name, first, "and back");
  const label = dialog.getByRole("combobox", { name: "Label" });
  const had = await label.inputValue();
  await label.fill("ring");
  await label.press("Enter");
  await dialog.getByText(/is now "ring"/).waitFor();
  await undo(dialog);
  await until(() => label.inputValue(), had, "undone from within the dialog");
  await dialog.getByRole("button", { name: "Delete picture" }).click();
  await until(async () => (await name()) !== first, true, "the next one takes its place");
  await undo(dialog);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await until(() => grid(page).getAttribute("data-count"), String(COUNT), "it is back");
  await assertQuiet(page);
  await page.context().close();
});

test("what health complains of is one press away; the means and the map know all", {
  timeout: 180_000,
}, async (t) => {
  const page = await withPictures();
  const dark = page.locator(".notice", { hasText: /dark/ });
  t.diagnostic((await dark.innerText()).replace(/\s+/g, " "));
  await dark.getByRole("button", { name: `Show ${DARK} pictures` }).click();
  await until(() => grid(page).getAttribute("data-count"), String(DARK), "only those");
  const names = await page
    .locator(".tile")
    .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  for (const name of names) assert.match(name, /dark/);
  await page.getByRole("button", { name: "Show all pictures" }).click();
  await until(() => grid(page).getAttribute("data-count"), String(COUNT), "all again");

  const means = page.getByTestId("means").locator("li");
  await page.getByRole("heading", { name: "Mean pictures" }).scrollIntoViewIfNeeded();
  await means.first().waitFor();
  const told = await means.allInnerTexts();
  assert.deepEqual(told.map((text) => text.split("\n")[0]).sort(), [...KINDS].sort());
  // The test pictures stay unseen.
  const balance = await page.locator("main").innerText();
  const [, train, choose] = /(\d+) to train on, (\d+) to choose by/.exec(balance);
  assert.equal(
    told.reduce((sum, text) => sum + Number(/(\d+) picture/.exec(text)[1]), 0),
    Number(train) + Number(choose),
  );

  await page.getByTestId("map-wait").or(page.getByTestId("map")).scrollIntoViewIfNeeded();
  const map = page.getByTestId("map");
  await map.waitFor({ timeout: 30_000 });
  await map.focus();
  await page.keyboard.press("ArrowRight");
  const [, name] = /: (.+)$/.exec(await map.getAttribute("aria-valuetext"));
  await page.keyboard.press("Enter");
  await large(page).waitFor();
  assert.equal(await large(page).getByRole("heading", { level: 2 }).innerText(), name);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Nearer" }).click();
  await page.getByRole("button", { name: "Whole" }).waitFor();
  await screenshot(page, "gallery-explore");
  assert.deepEqual(await axe(page), []);
  await assertQuiet(page);
  await page.context().close();
});

/** Sets the number of epochs, trains, and stands before the confusion matrix. */
async function trained(page, epochs) {
  await goTo(page, "train");
  const field = page.getByRole("textbox", { name: "Epochs" });
  await field.fill(String(epochs));
  await field.press("Enter");
  await trainNow(page, 240_000);
}

const cells = (page) => page.locator(".confusion .cell button");

test("each cell of the confusion opens its pictures, with scores, to be put right", {
  timeout: 400_000,
}, async (t) => {
  const page = await withPictures();
  await trained(page, 4);
  const cell = cells(page).first();
  const count = Number(await cell.innerText());
  await cell.focus();
  await page.keyboard.press("Enter");
  const box = page.getByRole("listbox", { name: "Pictures of this cell" });
  await box.waitFor({ timeout: 60_000 });
  assert.equal(await box.getAttribute("data-count"), String(count), "as many as the cell says");
  const truth = KINDS[0];
  const scores = async () =>
    (await page.locator(".tile").evaluateAll((all) => all.map((one) => one.ariaLabel))).map((name) =>
      Number(new RegExp(`${truth} (\\d+) %`).exec(name)?.[1] ?? Number.NaN),
    );
  const worst = (await scores()).slice(0, 8);
  t.diagnostic(`worst first: ${worst.join(", ")} %`);
  assert.deepEqual(worst, worst.toSorted((a, b) => a - b), "the least sure of the truth first");
  await page.getByRole("radio", { name: "Best first" }).check();
  const best = (await scores()).slice(0, 8);
  assert.deepEqual(best, best.toSorted((a, b) => b - a));
  await page.getByRole("radio", { name: "Worst first" }).check();

  await box.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  const dialog = large(page);
  await dialog.waitFor();
  await dialog.getByText(/^The model says/).waitFor({ timeout: 30_000 });
  await screenshot(page, "gallery-scores");
  const label = dialog.getByRole("combobox", { name: "Label" });
  await label.fill(KINDS[1]);
  await label.press("Enter");
  await dialog.getByText(/is now "/).waitFor();
  await page.keyboard.press("Escape");
  await untilState(page, "train", "stale");
  assert.match(await page.getByTestId("samples").innerText(), /does not know of the last changes/);
  await page.getByText(`now ${KINDS[1]}`).waitFor();
  await undo(page);
  await untilState(page, "train", "done");
  await screenshot(page, "gallery-drill");
  assert.deepEqual(await axe(page), []);
  await assertQuiet(page);
  await page.context().close();
});

test("and its stretches of movement, in a list of which some rows are drawn", {
  timeout: 400_000,
}, async (t) => {
  const page = await site.page();
  page.setDefaultTimeout(60_000);
  const recordings = await bringData(page);
  await goTo(page, "record");
  const rows = page.getByTestId("recording-row");
  t.diagnostic(`${await rows.count()} of ${recordings} rows are drawn`);
  assert.equal(await listed(page), recordings);
  // By keys from the first to the last, and all between selected.
  await rows.first().getByRole("checkbox").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+End");
  await until(() => selected(page), recordings, "a stretch of rows");
  const at = () =>
    page.evaluate(() => Number(document.activeElement.closest("li")?.getAttribute("aria-posinset")));
  await until(at, recordings, "the focus is on the last row");
  await page.keyboard.press("ArrowUp");
  await until(at, recordings - 1, "and goes up from there");
  await page.getByRole("button", { name: "Clear selection" }).click();

  await trained(page, 12);
  const cell = cells(page).first();
  const count = Number(await cell.innerText());
  await cell.click();
  const list = page.getByRole("list", { name: "Samples of this cell" });
  await list.locator("li").first().waitFor({ timeout: 60_000 });
  assert.equal(await list.locator("li").first().getAttribute("aria-setsize"), String(count));
  const sample = page.getByTestId("sample").first();
  const choice = sample.getByRole("combobox");
  const had = await choice.inputValue();
  const other = await choice
    .locator("option")
    .evaluateAll((all, now) => all.map((one) => one.value).find((one) => one !== now), had);
  await choice.selectOption(other);
  await untilState(page, "train", "stale");
  await undo(page);
  await untilState(page, "train", "done");
  await until(() => choice.inputValue(), had, "the label is back");
  await sample.getByRole("button", { name: /Leave out/ }).click();
  await page.getByText(/^Deleted "/).waitFor();
  await undo(page);
  await screenshot(page, "quantize-samples");
  assert.deepEqual(await axe(page), []);
  await assertQuiet(page);
  await page.context().close();
});
