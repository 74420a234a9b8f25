// Pictures that Chromium sees in the place of a camera: clips made of pictures of ours, and what
// the page has kept of them.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./harness.mjs";

/** Chromium's own pretended camera, showing a clip over and over; asks no permission. */
export function watching(file) {
  return [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${file}`,
  ];
}

export const FRAME = { width: 640, height: 480 };

/**
 * Writes an MJPEG of pictures (files' bytes): each fills the height of the frame, stands in
 * its middle, and lasts for `frames` of a camera's 30 a second.
 */
export async function writeClip(browser, file, pictures, frames = 6) {
  const page = await browser.newPage();
  const jpegs = await page.evaluate(
    async ({ pictures, width, height }) => {
      const canvas = new OffscreenCanvas(width, height);
      const c = canvas.getContext("2d");
      const made = [];
      for (const picture of pictures) {
        const bytes = Uint8Array.from(atob(picture), (one) => one.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes]));
        const w = (bitmap.width * height) / bitmap.height;
        c.fillStyle = "#808080";
        c.fillRect(0, 0, width, height);
        c.imageSmoothingQuality = "high";
        c.drawImage(bitmap, (width - w) / 2, 0, w, height);
        const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
        const jpeg = new Uint8Array(await blob.arrayBuffer());
        made.push(btoa(jpeg.reduce((text, one) => text + String.fromCharCode(one), "")));
      }
      return made;
    },
    { pictures: pictures.map((one) => one.toString("base64")), ...FRAME },
  );
  await page.close();
  const each = jpegs.map((one) => Buffer.from(one, "base64"));
  writeFileSync(file, Buffer.concat(each.flatMap((one) => Array(frames).fill(one))));
  return file;
}

/** Two halves of one colour each, as a PNG: a mirror would swap them. */
export async function halves(browser, left, right) {
  const page = await browser.newPage();
  const png = await page.evaluate(
    async ({ left, right, width, height }) => {
      const canvas = new OffscreenCanvas(width, height);
      const c = canvas.getContext("2d");
      c.fillStyle = left;
      c.fillRect(0, 0, width / 2, height);
      c.fillStyle = right;
      c.fillRect(width / 2, 0, width / 2, height);
      const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
      return btoa(bytes.reduce((text, one) => text + String.fromCharCode(one), ""));
    },
    { left, right, ...FRAME },
  );
  await page.close();
  return Buffer.from(png, "base64");
}

/**
 * Pictures of two classes: people who sign digits, from outside, or else the starter pictures of
 * the people that the starter keeps for its test.
 */
export function twoClasses(scratch) {
  const from =
    process.env.LAMPYRIS_DATA && join(process.env.LAMPYRIS_DATA, "image/sign-digits/train");
  if (from && existsSync(from)) {
    const some = (label) =>
      readdirSync(join(from, label))
        .sort()
        .slice(0, 24)
        .map((name) => readFileSync(join(from, label, name)));
    return { zero: some("0"), five: some("5") };
  }
  console.error(
    "skipped: LAMPYRIS_DATA has no sign-digits; the starter pictures are shown instead",
  );
  return starter(scratch, ["circle", "cross"]);
}

/** Starter pictures of some labels, by label. */
export function starter(scratch, labels) {
  const zip = join(ROOT, "models/starter-picture/starter-picture.zip");
  execFileSync("unzip", ["-q", "-o", zip, "-d", scratch]);
  const below = (label) => join(scratch, "test", label);
  return Object.fromEntries(
    labels.map((label) => [
      label,
      readdirSync(below(label))
        .sort()
        .map((name) => readFileSync(join(below(label), name))),
    ]),
  );
}

/** Every picture in the page's store, oldest name first: its meta, and its file's pixels. */
export function keptPictures(page) {
  return page.evaluate(async () => {
    const db = await new Promise((resolve, reject) => {
      const open = indexedDB.open("lampyris");
      open.onerror = () => reject(open.error);
      open.onsuccess = () => resolve(open.result);
    });
    const tx = db.transaction(["recordings", "samples"]);
    const all = (name) =>
      new Promise((resolve) => {
        const asked = tx.objectStore(name).getAll();
        asked.onsuccess = () => resolve(asked.result);
      });
    const [metas, samples] = await Promise.all([all("recordings"), all("samples")]);
    db.close();
    const kept = await Promise.all(
      metas.map(async ({ meta }, i) => {
        const { encoded, look } = samples[i];
        const bitmap = await createImageBitmap(new Blob([encoded]));
        const c = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
        c.drawImage(bitmap, 0, 0);
        const at = (x) => [...c.getImageData(x, bitmap.height >> 1, 1, 1).data.slice(0, 3)];
        return {
          meta,
          size: [bitmap.width, bitmap.height],
          start: [...encoded.slice(0, 3)],
          look: look?.length ?? 0,
          left: at(bitmap.width >> 2),
          right: at(bitmap.width - (bitmap.width >> 2)),
        };
      }),
    );
    return kept.sort((a, b) => a.meta.name.localeCompare(b.meta.name, "en", { numeric: true }));
  });
}
