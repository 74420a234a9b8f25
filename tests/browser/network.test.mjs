// Any .tflite dropped on the page: its layers, its arena, its answers, and what is said of a file
// that can't be run. The project that was open stays as it was.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";
import {
  assertQuiet,
  axe,
  bringData,
  download,
  goTo,
  openSite,
  ROOT,
  ready,
  screenshot,
  untilState,
  listed,
} from "./harness.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const golden = (name, file) => readFileSync(join(ROOT, "tests/golden/cases", name, file));

/** Drops a file where a person would, somewhere on the page. */
async function drop(page, name, bytes, on = "main") {
  await page.locator(on).evaluate(
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

async function openGolden(page, name) {
  await drop(page, `${name}.tflite`, golden(name, "model.tflite"));
  await page.getByTestId("arena").waitFor();
}

const give = (page, name, bytes, input = 0) =>
  page
    .getByTestId(`network-input-${input}`)
    .setInputFiles({ name, mimeType: "application/octet-stream", buffer: bytes });

const chooseFile = (page) => page.locator("label", { hasText: "A file" }).first().click();

test("drop, look, run on random and on given inputs: the golden bytes; the project is as before", {
  timeout: 120_000,
}, async () => {
  const page = await site.page();
  const recordings = await bringData(page);
  await goTo(page, "explore");
  const before = await page.locator("a[data-step=explore]").getAttribute("title");
  await openGolden(page, "network_reshape");
  await page.locator("main[data-view=network]").waitFor();
  const layers = await page.getByTestId("layer").allInnerTexts();
  assert.equal(layers.length, 5);
  assert.match(layers[0], /FULLY_CONNECTED/);
  assert.match(layers[4], /SOFTMAX/);

  // The timeline by keys, and as a table.
  await page.getByTestId("arena").focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await page.getByTestId("arena-told").innerText(), /bytes from byte .* layer/);
  assert.match(await page.getByTestId("network-arena").innerText(), /bytes|kB/);

  // Random values have run by themselves, and were timed.
  await page.getByTestId("output-0-0").waitFor();
  await page.getByTestId("network-time").getByText(/ns|µs|ms/).waitFor();
  const first = await page.locator(".network-values").innerText();
  await page.getByRole("button", { name: "Next" }).click();
  await page.waitForFunction(
    (was) => document.querySelector(".network-values")?.innerText !== was,
    first,
  );

  // All cases of the golden file at once, then one by itself.
  await chooseFile(page);
  await give(page, "in.bin", golden("network_reshape", "in.bin"));
  await page.getByTestId("network-run-all").waitFor();
  const all = await download(page, "network-run-all");
  const wanted = golden("network_reshape", "out.bin");
  assert.ok(all.bytes.equals(wanted), "every output is TFLite Micro's");
  const one = await download(page, "network-save");
  assert.ok(one.bytes.equals(wanted.subarray(0, one.bytes.length)), "the first case");
  await page.getByLabel(/^Input 1 to/).fill("3");
  await page.keyboard.press("Enter");
  const third = wanted.readInt8(2 * one.bytes.length);
  await page
    .getByTestId("output-0-0")
    .getByRole("cell", { name: String(third), exact: true })
    .waitFor();

  await page.getByTestId("network-close").click();
  await page.locator("main[data-view=explore]").waitFor();
  await untilState(page, "explore", "done");
  assert.equal(await page.locator("a[data-step=explore]").getAttribute("title"), before);
  await goTo(page, "record");
  assert.equal(await listed(page), recordings);
  await assertQuiet(page);
  await page.context().close();
});

test("a file held over the page is met by a worker, which then opens it; pictures are not", async () => {
  const page = await site.page();
  const hold = (type) =>
    page.locator("main").evaluate((element, type) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([], "any", { type }));
      element.dispatchEvent(new DragEvent("dragenter", { bubbles: true, dataTransfer }));
    }, type);
  const before = page.workers().length;
  await hold("image/png");
  const [met] = await Promise.all([page.waitForEvent("worker"), hold("")]);
  assert.equal(page.workers().length, before + 1, "one worker, for the second");
  await openGolden(page, "fc");
  await page.getByTestId("output-0-0").waitFor();
  assert.ok(page.workers().includes(met) && page.workers().length === before + 1);
  await assertQuiet(page);
  await page.context().close();
});

test("numbers as text, dropped on the input: the same bytes; nonsense is refused", async () => {
  const page = await site.page();
  await openGolden(page, "fc");
  const wanted = golden("fc", "out.bin");
  const inputs = [...new Int8Array(golden("fc", "in.bin"))];
  await drop(page, "in.csv", Buffer.from(inputs.join(",\n")), "[data-input]");
  await page.locator("label", { hasText: "raw int8" }).click();
  const all = await download(page, "network-run-all");
  assert.ok(all.bytes.equals(wanted));
  await give(page, "short.csv", Buffer.from("1,2,three"));
  await page.getByRole("alert").getByText(/3 numbers/).waitFor();
  const bad = inputs.map((v, i) => (i === 4 ? "abc" : v)).join(" ");
  await give(page, "bad.txt", Buffer.from(bad));
  await page.getByRole("alert").getByText(/"abc" where number 5/).waitFor();
  await give(page, "cut.bin", Buffer.from([1, 2]));
  await page.getByRole("alert").getByText(/2 bytes/).waitFor();
  // A picture for an input that has no height and width.
  await page
    .getByTestId("network-input-0")
    .setInputFiles({ name: "cat.png", mimeType: "image/png", buffer: Buffer.from("x") });
  await page.getByRole("alert").getByText(/is a picture/).waitFor();
  await assertQuiet(page);
  await page.context().close();
});

/** Files that the page hands over, in their order. */
async function downloads(page, testId, count) {
  const files = [];
  const all = new Promise((resolve) => {
    page.on("download", (file) => {
      files.push(file);
      if (files.length === count) resolve();
    });
  });
  await page.getByTestId(testId).click();
  await all;
  const paths = await Promise.all(files.map((file) => file.path()));
  return paths.map((path) => readFileSync(path));
}

for (const name of ["ds_cnn", "mobilenet_block", "uint8_ends", "state_streaming", "two_in_two_out"])
  test(`${name}: all calls from its files give the golden bytes`, async () => {
    const page = await site.page();
    await openGolden(page, name);
    const several = (kind) =>
      existsSync(join(ROOT, "tests/golden/cases", name, `${kind}0.bin`)) ? [0, 1] : [""];
    const ins = several("in");
    for (const i of ins.keys()) {
      await page.locator("[data-input]").nth(i).locator("label", { hasText: "A file" }).click();
      await give(page, "in.bin", golden(name, `in${ins[i]}.bin`), i);
    }
    await page.getByTestId("network-run-all").waitFor();
    const outs = several("out");
    const files = await downloads(page, "network-run-all", outs.length);
    for (const i of outs.keys())
      assert.ok(files[i].equals(golden(name, `out${outs[i]}.bin`)), `output ${i}`);
    await assertQuiet(page);
    await page.context().close();
  });

/** A PNG of one colour. */
function png(width, height, colour) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    let crc = ~0;
    for (const byte of body) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(~crc >>> 0);
    return Buffer.concat([head, body, tail]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 2, 0, 0, 0], 8);
  const row = [0, ...Array.from({ length: width }, () => colour).flat()];
  const rows = Buffer.from(Array.from({ length: height }, () => row).flat());
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", size),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

test("what a neighbour does along is told", async () => {
  const page = await site.page();
  await openGolden(page, "pad_depthwise");
  const layers = await page.getByTestId("layer").allInnerTexts();
  assert.match(layers[0], /DEPTHWISE_CONV_2D.*with PAD/s);
  assert.equal(layers.length, 1);
  await page.context().close();
});

test("a picture: scaled, quantized as it says, and shown", async () => {
  const page = await site.page();
  // The mean over the whole picture of 6 × 5 pixels in three channels.
  await openGolden(page, "average_pool_whole_image");
  await chooseFile(page);
  await page.getByTestId("network-input-0").setInputFiles({
    name: "plain.png",
    mimeType: "image/png",
    buffer: png(50, 31, [200, 100, 50]),
  });
  await page.getByText(/Pixel 0 … 255 becomes int8 -128 … 127/).waitFor();
  await page.getByRole("img", { name: /as the network gets it, 5 by 6/ }).waitFor();
  for (const [k, raw] of [72, -28, -78].entries())
    await page
      .getByTestId(`output-0-${k}`)
      .getByRole("cell", { name: String(raw), exact: true })
      .waitFor();
  await assertQuiet(page);
  await page.context().close();
});

/** The golden file with an operator that nobody knows: 150 is beyond what int8 networks have. */
function unsupported(bytes) {
  const file = Buffer.from(bytes);
  const follow = (at) => at + file.readUInt32LE(at);
  const field = (table, n) => {
    const vtable = table - file.readInt32LE(table);
    if (4 + 2 * n >= file.readUInt16LE(vtable)) return 0;
    const offset = file.readUInt16LE(vtable + 4 + 2 * n);
    return offset && table + offset;
  };
  const codes = follow(field(follow(0), 1));
  const code = follow(codes + 4);
  const [old, now] = [field(code, 0), field(code, 3)];
  if (old) file.writeInt8(Math.min(127, 150), old);
  if (now) file.writeInt32LE(150, now);
  return file;
}

test("damaged, unsupported and huge files: what, where and what would do; never a blank page", async () => {
  const page = await site.page();
  const good = golden("network", "model.tflite");
  const told = async (name, bytes, what) => {
    await drop(page, name, bytes);
    const alert = page.getByRole("alert").filter({ hasText: name });
    await alert.getByText(what).first().waitFor();
    assert.match(await page.getByRole("heading", { level: 1 }).innerText(), new RegExp(name));
    return alert.innerText();
  };
  await told("cut.tflite", good.subarray(0, good.length / 2), /damaged/);
  await told("other.tflite", Buffer.from("hello, this is no model"), /not a TensorFlow Lite file/);
  await told("empty.tflite", Buffer.alloc(0), /the file is empty/);
  const text = await told("strange.tflite", unsupported(good), /not supported/);
  assert.match(text, /operator 0/, "where");
  assert.match(text, /FULLY_CONNECTED.*SOFTMAX/s, "what is supported");

  // Refused by its size: no worker is started to read it.
  const workers = page.workers().length;
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(64_000_001)], "huge.tflite"));
    document
      .querySelector("main")
      .dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
  });
  await page.getByRole("alert").getByText(/up to 64 MB/).waitFor();
  assert.ok(page.workers().length <= workers);

  // A good file after a bad one, and the way back.
  await openGolden(page, "fc");
  await page.getByTestId("network-close").click();
  await page.locator("main[data-view=record]").waitFor();
  await page.goto(`${site.url}#network`);
  await page.reload();
  await ready(page);
  await page.getByText("No model is open").waitFor();
  await assertQuiet(page);
  await page.context().close();
});

test("by keyboard from the menu and from the welcome; other drops go their old way", async () => {
  const page = await site.page();
  const model = {
    name: "fc.tflite",
    mimeType: "application/octet-stream",
    buffer: golden("fc", "model.tflite"),
  };
  // Someone must listen all the time, or a key may be faster than the listening begins.
  page.on("filechooser", () => undefined);
  const chosen = async (press) => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press()]);
    await chooser.setFiles(model);
    await page.getByTestId("arena").waitFor();
    await page.getByTestId("network-close").focus();
    await page.keyboard.press("Enter");
    // A view that has come takes the focus; before that, nobody else can have it.
    await page.locator("main[data-view=record]:focus").waitFor();
  };
  await chosen(() => page.getByTestId("look-into").click());
  await page.getByRole("button", { name: "Project menu" }).focus();
  await page.keyboard.press("Enter");
  await page.getByTestId("menu-look-into").waitFor();
  await page.getByTestId("menu-look-into").focus();
  await chosen(() => page.keyboard.press("Enter"));
  const rows = Array.from({ length: 100 }, (_, i) => `${i * 20},${Math.sin(i / 5)}`).join("\n");
  await drop(page, "wave.1.csv", Buffer.from(`time,x\n${rows}\n`), "main h1");
  await page.getByTestId("recording-row").first().waitFor();
  await assertQuiet(page);
  await page.context().close();
});

test("light, dark and narrow: axe, sideways scroll", { timeout: 120_000 }, async () => {
  const page = await site.page({ colorScheme: "light" });
  await openGolden(page, "network_reshape");
  await page.getByTestId("network-time").getByText(/ns|µs|ms/).waitFor();
  await page.getByTestId("layer").first().click();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await page.waitForTimeout(200);
      const where = `network-${colorScheme}-${width}`;
      await screenshot(page, where);
      assert.deepEqual(await axe(page), [], `axe: ${where}`);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(sideways <= 0, `${where} scrolls sideways`);
    }
  }
  await page.context().close();
});
