// The frame in the page is around what the engine takes of a picture, to the pixel.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import init, { sees } from "../../pkg/web/lampyris_web.js";
import { ROOT } from "./harness.mjs";

const vite = createRequire(join(ROOT, "www/package.json")).resolve("vite");

let unseen;
before(async () => {
  await init({ module_or_path: readFileSync(join(ROOT, "pkg/web/lampyris_web_bg.wasm")) });
  const { transformWithOxc } = await import(pathToFileURL(vite));
  const source = readFileSync(join(ROOT, "www/src/engine/framing.ts"), "utf8");
  const { code } = await transformWithOxc(source, "framing.ts", { sourcemap: false });
  ({ unseen } = await import(`data:text/javascript,${encodeURIComponent(code)}`));
});

/** Whether the model sees white alone in a picture that is white from `x0`, `y0` to before `x1`, `y1`. */
function allWhite([w, h], framing, [x0, y0, x1, y1]) {
  const grey = new Uint8Array(w * h);
  for (let y = y0; y < y1; y++) grey.fill(255, y * w + x0, y * w + x1);
  const settings = Float32Array.of(framing.width, framing.height, 0, Number(framing.whole));
  return sees("image", settings, 1, "grey", w, h, grey).every((value) => value === 127);
}

const SIZES = [[320, 240], [427, 320], [320, 569], [97, 72], [201, 201], [33, 320]];
const SHAPES = [[48, 48], [96, 64], [40, 61], [160, 8]];

test("the frame holds all that the model sees, and nothing else", () => {
  for (const size of SIZES)
    for (const [width, height] of SHAPES) {
      const framing = { width, height, whole: false };
      const [w, h] = size;
      const [top, right, bottom, left] = unseen(size, framing);
      const box = [left * w, top * h, w - right * w, h - bottom * h].map(Math.round);
      const told = `${size} as ${width} × ${height}: ${box}`;
      assert.ok(allWhite(size, framing, box), told);
      for (const [side, by] of [1, 1, -1, -1].entries()) {
        const smaller = box.with(side, box[side] + by);
        assert.ok(!allWhite(size, framing, smaller), `${told}, one less at side ${side}`);
      }
    }
});

test("of a whole picture nothing is outside the frame", () => {
  assert.deepEqual(unseen([320, 240], { width: 48, height: 48, whole: true }), [0, 0, 0, 0]);
});
