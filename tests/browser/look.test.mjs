// What the page looks like: screenshots for people, and what a machine can judge.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  assertQuiet,
  axe,
  bringData,
  goTo,
  openSite,
  ready,
  STEPS,
  screenshot,
  trainNow,
} from "./harness.mjs";

const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 800 };
const MOST_SHIFT = 0.02;

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

async function sideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

test("empty views, light and dark: axe, sideways scroll", { timeout: 180_000 }, async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await site.page({ colorScheme, viewport: NARROW });
    for (const step of STEPS) {
      await goTo(page, step);
      assert.deepEqual(await axe(page), [], `axe: empty ${step}, ${colorScheme}, 360 px`);
      assert.ok((await sideways(page)) <= 0, `${step} scrolls sideways when empty`);
      await screenshot(page, `empty-${step}-${colorScheme}-360`);
    }
    await assertQuiet(page);
    await page.context().close();
  }
});

test("filled views, light, dark and narrow: axe, shift, sideways scroll", {
  timeout: 400_000,
}, async (t) => {
  const page = await site.page({ colorScheme: "light" });
  await bringData(page);
  await trainNow(page);
  await page.getByTestId("latency-median").getByText(/µs|ms/).waitFor({ timeout: 60_000 });
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const [width, viewport] of [
      ["wide", WIDE],
      ["360", NARROW],
    ]) {
      await page.setViewportSize(viewport);
      for (const step of STEPS) {
        await goTo(page, step);
        await page.waitForTimeout(300);
        const where = `${step}-${colorScheme}-${width}`;
        await screenshot(page, where);
        assert.deepEqual(await axe(page), [], `axe: ${where}`);
        assert.ok((await sideways(page)) <= 0, `${where} scrolls sideways`);
      }
    }
  }
  await page.setViewportSize(WIDE);
  for (const step of STEPS) {
    await page.goto(`${site.url}#${step}`);
    await page.reload();
    await ready(page);
    await page.waitForTimeout(1000);
    const { shift } = await page.evaluate(() => globalThis.seen);
    t.diagnostic(`layout shift of ${step}: ${shift.toFixed(4)}`);
    assert.ok(shift <= MOST_SHIFT, `layout shift of ${step}: ${shift}`);
  }
  await assertQuiet(page);
  await page.context().close();
});

test("everything by keyboard: to each step, and its controls get the focus visibly", {
  timeout: 120_000,
}, async () => {
  const page = await site.page();
  await bringData(page);
  for (const step of STEPS) {
    const link = page.locator(`a[data-step=${step}]`);
    // A new view takes the focus; the steps are just before it.
    await page.locator("main").focus();
    await reach(page, "Shift+Tab", (focused) => focused.step === step, `the link to ${step}`);
    await page.keyboard.press("Enter");
    await page.locator(`main[data-view=${step}]`).waitFor();
    assert.equal(await link.getAttribute("aria-current"), "page");
    await assertAllReachable(page, step);
  }
  await page.locator("a[data-step=train]").focus();
  await page.keyboard.press("Enter");
  await reach(page, "Tab", (focused) => focused.testId === "train-start", "the button that trains");
  await page.keyboard.press("Enter");
  await page.locator("main[data-view=quantize]").waitFor({ timeout: 180_000 });
  await page.context().close();
});

/** What has the focus, and whether one can see it. */
function focus(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return {
      step: element.dataset.step ?? null,
      testId: element.dataset.testid ?? null,
      main: element.closest("main") !== null,
      seen: (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none",
      what: element.outerHTML.slice(0, 120),
      tag: element.tagName,
    };
  });
}

/** Presses a key until what has the focus is `found`. A list of recordings alone is hundreds of stops long. */
async function reach(page, key, found, what) {
  for (let i = 0; i < 100; i++) {
    await page.keyboard.press(key);
    if (found(await focus(page))) return;
  }
  assert.fail(`${what} was not reached by ${key}`);
}

/** Each button, field and link of the view can take the focus, and shows that it has it. */
async function assertAllReachable(page, step) {
  const bad = await page.evaluate(() =>
    [
      ...document.querySelectorAll(
        "main button, main input, main select, main a[href], main summary",
      ),
    ]
      .filter(
        (one) => one.checkVisibility() && !one.disabled && one.tabIndex < 0 && one.type !== "file",
      )
      .map((one) => one.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(bad, [], `${step}: not reachable by keyboard`);
  await page.locator("main").focus();
  for (let i = 0; i < 6; i++) {
    await page.keyboard.press("Tab");
    const now = await focus(page);
    if (now.main && now.tag !== "INPUT")
      assert.ok(now.seen, `${step}: focus can't be seen on ${now.what}`);
  }
}
