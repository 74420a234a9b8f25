// From a model file that is dropped on the built page, or chosen there, to its first answer on
// the screen: milliseconds, in Chromium.
//
// A visit is a fresh context. `cold` is the first model of a visit, right after the page is up;
// `warm` is what a person has who drops another. The clock starts in the page, at the event that
// hands the file over, and stops once the frame with the answer has been drawn.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DIST } from "../../www/serve.mjs";
import { goTo, openSite } from "../browser/harness.mjs";

/** Files that are opened after the first, in one visit. */
const AGAIN = 5;
/** How long a file is held over the page before it is let go: less than a hand needs. */
const HELD_MS = 300;

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

/** Chooses a file through the page's own button, as a person would. */
async function choose(page, name, bytes) {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByTestId("open-model").first().click(),
  ]);
  const answer = page.evaluate(() => globalThis.nextAnswer());
  await chooser.setFiles({ name, mimeType: "application/octet-stream", buffer: bytes });
  return answer;
}

const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];

/** `{cold, warm, chosen}` in milliseconds of one model, or null where the page is not built. */
export async function openTimes(name, bytes, visits = 3) {
  if (!existsSync(join(DIST, "index.html"))) return null;
  const site = await openSite();
  try {
    const found = { cold: [], warm: [], chosen: [] };
    for (let visit = 0; visit < visits; visit++) {
      const page = await site.page();
      await page.evaluate(watch);
      found.cold.push(await drop(page, name, bytes, 0));
      for (let i = 0; i < AGAIN; i++) {
        await page.waitForTimeout(3000);
        await page.getByTestId("network-close").click();
        await goTo(page, "record");
        found.warm.push(await drop(page, name, bytes, HELD_MS));
      }
      await page.context().close();
    }
    return Object.fromEntries(Object.entries(found).map(([k, v]) => [k, v]));
  } finally {
    await site.close();
  }
}
if (process.argv[2]) console.log(await openTimes("model.tflite", readFileSync(process.argv[2]), 3));
