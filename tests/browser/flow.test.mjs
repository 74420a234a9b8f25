// The whole line: files in, training, figures, files out, and everything still there
// after a reload.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import {
  artifact,
  assertQuiet,
  bringData,
  download,
  gestures,
  goTo,
  openSite,
  ready,
  trainAndPause,
  trainNow,
  untilState,
  listed,
} from "./harness.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const percent = async (page, testId) =>
  Number.parseFloat(await page.getByTestId(testId).innerText());

test("from files to a model, and still there after a reload", { timeout: 400_000 }, async (t) => {
  const page = await site.page();
  const recordings = await bringData(page);
  assert.ok(recordings >= (gestures() ? 96 : 8), `${recordings} recordings`);

  const seconds = await trainNow(page);
  const float = await percent(page, "accuracy-float");
  const int8 = await percent(page, "accuracy-int8");
  t.diagnostic(`trained in ${seconds.toFixed(1)} s: float ${float} %, int8 ${int8} %`);
  assert.ok(float >= 96, `float accuracy ${float} %`);
  assert.ok(int8 >= 96, `int8 accuracy ${int8} %`);

  await page.getByTestId("latency-median").getByText(/[nµm]s/).waitFor({ timeout: 60_000 });
  t.diagnostic(`latency of the network: ${await page.getByTestId("latency-median").innerText()}`);

  await goTo(page, "deploy");
  const tflite = await download(page, "download-tflite");
  const bundle = await download(page, "download-bundle");
  assert.equal(tflite.bytes.subarray(4, 8).toString("latin1"), "TFL3", "a TFLite file");
  assert.ok(bundle.bytes.length > 500, "a bundle");
  const sha = createHash("sha256").update(bundle.bytes).digest("hex");
  artifact("downloads/sha256.txt", `${sha}  ${bundle.name}\n`);
  await untilState(page, "deploy", "done");
  await assertQuiet(page);

  await page.reload();
  await ready(page);
  await goTo(page, "record");
  assert.equal(await listed(page), recordings);
  await goTo(page, "quantize");
  assert.equal(await percent(page, "accuracy-int8"), int8);
  await untilState(page, "train", "done");
  await goTo(page, "deploy");
  const again = await download(page, "download-bundle");
  assert.deepEqual(again.bytes, bundle.bytes, "the stored bundle is the same bytes");

  await goTo(page, "run");
  await page.getByTestId("live-start").click();
  await page.getByTestId("live-label").waitFor();
  await untilState(page, "run", "working");
  await page.getByTestId("live-start").click();
  await assertQuiet(page);
  await page.context().close();
});

test("pause, resume and cancel; a change makes the model stale", { timeout: 300_000 }, async () => {
  const page = await site.page();
  await bringData(page);
  await trainAndPause(page);
  const held = await page.getByText(/^epoch \d/).innerText();
  await page.waitForTimeout(700);
  assert.equal(await page.getByText(/^epoch \d/).innerText(), held, "a pause holds still");
  await page.getByTestId("train-cancel").click();
  await page.getByTestId("train-start").waitFor();
  await untilState(page, "quantize", "empty");

  await trainNow(page);
  await goTo(page, "record");
  const row = page.getByTestId("recording-row").first();
  await row.getByRole("button", { name: /^Delete/ }).click();
  await untilState(page, "train", "stale");
  assert.match(await page.locator("a[data-step=train]").getAttribute("title"), /1 removed/);
  await page.getByRole("button", { name: "Undo" }).click();
  await untilState(page, "train", "done");
  await assertQuiet(page);
  await page.context().close();
});

test("a project goes out as one zip and comes back whole", { timeout: 300_000 }, async () => {
  const page = await site.page();
  const recordings = await bringData(page);
  await trainNow(page);
  const int8 = await percent(page, "accuracy-int8");
  await page.getByRole("button", { name: "Project menu" }).click();
  const zip = await download(page, "project-export");
  assert.equal(zip.bytes.subarray(0, 2).toString("latin1"), "PK");
  await page.context().close();

  const other = await site.page();
  await other.getByTestId("project-import").setInputFiles({
    name: zip.name,
    mimeType: "application/zip",
    buffer: zip.bytes,
  });
  await untilState(other, "quantize", "done", 120_000);
  assert.equal(await listed(other), recordings);
  await goTo(other, "quantize");
  assert.equal(await percent(other, "accuracy-int8"), int8);
  await assertQuiet(other);
  await other.context().close();
});
