// Sound, from a microphone that Chromium pretends: the real getUserMedia, the real worklet,
// fed with files of ours.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  assertQuiet,
  axe,
  choose,
  goTo,
  openSite,
  ready,
  screenshot,
  trainNow,
} from "./harness.mjs";
import {
  hearing,
  kept,
  likeness,
  noise,
  RATE_HZ,
  readWav,
  silence,
  sweep,
  together,
  writeWav,
} from "./microphone.mjs";
import { wav } from "./sounds.mjs";

const folder = mkdtempSync(join(tmpdir(), "lampyris-sound-"));
const BURSTS = together(noise(0.7), silence(0.3));
const HISS = noise(1);
/** Ten sounds, a second and a half apart. */
const SERIES = together(
  ...Array.from({ length: 10 }, (_, i) => together(sweep(0.4, 400 + 60 * i, 900), silence(1.1))),
);

/** Noise is like no other noise: stretches of it that are not the same stay below half of this. */
const ALIKE = 0.9;

let site;
before(async () => {
  site = await openSite();
});
after(async () => {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A visitor whose microphone hears `values` over and over; the store is kept by name. */
async function listener(name, values, store = name) {
  const file = writeWav(join(folder, `${name}.wav`), values);
  const page = await site.person(join(folder, store), hearing(file));
  // A pretended microphone, a browser of its own and an engine that compiles: slow where much runs.
  page.setDefaultTimeout(45_000);
  return page;
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
  timeout: 240_000,
}, async (t) => {
  const page = await listener("bursts", BURSTS);
  await switchOn(page);
  await page.getByText(/off: echo cancellation, noise suppression, automatic gain/).waitFor();
  await prepare(page, "burst", "2 s");
  await page.getByLabel("Person or occasion", { exact: true }).fill("ann");
  await page.getByLabel("Takes", { exact: true }).selectOption("3");
  await page.getByLabel("Pause between").selectOption("1");
  await record(page).click();
  await page.getByText(/^Saved "burst, take 3"/).waitFor({ timeout: 60_000 });
  assert.equal(await rows(page).count(), 3);
  await screenshot(page, "sound-takes");
  for (const { meta, pcm } of await kept(page)) {
    assert.equal(meta.samples, 2 * RATE_HZ, meta.name);
    assert.equal(meta.rate_hz, RATE_HZ);
    assert.ok(meta.original_rate_hz >= 44_100, `taken at ${meta.original_rate_hz} Hz`);
    assert.equal(meta.group, "ann");
    assert.deepEqual(meta.axes, [{ name: "audio", unit: "" }]);
    const like = likeness(pcm, BURSTS);
    t.diagnostic(`${meta.name}: correlation ${like.toFixed(4)}`);
    assert.ok(like > ALIKE, `${meta.name}: correlation ${like}`);
  }
  assert.deepEqual(await axe(page), []);
  await assertQuiet(page);
  await page.context().close();
});

test("a long take is split by its energy, changed by keys, and had back by undo", {
  timeout: 240_000,
}, async () => {
  const page = await listener("series", SERIES);
  await switchOn(page);
  await prepare(page, "beep", "until stopped");
  await page
    .getByText(/At most 30 minutes/)
    .first()
    .waitFor();
  await record(page).click();
  await page.waitForTimeout(8000);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByText(/^Saved "beep, take 1"/).waitFor();
  const [{ meta: whole }] = await kept(page);

  await page.getByRole("button", { name: "Cut beep, take 1" }).click();
  const cutter = page.getByTestId("cutter");
  const pieces = cutter.getByRole("button", { name: /^Piece \d/ });
  await pieces.first().waitFor();
  assert.equal(await pieces.count(), 1, "at first one piece over all of it");
  await page.getByLabel("Length of each piece").selectOption("0");
  await page.getByTestId("cut-find").click();
  await page
    .getByTestId("cut-accept")
    .getByText(/Split into/)
    .waitFor();
  const found = await pieces.count();
  const expected = whole.samples / RATE_HZ / 1.5;
  assert.ok(Math.abs(found - expected) < 2, `${found} beeps in ${whole.samples} samples`);
  await screenshot(page, "sound-cut");
  assert.deepEqual(await axe(page), []);

  await pieces.nth(1).focus();
  await page.keyboard.press("Delete");
  assert.equal(await pieces.count(), found - 1);
  const edge = cutter.getByRole("slider", { name: "End of piece 1" });
  const before = Number(await edge.getAttribute("aria-valuenow"));
  await edge.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(Number(await edge.getAttribute("aria-valuenow")), before + 20);
  const box = await edge.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 6, box.y + 40, { steps: 3 });
  await page.mouse.up();
  assert.ok(Number(await edge.getAttribute("aria-valuenow")) < before + 20, "dragged to the left");

  await page.getByTestId("cut-accept").click();
  await page.getByText(/^Split "beep, take 1" into/).waitFor();
  const made = await kept(page);
  assert.equal(made.length, found - 1);
  // The take begins and ends wherever it does: perhaps within a beep.
  const short = made.filter(({ meta }) => meta.samples <= 0.3 * RATE_HZ);
  assert.ok(short.length <= 2, `${short.map(({ meta }) => meta.samples)}`);
  for (const { meta, pcm } of made) {
    assert.ok(meta.samples < 0.9 * RATE_HZ, `${meta.samples}`);
    assert.equal(meta.original_rate_hz, whole.original_rate_hz);
    assert.equal(pcm.length, meta.samples);
    assert.ok(Math.max(...pcm) > 12_000, "the sound lies within");
  }
  await page.getByRole("button", { name: "Undo" }).click();
  await page.waitForFunction(
    () => document.querySelectorAll("[data-testid=recording-row]").length === 1,
  );
  const [{ meta: back }] = await kept(page);
  assert.equal(back.id, whole.id);
  await assertQuiet(page);
  await page.context().close();
});

test("the same sound split twice: what was there before stays as it is, and stays at the undo", {
  timeout: 240_000,
}, async () => {
  const page = await site.page();
  // Four sounds and then two that are alike to the last sample: one recording of those two is kept.
  const sounds = [400, 500, 600, 700, 900, 900].map((hz) =>
    together(sweep(0.4, hz, 1200), silence(1.6)),
  );
  const file = {
    name: "beep.long.wav",
    mimeType: "audio/wav",
    buffer: wav([...together(...sounds)]),
  };
  const split = async () => {
    await choose(page, [file]);
    await page.getByRole("button", { name: /^Cut beep\.long[^,]*$/ }).click();
    await page.getByTestId("cut-find").click();
    await page.getByTestId("cut-accept").getByText("Split into 6 recordings").click();
    await page.getByTestId("cutter").waitFor({ state: "detached" });
  };
  await split();
  await page.getByText(/^Split "beep.+; kept once, being equal to others: 1$/).waitFor();
  const first = await kept(page);
  assert.equal(first.length, 5);
  assert.equal(await rows(page).count(), 5);
  assert.ok(
    first.every(({ meta }) => meta.group !== null && meta.group === first[0].meta.group),
    "pieces of one recording stay together",
  );
  await rows(page)
    .first()
    .getByRole("button", { name: /^Change Label/ })
    .click();
  await page.getByLabel("Label", { exact: true }).last().fill("mine");
  await page.keyboard.press("Enter");
  const mine = async () =>
    (await kept(page)).filter(({ meta }) => meta.spans[0].label === "mine").length;
  await rows(page).getByText("mine").first().waitFor();

  await split();
  await page.getByText(/^Split "beep.+; kept once, being equal to others: 6$/).waitFor();
  assert.equal(await rows(page).count(), 5);
  assert.equal(await mine(), 1, "its label is as it was");
  await page
    .getByRole("listitem")
    .filter({ hasText: "being equal to others: 6" })
    .getByRole("button", { name: "Undo" })
    .click();
  await page.waitForFunction(
    () => document.querySelectorAll("[data-testid=recording-row]").length === 6,
  );
  assert.equal((await kept(page)).length, 6);
  assert.equal(await mine(), 1);
  await assertQuiet(page);
  await page.context().close();
});

test("a project that is left in the middle of a take has it; the other one has not", {
  timeout: 240_000,
}, async () => {
  const page = await listener("left", HISS);
  await switchOn(page);
  await prepare(page, "hiss", "until stopped");
  const left = await page.evaluate(() => {
    // Making the recording takes a while, as it does with a long take.
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...more) {
      if (message.kind === "make") setTimeout(() => post.call(this, message, ...more), 2500);
      else post.call(this, message, ...more);
    };
    return localStorage.getItem("lampyris.project");
  });
  await record(page).click();
  await page.waitForTimeout(2500);
  await page.getByRole("button", { name: "Project menu" }).click();
  await page.getByRole("button", { name: "New project" }).click();
  await page.getByText(/^Saved "hiss, take 1"/).waitFor();
  await page.waitForFunction((id) => localStorage.getItem("lampyris.project") !== id, left);
  await page.getByRole("button", { name: /^Microphone/ }).waitFor();
  assert.equal(await rows(page).count(), 0, "the new project is empty");
  const [one, ...others] = await kept(page);
  assert.equal(one.project, left);
  assert.deepEqual(others, []);
  await page.getByRole("button", { name: "Project menu" }).click();
  await page.getByRole("button", { name: /^My first project/ }).click();
  await rows(page).first().waitFor();
  // It was finished, so there is nothing to recover.
  assert.equal(await rows(page).count(), 1);
  assert.equal(await page.getByText(/ecovered/).count(), 0);

  // A sensor that is opened anew while a take is still being finished is its own.
  await switchOn(page);
  await record(page).click();
  await page.waitForTimeout(2500);
  const microphone = page.getByRole("button", { name: /^Microphone/ });
  for (const pressed of ["false", "true", "false", "true"]) {
    await microphone.click();
    await page
      .locator(`.sensor-card[aria-pressed=${pressed}]`, { hasText: "Microphone" })
      .waitFor();
  }
  await record(page).and(page.locator(":enabled")).waitFor();
  await record(page).click();
  await page.getByText(/^Saved "hiss, take 2"/).waitFor();
  assert.equal(await page.getByRole("button", { name: "Stop", exact: true }).count(), 1);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.waitForFunction(
    () => document.querySelectorAll("[data-testid=recording-row]").length === 3,
  );
  assert.ok((await kept(page)).every(({ project }) => project === left));
  await assertQuiet(page);
  await page.context().close();
});

test("a microphone that fails can be replaced, also after a reload", {
  timeout: 240_000,
}, async () => {
  const page = await listener("broken", HISS);
  await page.addInitScript(() => {
    const devices = navigator.mediaDevices;
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wanted) => {
      const id = wanted.audio.deviceId?.exact;
      if (id && id === localStorage.getItem("broken"))
        throw new DOMException("It is held by another program", "NotReadableError");
      return ask(wanted);
    };
  });
  await switchOn(page);
  const choice = page.getByTestId("microphone-choice");
  await choice.locator("option").nth(2).waitFor({ state: "attached" });
  const ids = await choice.locator("option").evaluateAll((all) => all.map(({ value }) => value));
  assert.equal(ids[0], "", "the system's own choice can be had back");
  const used = await choice.inputValue();
  const broken = ids.find((id) => id !== "" && id !== used);
  await page.evaluate((id) => localStorage.setItem("broken", id), broken);
  await page.reload();
  await ready(page);
  await switchOn(page);
  await choice.selectOption(broken);
  await page.getByText(/does not answer/).waitFor();
  await page.reload();
  await ready(page);
  await page.getByRole("button", { name: /^Microphone/ }).click();
  await page.getByText(/does not answer/).waitFor();
  assert.equal(await choice.inputValue(), broken);
  await screenshot(page, "sound-broken");
  assert.deepEqual(await axe(page), []);
  await choice.selectOption("");
  await page.getByText(/Give the sound a label\./).waitFor();
  await page.getByText(/does not answer/).waitFor({ state: "detached" });
  assert.notEqual(await choice.inputValue(), broken, "the one in use is shown");
  await assertQuiet(page);
  await page.context().close();
});

test("a take is played, all of it or a piece, and stopped", { timeout: 240_000 }, async () => {
  const page = await listener("played", BURSTS);
  await switchOn(page);
  await prepare(page, "burst", "5 s");
  await record(page).click();
  await page.getByText(/^Saved "burst, take 1"/).waitFor({ timeout: 30_000 });
  await page.getByRole("button", { name: "Play burst, take 1" }).click();
  const stop = page.getByRole("button", { name: "Stop burst, take 1" });
  await stop.waitFor();
  await stop.click();
  await page.getByRole("button", { name: "Play burst, take 1" }).click();
  await stop.waitFor();
  // It stops by itself at its end.
  await page.getByRole("button", { name: "Play burst, take 1" }).waitFor({ timeout: 15_000 });
  await page.getByRole("button", { name: "Cut burst, take 1" }).click();
  await page.getByTestId("cut-play").click();
  await page.getByTestId("cutter").getByRole("button", { name: "Stop" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("cutter").waitFor({ state: "detached" });
  await assertQuiet(page);
  await page.context().close();
});

test("clipping is shown", { timeout: 240_000 }, async () => {
  const loud = silence(1).map((_, i) => (i % 40 < 20 ? 1 : -1));
  const page = await listener("loud", loud);
  await switchOn(page);
  await page.locator(".meter-lamp-on").waitFor();
  const level = page.getByRole("meter", { name: "Level of the microphone" });
  assert.match(await level.getAttribute("aria-valuetext"), /clipped/);
  await page.context().close();
});

test("a reload in the middle of a take loses at most 5 s; an unplugged microphone ends and keeps it", {
  timeout: 240_000,
}, async () => {
  const page = await listener("hiss", HISS);
  await switchOn(page);
  await prepare(page, "hiss", "until stopped");
  await record(page).click();
  await page.waitForTimeout(7000);
  await page.reload();
  await ready(page);
  await page.getByText(/^Recovered "hiss, take 1/).waitFor();
  const [{ meta, pcm }] = await kept(page);
  assert.ok(meta.samples > 2 * RATE_HZ, `${meta.samples} samples`);
  assert.ok(likeness(pcm.slice(0, RATE_HZ), HISS) > ALIKE);

  await page.evaluate(() => {
    const devices = navigator.mediaDevices;
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wanted) => {
      globalThis.heard = await ask(wanted);
      return globalThis.heard;
    };
  });
  await switchOn(page);
  await prepare(page, "hum", "until stopped");
  await record(page).click();
  await page.waitForTimeout(1500);
  // As a browser does when the plug is pulled: the track ends by itself, and says so.
  await page.evaluate(() => {
    const [track] = globalThis.heard.getAudioTracks();
    track.stop();
    track.dispatchEvent(new Event("ended"));
  });
  await page.getByText(/The microphone is gone/).waitFor();
  await page.getByText(/^Saved "hum, take 1"/).waitFor();
  assert.equal(await rows(page).count(), 2);
  await assertQuiet(page);
  await page.context().close();
});

test("a hidden page goes on recording sound", { timeout: 240_000 }, async () => {
  const page = await listener("hidden", HISS);
  await switchOn(page);
  await prepare(page, "hiss", "2 s");
  await record(page).click();
  const hide = (state) =>
    page.evaluate((now) => {
      Object.defineProperty(document, "visibilityState", { value: now, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await hide("hidden");
  await page.waitForTimeout(700);
  await hide("visible");
  await page.getByText("Recorded on while the page was hidden").waitFor();
  await page.getByText(/^Saved "hiss, take 1", 2\.0 s/).waitFor();
  await page.context().close();
});

test("a full store ends the take, keeps what there is, and takes the rest when there is room", {
  timeout: 240_000,
}, async () => {
  const page = await listener("full", HISS);
  await switchOn(page);
  await prepare(page, "hiss", "until stopped");
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    globalThis.full = false;
    IDBObjectStore.prototype.put = function (...given) {
      if (globalThis.full) throw new DOMException("The disk is full", "QuotaExceededError");
      return put.apply(this, given);
    };
  });
  await record(page).click();
  await page.waitForTimeout(3000);
  await page.evaluate(() => {
    globalThis.full = true;
  });
  await page
    .getByText(/There is no room left to save this/)
    .first()
    .waitFor();
  await page.getByText(/"hiss, take 1" is in the store/).waitFor();
  assert.equal(await rows(page).count(), 0);
  await page.evaluate(() => {
    globalThis.full = false;
  });
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText(/^Saved "hiss, take 1"/).waitFor();
  const [{ meta }] = await kept(page);
  assert.ok(meta.samples > 2 * RATE_HZ, `${meta.samples} samples`);
  await page.context().close();
});

test("an engine that stops in the middle of a take loses none of it", {
  timeout: 240_000,
}, async () => {
  const page = await listener("stopped", HISS);
  await switchOn(page);
  await prepare(page, "hiss", "until stopped");
  const before = page.workers();
  await record(page).click();
  await page.waitForTimeout(3000);
  const [sound] = page.workers().filter((one) => !before.includes(one));
  // As where its memory has run out: whatever sound is handed to it, it stops.
  await sound.evaluate(() => {
    Float32Array.prototype.set = () => {
      throw new RangeError("the test wanted it");
    };
  });
  await page
    .getByText(/the test wanted it/)
    .first()
    .waitFor();
  const saved = page.getByText(/^Saved "hiss, take 1"/);
  await saved.waitFor();
  const [, seconds] = /, ([\d.]+) s/.exec(await saved.innerText());
  const [{ meta, pcm }] = await kept(page);
  assert.ok(Number(seconds) > 3);
  assert.ok(
    Math.abs(meta.samples / RATE_HZ - Number(seconds)) < 0.1,
    `${meta.samples}, ${seconds} s`,
  );
  assert.ok(likeness(pcm, HISS) > ALIKE);
  await assertQuiet(page);
  await page.context().close();
});

test("a project of movements takes no sound, and says what to do", {
  timeout: 240_000,
}, async () => {
  const page = await listener("mixed", HISS);
  await page.getByTestId("starter").first().click();
  await rows(page).first().waitFor();
  await switchOn(page);
  await prepare(page, "hiss", "1 s");
  await record(page).click();
  await page.getByText(/This project is about movements/).waitFor();
  await page.context().close();
});

test("permission refused: said at once, with what to do; no microphone: the same", {
  timeout: 240_000,
}, async () => {
  const refusing = await openSite({ flags: ["--use-fake-device-for-media-stream"] });
  const page = await refusing.page({ permissions: [] });
  await page.getByRole("button", { name: /^Microphone/ }).click();
  await page.getByText("The microphone was not allowed").waitFor();
  await page.getByText(/Allow it for this site/).waitFor();
  await assertQuiet(page);
  await refusing.close();

  const bare = await site.page({ permissions: ["microphone"] });
  await bare.getByRole("button", { name: /^Microphone/ }).click();
  await bare.getByText(/No microphone was found|does not answer/).waitFor();
  await assertQuiet(bare);
  await bare.context().close();
});

/** A word said by several people, from outside, or a sound of ours in its place; over and over. */
function word(name, instead) {
  const from =
    process.env.LAMPYRIS_DATA &&
    join(process.env.LAMPYRIS_DATA, "audio/speech-commands-mini/train", name);
  if (!from || !existsSync(from)) {
    console.error(
      `skipped: LAMPYRIS_DATA has no speech-commands-mini; a made sound says "${name}"`,
    );
    return instead;
  }
  const clips = readdirSync(from).sort().slice(0, 6);
  return together(...clips.map((clip) => readWav(join(from, clip))));
}

test("two classes are recorded, trained, and the right live label is seen", {
  timeout: 600_000,
}, async (t) => {
  const sounds = {
    yes: word("yes", together(sweep(0.5, 400, 1200), silence(0.5))),
    no: word("no", together(sweep(0.5, 2400, 1500), silence(0.5))),
  };
  // One person with one store, whose microphone hears one word, then the other.
  const hear = (name) => listener(name, sounds[name], "words");
  for (const name of ["yes", "no"]) {
    const page = await hear(name);
    await switchOn(page);
    await prepare(page, name, "5 s");
    await page.getByLabel("Takes", { exact: true }).selectOption("5");
    await page.getByLabel("Pause between").selectOption("1");
    await record(page).click();
    await page.getByText(`Saved "${name}, take 5", 5.0 s`).waitFor({ timeout: 180_000 });
    await assertQuiet(page);
    await page.context().close();
  }
  let page = await hear("no");
  assert.equal(await rows(page).count(), 10);
  const seconds = await trainNow(page, 400_000);
  t.diagnostic(`trained in ${seconds.toFixed(1)} s`);
  for (const name of ["no", "yes"]) {
    if (name === "yes") {
      await page.context().close();
      page = await hear(name);
    }
    await goTo(page, "run");
    await page.getByLabel("Listen to").selectOption("microphone");
    await page.getByTestId("live-start").click();
    const seen = page.getByTestId("live-label").filter({ hasText: new RegExp(`^${name}$`) });
    await seen.waitFor({ timeout: 60_000 });
    await screenshot(page, `sound-live-${name}`);
    await page.getByTestId("live-start").click();
    await assertQuiet(page);
  }
  await page.context().close();
});
