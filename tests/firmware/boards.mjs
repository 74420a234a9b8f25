// The emulated boards: building an image for one, and running it there.
import { execFile } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse } from "./tables.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const hostTarget = resolve(process.env.CARGO_TARGET_DIR ?? join(root, "target"));
export const target = resolve(process.env.CARGO_TARGET_DIR ?? join(root, "firmware/target"));

/** Rows of firmware/boards.csv, which build.rs lays images out by. */
export const boards = parse(readFileSync(join(root, "firmware/boards.csv"), "utf8"));

/** What a program writes to its standard output, or to all; fails with what it wrote otherwise. */
export async function run(program, args, { all = false, ...options } = {}) {
  try {
    const settings = { maxBuffer: 1 << 28, ...options };
    const { stdout, stderr } = await promisify(execFile)(program, args, settings);
    return all ? stdout + stderr : stdout;
  } catch (error) {
    if (error.code === "ENOENT") throw new Error(`${program} is missing: tools/setup installs it`);
    throw new Error(`${program}: ${error.stderr || error.stdout || error.message}`.slice(-2000));
  }
}

/** Builds an image for the board and copies it to `to`, since the next build replaces it. */
export async function build(board, image, variables, to) {
  const flags = `CARGO_TARGET_${board.target.toUpperCase().replace(/[-.]/g, "_")}_RUSTFLAGS`;
  const env = {
    ...process.env,
    ...variables,
    [flags]: board.cpu ? `-C target-cpu=${board.cpu}` : "",
    LAMPYRIS_BOARD: board.board,
    CARGO_TARGET_DIR: target,
  };
  const manifest = join(root, "firmware/Cargo.toml");
  const args = ["build", "--locked", "--quiet", "--release", "--manifest-path", manifest];
  await run("cargo", [...args, "--target", board.target, "--bin", image], { env });
  copyFileSync(join(target, board.target, "release", image), to);
}

/**
 * Runs an image in a folder, where its files are; with a plugin, which then logs to
 * `count.log` there. Instructions take the place of the clock, so that a run repeats.
 */
export function emulate(board, image, folder, plugin) {
  const [family, ...machine] = board.emulator.split(" ");
  const counting = plugin ? ["-plugin", plugin, "-d", "plugin", "-D", "count.log"] : [];
  const services = ["-semihosting-config", "enable=on,target=native"];
  const quiet = ["-nographic", "-monitor", "none", "-serial", "none"];
  const clock = ["-icount", "shift=0,sleep=off"];
  const args = [...machine, ...quiet, ...services, ...clock, ...counting, "-kernel", image];
  return run(`qemu-system-${family}`, args, {
    cwd: folder,
    all: true,
    // An image that hangs; the largest models take seconds.
    timeout: 600_000,
    killSignal: "SIGKILL",
  });
}
