// A model.lampyris that somebody drops on the page: what it says, whether it still answers as it did,
// the exports made of it; and one that is damaged, newer or too large is refused with the way out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  assertQuiet,
  axe,
  download,
  goTo,
  openSite,
  screenshot,
} from "./harness.mjs";
import { sha256, trainInNode } from "./node-train.mjs";
import { bringProject, projectZip, quickProject } from "./quick.mjs";
import { unzip } from "./zip.mjs";

const NARROW = { width: 360, height: 740 };

let site;
/** A trained project's bundle, its page's word for it, an export of it, and the project's zip. */
let made;
before(async () => {
  site = await openSite();
  const page = await site.page();
  await quickProject(page, "wave");
  const zip = await projectZip(page);
  await goTo(page, "deploy");
  const hash = await page.getByTestId("model-hash").innerText();
  const bundle = (await download(page, "download-bundle")).bytes;
  const tflite = (await download(page, "export-download-tflite")).bytes;
  made = { hash, bundle, tflite, zip };
  await page.context().close();
});
after(() => site.close());

async function drop(page, name, bytes) {
  await page.locator("main").evaluate(
    (element, { name, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], name));
      const event = { bubbles: true, cancelable: true, dataTransfer };
      element.dispatchEvent(new DragEvent("dragover", event));
      element.dispatchEvent(new DragEvent("drop", event));
    },
    { name, base64: bytes.toString("base64") },
  );
}

test("dropped: name, labels, card, golden vectors run here, its network, and the same export", {
  timeout: 120_000,
}, async () => {
  const page = await site.page();
  await drop(page, "wave.lampyris", made.bundle);
  await page.getByTestId("bundle-golden").getByText(/golden vectors equal/).waitFor();
  assert.match(await page.getByTestId("bundle-golden").innerText(), /^([1-9]\d*) of \1 golden/);
  assert.equal(await page.getByTestId("model-hash").innerText(), made.hash);
  const facts = await page.getByTestId("bundle-facts").innerText();
  assert.match(facts, /Labels[\s\S]*Takes[\s\S]*Hz[\s\S]*On the chip[\s\S]*bytes of flash/);
  await page.getByText("Its card").click();
  assert.match(await page.locator(".bundle-card").innerText(), /accuracy/);
  await page.getByTestId("arena").waitFor();
  assert.equal(await page.locator("h1").innerText(), "wave.lampyris");
  const { bytes } = await download(page, "export-download-tflite");
  assert.equal(sha256(bytes), sha256(made.tflite), "as from its project");

  for (const viewport of [{ width: 1280, height: 800 }, NARROW]) {
    await page.setViewportSize(viewport);
    assert.deepEqual(await axe(page), [], `axe at ${viewport.width} px`);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `scrolls sideways by ${over}`);
    await page.evaluate(() => scrollTo(0, 0));
    await screenshot(page, `bundle-${viewport.width}`);
  }

  // Another file takes its place, and closing leads back.
  await page.getByTestId("network-close").click();
  await page.locator("main[data-view=record]").waitFor();
  await assertQuiet(page);
  await page.context().close();
});

test("the bundle within the project's zip is the one that was downloaded", () => {
  const within = [...unzip(made.zip)].filter(([path]) => path.endsWith(".lampyris"));
  assert.equal(within.length, 1);
  assert.ok(within[0][1].equals(made.bundle));
});

/** The bundle with what `change` does to a copy. */
function changed(change) {
  const copy = Buffer.from(made.bundle);
  return change(copy) ?? copy;
}

/** Where the host part begins. */
const host = (bytes) => bytes.readUInt32LE(12);

const flipped = (at) => (bytes) => {
  bytes[at(bytes)] ^= 0x10;
};

const DAMAGED = {
  "a flipped bit in the weights": [flipped(() => 400), /damaged|checksum/],
  "a flipped bit in the header": [flipped(() => 28), /damaged|checksum/],
  "a flipped bit in the host part": [flipped((bytes) => host(bytes) + 900), /damaged|checksum/],
  "cut short in the chip part": [(bytes) => bytes.subarray(0, 500), /bytes/],
  "cut short in its header": [(bytes) => bytes.subarray(0, 40), /bytes/],
  "cut short in the host part": [(bytes) => bytes.subarray(0, bytes.length - 100), /bytes/],
  "the chip part alone": [(bytes) => bytes.subarray(0, host(bytes)), /only the chip part/],
  "of a newer version": [(bytes) => void bytes.writeUInt16LE(99, 8), /version 99/],
  "with a host part of a newer version": [
    (bytes) => void bytes.writeUInt32LE(99, host(bytes) + 8),
    /version 99/,
  ],
  "another file": [() => Buffer.from("not a bundle at all, but long enough to be one"), /bundle|Lampyris|magic/i],
  "an empty file": [() => Buffer.alloc(0), /./],
};

test("damaged, cut, newer: refused with reason and remedy", { timeout: 120_000 }, async () => {
  const page = await site.page();
  for (const [name, [change, reason]] of Object.entries(DAMAGED)) {
    await drop(page, `${name}.lampyris`, changed(change));
    await page.getByRole("heading", { level: 1, name: `${name}.lampyris` }).waitFor();
    const alert = page.locator("main").getByRole("alert");
    await alert.waitFor();
    assert.match(await alert.locator(".notice-what").innerText(), reason, name);
    assert.match(await alert.locator(".notice-remedy").innerText(), /\w{4}/, name);
    assert.equal(await page.locator(".bundle").count(), 0, name);
  }
  await screenshot(page, "bundle-refused");
  // A good one after the bad ones.
  await drop(page, "wave.lampyris", made.bundle);
  await page.getByTestId("bundle-golden").getByText(/golden vectors equal/).waitFor();
  await assertQuiet(page);
  await page.context().close();
});

test("larger than the chosen board's flash: refused, with numbers; a larger board takes it", {
  timeout: 300_000,
}, async (t) => {
  const page = await site.page();
  await bringProject(page, made.zip);
  await goTo(page, "deploy");
  await page.getByTestId("boards").waitFor();
  // Which boards are there, and how much flash they have.
  const boards = await page.evaluate(() =>
    [...document.querySelectorAll("[data-testid=boards] tbody tr")].map((row) => ({
      id: row.dataset.board,
      flash: Number(row.dataset.flash),
    })),
  );
  const known = boards.filter(({ flash }) => flash > 0).sort((a, b) => a.flash - b.flash);
  const [least, most] = [known[0], known.at(-1)];
  assert.ok(least.flash < most.flash);
  // Two dense layers whose weights alone are more than the smallest board has.
  const units = Math.ceil(Math.sqrt(least.flash * 1.1));
  const large = await trainInNode(made.zip, 8, (settings) => {
    settings.network = [
      { ...settings.network.find(({ kind }) => kind === "dense"), units },
      { ...settings.network.find(({ kind }) => kind === "dense"), units },
    ];
    settings.training.epochs = 1;
    settings.board = most.id;
    return settings;
  });
  t.diagnostic(`${units} units, ${large.bundle.length} bytes; ${least.id} has ${least.flash}`);
  await drop(page, "large.lampyris", Buffer.from(large.bundle));
  const panel = page.locator(".bundle");
  await panel.waitFor();
  await panel.getByLabel("Board").selectOption(least.id);
  const refused = page.getByTestId("bundle-refused");
  await refused.waitFor();
  assert.match(await refused.innerText(), /at least [\d.,]+ [kM]B of flash, and the board has [\d.,]+ [kM]B/);
  assert.match(await refused.locator(".notice-remedy").innerText(), /larger|more memory|smaller network/);
  assert.equal(await page.locator(".exports").count(), 0);
  await screenshot(page, "bundle-too-large");
  await panel.getByLabel("Board").selectOption(most.id);
  await page.locator(".exports").waitFor();
  await assertQuiet(page);
  await page.context().close();
});
