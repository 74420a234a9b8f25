// A take from the accelerometer: DeviceMotion events, as a phone sends them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, messages, moveDevice, openSite, ready } from "./harness.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

/** Switches the accelerometer on; the device goes on moving for `seconds`, which `moving` awaits. */
async function switchedOn(page, seconds, options) {
  const moving = moveDevice(page, seconds, options);
  await page.getByRole("button", { name: /Accelerometer/ }).click();
  await page.getByText("Or press R.").or(page.getByText("Give the movement a label.")).waitFor();
  return { moving };
}

/** Fills in the form of a take that begins at once. */
async function prepare(page, label, length) {
  await page.getByLabel("Label", { exact: true }).fill(label);
  await page.getByRole("radio", { name: "at once" }).check();
  await page.getByRole("radio", { name: length, exact: true }).check();
}

test("a take is stored before the page says so, with real times", { timeout: 60_000 }, async () => {
  const page = await site.page();
  await prepare(page, "shake", "2 s");
  await switchedOn(page, 8);
  await page.getByRole("button", { name: "Record", exact: true }).click();
  await page.getByText(/^Saved "shake, take 1"/).waitFor();
  await page.reload();
  await ready(page);
  const row = page.getByTestId("recording-row");
  assert.equal(await row.count(), 1);
  const text = await row.innerText();
  assert.match(text, /shake, take 1/);
  const seconds = Number.parseFloat(text.match(/([\d.]+) s/)?.[1]);
  assert.ok(seconds > 1.7 && seconds < 2.2, text);
  const rate = Number.parseFloat(text.match(/([\d.]+) Hz/)?.[1]);
  assert.ok(rate > 30 && rate < 70, text);
  await assertQuiet(page);
  await page.context().close();
});

test("a reload in the middle of a take loses at most 5 s of it", { timeout: 60_000 }, async () => {
  const page = await site.page();
  await prepare(page, "wave", "until stopped");
  await switchedOn(page, 30);
  await page.getByRole("button", { name: "Record", exact: true }).click();
  await page.waitForTimeout(6500);
  await page.reload();
  await ready(page);
  await page.getByText(/^Recovered "wave, take 1/).waitFor();
  const text = await page.getByTestId("recording-row").innerText();
  const seconds = Number.parseFloat(text.match(/([\d.]+) s/)?.[1]);
  assert.ok(seconds > 1.5, text);
  await page.reload();
  await ready(page);
  assert.equal(await page.getByTestId("recording-row").count(), 1, "recovered once, not twice");
  await page.context().close();
});

test("a hidden page ends the take, keeps it and says so", { timeout: 60_000 }, async () => {
  const page = await site.page();
  await prepare(page, "tilt", "until stopped");
  await switchedOn(page, 20);
  await page.getByRole("button", { name: "Record", exact: true }).click();
  await page.waitForTimeout(2000);
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.getByText(/ended and kept/).waitFor();
  await page.getByTestId("recording-row").first().waitFor();
  await page.context().close();
});

test("a sensor that speaks in g is turned to m/s²; pauses are counted", {
  timeout: 60_000,
}, async () => {
  const page = await site.page();
  await prepare(page, "rest", "until stopped");
  await (await switchedOn(page, 1.5, { unit: 1 / 9.80665 })).moving;
  await page.getByRole("button", { name: "Record", exact: true }).click();
  await moveDevice(page, 1, { unit: 1 / 9.80665 });
  await page.waitForTimeout(600);
  await moveDevice(page, 1, { unit: 1 / 9.80665 });
  await page.getByText(/1 gap/).waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByTestId("recording-row").first().waitFor();
  const largest = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open("lampyris");
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const all = open.result.transaction("samples").objectStore("samples").getAll();
          all.onsuccess = () => resolve(all.result[0].values.reduce((a, b) => Math.max(a, b)));
        };
      }),
  );
  assert.ok(largest > 9 && largest < 10.5, `gravity reads as ${largest}`);
  await page.context().close();
});

test("no sensor: said within seconds, with what to do", { timeout: 30_000 }, async () => {
  const page = await site.page();
  await page.getByRole("button", { name: /Accelerometer/ }).click();
  await page
    .getByText(/no motion sensor/)
    .first()
    .waitFor({ timeout: 5000 });
  assert.equal(await messages(page), "");
  await assertQuiet(page);
  await page.context().close();
});
