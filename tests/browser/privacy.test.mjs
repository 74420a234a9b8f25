// Nothing leaves: the page's own self-test in the page and in every worker, and the
// policy that does it, which stands in four places and must be one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { HEADERS, META_POLICY } from "../../www/policy.mjs";
import { DIST } from "../../www/serve.mjs";
import { artifact, assertQuiet, bringData, goTo, openSite, ROOT } from "./harness.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

test("the self-test sees every attempt blocked, in the page and in each worker", {
  timeout: 90_000,
}, async () => {
  const page = await site.page();
  await bringData(page);
  await goTo(page, "deploy");
  await page.getByTestId("privacy-run").click();
  const result = page.getByTestId("privacy-result");
  await result.waitFor({ timeout: 60_000 });
  const text = await result.innerText();
  artifact("privacy-self-test.txt", text);
  for (const where of ["page", "lab worker", "live worker", "trainer worker"])
    for (const how of ["fetch", "XHR", "WebSocket", "EventSource", "import"])
      assert.match(text, new RegExp(`${where}\\s+${how}\\s+blocked`));
  for (const how of ["beacon", "image", "script", "stylesheet", "frame", "form"])
    assert.match(text, new RegExp(`page\\s+${how}\\s+blocked`));
  assert.equal(await result.getAttribute("data-blocked"), await result.getAttribute("data-total"));
  await assertSentNothing(page);
  await assertQuiet(page);
  await page.context().close();
});

async function assertSentNothing(page) {
  assert.match(await page.getByTestId("vital-bytes").innerText(), /\b0 bytes/);
}

test("a way out that is open would be seen", { timeout: 60_000 }, async () => {
  // The same page without its policy: the self-test must not call anything blocked then.
  const context = await site.browser.newContext({ bypassCSP: true });
  await context.route(/example\.com/, (route) => route.abort());
  const page = await context.newPage();
  await page.goto(`${site.url}#deploy`);
  await page.getByTestId("privacy-run").click();
  const result = page.getByTestId("privacy-result");
  await result.waitFor({ timeout: 60_000 });
  assert.match(await result.innerText(), /page\s+fetch\s+got through/);
  await context.close();
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
