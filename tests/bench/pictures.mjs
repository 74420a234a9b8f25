// A project of thousands of pictures in the built page: how long it takes to bring them in, to open,
// to draw the map and to scroll, and the memory of page and workers while a network trains on
// 96 × 96 pixels in colour: node tests/bench/pictures.mjs [COUNT]
//
// Memory is read through the debugger, past the page: in each worker the bytes of every
// WebAssembly memory and the JavaScript heap, in the page its heap, every half second; and of the
// process that holds them all, what Linux counts as its own (RssAnon). While a network trains only
// the process is asked: a worker that is asked in the middle of its work takes the page down.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { goTo, openSite, ROOT, ready, untilState } from "../browser/harness.mjs";
import { folders, zip } from "../browser/pictures.mjs";
import { told } from "../browser/stored.mjs";
import { bringIn, renderers, row, seconds } from "./page.mjs";
import { scrolled } from "./scroll.mjs";

const COUNT = Number(process.argv[2] ?? 5000);
const SIDE = 96;
const MB = 1e6;

function made() {
  const path = join(ROOT, `artifacts/bench/pictures-${COUNT}.zip`);
  if (existsSync(path)) return path;
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, zip(folders(COUNT, SIDE)));
  return path;
}

/** All JavaScript contexts of a page: itself and its workers, each asked through the debugger. */
async function contexts(page) {
  const session = await page.context().newCDPSession(page);
  const workers = new Map();
  const waiting = new Map();
  let next = 1;
  session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
    if (targetInfo.type === "worker") workers.set(sessionId, targetInfo.title);
  });
  session.on("Target.detachedFromTarget", ({ sessionId }) => {
    workers.delete(sessionId);
    for (const [id, { of, resolve }] of waiting)
      if (of === sessionId) {
        waiting.delete(id);
        resolve(null);
      }
  });
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.resolve(result ?? null);
    waiting.delete(id);
  });
  await session.send("Target.setAutoAttach", {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  const ask = (sessionId) => (method, params) =>
    new Promise((resolve) => {
      const id = next++;
      waiting.set(id, { of: sessionId, resolve });
      const message = JSON.stringify({ id, method, params });
      session.send("Target.sendMessageToTarget", { sessionId, message }).catch(() => {
        waiting.delete(id);
        resolve(null);
      });
    });
  return {
    page: (method, params) => session.send(method, params),
    all: () => [...workers].map(([id, title]) => ({ title, ask: ask(id) })),
  };
}

/** Bytes of all WebAssembly memories of a worker. */
async function wasmOf(ask) {
  const prototype = await ask("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
  if (!prototype) return 0;
  const { objectId } = prototype.result;
  const found = await ask("Runtime.queryObjects", { prototypeObjectId: objectId });
  const sum = await ask("Runtime.callFunctionOn", {
    objectId: found?.objects.objectId,
    functionDeclaration:
      "function () { return this.reduce((sum, one) => sum + one.buffer.byteLength, 0); }",
    returnByValue: true,
  });
  await ask("Runtime.releaseObject", { objectId: found?.objects.objectId });
  return sum?.result?.value ?? 0;
}

const heapOf = async (ask) => (await ask("Runtime.getHeapUsage"))?.usedSize ?? 0;

/** What the page's process has of its own, in bytes; the page and its workers share one. */
async function processOf(browser) {
  const sizes = (await renderers(browser)).map((id) => {
    const status = existsSync(`/proc/${id}/status`) ? readFileSync(`/proc/${id}/status`, "utf8") : "";
    return 1024 * Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0);
  });
  return Math.max(0, ...sizes);
}

/** Looks at the memory until `stop`; the highest sum, and what it was made of. */
function watchMemory(page, browser, inside) {
  const most = { total: 0, parts: [], process: 0 };
  let going = true;
  const work = (async () => {
    const reached = inside ? await contexts(page) : null;
    while (going) {
      const parts = reached ? [["page", 0, await heapOf(reached.page)]] : [];
      for (const { title, ask } of reached?.all() ?? [])
        parts.push([title, await wasmOf(ask), await heapOf(ask)]);
      const total = parts.reduce((sum, [, wasm, heap]) => sum + wasm + heap, 0);
      if (total > most.total) Object.assign(most, { total, parts });
      most.process = Math.max(most.process, await processOf(browser));
      await new Promise((wake) => setTimeout(wake, 500));
    }
  })();
  return async () => {
    going = false;
    await work;
    return most;
  };
}

function printMemory(what, { total, parts, process }) {
  if (parts.length > 0) row(`memory, ${what}`, `${(total / MB).toFixed(0)} MB`);
  for (const [title, wasm, heap] of parts)
    row(`  ${title}`, `${(wasm / MB).toFixed(0)} MB wasm, ${(heap / MB).toFixed(0)} MB heap`);
  row(`memory, ${what}, the whole process`, `${(process / MB).toFixed(0)} MB`);
}

const site = await openSite();
try {
  const page = await site.page();
  page.setDefaultTimeout(300_000);
  row("pictures", `${COUNT} of ${SIDE} × ${SIDE} in colour`);

  let begun = performance.now();
  const importing = watchMemory(page, site.browser, true);
  await bringIn(page, made(), 1_200_000);
  const took = performance.now() - begun;
  row("import of one zip", `${seconds(took)}, ${((1000 * COUNT) / took).toFixed(0)} pictures a second`);
  printMemory("importing", await importing());
  await untilState(page, "explore", "done", 300_000);

  begun = performance.now();
  await page.reload();
  await ready(page);
  while ((await told(page)) !== COUNT) await page.waitForTimeout(20);
  row("page opens, with the list", seconds(performance.now() - begun));
  await untilState(page, "explore", "done", 300_000);
  row("the engine has them all, and an overview", seconds(performance.now() - begun));
  if ((await told(page)) !== COUNT) throw new Error(`${await told(page)} recordings`);

  begun = performance.now();
  await goTo(page, "explore");
  // It is made once it is in sight.
  await page.getByTestId("map-wait").or(page.getByTestId("map")).scrollIntoViewIfNeeded();
  await page.getByTestId("map").waitFor();
  row("map drawn", seconds(performance.now() - begun));
  await goTo(page, "record");
  for (const [what, figures] of await scrolled(page)) row(what, figures);

  await goTo(page, "train");
  const sized = page.getByLabel("Begin with");
  const options = await sized.locator("option").allInnerTexts();
  const preset = options.find((text) => text.includes("96"));
  if (preset) await sized.selectOption({ label: preset });
  row("network", preset ?? options[0]);
  const training = watchMemory(page, site.browser, false);
  begun = performance.now();
  await page.getByTestId("train-start").click();
  await page.waitForFunction(() => /epoch [1-9]/i.test(document.querySelector("main").innerText), null, {
    timeout: 600_000,
  });
  row("first epoch begun or ended after", seconds(performance.now() - begun));
  await page.waitForTimeout(20_000);
  printMemory("training", await training());
  await page.getByTestId("train-cancel").click();
} finally {
  await site.close();
}
