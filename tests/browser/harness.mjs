// What every browser test needs: the built page under a sub-path, as a host would serve
// it; a Chromium; and words for what a person does. Selectors are roles and names, or a
// test id where a role does not suffice.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DIST, handler } from "../../www/serve.mjs";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const STEPS = ["record", "explore", "train", "quantize", "run", "deploy"];
const require = createRequire(join(ROOT, "www/package.json"));
export const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";
export const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

/** Recordings from outside, or null; says what is skipped without them. */
export function gestures() {
  const folder = process.env.LAMPYRIS_DATA && join(process.env.LAMPYRIS_DATA, "motion/ei-gestures");
  if (folder && existsSync(folder)) return folder;
  console.error(
    "skipped: LAMPYRIS_DATA has no motion/ei-gestures; the starter set is used instead",
  );
  return null;
}

/** All files below a folder, deepest last. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Keeps a file for people to look at. */
export function artifact(name, data) {
  const path = join(ROOT, "artifacts", name);
  mkdirSync(dirname(path), { recursive: true });
  if (data !== undefined) writeFileSync(path, data);
  return path;
}

/**
 * A server and a browser, shared by the tests of one file. `site.page()` opens a fresh
 * visitor; `site.person()` one whose browser keeps what it stores in a folder, with flags of
 * its own; `site.close()` ends all. The service worker, which fetches all of the page for each
 * visitor, runs where a test asks for it with `serviceWorkers: "allow"`.
 */
export async function openSite({ flags = [], answer = handler(DIST, "/some/where/") } = {}) {
  assert.ok(existsSync(join(DIST, "index.html")), "dist/ is missing: run `make build` first");
  const server = http.createServer(answer);
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  const url = `http://localhost:${server.address().port}/some/where/`;
  const launch = { executablePath: CHROMIUM, args: [...FLAGS, ...flags] };
  const browser = await chromium.launch(launch);
  const viewport = { width: 1280, height: 800 };
  const persons = [];
  return {
    url,
    browser,
    /** The host goes away, and takes no connection any more. */
    async cut() {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    async page(options = {}) {
      const context = await browser.newContext({ viewport, serviceWorkers: "block", ...options });
      return visit(context, url);
    },
    async person(folder, more) {
      const args = [...launch.args, ...more];
      const context = await chromium.launchPersistentContext(folder, { ...launch, args, viewport });
      persons.push(context);
      return visit(context, url);
    },
    async close() {
      for (const context of persons) await context.close();
      await browser.close();
      await this.cut();
    },
  };
}

/** Opens the page in a context and waits until it is up; `page.seen` gathers what went wrong. */
export async function visit(context, url) {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.seen = { errors: [], foreign: [] };
  page.on("pageerror", (error) => page.seen.errors.push(error.message));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(url).origin && !["blob:", "data:"].includes(protocol))
      page.seen.foreign.push(request.url());
  });
  // What the policy stops is seen as a request that failed for that reason.
  page.on("requestfailed", (request) => {
    const at = page.seen.foreign.indexOf(request.url());
    if (at >= 0 && request.failure()?.errorText === "csp") page.seen.foreign.splice(at, 1);
  });
  await page.addInitScript(() => {
    globalThis.seen = { violations: [], shift: 0 };
    addEventListener("securitypolicyviolation", (event) => {
      globalThis.seen.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
    });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if (!entry.hadRecentInput) globalThis.seen.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(url);
  await ready(page);
  return page;
}

export async function ready(page) {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
}

export async function goTo(page, step) {
  await page.locator(`a[data-step=${step}]`).click();
  await page.locator(`main[data-view=${step}]`).waitFor();
}

/** The rail's word for a step: empty, ready, working, stale or done. */
export async function untilState(page, step, state, timeout = 60_000) {
  await page
    .locator(`a[data-step=${step}][data-state=${state}]`)
    .waitFor({ timeout })
    .catch(async (error) => {
      const now = await page.locator(`a[data-step=${step}]`).getAttribute("title");
      throw new Error(`${step} is not ${state}, but "${now}": ${await messages(page)}`, {
        cause: error,
      });
    });
}

/** Chooses files in the page's real file input. */
export async function choose(page, files, timeout = 15_000) {
  await page.getByTestId("file-input").setInputFiles(files);
  await page.locator(".toast-busy").waitFor({ state: "detached", timeout });
}

/** The gestures if they are here, else the starter set. Returns how many recordings. */
export async function bringData(page) {
  const folder = gestures();
  if (folder) {
    await choose(
      page,
      filesBelow(folder).filter((path) => !path.endsWith(".md")),
    );
  } else {
    await page.getByTestId("starter").click();
  }
  await untilState(page, "explore", "done");
  return listed(page);
}

/** How many recordings are in the list; only those near the view are drawn. */
export async function listed(page) {
  const row = page.locator(".rows > li:has([data-testid=recording-row])").first();
  return Number(await row.getAttribute("aria-setsize"));
}

/** Begins a training and pauses it as soon as it can be paused: it may last less than a second. */
export async function trainAndPause(page) {
  await goTo(page, "train");
  await page.evaluate(() => {
    const press = () => {
      const button = document.querySelector("[data-testid=train-pause]:enabled");
      const begun = /epoch [1-9]/.test(document.querySelector("main").innerText);
      if (button && begun) button.click();
      else setTimeout(press, 5);
    };
    press();
  });
  await page.getByTestId("train-start").click();
  await page.getByRole("button", { name: "Resume" }).waitFor({ timeout: 60_000 });
}

/** Trains with the present settings and waits for the model. Returns the seconds it took. */
export async function trainNow(page, timeout = 180_000) {
  await goTo(page, "train");
  const begun = Date.now();
  await page.getByTestId("train-start").click();
  await page.locator("main[data-view=quantize]").waitFor({ timeout });
  await page.getByTestId("accuracy-int8").waitFor();
  return (Date.now() - begun) / 1000;
}

export async function download(page, testId) {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByTestId(testId).click(),
  ]);
  const path = artifact(`downloads/${file.suggestedFilename()}`);
  await file.saveAs(path);
  return { name: file.suggestedFilename(), bytes: readFileSync(path) };
}

export async function screenshot(page, name) {
  await page.screenshot({ path: artifact(`screenshots/${name}.png`), fullPage: true });
}

/** Serious and critical findings of axe in the present view. */
export async function axe(page) {
  // Through the debugger, which no policy of the page stops.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: `${AXE};0` });
  await session.detach();
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

/** What the page says in passing, as text. */
export async function messages(page) {
  return page.getByRole("list", { name: "Messages" }).innerText();
}

/** Nothing the page itself did was refused, thrown or sent elsewhere. */
export async function assertQuiet(page) {
  const { violations } = await page.evaluate(() => globalThis.seen);
  const ours = violations.filter((one) => !one.includes("privacy-self-test.example.com"));
  assert.deepEqual(ours, [], "violations of the policy by the page itself");
  assert.deepEqual(page.seen.errors, [], "uncaught errors");
  assert.deepEqual(page.seen.foreign, [], "requests to other origins");
}

/** Readings of a hand that moves: what a phone would send, at 60 Hz. Ends early if the page is left. */
export async function moveDevice(page, seconds, options = {}) {
  const moving = page.evaluate(
    async ({ seconds, unit }) => {
      const begun = performance.now();
      for (let t = 0; t < seconds * 1000; t = performance.now() - begun) {
        const x = 3 * Math.sin(t / 80);
        const y = 2 * Math.cos(t / 80);
        dispatchEvent(
          new DeviceMotionEvent("devicemotion", {
            accelerationIncludingGravity: { x: x * unit, y: y * unit, z: 9.81 * unit },
            interval: 16,
          }),
        );
        await new Promise((resolve) => setTimeout(resolve, 16));
      }
    },
    { seconds, unit: options.unit ?? 1 },
  );
  await moving.catch(() => undefined);
}
