// From a model file that is dropped on the built page, or chosen there, to its first answer on
// the screen: milliseconds, in Chromium.
//
// The clock starts in the page, at the event that hands the file over, and stops once the frame
// with the answer has been drawn; the goal is 50 ms. Each visit is a fresh context.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DIST } from "../../www/serve.mjs";
import { goTo, openSite } from "../browser/harness.mjs";
import { has, NETWORKS } from "./places.mjs";

const VISITS = 2;
/** Files that are dropped after the first, in one visit, and then chosen. */
const AGAIN = 4;
/** How long a file is held over the page before it is let go, and a dialog open: less than a hand needs. */
const HELD_MS = 300;
/** The page times a network once it has answered; by then it has ended. */
const REST_MS = 1200;
const MODELS = ["kws", "vww"];

/** Runs in the page before anything else: notes when a file comes, and when an answer is drawn. */
function watch() {
  const seen = { begun: 0, shown: null };
  globalThis.opening = seen;
  const begin = () => {
    seen.begun = performance.now();
  };
  addEventListener("drop", begin, { capture: true });
  const click = HTMLInputElement.prototype.click;
  HTMLInputElement.prototype.click = function () {
    if (this.type === "file") this.addEventListener("change", begin, { once: true });
    return click.call(this);
  };
  globalThis.nextAnswer = () =>
    new Promise((shown) => {
      const look = () => {
        if (!document.querySelector("[data-testid=output-0-0]")) return;
        observer.disconnect();
        // Drawn is what was there before a frame, once that frame is over.
        requestAnimationFrame(() => setTimeout(() => shown(performance.now() - seen.begun)));
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { childList: true, subtree: true });
    });
}

/** Drops a file on the page; milliseconds to its answer. */
function drop(page, name, bytes, heldMs) {
  return page.evaluate(
    async ({ name, base64, heldMs }) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], name));
      const give = (kind) =>
        document
          .querySelector("main")
          .dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
      give("dragenter");
      give("dragover");
      await new Promise((wake) => setTimeout(wake, heldMs));
      const answer = globalThis.nextAnswer();
      give("drop");
      return answer;
    },
    { name, base64: bytes.toString("base64"), heldMs },
  );
}

/** Chooses a file in the dialog that the page's own button opens; milliseconds to its answer. */
async function choose(page, name, bytes) {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByTestId("network-open").click(),
  ]);
  await page.waitForTimeout(HELD_MS);
  // The answer of the model before is still there.
  const answer = page.evaluate(async () => {
    await new Promise((gone) => {
      const look = () => document.querySelector(".network-values") ?? gone();
      new MutationObserver(look).observe(document, { childList: true, subtree: true });
    });
    return globalThis.nextAnswer();
  });
  await chooser.setFiles({ name, mimeType: "application/octet-stream", buffer: bytes });
  return answer;
}

const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];

/** Drops and choices of one model in one visit, added to what was `found`. */
async function visit(site, bytes, found) {
  const page = await site.page();
  const name = "model.tflite";
  await page.evaluate(watch);
  found.first.push(await drop(page, name, bytes, HELD_MS));
  for (let i = 0; i < AGAIN; i++) {
    await page.waitForTimeout(REST_MS);
    await page.getByTestId("network-close").click();
    await goTo(page, "record");
    found.dropped.push(await drop(page, name, bytes, HELD_MS));
  }
  for (let i = 0; i < AGAIN; i++) {
    await page.waitForTimeout(REST_MS);
    found.chosen.push(await choose(page, name, bytes));
  }
  await page.context().close();
  const other = await site.page();
  await other.evaluate(watch);
  found.at_once.push(await drop(other, name, bytes, 0));
  await other.context().close();
}

/** What this part lacks, in words; null where it can run. */
export const lacking = () =>
  existsSync(join(DIST, "index.html")) ? null : "dist/ is missing: make build";

/**
 * Of each model, medians in milliseconds: `first`, the first file that is dropped in a visit;
 * `dropped`, later ones; `chosen`, in a dialog; `at_once`, a first one that no drag announced,
 * so that nothing could be got ready. `dropped_best` is the quickest of the later ones.
 */
export async function openTable() {
  const site = await openSite();
  const table = {};
  try {
    for (const model of MODELS.filter(has)) {
      const bytes = readFileSync(join(NETWORKS[model].folder, "model.tflite"));
      const found = { first: [], dropped: [], chosen: [], at_once: [] };
      for (let i = 0; i < VISITS; i++) await visit(site, bytes, found);
      const medians = Object.entries(found).map(([way, times]) => [way, median(times)]);
      table[model] = {
        ...Object.fromEntries(medians),
        dropped_best: Math.min(...found.dropped),
        file_bytes: bytes.length,
      };
    }
  } finally {
    await site.close();
  }
  return table;
}
