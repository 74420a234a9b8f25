// Makes the two networks of random weights that stand for MLPerf Tiny's pictures and machine sounds.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { hostTarget, root, run } from "../firmware/boards.mjs";
import { NETWORKS } from "./places.mjs";

/** Writes their folders; the example is built with the features that the whole workspace's tests choose. */
export async function makeNetworks() {
  const to = dirname(NETWORKS.ic.folder);
  mkdirSync(to, { recursive: true });
  const examples = ["--example", "random_models", "--example", "chip_models"];
  await run("cargo", ["build", "--locked", "--quiet", "--workspace", ...examples], { cwd: root });
  await run(join(hostTarget, "debug/examples/random_models"), ["bench", to]);
}
