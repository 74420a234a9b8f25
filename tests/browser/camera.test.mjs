// Pictures, from a camera that Chromium pretends: the real getUserMedia, fed with clips of ours.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { halves, keptPictures, starter, twoClasses, watching, writeClip } from "./camera.mjs";
import {
  assertQuiet,
  axe,
  goTo,
  messages,
  openSite,
  screenshot,
  trainNow,
  untilState,
} from "./harness.mjs";

const folder = mkdtempSync(join(tmpdir(), "lampyris-camera-"));

let site;
/** Twelve pictures, which differ, and one that no mirror leaves as it is. */
let signs;
let flag;
before(async () => {
  site = await openSite();
  const { circle, cross } = starter(join(folder, "starter"), ["circle", "cross"]);
  signs = await writeClip(site.browser, join(folder, "signs.mjpeg"), [...circle, ...cross]);
  const colours = await halves(site.browser, "#d01010", "#1030d0");
  flag = await writeClip(site.browser, join(folder, "flag.mjpeg"), [colours]);
});
after(async () => {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A visitor whose camera shows a clip over and over; the store is kept by name. */
async function viewer(clip, store) {
  const page = await site.person(join(folder, store), watching(clip));
  // A pretended camera, a browser of its own and an engine that compiles: slow where much runs.
  page.setDefaultTimeout(45_000);
  return page;
}

async function switchOn(page) {
  await page.getByRole("button", { name: /^Camera/ }).click();
  await page.locator(".live-picture video").waitFor();
}

const names = (page, label) => page.getByLabel("Label", { exact: true }).fill(label);
const button = (page) => page.getByTestId("burst");
const pick = (page, group, name) =>
  page.getByRole("group", { name: group }).getByRole("radio", { name, exact: true }).check();

/** Holds the button down with the mouse. */
async function hold(page, seconds) {
  await button(page).scrollIntoViewIfNeeded();
  const box = await button(page).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.waitForTimeout(seconds * 1000);
  await page.mouse.up();
}

/** Holds the button down until so many pictures are taken, however slow the machine is. */
async function holdUntil(page, pictures) {
  await button(page).scrollIntoViewIfNeeded();
  const box = await button(page).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.waitForFunction(
    (n) => Number(document.querySelector(".camera-count")?.textContent) >= n,
    pictures,
    { timeout: 180_000 },
  );
  await page.mouse.up();
}

/** Holds the button down with a finger; no menu comes of a long press. */
async function touch(page, ms) {
  await button(page).scrollIntoViewIfNeeded();
  const box = await button(page).boundingBox();
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
  await page.waitForTimeout(ms);
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await session.send("Emulation.setTouchEmulationEnabled", { enabled: false });
  await session.detach();
}

/** What the page says was saved, once it says so. */
async function saved(page, label) {
  const told = page.locator("#burst-told").filter({ hasText: new RegExp(`of ${label} saved`) });
  await told.waitFor();
  return Number.parseInt(await told.innerText(), 10);
}

/** How many a burst took: a short clip comes again, and what is here to the byte is not saved twice. */
async function taken(page, label) {
  await saved(page, label);
  return Number.parseInt(await page.locator(".record-time").innerText(), 10);
}

test("a burst is what the camera shows: whole, upright, not mirrored, at the stated rate", {
  timeout: 240_000,
}, async (t) => {
  const page = await viewer(signs, "burst");
  await switchOn(page);
  await names(page, "sign");
  await page.getByLabel("Person or occasion", { exact: true }).fill("ann");
  await pick(page, "Pictures a second", "5");
  await hold(page, 4);
  const n = await saved(page, "sign");
  t.diagnostic(`${n} pictures in 4 s at 5 a second`);
  assert.ok(n > 2, `${n} pictures`);
  await screenshot(page, "camera-burst");
  assert.deepEqual(await axe(page), []);
  const kept = await keptPictures(page);
  assert.equal(kept.length, n);
  assert.equal(new Set(kept.map(({ meta }) => meta.id)).size, n);
  const times = kept.map(({ meta }) => meta.created_ms);
  const pace_ms = (Math.max(...times) - Math.min(...times)) / (n - 1);
  // A machine under load is slower, and never faster.
  assert.ok(pace_ms > 180, `one each ${pace_ms} ms`);
  for (const { meta, size, start, look } of kept) {
    assert.deepEqual(start, [0xff, 0xd8, 0xff], "a JPEG");
    assert.deepEqual(size, [427, 320], "all of 640 × 480, the shorter side 320");
    assert.deepEqual(meta.size, size);
    assert.deepEqual(meta.axes, [{ name: "picture", unit: "" }]);
    assert.equal(meta.group, "ann");
    assert.equal(meta.spans[0].label, "sign");
    assert.equal(meta.source, "camera");
    assert.ok(look > 0, "what health looks at");
  }
  await page.getByTestId("burst-undo").click();
  await page.getByText(`Deleted ${n} pictures`).waitFor();
  assert.deepEqual(await keptPictures(page), []);
  await page.getByRole("button", { name: "Undo" }).first().click();
  await untilState(page, "record", "ready");
  assert.equal((await keptPictures(page)).length, n);
  await assertQuiet(page);
  await page.context().close();

  const other = await viewer(flag, "flag");
  await switchOn(other);
  assert.equal(await other.getByRole("switch", { name: "Mirror" }).isChecked(), true);
  await names(other, "flag");
  await button(other).click();
  await saved(other, "flag");
  const [{ left, right }] = await keptPictures(other);
  assert.ok(left[0] > 150 && left[2] < 80, `left is red: ${left}`);
  assert.ok(right[2] > 150 && right[0] < 80, `right is blue: ${right}`);
  // The same picture once more, to the byte, is no other one.
  await button(other).click();
  await other.getByText(/was here already, to the byte/).waitFor();
  assert.equal((await keptPictures(other)).length, 1);
  await assertQuiet(other);
  await other.context().close();
});

test("a short press takes one, keys and fingers hold as well as the mouse, and a countdown needs no hand", {
  timeout: 240_000,
}, async () => {
  const page = await viewer(signs, "keys");
  await switchOn(page);
  await names(page, "one");
  await pick(page, "Pictures a second", "15");
  await button(page).click();
  assert.equal(await taken(page, "one"), 1);

  await names(page, "space");
  await button(page).focus();
  await page.keyboard.down(" ");
  await page.getByText("Taking pictures of space").waitFor();
  await page.waitForTimeout(1500);
  await page.keyboard.up(" ");
  assert.ok((await taken(page, "space")) > 1);
  await names(page, "enter");
  await button(page).focus();
  await page.keyboard.press("Enter");
  assert.equal(await taken(page, "enter"), 1);

  await names(page, "finger");
  await touch(page, 1500);
  assert.ok((await taken(page, "finger")) > 1);

  await names(page, "alone");
  await pick(page, "Start", "after 3 s");
  await pick(page, "Length", "2 s");
  await button(page).click();
  await page.locator(".live-picture .trace-count").waitFor();
  await page.getByText("Taking pictures of alone").waitFor();
  // By itself, two seconds later.
  assert.ok((await taken(page, "alone")) > 1);
  await assertQuiet(page);
  await page.context().close();
});

test("a hidden page and a camera that is pulled out: what was taken is kept, and it is told", {
  timeout: 240_000,
}, async () => {
  const page = await viewer(signs, "gone");
  await switchOn(page);
  await names(page, "sign");
  const held = async () => {
    await button(page).focus();
    await page.keyboard.down("Enter");
    await page.getByText("Taking pictures of sign").waitFor();
    await page.waitForTimeout(1200);
  };
  await held();
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.getByText(/No more pictures were taken: the page was hidden/).waitFor();
  await page.keyboard.up("Enter");
  await page.evaluate(() => {
    Reflect.deleteProperty(document, "visibilityState");
    document.dispatchEvent(new Event("visibilitychange"));
  });
  const before = await saved(page, "sign");
  assert.ok(before > 1);

  await held();
  // As the browser does where the plug is pulled.
  const stopped = await page.evaluate(() => {
    const [track] = document.querySelector(".live-picture video").srcObject.getVideoTracks();
    globalThis.track = track;
    track.dispatchEvent(new Event("ended"));
    return track.readyState;
  });
  assert.equal(stopped, "ended", "its light is off");
  await page.getByText(/The camera is gone: it was unplugged/).waitFor();
  await page.getByText(/Plug it in or choose another one/).waitFor();
  await page.keyboard.up("Enter");
  await page.waitForFunction((n) => document.title && globalThis.track && n > 0, before);
  await untilState(page, "record", "ready");
  assert.ok((await keptPictures(page)).length > before);

  // Switched on again, it is off as soon as one looks at something else.
  await switchOn(page);
  await page.evaluate(() => {
    [globalThis.track] = document.querySelector(".live-picture video").srcObject.getVideoTracks();
  });
  await goTo(page, "explore");
  assert.equal(await page.evaluate(() => globalThis.track.readyState), "ended");
  await assertQuiet(page);
  await page.context().close();
});

test("permission refused, no camera, one in use elsewhere: said at once, with what to do", {
  timeout: 240_000,
}, async () => {
  const refusing = await openSite({ flags: ["--use-fake-device-for-media-stream"] });
  const page = await refusing.page({ permissions: [] });
  await page.getByRole("button", { name: /^Camera/ }).click();
  await page.getByText("The camera was not allowed").waitFor();
  await page.getByText(/Allow it for this site/).waitFor();
  assert.deepEqual(await axe(page), []);
  await assertQuiet(page);
  await refusing.close();

  const bare = await site.page({ permissions: ["camera"] });
  await bare.getByRole("button", { name: /^Camera/ }).click();
  await bare.getByText(/No camera was found|does not answer/).waitFor();
  await bare.evaluate(() => {
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException("Could not start video source", "NotReadableError");
    };
  });
  await bare.getByRole("button", { name: /^Camera/ }).click();
  await bare.getByText(/another program may hold it/).waitFor();
  await bare.getByText(/Close what else uses the camera/).waitFor();
  await assertQuiet(bare);
  await bare.context().close();
});

test("a store that is full: what was taken waits, and is saved once there is room", {
  timeout: 240_000,
}, async () => {
  const page = await viewer(signs, "full");
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    globalThis.full = true;
    IDBObjectStore.prototype.put = function (...all) {
      if (globalThis.full && this.name === "samples")
        throw new DOMException("the test wanted it", "QuotaExceededError");
      return put.apply(this, all);
    };
  });
  await switchOn(page);
  await names(page, "sign");
  await hold(page, 2.5);
  await page
    .getByText(/There is no room left to save this/)
    .first()
    .waitFor();
  await page.getByText(/could not be saved yet/).waitFor();
  assert.deepEqual(await keptPictures(page), []);
  await page.evaluate(() => {
    globalThis.full = false;
  });
  await page.getByRole("button", { name: "Try again" }).first().click();
  const n = await saved(page, "sign");
  assert.ok(n > 2);
  assert.equal((await keptPictures(page)).length, n);
  await page.context().close();
});

test("two classes are recorded, trained, and the right live label is seen", {
  timeout: 600_000,
}, async (t) => {
  const classes = twoClasses(join(folder, "starter"));
  const labels = Object.keys(classes);
  const clips = {};
  for (const label of labels)
    clips[label] = await writeClip(site.browser, join(folder, `${label}.mjpeg`), classes[label]);
  // One person with one store, whose camera sees one thing, then the other.
  for (const label of labels) {
    const page = await viewer(clips[label], "classes");
    await switchOn(page);
    await names(page, label);
    await holdUntil(page, 30);
    t.diagnostic(`${await saved(page, label)} pictures of ${label}`);
    await assertQuiet(page);
    await page.context().close();
  }
  let [now] = labels;
  let page = await viewer(clips[now], "classes");
  await page.getByText("A movement").waitFor({ state: "detached" });
  const seconds = await trainNow(page, 400_000);
  t.diagnostic(`trained in ${seconds.toFixed(1)} s`);
  for (const label of labels) {
    if (label !== now) {
      now = label;
      await page.context().close();
      page = await viewer(clips[now], "classes");
    }
    await goTo(page, "run");
    await page.getByLabel("Look at").selectOption("camera");
    await page.getByTestId("live-start").click();
    const seen = page.getByTestId("live-label").filter({ hasText: new RegExp(`^${label}$`) });
    await seen.waitFor({ timeout: 60_000 });
    await page.getByRole("img", { name: /^What the model sees: 48 × 48 pixels of grey/ }).waitFor();
    await screenshot(page, `camera-live-${label}`);
    assert.deepEqual(await axe(page), []);
    await page.getByTestId("live-start").click();
    await assertQuiet(page);
  }
  // What is stored can be looked at in the camera's place.
  await page.getByLabel("Look at").selectOption(`slides:label:${labels[0]}`);
  await page.getByTestId("live-start").click();
  await page
    .getByTestId("live-label")
    .filter({ hasText: new RegExp(`^${labels[0]}$`) })
    .waitFor({ timeout: 60_000 });
  await page.getByTestId("live-start").click();
  // And no sound can.
  await page.getByLabel("Look at").selectOption("microphone");
  await page.getByTestId("live-start").click();
  await page
    .getByText(/This model is for pictures, and this source gives sounds/)
    .first()
    .waitFor();
  assert.equal(await messages(page), "");
  await page.context().close();
});

/** Whoever leaves while the browser still asks, and allows it then, has no camera on unseen. */
async function leavesBeforeAllowing(page) {
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      new Promise((resolve) => {
        globalThis.allow = () => {
          const canvas = document.createElement("canvas");
          canvas.getContext("2d").fillRect(0, 0, 9, 9);
          globalThis.allowed = canvas.captureStream();
          resolve(globalThis.allowed);
        };
      });
  });
  await page.getByLabel("Look at").selectOption("camera");
  await page.getByTestId("live-start").click();
  await page.waitForFunction(() => globalThis.allow);
  await goTo(page, "record");
  await page.evaluate(() => globalThis.allow());
  await page.waitForFunction(() =>
    globalThis.allowed.getTracks().every((track) => track.readyState === "ended"),
  );
}

test("the starter pictures: a first model in five presses", { timeout: 600_000 }, async (t) => {
  const page = await site.page();
  const begun = Date.now();
  await page.getByTestId("starter-picture").click();
  await untilState(page, "explore", "done");
  const seconds = await trainNow(page, 400_000);
  t.diagnostic(
    `model after ${((Date.now() - begun) / 1000).toFixed(1)} s, ${seconds.toFixed(1)} s of it training`,
  );
  const accuracy = Number.parseFloat(await page.getByTestId("accuracy-int8").innerText());
  t.diagnostic(`int8 accuracy ${accuracy} %`);
  assert.ok(accuracy >= 90, `int8 accuracy ${accuracy} %`);
  await goTo(page, "run");
  await page.getByLabel("Look at").selectOption("slides:test");
  await page.getByTestId("live-start").click();
  await page.getByRole("img", { name: /^What the model sees: 48 × 48 pixels of grey/ }).waitFor();
  await page.getByTestId("live-start").click();
  await leavesBeforeAllowing(page);
  await assertQuiet(page);
  await page.context().close();
});
