// What a training of pictures costs in the built page, from the start to the model:
// node tests/bench/signs.mjs [FOLDER] (of pictures below one folder a label, whole sets split
// into train/, val/ and test/ included; without it, sign-digits of LAMPYRIS_DATA).
//
// A machine with other work says little by its clock: beside the seconds stand those that the
// threads of the page's workers computed, as Linux counts them.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { filesBelow, goTo, openSite, untilState } from "../browser/harness.mjs";
import { zip } from "../browser/pictures.mjs";
import { bringIn, renderers, row, seconds } from "./page.mjs";
import { data } from "./places.mjs";

const FOLDER = process.argv[2] ?? join(data, "image/sign-digits");
/** Ticks of a thread's clock in a second (USER_HZ). */
const TICKS = 100;

/** The CPU seconds of each worker's thread of the page's process, by the thread's number. */
function threads(pid) {
  const found = new Map();
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    let stat;
    try {
      stat = readFileSync(`/proc/${pid}/task/${task}/stat`, "utf8");
    } catch {
      continue; // it has ended meanwhile
    }
    if (!stat.includes("(DedicatedWorker")) continue;
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    found.set(task, (Number(fields[11]) + Number(fields[12])) / TICKS);
  }
  return found;
}

/** Looks at the threads five times a second until it is stopped; the seconds of each since then. */
async function watch(browser) {
  const pids = await renderers(browser);
  const all = () => new Map(pids.flatMap((pid) => [...threads(pid)]));
  const [before, last] = [all(), new Map()];
  const look = () => {
    for (const [task, spent] of all()) last.set(task, spent);
  };
  const timer = setInterval(look, 200);
  return () => {
    clearInterval(timer);
    look();
    return [...last]
      .map(([task, spent]) => spent - (before.get(task) ?? 0))
      .filter((spent) => spent > 0)
      .sort((a, b) => b - a);
  };
}

const site = await openSite();
async function timed(name, work) {
  const stop = await watch(site.browser);
  const begun = performance.now();
  const result = await work();
  const took = performance.now() - begun;
  const computed = stop().map((one) => one.toFixed(1));
  row(name, `${seconds(took)}; CPU ${computed.join(" + ")} s`);
  return result;
}

try {
  const page = await site.page();
  page.setDefaultTimeout(600_000);
  const files = filesBelow(FOLDER).filter((path) => /\.(jpe?g|png)$/i.test(path));
  const buffer = zip(files.map((path) => [relative(FOLDER, path), readFileSync(path)]));
  row("pictures", `${files.length}, ${(buffer.length / 1e6).toFixed(1)} MB`);
  const file = { name: "pictures.zip", mimeType: "application/zip", buffer };
  await timed("import", () => bringIn(page, file));
  await timed("first overview", () => untilState(page, "explore", "done"));
  await goTo(page, "train");
  const says = (word) =>
    page.waitForFunction(
      (word) => document.querySelector(".train-numbers [role=status]")?.textContent === word,
      word,
    );
  await timed("job", async () => {
    await page.getByTestId("train-start").click();
    await says("Learning…");
  });
  await timed("training", () => says("Quantizing the best epoch…"));
  await timed("quantizing, with both accuracies", () =>
    page.locator("main[data-view=quantize]").waitFor(),
  );
  row("report", (await page.locator("main").innerText()).replace(/\s+/g, " ").slice(0, 300));
} finally {
  await site.close();
}
