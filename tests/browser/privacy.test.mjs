// Nothing leaves: the page's own self-test in the page and in every worker, and the
// policy that does it, which stands in four places and must be one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { HEADERS, META_POLICY } from "../../www/policy.mjs";
import { DIST, handler } from "../../www/serve.mjs";
import { artifact, assertQuiet, bringData, goTo, openSite, ROOT, ready } from "./harness.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

test("the self-test sees every attempt blocked, in the page and in each worker", {
  timeout: 90_000,
}, async () => {
  const page = await site.page({ serviceWorkers: "allow" });
  await bringData(page);
  await page.locator("[data-testid=offline][data-state=ready]").waitFor({ timeout: 60_000 });
  await openPrivacy(page);
  await page.getByTestId("privacy-run").click();
  const result = page.getByTestId("privacy-result");
  await result.waitFor({ timeout: 60_000 });
  const text = await result.innerText();
  artifact("privacy-self-test.txt", text);
  for (const where of ["page", "lab worker", "live worker", "trainer worker"])
    for (const how of ["fetch", "XHR", "WebSocket", "EventSource", "import"])
      assert.match(text, new RegExp(`${where}\\s+${how}\\s+blocked`));
  for (const how of ["fetch", "WebSocket", "EventSource"])
    assert.match(text, new RegExp(`service worker\\s+${how}\\s+blocked`));
  for (const how of ["beacon", "image", "script", "stylesheet", "frame", "form"])
    assert.match(text, new RegExp(`page\\s+${how}\\s+blocked`));
  assert.equal(await result.getAttribute("data-blocked"), await result.getAttribute("data-total"));
  await assertSentNothing(page);
  await assertQuiet(page);
  await page.context().close();
});

/** As a person comes to it: by the vital sign that says what was sent. */
async function openPrivacy(page) {
  await page.getByTestId("vital-bytes").click();
  await page.getByRole("button", { name: "What is stored and sent" }).first().click();
  await page.getByTestId("stored").waitFor();
}

async function assertSentNothing(page) {
  assert.match(await page.getByTestId("vital-bytes").innerText(), /\b0 bytes/);
}

test("a way out that is open would be seen", { timeout: 60_000 }, async () => {
  // The same page without its policy: the self-test must not call anything blocked then.
  const context = await site.browser.newContext({ bypassCSP: true });
  await context.route(/example\.com/, (route) => route.abort());
  const page = await context.newPage();
  await page.goto(`${site.url}#privacy`);
  await page.getByTestId("privacy-run").click();
  const result = page.getByTestId("privacy-result");
  await result.waitFor({ timeout: 60_000 });
  assert.match(await result.innerText(), /page\s+fetch\s+got through/);
  await context.close();
});

test("a host that sends no policy with the service worker: nothing is tried there, and it is said", {
  timeout: 90_000,
}, async () => {
  const asBuilt = handler(DIST, "/some/where/");
  const bare = await openSite({
    answer: (request, response) => {
      const write = response.writeHead.bind(response);
      response.writeHead = (status, { "Content-Security-Policy": _, ...headers }) =>
        write(status, headers);
      return asBuilt(request, response);
    },
  });
  const page = await bare.page({ serviceWorkers: "allow" });
  const tried = [];
  page.context().on("request", (request) => tried.push(request.url()));
  await page.locator("[data-testid=offline][data-state=ready]").waitFor({ timeout: 60_000 });
  await openPrivacy(page);
  await page.getByTestId("privacy-run").click();
  const result = page.getByTestId("privacy-result");
  await result.waitFor({ timeout: 60_000 });
  const text = await result.innerText();
  assert.match(text, /service worker\s+all of them\s+not tried: .*sends no policy/);
  // The page's own policy is in its <meta>, and its workers inherit it.
  assert.match(text, /lab worker\s+fetch\s+blocked/);
  assert.equal(await result.getAttribute("data-blocked"), await result.getAttribute("data-total"));
  await assertSentNothing(page);
  await page.context().close();
  await bare.close();
});

test("what is stored is listed by kind, and all of it can be forgotten", {
  timeout: 180_000,
}, async () => {
  const page = await site.page({ serviceWorkers: "allow" });
  await bringData(page);
  await page.locator("[data-testid=offline][data-state=ready]").waitFor({ timeout: 60_000 });
  await page.evaluate(() => localStorage.setItem("another page of this host", "stays"));
  await openPrivacy(page);
  const stored = await page.getByTestId("stored").innerText();
  assert.match(stored, /Movements\s+IndexedDB, .*\s[\d.]+ (kB|MB)/);
  assert.match(stored, /The page itself\s+Cache, \d+ files\s+[\d.]+ MB/);
  assert.match(stored, /Which project was open last\s+localStorage, lampyris\.project/);

  await page.getByRole("button", { name: "Delete everything" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Delete everything?" });
  assert.match(await dialog.innerText(), /needs a network/);
  await Promise.all([
    page.waitForEvent("load"),
    dialog.getByRole("button", { name: "Delete everything" }).click(),
  ]);
  await ready(page);
  await goTo(page, "record");
  assert.equal(await page.getByTestId("recording-row").count(), 0, "a clean start");
  const left = await page.evaluate(() => Object.keys(localStorage).sort());
  assert.deepEqual(left, ["another page of this host", "lampyris.project"]);
  await assertQuiet(page);
  await page.context().close();
});

test("one policy: page, headers file, documentation", () => {
  assert.ok(readFileSync(join(DIST, "index.html"), "utf8").includes(`content="${META_POLICY}"`));
  const headers = readFileSync(join(DIST, "_headers"), "utf8");
  const hosting = readFileSync(join(ROOT, "docs/hosting.md"), "utf8");
  for (const [name, value] of Object.entries(HEADERS)) {
    assert.ok(headers.includes(`  ${name}: ${value}\n`), `_headers: ${name}`);
    assert.equal(hosting.split(`${name} "${value}"`).length, 3, `docs/hosting.md: ${name}, twice`);
  }
  assert.doesNotMatch(META_POLICY, /unsafe-(inline|hashes)|'unsafe-eval'|https?:|\*/);
});
