// Features in the page beside what others make of the same sound, in one run. Each round asks
// everyone in turn, so that a disturbance meets all.
import { join } from "node:path";
import { here, pkg } from "./places.mjs";
import { firstLine, harness, inBrowser, lacks, OURS, over } from "./stage.mjs";

/** Page modules beside this file, and the package each compares with. */
const BENCHES = [{ module: "features_page.mjs", peer: "meyda", version: "5.6.3" }];

/** The middle and the least of some times. */
function summary(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return { least: sorted[0], median: sorted[sorted.length >> 1] };
}

/** What this part lacks, in words; null where it can run. */
export const lacking = () => lacks("web/lampyris_web.js");

/** Of each feature: milliseconds at best and in the middle, ours and the peer's, and ours to theirs. */
export async function featureTable() {
  const { need } = await harness();
  const table = {};
  for (const { module, peer, version } of BENCHES) {
    const modules = need(`${peer}-${version}`, [`${peer}@${version}`]);
    const folders = {
      "/ours/": here,
      "/engine/": join(pkg, "web"),
      "/peer/": join(modules, peer),
    };
    const result = await inBrowser(folders, (ask) => ask(`/ours/${module}`));
    if (result.error) throw new Error(firstLine(result.error));
    const [ours, theirs] = [result[OURS], result[peer]].map(summary);
    table[result.what] = {
      ours_ms: ours.least,
      ours_median_ms: ours.median,
      best_peer: `${peer} ${version}`,
      best_peer_ms: theirs.least,
      best_peer_median_ms: theirs.median,
      ratio: over(ours.least, theirs.least),
    };
  }
  return table;
}
