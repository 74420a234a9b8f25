// Looking at sounds, drawing a network, and deciding while it runs: what a person does in
// Explore, Train and Run.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  artifact,
  assertQuiet,
  axe,
  choose,
  goTo,
  openSite,
  screenshot,
  trainNow,
  untilState,
} from "./harness.mjs";
import { soundFiles } from "./sounds.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

/** A visitor with low and high tones. */
async function withSounds(each) {
  const page = await site.page();
  await choose(page, soundFiles(each));
  await untilState(page, "explore", "done");
  return page;
}

const glassName = (page) =>
  page
    .getByRole("combobox", { name: "Recording", exact: true })
    .evaluate((select) => select.selectedOptions[0].textContent);

test("a sound's pictures follow the settings", {
  timeout: 120_000,
}, async (t) => {
  const page = await withSounds(3);
  await goTo(page, "explore");
  const picture = page.getByRole("img", { name: /frames over 1,000 ms/ }).last();
  await picture.waitFor();
  const label = await picture.getAttribute("aria-label");

  // From the slider's own event until other pixels are on the canvas, several times over.
  const times = await page.evaluate(async () => {
    const sliders = ["Noise floor", "Stride"].map((name) =>
      document.querySelector(`main .field-slider[aria-label="${name}, slider"]`),
    );
    const canvas = [...document.querySelectorAll("main .heat canvas")].at(-1);
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const drawn = () => canvas.getContext("2d").getImageData(80, 40, 64, 64).data.join();
    const times = [];
    for (const slider of sliders)
      for (const by of [6, 9, -4, 7]) {
        const before = drawn();
        slider.value = String(Number(slider.value) + by);
        const begun = performance.now();
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        while (performance.now() - begun < 1500 && drawn() === before) await frame();
        if (drawn() !== before) times.push(performance.now() - begun);
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
    return times.sort((a, b) => a - b);
  });
  assert.ok(times.length >= 4, `the picture changed ${times.length} times`);
  const median = times[times.length >> 1];
  t.diagnostic(
    `from slider to pixels of 1 s of sound: median ${median.toFixed(0)} ms of ${times.length}, slowest ${times.at(-1).toFixed(0)} ms`,
  );
  assert.notEqual(await picture.getAttribute("aria-label"), label, "the words follow as well");

  // The cross reads values out, by keyboard alone.
  const cross = page.getByRole("slider", { name: /read values$/ }).last();
  await cross.focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await cross.getAttribute("aria-valuetext"), /^[\d,.]+ ms, .+: -?[\d,.]+/);

  // Every block of the catalog draws, or says why not.
  const blocks = page.getByRole("combobox", { name: "Features" });
  for (const id of await blocks.locator("option").evaluateAll((all) => all.map((o) => o.value))) {
    await blocks.selectOption(id);
    // Some give too little for the network that is drawn: that is told, and they are shown.
    await page.locator("a[data-step=explore]:not([data-state=working])").waitFor();
    const seen = page.locator("main .heat, main .feature-table, main .glass .notice");
    await seen.first().waitFor();
    t.diagnostic(`${id}: ${await page.locator("main .panel-lead").nth(2).innerText()}`);
  }
  assert.deepEqual(await axe(page), []);
  await assertQuiet(page);
  await page.context().close();
});

test("a project at 44.1 kHz has its pictures", {
  timeout: 120_000,
}, async (t) => {
  const page = await withSounds(3);
  await goTo(page, "explore");
  const pictures = page.getByRole("img", { name: /frames over 1,000 ms/ });
  await pictures.last().waitFor();
  // What the network gets first: the usual FFT holds no frame at this rate, and says so.
  const rate = page.getByRole("textbox", { name: "Rate" });
  await rate.fill("44100");
  await rate.press("Enter");
  const notice = page.locator("main .glass .notice");
  t.diagnostic((await notice.innerText()).replace(/\s+/g, " "));
  const fft = page.getByRole("textbox", { name: "FFT length" });
  await fft.fill("2048");
  await fft.press("Enter");
  await notice.waitFor({ state: "detached" });
  await page.waitForFunction(
    () => document.querySelectorAll("main .glass .heat canvas").length === 2,
  );
  for (const picture of await pictures.all()) {
    const label = await picture.getAttribute("aria-label");
    t.diagnostic(label);
    assert.match(label, /49 frames/);
  }
  // Features without an FFT have the frequencies beside them as well.
  await page.getByRole("combobox", { name: "Features" }).selectOption("statistics");
  await page.locator("main .feature-table").first().waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await screenshot(page, "explore-44100");
  assert.equal(await pictures.count(), 1);
  assert.equal(await notice.count(), 0);
  await assertQuiet(page);
  await page.context().close();
});

test("the map opens and relabels what it shows", {
  timeout: 120_000,
}, async () => {
  const page = await withSounds(3);
  await goTo(page, "explore");
  // Nobody has seen it yet, so that nothing was computed for it.
  assert.equal(await page.getByTestId("map-wait").innerText(), "Drawn as soon as it is in sight.");
  await page.getByTestId("map-wait").scrollIntoViewIfNeeded();
  const map = page.getByTestId("map");
  await map.waitFor({ timeout: 30_000 });
  await page.screenshot({ path: artifact("screenshots/explore-map.png") });

  // By keyboard: to a neighbour, open it.
  await map.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  const told = await map.getAttribute("aria-valuetext");
  await page.keyboard.press("Enter");
  const [, name] = /: (.+), from/.exec(told);
  assert.equal(await glassName(page), name, "Enter opens the point that has the focus");

  // By pointer: what the tip names is what a press opens.
  const box = await map.boundingBox();
  let tip = null;
  for (let y = 8; y < box.height && !tip; y += 12)
    for (let x = 8; x < box.width && !tip; x += 12) {
      await page.mouse.move(box.x + x, box.y + y);
      const text = page.locator(".map-tip");
      if (await text.count()) tip = await text.innerText();
      if (tip?.includes(name)) tip = null;
      if (tip) await page.mouse.click(box.x + x, box.y + y);
    }
  assert.ok(tip, "a point lies under the pointer somewhere");
  const [, label, other] = /^(.+?): (.+), from/.exec(tip);
  assert.equal(await glassName(page), other);

  // Another label, from here; the map follows.
  const field = page.getByRole("combobox", { name: "Label of this recording" });
  const swapped = label === "low" ? "high" : "low";
  await field.fill(swapped);
  await field.press("Enter");
  await goTo(page, "record");
  const row = page.getByTestId("recording-row").filter({ hasText: other });
  assert.match(await row.innerText(), new RegExp(swapped));
  await assertQuiet(page);
  await page.context().close();
});

/** Presses Tab until `found` says so of the element that has the focus. */
async function tabTo(page, found, what, key = "Tab") {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press(key);
    if (await page.evaluate(found)) return;
  }
  assert.fail(`${what} was not reached by ${key}`);
}

test("a network is built by keyboard; its costs and faults are told before training", {
  timeout: 120_000,
}, async (t) => {
  const page = await withSounds(3);
  await goTo(page, "train");
  const rows = page.locator("[data-layer]");
  // An empty drawing, by the keys alone: each removal leaves the focus on the next one's.
  const n = await rows.count();
  await page.locator("[data-layer='0'] [data-act=remove]").focus();
  for (let i = 0; i < n; i++) {
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      (left) => document.querySelectorAll("[data-layer]").length === left,
      n - 1 - i,
    );
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }
  await page.getByTestId("layer-kind").focus();
  for (const kind of ["Conv 1-D", "Max pool", "Global average"]) {
    await page.keyboard.type(kind);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await tabTo(page, () => document.activeElement.dataset.testid === "layer-kind", "the kinds");
    // A pause, so that the next letters begin a new search in the list.
    await page.waitForTimeout(1100);
  }
  assert.deepEqual(
    await rows
      .locator(".layer-name")
      .allInnerTexts()
      .then((all) => all.map((s) => s.replace(/^\d+\s*/, ""))),
    ["Conv 1-D", "Max pool", "Global average"],
  );
  await rows
    .first()
    .getByText(/parameters/)
    .waitFor();
  t.diagnostic((await rows.first().innerText()).replace(/\s+/g, " "));
  t.diagnostic(await page.getByTestId("network-cost").innerText());
  assert.match(await page.getByTestId("network-cost").innerText(), /parameters.*MACs.*weights/);

  // A layer can be moved by keys from anywhere in it, and back by undoing.
  await rows
    .nth(1)
    .getByRole("button", { name: /^Move up/ })
    .focus();
  await page.keyboard.press("Alt+ArrowUp");
  await page.waitForFunction(() =>
    document.querySelector("[data-layer='0']").innerText.includes("Max pool"),
  );
  await page.getByTestId("network-undo").click();
  await page.waitForFunction(() =>
    document.querySelector("[data-layer='0']").innerText.includes("Conv 1-D"),
  );

  // A fault is told at its layer, with what helps, and nothing fails.
  await rows.first().getByLabel("Layer 1, Padding").selectOption("valid");
  await rows.first().getByLabel("Layer 1, Kernel").fill("1000");
  const fault = rows.first().getByRole("alert");
  await fault.waitFor();
  assert.match(await fault.innerText(), /\S+\. \S+/);
  t.diagnostic(await fault.innerText());
  assert.equal(await page.getByTestId("train-start").isDisabled(), true);
  assert.deepEqual(await axe(page), []);
  await page.getByTestId("network-undo").click();
  await fault.waitFor({ state: "detached" });
  await assertQuiet(page);
  await page.context().close();
});

test("threshold and clearing act while the model runs", {
  timeout: 300_000,
}, async (t) => {
  const page = await withSounds(8);
  await goTo(page, "train");
  // Few epochs suffice for two tones.
  const epochs = page.getByRole("textbox", { name: "Epochs" });
  await epochs.fill("12");
  await epochs.press("Enter");
  t.diagnostic(`trained in ${(await trainNow(page)).toFixed(1)} s`);
  await goTo(page, "run");
  const threshold = page.getByRole("slider", { name: "Threshold" });
  const replays = page.getByRole("combobox", { name: "Listen to" });
  const long = replays.locator("option", { hasText: "high.9" });
  await replays.selectOption(await long.getAttribute("value"));
  const says = (words) =>
    page.waitForFunction(
      (pattern) =>
        new RegExp(pattern).test(document.querySelector("[data-testid=live-label]").innerText),
      words,
      { timeout: 30_000 },
    );
  await threshold.fill("0");
  await page.getByTestId("live-start").click();
  await says("^(low|high)$");
  t.diagnostic(`said: ${await page.getByTestId("live-label").innerText()}`);
  const events = page.getByTestId("live-events");
  await events.waitFor();
  // No averaged score reaches 1: an int8 output is 255/256 at most.
  await threshold.fill("1");
  await says("^Unsure$");
  assert.ok(await page.getByRole("button", { name: "Stop" }).isVisible(), "it still runs");
  await page.getByRole("button", { name: "Clear" }).click();
  await events.waitFor({ state: "detached" });
  await threshold.fill("0");
  await says("^(low|high)$");
  await events.waitFor();
  const facts = await page.locator("main").innerText();
  assert.match(facts, /100 % of \d+ windows/);
  assert.match(facts, /a second/);
  t.diagnostic(/Features\s+(.+)\s+Network\s+(.+)/.exec(facts)?.[0].replace(/\s+/g, " ") ?? "");
  await page.getByTestId("live-start").click();
  await assertQuiet(page);
  await page.context().close();
});
