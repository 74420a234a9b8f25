// What the proofs of all exports share: steps that are counted, programs that take turns,
// an export as a person has it.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const target = resolve(process.env.CARGO_TARGET_DIR ?? join(root, "target"));
export const work = join(target, "exports");
/** The command; the whole workspace's tests build it. */
export const lampyris = process.env.LAMPYRIS ?? join(target, "debug/lampyris");

/** Longest that a program may run: an image that hangs in the emulator. */
const LONGEST_MS = 120_000;

const results = { passed: 0, failed: 0 };

/** One step of the proof: counted, and told where it fails. Gives what `step` gives, or nothing. */
export async function check(name, step) {
  try {
    const found = await step();
    results.passed += 1;
    return found ?? true;
  } catch (error) {
    results.failed += 1;
    console.log(`  FAILED  ${name}: ${String(error.message).trim().slice(-1500)}`);
    return undefined;
  }
}

/** Says how many steps there were, and sets the exit status. */
export function conclude() {
  console.log(`exports: ${results.passed} passed, ${results.failed} failed`);
  process.exitCode = results.failed > 0 || results.passed === 0 ? 1 : 0;
}

let free = availableParallelism();
const waiting = [];

/** As many programs at a time as there are cores; the others wait for their turn. */
async function turn(job) {
  if (free > 0) free -= 1;
  else await new Promise((go) => waiting.push(go));
  try {
    return await job();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }
}

/** What a program said, and its exit status; fails where that is not `status`. */
export function run(program, args, { status = 0, ...options } = {}) {
  const settings = { maxBuffer: 1 << 28, timeout: LONGEST_MS, killSignal: "SIGKILL", ...options };
  const job = () =>
    new Promise((done, fail) => {
      execFile(program, args, settings, (error, stdout, stderr) => {
        const said = stdout + stderr;
        const code = error ? error.code : 0;
        if (code === "ENOENT") fail(new Error(`${program} is missing: tools/setup installs it`));
        else if (error?.killed) fail(new Error(`${program} ran for too long: ${said.slice(-500)}`));
        else if (code !== status) fail(new Error(`${program} gave ${code}: ${said.slice(-1500)}`));
        else done(said);
      });
    });
  return turn(job);
}

/** An export as a person has it: made by the command, packed, and unpacked somewhere else. */
export async function exported(file, kind, name) {
  const made = join(work, name, `${kind}-made`);
  const folder = join(work, name, kind);
  for (const old of [made, folder]) rmSync(old, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run(lampyris, ["export", file, "--target", kind, "--out", made, "--name", name]);
  const zip = join(work, name, `${kind}.zip`);
  rmSync(zip, { force: true });
  await run("python3", ["-m", "zipfile", "-c", zip, ...readdirSync(made)], { cwd: made });
  await run("python3", ["-m", "zipfile", "-e", zip, folder]);
  await run("sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: folder });
  return folder;
}

/** Bundles below a folder that is one of a model, or holds such folders. */
export function bundles(folder) {
  const own = join(folder, "model.lampyris");
  if (existsSync(own)) return [own];
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).sort();
  return names.map((name) => join(folder, name, "model.lampyris")).filter((f) => existsSync(f));
}
