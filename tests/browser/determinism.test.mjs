// Same build, data and seed: the same bytes in Chromium and in Node, however the
// training was sliced or paused, and from the project's file alone. The hash that
// the page shows is the one that the exports carry.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { download, goTo, openSite, trainAndPause, trainNow } from "./harness.mjs";
import { sha256, trainInNode } from "./node-train.mjs";
import { bringProject, projectZip, quickProject } from "./quick.mjs";
import { unzip, unzipFolder } from "./zip.mjs";

/** Long enough to be paused, and for many batches of every kind. */
const EPOCHS = 40;

let site;
let page;
/** What the first training gave: the two files, and the project's own with them. */
let first;
let zip;
before(async () => {
  site = await openSite();
  page = await site.page();
  await quickProject(page, "Again", EPOCHS);
  first = await downloads(page);
  zip = await projectZip(page);
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
  await trainAndPause(page);
  await page.waitForTimeout(500);
  await page.getByTestId("train-pause").click();
  await page.locator("main[data-view=quantize]").waitFor({ timeout: 180_000 });
  const paused = await downloads(page);
  assert.equal(sha256(paused.bundle), sha256(first.bundle), "with a pause");

  for (const batches of [1, 7]) {
    const node = await trainInNode(zip, batches);
    assert.equal(sha256(node.tflite), sha256(first.tflite), `tflite, Node, slices of ${batches}`);
    assert.equal(sha256(node.bundle), sha256(first.bundle), `bundle, Node, slices of ${batches}`);
  }
  t.diagnostic(`bundle ${sha256(first.bundle)}`);
});

/** Every array of bytes that is written out in a C file. */
function* byteArrays(text) {
  for (const [, body] of text.matchAll(/\{([\s0-9a-fA-Fx,]{64,})\}/g)) {
    const bytes = body.split(",").map((one) => one.trim()).filter(Boolean).map(Number);
    if (bytes.every((byte) => Number.isInteger(byte) && byte <= 255)) yield Buffer.from(bytes);
  }
}

test("the project's file alone gives the bundle again, and its hash stands everywhere", {
  timeout: 400_000,
}, async (t) => {
  const hash = await page.getByTestId("model-hash").innerText();
  const c = unzipFolder((await download(page, "export-download-c")).bytes).files;

  // A fresh visitor: the file, a new training, the download. What Node makes of it is told above.
  const other = await site.page();
  await bringProject(other, zip);
  await trainNow(other, 300_000);
  const again = await downloads(other);
  assert.equal(sha256(again.bundle), sha256(first.bundle), "a fresh visitor");
  assert.equal(await other.getByTestId("model-hash").innerText(), hash);
  await other.context().close();

  const [within] = [...unzip(zip)].filter(([path]) => path.endsWith(".lampyris"));
  assert.equal(sha256(within[1]), sha256(first.bundle), "the bundle in the zip");

  const chip = first.bundle.subarray(0, first.bundle.readUInt32LE(12));
  assert.equal(sha256(chip), hash, "the page shows the hash of the chip part");
  assert.match(c.get("MODEL_CARD.md").toString(), new RegExp(hash), "the export's card");
  const sources = [...c].filter(([path]) => /\.(c|h)$/.test(path));
  const arrays = sources.flatMap(([, text]) => [...byteArrays(text.toString())]);
  assert.ok(
    arrays.some((bytes) => sha256(bytes) === hash),
    `the C array, one of ${arrays.length}`,
  );
  t.diagnostic(`model ${hash}`);
});
