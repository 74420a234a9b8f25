// Files of pictures as people bring them: good ones by the hundred, and those that are huge,
// broken, lying or strangely named. Each is imported or refused with what, where and the remedy,
// and what the page says is imported is in the store, whole.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";
import { assertQuiet, choose, messages, openSite, ready, untilState } from "./harness.mjs";
import { bomb, drawn, folders, pngOf, zip } from "./pictures.mjs";
import { inStore, told } from "./stored.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const file = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer });
const good = () => file("good.png", drawn("disc", 1, 24));

/** What only a browser can make without a library: a JPEG. */
async function jpeg(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(160, 120);
    const context = canvas.getContext("2d");
    for (let x = 0; x < 160; x++) {
      context.fillStyle = `hsl(${x * 2} 60% 50%)`;
      context.fillRect(x, 0, 1, 120 - x / 3);
    }
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  return Buffer.from(bytes);
}

const GIF = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
/** 20,000 × 20,000 grey pixels of one bit each: 50 MB of rows, 50 kB of file. */
const vast = () => {
  const rows = deflateSync(Buffer.alloc(20_000 * (1 + 20_000 / 8)));
  return pngOf(20_000, 20_000, { depth: 1, color: 0 }, rows);
};

const REFUSED = {
  "a picture of 20,000 pixels a side": [() => file("vast.png", vast()), /20000 × 20000/],
  "a JPEG that is cut short": [
    async (page) => file("cut.jpg", (await jpeg(page)).subarray(0, 1500)),
    /cut short|early|damaged|truncated/i,
  ],
  "a GIF called .png": [() => file("moving.png", GIF), /GIF/],
  "a PNG whose rows end early": [
    () => file("rows.png", pngOf(64, 64, { depth: 8, color: 2 }, deflateSync(Buffer.alloc(900)))),
    /cut short|early|damaged|few/i,
  ],
  "a zip bomb": [() => file("bomb.zip", bomb(100, 10_000_000)), /zip|bytes|large|MB/i],
};

for (const [name, [bad, says]] of Object.entries(REFUSED))
  test(`refuses ${name}, and keeps the good picture beside it`, { timeout: 120_000 }, async () => {
    const page = await site.page();
    const wrong = await bad(page);
    await choose(page, [wrong, good()], 100_000);
    const problems = page.getByRole("alert");
    await problems.waitFor({ timeout: 60_000 });
    const text = await problems.innerText();
    assert.match(text, says);
    assert.ok(text.includes(wrong.name), `names the file: ${text}`);
    assert.equal(await told(page), 1, await messages(page));
    const { recordings, halves } = await inStore(page);
    assert.deepEqual({ recordings, halves }, { recordings: 1, halves: [] });
    await assertQuiet(page);
    await page.context().close();
  });

test("a zip of 10,000 files with strange names: in the project or told of", {
  timeout: 400_000,
}, async () => {
  const strange = [
    "../up/out.png",
    "../../../../etc/passwd.png",
    "/absolute/name.png",
    "C:\\windows\\back.png",
    "größe/ümlaut.png",
    "日本/猫.png",
    "emoji/😀.png",
    "dots/...png",
    `long/${"x".repeat(3000)}.png`,
    "con/aux.png",
    "tab\tand\nline/break.png",
    "nul\0inside/a.png",
    " spaces /  .png",
    ".hidden/a.png",
    "__MACOSX/._a.png",
  ];
  const names = Array.from({ length: 10_000 }, (_, i) => strange[i] ?? `class ${i % 7}/${i}.png`);
  // As small as a picture can be, each of its own content.
  const entries = names.map((name, i) => [name, drawn("disc", i, 8)]);
  const folder = mkdtempSync(join(tmpdir(), "lampyris-names-"));
  const path = join(folder, "strange.zip");
  writeFileSync(path, zip(entries));
  const page = await site.page();
  await page.getByTestId("file-input").setInputFiles(path);
  await page.locator(".toast-busy").waitFor();
  await page.locator(".toast-busy").waitFor({ state: "detached", timeout: 300_000 });
  const said = await messages(page);
  const imported = Number(/([\d,]+) (?:recording|picture)s? imported/.exec(said)?.[1].replace(",", "") ?? -1);
  assert.ok(imported >= 9_985, said);
  assert.equal(await told(page), imported);
  const { recordings, halves, metas } = await inStore(page);
  assert.equal(recordings, imported);
  assert.deepEqual(halves, []);
  for (const { spans, name } of metas) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
    assert.doesNotMatch(`${spans[0].label}${name}`, /[\x00-\x1f]/);
    assert.doesNotMatch(spans[0].label, /^\.*$|[/\\]/, "a label is a name");
  }
  await assertQuiet(page);
  await page.context().close();
});

test("hundreds come at once, are found after a reload, go and come back", {
  timeout: 240_000,
}, async () => {
  const page = await site.page();
  const folder = mkdtempSync(join(tmpdir(), "lampyris-pictures-"));
  const path = join(folder, "pictures.zip");
  writeFileSync(path, zip(folders(600, 32)));
  await choose(page, path, 60_000);
  assert.match(await messages(page), /600 pictures imported/);
  assert.equal(await told(page), 600);
  await untilState(page, "explore", "done");
  await page.reload();
  await ready(page);
  assert.equal(await told(page), 600);
  await untilState(page, "explore", "done");
  // The same files once more are what is here already.
  await choose(page, path, 60_000);
  assert.match(await messages(page), /600 already here/);
  assert.equal((await inStore(page)).recordings, 600);

  await page.getByRole("checkbox", { name: /all/i }).first().check();
  await page.getByRole("button", { name: /delete/i }).first().click();
  await page.getByRole("button", { name: "Undo" }).waitFor();
  assert.equal(await told(page), 0);
  assert.equal((await inStore(page)).recordings, 0);
  await page.getByRole("button", { name: "Undo" }).click();
  await untilState(page, "explore", "done");
  assert.equal(await told(page), 600);
  const { recordings, halves, trash } = await inStore(page);
  assert.deepEqual({ recordings, halves, trash }, { recordings: 600, halves: [], trash: 0 });
  await assertQuiet(page);
  await page.context().close();
});

test("an import that is cancelled keeps what is stored, and says how much", {
  timeout: 240_000,
}, async () => {
  const page = await site.page();
  const folder = mkdtempSync(join(tmpdir(), "lampyris-cancelled-"));
  const path = join(folder, "many.zip");
  writeFileSync(path, zip(folders(1500, 24)));
  await page.getByTestId("file-input").setInputFiles(path);
  // As soon as a part is stored.
  await page.waitForFunction(() =>
    /^Saving.*\n+(?!0 of)[\d,]+ of 1,500$/m.test(document.querySelector(".toast-busy")?.innerText ?? ""));
  await page.locator(".toast-busy").getByRole("button", { name: "Cancel" }).click();
  await page.locator(".toast-busy").waitFor({ state: "detached" });
  const said = await messages(page);
  const [, count] = /([\d,]+) (?:recording|picture)s? imported.*cancelled/.exec(said) ?? [];
  const imported = count?.replace(",", "");
  assert.ok(Number(imported) > 0 && Number(imported) < 1500, said);
  assert.equal(await told(page), Number(imported));
  const { recordings, halves } = await inStore(page);
  assert.deepEqual({ recordings, halves }, { recordings: Number(imported), halves: [] });
  await page.context().close();
});
