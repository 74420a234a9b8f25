// How fluently thousands of pictures scroll: the time from frame to frame while a wheel's gesture
// goes over the list in Record and the grid in Explore, and what of it the page itself works.
import { goTo } from "../browser/harness.mjs";

/** Pixels a second: a look through, and a search. */
const SPEEDS = [1500, 6000];
const SECONDS = 4;
const X = 640;
const Y = 520;

const share = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];

/** Seconds of the page's own work since it was opened. */
async function worked(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name) => metrics.find((one) => one.name === name)?.value ?? 0;
  return of("ScriptDuration") + of("LayoutDuration") + of("RecalcStyleDuration");
}

/** Frames while a gesture scrolls what is under the pointer by `distance` pixels. */
async function gesture(page, session, distance, speed) {
  const before = await worked(session);
  await page.evaluate(() => {
    const frames = [];
    let last = performance.now();
    const next = () => {
      const now = performance.now();
      frames.push(now - last);
      last = now;
      if (globalThis.frames === frames) requestAnimationFrame(next);
    };
    globalThis.frames = frames;
    requestAnimationFrame(next);
  });
  await session.send("Input.synthesizeScrollGesture", {
    x: X,
    y: Y,
    yDistance: -distance,
    speed,
    gestureSourceType: "mouse",
  });
  const frames = await page.evaluate(() => {
    const { frames } = globalThis;
    globalThis.frames = null;
    return frames.slice(1).sort((a, b) => a - b);
  });
  const work = ((await worked(session)) - before) * 1000;
  const ms = (value) => `${value.toFixed(1)} ms`;
  return `${frames.length} frames, median ${ms(share(frames, 0.5))}, p95 ${ms(share(frames, 0.95))}, work a frame ${ms(work / frames.length)}`;
}

/** `[what, figures]` of the list and the grid; the page shows Record, and ends in Explore. */
export async function scrolled(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const rows = [];
  const measure = async (what) => {
    for (const speed of SPEEDS)
      rows.push([
        `scrolling ${what} at ${speed} pixels a second`,
        await gesture(page, session, SECONDS * speed, speed),
      ]);
  };
  await page.getByTestId("recording-row").first().scrollIntoViewIfNeeded();
  await page.waitForTimeout(1000);
  await measure("the list");
  await goTo(page, "explore");
  await page.locator(".tile").first().waitFor();
  await page.getByTestId("tiles").focus();
  await page.waitForTimeout(1000);
  await measure("the grid");
  await session.detach();
  return rows;
}
