// What this machine allows in a page: multiply-accumulates a second of bare loops, int8 and f32,
// with SIMD128 and with relaxed SIMD. The loops are those of the peers' benchmark.
import { join } from "node:path";
import { run } from "../firmware/boards.mjs";
import { home, peers } from "./places.mjs";
import { firstLine, inBrowser, lacks } from "./stage.mjs";

const LOOPS = {
  int8_simd128: "gemm_i16_splat",
  int8_relaxed: "gemm_i8_splat_relaxed",
  f32_simd128: "f32_gemm64",
  f32_relaxed: "f32_gemm64_relaxed",
};
const TARGET = "wasm32-unknown-unknown";

/** What this part lacks, in words; null where it can run. */
export const lacking = () => lacks();

/** GMAC/s of each loop, the best of `rounds`. */
export async function ceilingTable(rounds) {
  const built = join(home, "limits-target/relaxed");
  await run("cargo", ["build", "--release", "--quiet", "--lib", "--target", TARGET], {
    cwd: join(peers, "limits"),
    env: {
      ...process.env,
      RUSTFLAGS: "-C target-feature=+simd128,+relaxed-simd",
      CARGO_TARGET_DIR: built,
    },
  });
  const folders = {
    "/pages/": join(peers, "pages"),
    "/built/": join(built, TARGET, "release"),
  };
  const asked = { modules: { r: "/built/limits.wasm" }, only: Object.values(LOOPS) };
  const best = Object.fromEntries(Object.keys(LOOPS).map((name) => [name, null]));
  await inBrowser(folders, async (ask) => {
    for (let round = 0; round < rounds; round++) {
      const told = await ask("/pages/limits.mjs", asked);
      if (told.error) throw new Error(firstLine(told.error));
      for (const [name, loop] of Object.entries(LOOPS)) {
        const found = told[`r ${loop} GMAC/s`]?.best ?? null;
        best[name] = Math.max(best[name] ?? 0, found ?? 0) || null;
      }
    }
  });
  return best;
}
