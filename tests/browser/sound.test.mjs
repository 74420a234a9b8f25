// Sound, from a microphone that Chromium pretends: the real getUserMedia, the real worklet,
// fed with files of ours.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertQuiet, axe, openSite, ready, screenshot } from "./harness.mjs";
import {
  hearing,
  kept,
  likeness,
  noise,
  RATE_HZ,
  silence,
  sweep,
  together,
  writeWav,
} from "./microphone.mjs";

const folder = mkdtempSync(join(tmpdir(), "lampyris-sound-"));
const UP = together(sweep(0.6, 300, 1500), silence(0.4));
const HISS = noise(1);
/** Ten sounds, a second and a half apart. */
const SERIES = together(
  ...Array.from({ length: 10 }, (_, i) => together(sweep(0.4, 400 + 60 * i, 900), silence(1.1))),
);

let site;
before(async () => {
  site = await openSite();
});
after(async () => {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A visitor whose microphone hears `values` over and over; the store is kept by name. */
function listener(name, values, store = name) {
  const file = writeWav(join(folder, `${name}.wav`), values);
  return site.person(join(folder, store), hearing(file));
}

async function switchOn(page) {
  await page.getByRole("button", { name: /^Microphone/ }).click();
  await page.getByText(/Or press R\.|Give the sound a label\./).waitFor();
}

async function prepare(page, label, length) {
  await page.getByLabel("Label", { exact: true }).fill(label);
  await page.getByRole("radio", { name: "at once" }).check();
  await page.getByRole("radio", { name: length, exact: true }).check();
}

const record = (page) => page.getByRole("button", { name: "Record", exact: true });
const rows = (page) => page.getByTestId("recording-row");

test("takes in a row are the sound that was played, at 16 kHz, the original rate kept", {
  timeout: 120_000,
}, async (t) => {
  const page = await listener("up", UP);
  await switchOn(page);
  await page.getByText(/off: echo cancellation, noise suppression, automatic gain/).waitFor();
  await prepare(page, "up", "2 s");
  await page.getByLabel("Person or occasion", { exact: true }).fill("ann");
  await page.getByLabel("Takes", { exact: true }).selectOption("3");
  await page.getByLabel("Pause between").selectOption("1");
  await record(page).click();
  await page.getByText(/^Saved "up, take 3"/).waitFor({ timeout: 60_000 });
  assert.equal(await rows(page).count(), 3);
  await screenshot(page, "sound-takes");
  for (const { meta, pcm } of await kept(page)) {
    assert.equal(meta.samples, 2 * RATE_HZ, meta.name);
    assert.equal(meta.rate_hz, RATE_HZ);
    assert.ok(meta.original_rate_hz >= 44_100, `taken at ${meta.original_rate_hz} Hz`);
    assert.equal(meta.group, "ann");
    assert.deepEqual(meta.axes, [{ name: "audio", unit: "" }]);
    const like = likeness(pcm, UP);
    t.diagnostic(`${meta.name}: correlation ${like.toFixed(4)}`);
    assert.ok(like > 0.98, `${meta.name}: correlation ${like}`);
  }
  assert.deepEqual(await axe(page), []);
  await assertQuiet(page);
  await page.context().close();
});
