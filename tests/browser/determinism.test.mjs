// Same build, data and seed: the same bytes in Chromium and in Node, however the
// training was sliced or paused.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { download, goTo, openSite, trainAndPause, trainNow, untilState } from "./harness.mjs";
import { sha256, trainInNode } from "./node-train.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

async function downloads(page) {
  await goTo(page, "deploy");
  const bundle = await download(page, "download-bundle");
  const tflite = await download(page, "download-tflite");
  return { bundle: bundle.bytes, tflite: tflite.bytes };
}

test("Chromium, Chromium with a pause, and Node give the same bytes", {
  timeout: 400_000,
}, async (t) => {
  const page = await site.page();
  await page.getByTestId("starter").click();
  await untilState(page, "explore", "done");
  await trainNow(page);
  const first = await downloads(page);
  await page.getByRole("button", { name: "Project menu" }).click();
  const zip = await download(page, "project-export");

  await trainAndPause(page);
  await page.waitForTimeout(500);
  await page.getByTestId("train-pause").click();
  await page.locator("main[data-view=quantize]").waitFor({ timeout: 180_000 });
  const paused = await downloads(page);
  assert.equal(sha256(paused.bundle), sha256(first.bundle), "with a pause");

  for (const batches of [1, 7]) {
    const node = await trainInNode(zip.bytes, batches);
    assert.equal(sha256(node.tflite), sha256(first.tflite), `tflite, Node, slices of ${batches}`);
    assert.equal(sha256(node.bundle), sha256(first.bundle), `bundle, Node, slices of ${batches}`);
  }
  t.diagnostic(`bundle ${sha256(first.bundle)}`);
  await page.context().close();
});
