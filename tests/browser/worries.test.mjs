// The four worries and the replay: figures follow the handles, a stream is replayed, judged and
// can be stopped, and all of it is there by key, for a screen reader, on a phone and in the dark.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, axe, goTo, openSite, screenshot, trainNow, untilState } from "./harness.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const text = (page, testId) => page.getByTestId(testId).innerText();

/** Sets a slider as a hand would, and waits until it says so. */
async function slide(page, testId, key, times = 1) {
  const handle = page.getByTestId(testId);
  await handle.focus();
  for (let i = 0; i < times; i++) await handle.press(key);
}

/** A project with the starter gestures and a model of them, at Deploy. */
async function ready(options = {}) {
  const page = await site.page(options);
  await page.getByTestId("starter").click();
  await untilState(page, "explore", "done");
  await trainNow(page);
  await goTo(page, "deploy");
  await page
    .getByTestId("worry-energy-value")
    .getByText(/Yes|No|Perhaps|Unknown/)
    .waitFor();
  return page;
}

/** Replays what was held out, to its end. */
async function replayAll(page) {
  await page.getByTestId("replay-start").click();
  await page.getByTestId("replay-result").waitFor({ timeout: 60_000 });
}

test("figures follow the handles, and a replay measures the awake share", {
  timeout: 300_000,
}, async (t) => {
  const page = await ready();
  assert.equal(await text(page, "worry-privacy-value"), "0 bytes sent");
  assert.match(await text(page, "worry-latency-value"), /(µs|ms)/);

  // Events: none, then some, and the ratio is that of the bytes.
  assert.match(await text(page, "worry-ratio"), /Nothing is told/);
  await slide(page, "handle-events", "End");
  await page
    .getByTestId("worry-ratio")
    .getByText(/times less than the raw stream: 100,000 events/)
    .waitFor();
  assert.match(await text(page, "worry-storage-value"), /^900 kB a day/);
  const valuetext = await page.getByTestId("handle-events").getAttribute("aria-valuetext");
  assert.equal(valuetext, "100,000");

  // The board's own draw hides what computing costs; the chip alone shows it.
  const life = () => page.getByTestId("worry-energy-value").innerText();
  const whole_board = await life();
  await page.getByRole("switch", { name: "The whole board" }).click();
  await page.waitForFunction(
    (was) => document.querySelector("[data-testid=worry-energy-value]").innerText !== was,
    whole_board,
  );

  // The hop: a longer one lasts longer, and the model keeps its own.
  const before = await life();
  await slide(page, "handle-hop", "End");
  await page.waitForFunction(
    (was) => document.querySelector("[data-testid=worry-energy-value]").innerText !== was,
    before,
  );
  await page.getByRole("button", { name: "Back to the model's" }).click();
  await page.waitForFunction(
    (was) => document.querySelector("[data-testid=worry-energy-value]").innerText === was,
    before,
  );
  await untilState(page, "train", "done");

  await slide(page, "handle-events", "Home");

  await replayAll(page);
  t.diagnostic(`found ${await text(page, "replay-found")}`);
  t.diagnostic(`false alarms: ${await text(page, "replay-alarms")}`);
  t.diagnostic(
    `delay ${await text(page, "replay-delay")}, sent ${await text(page, "replay-sent")}`,
  );
  const [found, all] = (await text(page, "replay-found")).match(/\d+/g).map(Number);
  assert.ok(all >= 8 && found >= all / 2, `${found} of ${all}`);
  assert.match(await text(page, "replay-alarms"), /none heard|\d/);
  assert.match(await text(page, "replay-awake"), /100.0 %/, "the gate is off");
  assert.equal(await page.getByTestId("replay-take").count(), 0);

  // With a gate (that of Run), the stream sleeps where nothing happens, and that can be used above.
  await goTo(page, "run");
  await page.getByLabel("Gate", { exact: true }).focus();
  await page.keyboard.press("End");
  for (let i = 0; i < 20; i++) await page.keyboard.press("ArrowLeft");
  await untilState(page, "quantize", "done");
  await goTo(page, "deploy");
  await page.getByText("The model or its decision has changed since").waitFor();
  await replayAll(page);
  await page
    .getByText("The model or its decision has changed since")
    .waitFor({ state: "detached" });
  const awake = Number.parseFloat(await text(page, "replay-awake"));
  assert.ok(awake < 95, `${awake} % awake`);
  const wakeful = await life();
  await page.getByTestId("replay-take").click();
  await page.waitForFunction(
    (was) => document.querySelector("[data-testid=worry-energy-value]").innerText !== was,
    wakeful,
  );
  t.diagnostic(`a year: ${wakeful.replace("\n", " ")} → ${(await life()).replace("\n", " ")}`);
  await assertQuiet(page);

  // By key: closer, along, and all again.
  const picture = page.getByTestId("replay-timeline");
  const shown = () => picture.getByRole("img").getAttribute("aria-label");
  const whole = await shown();
  await picture.focus();
  await picture.press("+");
  await picture.press("+");
  const close = await shown();
  assert.notEqual(close, whole);
  await picture.press("ArrowRight");
  assert.notEqual(await shown(), close);
  await picture.press("0");
  assert.equal(await shown(), whole);
  // By hand.
  await page.getByRole("button", { name: "Look closer" }).click();
  const box = await picture.boundingBox();
  const near = await shown();
  await page.mouse.move(box.x + box.width / 2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, box.y + 20, { steps: 4 });
  await page.mouse.up();
  assert.notEqual(await shown(), near);

  await page.getByText(/events one by one/).click();
  assert.ok((await page.locator(".replay-events tbody tr").count()) === all);
  await page.getByText(/events one by one/).click();

  assert.deepEqual(await axe(page), []);
  await screenshot(page, "worries-light");

  // What was set is there after a reload.
  await page.waitForTimeout(1500);
  await page.reload();
  await goTo(page, "deploy");
  assert.equal(
    await page.getByRole("switch", { name: "The whole board" }).getAttribute("aria-checked"),
    "false",
  );
  await page
    .getByTestId("worry-energy-value")
    .getByText(/Yes|No|Perhaps|Unknown/)
    .waitFor();
  await assertQuiet(page);
  await page.context().close();
});

test("a long replay goes on beside other work, and can be stopped", {
  timeout: 300_000,
}, async () => {
  const page = await ready({ colorScheme: "dark" });
  // Two hours of gestures: 13 pauses of ten minutes.
  const pause = page.getByRole("textbox", { name: "Pause", exact: true });
  await pause.fill("600");
  await pause.press("Enter");
  const begun = Date.now();
  await page.getByTestId("replay-start").click();
  const cancel = page.getByTestId("replay-cancel");
  const stopped = await cancel
    .click({ timeout: 5000 })
    .then(() => true)
    .catch(() => false);
  if (stopped) {
    await page.getByTestId("replay-start").waitFor();
    assert.equal(await page.getByTestId("replay-result").count(), 0, "nothing is shown of it");
    assert.ok(Date.now() - begun < 20_000);
  }
  // It can begin again, and a handle is answered meanwhile.
  await page.getByTestId("replay-start").click();
  await slide(page, "handle-events", "End");
  await page.getByTestId("worry-storage-value").getByText("900 kB a day").waitFor();
  await page.getByTestId("replay-result").waitFor({ timeout: 120_000 });
  await page.getByText(/again and again/).waitFor();
  await screenshot(page, "worries-dark");
  assert.deepEqual(await axe(page), []);
  await assertQuiet(page);
  await page.context().close();
});

test("on a phone nothing is cut off", { timeout: 300_000 }, async () => {
  const page = await ready({ viewport: { width: 375, height: 740 }, hasTouch: true });
  await replayAll(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 375, `${wide} px wide`);
  assert.deepEqual(await axe(page), []);
  await screenshot(page, "worries-phone");
  await page.context().close();
});

test("a recording of one's own is a stream; an outdated model is refused with a reason", {
  timeout: 300_000,
}, async () => {
  const page = await ready();
  const stream = page.getByRole("combobox", { name: "Stream" });
  const options = await stream.locator("option").allInnerTexts();
  assert.ok(options.length > 10, "each recording can be chosen");
  await stream.selectOption({ index: 1 });
  await replayAll(page);
  await page.getByText(/^The recording ".*from its beginning to its end/).waitFor();

  await goTo(page, "explore");
  const hop = page.getByRole("textbox", { name: "Window", exact: true });
  await hop.fill("1500");
  await hop.press("Enter");
  await untilState(page, "train", "stale");
  await goTo(page, "deploy");
  await page.getByTestId("replay-start").click();
  await page
    .getByText(/out of date/)
    .first()
    .waitFor();
  await assertQuiet(page);
  await page.context().close();
});
