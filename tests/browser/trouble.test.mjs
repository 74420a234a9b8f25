// What goes wrong tells what, where and the remedy, and changes nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  assertQuiet,
  bringData,
  choose,
  goTo,
  messages,
  openSite,
  ready,
  untilState,
  visit,
} from "./harness.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
const csv = (rows, value = (i) => Math.sin(i / 5)) =>
  `time,x,y,z\n${Array.from({ length: rows }, (_, i) => `${i * 20},${value(i)},${value(i + 1)},${value(i + 2)}`).join("\n")}\n`;

// name → file, and what the message must speak of.
const MALFORMED = {
  "JSON that is cut short": [file("wave.1.json", '{"payload": {"values": [[1, 2'), /JSON/i],
  "JSON of something else": [file("wave.2.json", '{"hello": "world"}'), /payload|Edge Impulse/i],
  "CSV without a header": [file("wave.3.csv", "0,1,2,3\n20,1,2,3\n40,1,2,3\n"), /header/i],
  "CSV with text for a number": [file("wave.4.csv", "time,x\n0,1\n20,abc\n40,2\n"), /abc|number/i],
  "not a number": [file("wave.5.csv", "time,x\n0,1\n20,NaN\n40,2\n"), /NaN|finite|number/i],
  infinite: [file("wave.6.csv", "time,x\n0,1\n20,inf\n40,2\n"), /inf|finite|number/i],
  "time that runs backward": [file("wave.7.csv", "time,x\n0,1\n40,2\n20,3\n60,4\n"), /time/i],
  "rate 0": [
    file(
      "wave.8.json",
      JSON.stringify({
        protected: { ver: "v1", alg: "none", iat: 0 },
        signature: "0",
        payload: {
          interval_ms: 0,
          sensors: [{ name: "x", units: "m/s2" }],
          values: [[1], [2], [3]],
        },
      }),
    ),
    /interval|rate/i,
  ],
  empty: [file("wave.9.csv", ""), /empty|no |header/i],
};

for (const [name, [bad, told]] of Object.entries(MALFORMED))
  test(`import refuses ${name}, and keeps the good file beside it`, async () => {
    const page = await site.page();
    await choose(page, [bad, file("good.csv", csv(200))]);
    const problems = page.getByRole("alert");
    await problems.waitFor();
    const text = await problems.innerText();
    assert.match(text, told);
    assert.match(text, new RegExp(bad.name.replaceAll(".", "\\.")), "names the file");
    assert.equal(await page.getByTestId("recording-row").count(), 1);
    await assertQuiet(page);
    await page.context().close();
  });

test("100,000 rows are read", { timeout: 120_000 }, async () => {
  const page = await site.page();
  await choose(page, [file("long.csv", csv(100_000))]);
  assert.equal(await page.getByTestId("recording-row").count(), 1, await messages(page));
  await page.context().close();
});

test("one class only, or recordings shorter than a window: says what is missing", async () => {
  const page = await site.page();
  await choose(page, [
    file("wave.1.csv", csv(500)),
    file(
      "wave.2.csv",
      csv(500, (i) => Math.cos(i / 7)),
    ),
  ]);
  await untilState(page, "explore", "ready");
  assert.match(await page.locator("a[data-step=explore]").getAttribute("title"), /class|label/i);
  await goTo(page, "train");
  assert.ok(await page.getByTestId("train-start").isDisabled());
  await page.context().close();

  const short = await site.page();
  await choose(short, [
    file("a.csv", csv(20)),
    file(
      "b.csv",
      csv(20, (i) => i),
    ),
  ]);
  await untilState(short, "explore", "ready");
  assert.match(await short.locator("a[data-step=explore]").getAttribute("title"), /window|short/i);
  await short.context().close();
});

/** Waits until so many recordings are listed; the state alone may still be that of before. */
const untilRows = (page, count) =>
  page.waitForFunction(
    (n) =>
      Number(document.querySelector(".rows > li")?.getAttribute("aria-setsize") ?? 0) === n,
    count,
  );

test("a trap in the engine is told, and the worker comes back with the data", async () => {
  const page = await site.page();
  const recordings = await bringData(page);
  await goTo(page, "record");
  // The lab worker is the only one so far. From here on, whatever text crosses into the engine traps,
  // with a real trap of a real module.
  const [lab] = page.workers();
  await lab.evaluate(async () => {
    // (module (func (export "t") unreachable))
    const bytes = [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 116, 0, 0, 10, 5, 1,
      3, 0, 0, 11,
    ];
    const { instance } = await WebAssembly.instantiate(Uint8Array.from(bytes));
    const trap = () => {
      console.error("panicked at 'the test wanted it'");
      instance.exports.t();
    };
    String.prototype.charCodeAt = trap;
    TextEncoder.prototype.encodeInto = trap;
  });
  const row = page.getByTestId("recording-row").first();
  await row.getByRole("button", { name: /^Delete/ }).click();
  await page
    .getByText(/the test wanted it/)
    .first()
    .waitFor();
  // The deletion was stored before the engine heard of it, and the new worker was built from the store.
  await untilState(page, "explore", "done");
  await untilRows(page, recordings - 1);
  await row.getByRole("button", { name: /^Delete/ }).click();
  await untilRows(page, recordings - 2);
  await untilState(page, "explore", "done");
  assert.equal(page.workers().filter((one) => one === lab).length, 0, "the old worker is gone");
  await assertQuiet(page);
  await page.context().close();
});

test("a second tab can only read, is told why, and takes over by itself", async () => {
  const page = await site.page();
  await bringData(page);
  const second = await visit(page.context(), site.url);
  await second
    .getByText(/open in another tab/i)
    .first()
    .waitFor();
  await goTo(second, "record");
  const remove = second
    .getByTestId("recording-row")
    .first()
    .getByRole("button", { name: /^Delete/ });
  assert.ok(await remove.isDisabled());
  await page.close();
  await second.getByText(/can be changed here now/).waitFor();
  assert.ok(await remove.isEnabled());
  await assertQuiet(second);
  await second.context().close();
});

test("a full disk: nothing half-written, and the remedy is told", async () => {
  const page = await site.page();
  await choose(page, [file("first.csv", csv(200))]);
  // The debugger's own way to fill a disk does not reach a private window, so the store
  // is made to refuse as a full one does: in the middle of the change.
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    let left = 2;
    IDBObjectStore.prototype.put = function (...args) {
      if (left-- === 0) throw new DOMException("The disk is full", "QuotaExceededError");
      return put.apply(this, args);
    };
  });
  await choose(page, [file("second.csv", csv(300)), file("third.csv", csv(400))]);
  await page
    .getByText(/no room left/i)
    .first()
    .waitFor();
  assert.match(await messages(page), /Export and delete/);
  assert.equal(await page.getByTestId("recording-row").count(), 1);
  await page.reload();
  await ready(page);
  assert.equal(await page.getByTestId("recording-row").count(), 1);
  await page.context().close();
});
