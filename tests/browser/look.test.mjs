// What the page looks like: screenshots for people, and what a machine can judge.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";
import {
  assertQuiet,
  axe,
  bringData,
  goTo,
  openSite,
  ROOT,
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

/** What stands beside the steps, and what opens above them: name → how to come to it, and away. */
const BESIDE = {
  projects: { open: (page) => at(page, "projects") },
  privacy: { open: (page) => at(page, "privacy") },
  network: { open: (page) => at(page, "network") },
  "project-menu": {
    open: (page) => page.getByRole("button", { name: "Project menu" }).click(),
    close: (page) => page.keyboard.press("Escape"),
  },
  "vital-popover": {
    open: (page) => page.getByTestId("vital-flash").click(),
    close: (page) => page.keyboard.press("Escape"),
  },
  "delete-everything": {
    async open(page) {
      await at(page, "privacy");
      await page.getByRole("button", { name: "Delete everything" }).first().click();
    },
    close: (page) => page.keyboard.press("Escape"),
  },
  "settings-link": {
    open: (page) =>
      page.evaluate((hash) => {
        location.hash = hash;
      }, LINK),
    close: (page) => page.getByRole("button", { name: "Leave it" }).click(),
  },
  messages: {
    async open(page) {
      await at(page, "projects");
      await page.getByRole("button", { name: /^Duplicate/ }).first().click();
      await page.getByText(/^Copied to/).first().waitFor();
      await page.getByRole("button", { name: /^Delete .*\(\d\)$/ }).first().click();
      await page.getByText(/^Deleted the project/).first().waitFor();
    },
    async close(page) {
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
    },
  },
};
const LINK = `settings=1.${deflateSync(
  JSON.stringify({
    version: 1,
    task: "motion",
    changes: {
      window_ms: 1500,
      training: { epochs: 40, learning_rate: 0.002 },
      network: [{ kind: "dense", units: 24, activation: "relu" }],
    },
  }),
).toString("base64url")}`;

async function at(page, id) {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, id);
  await page.locator(`main[data-view=${id}]`).waitFor();
  await page.getByRole("heading", { level: 1 }).first().waitFor();
}

async function judge(page, where) {
  await page.waitForTimeout(300);
  await screenshot(page, where);
  assert.deepEqual(await axe(page), [], `axe: ${where}`);
  assert.ok((await sideways(page)) <= 0, `${where} scrolls sideways`);
}

/** Every look of the page: light and dark, on a desk and in a hand. */
async function eachLook(page, judged) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const [width, viewport] of [
      ["wide", WIDE],
      ["360", NARROW],
    ]) {
      await page.setViewportSize(viewport);
      await judged(`${colorScheme}-${width}`);
    }
  }
}

test("filled views, light, dark and narrow: axe, shift, sideways scroll", {
  timeout: 400_000,
}, async (t) => {
  const page = await site.page({ colorScheme: "light" });
  await bringData(page);
  await trainNow(page);
  await page.getByTestId("latency-median").getByText(/[nµm]s/).waitFor({ timeout: 60_000 });
  await eachLook(page, async (look) => {
    for (const step of STEPS) {
      await goTo(page, step);
      await judge(page, `${step}-${look}`);
    }
  });
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

test("what stands beside the steps and above them: axe, sideways scroll", {
  timeout: 400_000,
}, async () => {
  const page = await site.page({ colorScheme: "light", serviceWorkers: "allow" });
  await bringData(page);
  await page.locator("[data-testid=offline][data-state=ready]").waitFor({ timeout: 60_000 });
  await at(page, "privacy");
  await page.getByTestId("privacy-run").click();
  await page.getByTestId("privacy-result").waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: "Project menu" }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByTestId("menu-look-into").click(),
  ]);
  await chooser.setFiles(join(ROOT, "tests/golden/cases/autoencoder/model.tflite"));
  await page.locator("main[data-view=network]").waitFor();
  await eachLook(page, async (look) => {
    for (const [name, { open, close }] of Object.entries(BESIDE)) {
      await open(page);
      if (name === "settings-link") await page.getByTestId("offer").waitFor();
      await judge(page, `${name}-${look}`);
      await close?.(page);
    }
  });
  await assertQuiet(page);
  await page.context().close();
});

test("messages stand over nothing that one works with, wait while they are read, go by Escape", async () => {
  const page = await site.page();
  await bringData(page);
  await goTo(page, "record");
  // That of the import; several at once may reach up to the last of the steps.
  await page.getByRole("button", { name: "Dismiss" }).last().click();
  await page.getByTestId("recording-row").first().getByRole("button", { name: /^Delete/ }).click();
  const toast = page.locator(".messages .toast", { hasText: "Deleted" });
  await toast.getByRole("button", { name: "Undo" }).waitFor();
  const over = await page.evaluate(() => {
    const { left, right, top, bottom } = document.querySelector(".corner").getBoundingClientRect();
    return [...document.querySelectorAll("main button, main input, main a, .rail a, .rail-foot")]
      .filter((one) => {
        const at = one.getBoundingClientRect();
        return at.left < right && at.right > left && at.top < bottom && at.bottom > top;
      })
      .map((one) => one.outerHTML.slice(0, 100));
  });
  assert.deepEqual(over, [], "covered by messages");
  await page.clock.install();
  await toast.hover();
  await page.clock.runFor(40_000);
  assert.ok(await toast.isVisible(), "stays while the pointer is on it");
  await page.keyboard.press("Escape");
  await toast.waitFor({ state: "detached" });
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
