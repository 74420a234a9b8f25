// A look into one model file: what it holds, how it answers, how long it takes. Loaded when it is
// first needed. Nothing here touches the project.
import { batch, computed, effect, signal } from "@preact/signals";
import type { NetworkInfo } from "../engine/types/NetworkInfo";
import type { NetworkTimes } from "../engine/types/NetworkTimes";
import { TroubleError, type WorkerClient } from "../worker/client";
import type { Answer, NetworkJobs } from "../worker/protocol";
import { forgetBundle, readBundle } from "./bundle-file";
import { save } from "./model";
import { expected, isBundleFile, modelFile } from "./model-file";
import { type Numbers, readInput } from "./network-input";
import { attempt, busily, troubleOf } from "./toasts";
import type { Trouble } from "./types";
import { newNetworkWorker } from "./workers";

export type { Answer, Numbers };

/** A larger file is refused before it is read. */
const MOST_BYTES = 64_000_000;
/** Multiply-accumulates up to which a network is run and timed without being asked to. */
const QUICK_MACS = 500_000_000;
/** A dialog of files stays open for so long. */
const PATIENCE_MS = 120_000;

export interface OpenNetwork {
  state: "none" | "opening" | "open" | "failed";
  file: string;
  info: NetworkInfo | null;
  trouble: Trouble | null;
  /** What this build runs; told where a file is refused. */
  operators: string[];
}

/** One input of the network, and where its values come from. */
export interface InputChoice {
  source: "zeros" | "random" | "file";
  seed: number;
  numbers: Numbers;
  file: File | null;
  /** All cases, one after another. */
  raw: Uint8Array;
  cases: number;
  note: string;
  picture: ImageData | null;
  trouble: Trouble | null;
}

const NONE: OpenNetwork = { state: "none", file: "", info: null, trouble: null, operators: [] };

export const network = signal<OpenNetwork>(NONE);
export const inputs = signal<InputChoice[]>([]);
/** Which of the cases in the files is looked at. */
export const shown = signal(0);
export const answers = signal<Answer[] | null>(null);
export const runTrouble = signal<Trouble | null>(null);
export const times = signal<NetworkTimes | null>(null);
export const measuring = signal(false);

/** How many cases there are: an input of one case goes with every case of the others. */
export const cases = computed(() => Math.max(1, ...inputs.value.map((one) => one.cases)));

let worker: WorkerClient<NetworkJobs> | null = null;
/** Started ahead, with the engine compiled, for the file that is expected; ended if none comes. */
let spare: WorkerClient<NetworkJobs> | null = null;
let patience: ReturnType<typeof setTimeout> | undefined;
/** Counts files, so that what comes late for an earlier one is dropped. */
let turn = 0;

effect(() => {
  if (expected.value > 0) getReady();
});

function getReady(): void {
  clearTimeout(patience);
  patience = setTimeout(() => takeSpare()?.stop(), PATIENCE_MS);
  if (spare) return;
  spare = newNetworkWorker();
  // What went wrong is told by the file's own requests.
  spare.call("operators", null).catch(() => undefined);
}

function takeSpare(): WorkerClient<NetworkJobs> | null {
  clearTimeout(patience);
  const found = spare;
  spare = null;
  return found;
}

effect(() => {
  const file = modelFile.value;
  // What follows reads signals of its own, which must not open the file again.
  queueMicrotask(() => void open(file));
});

async function open(file: File | null): Promise<void> {
  const mine = ++turn;
  worker?.stop();
  worker = null;
  forgetBundle();
  batch(() => {
    network.value = file ? { ...NONE, state: "opening", file: file.name } : NONE;
    inputs.value = [];
    shown.value = 0;
    answers.value = null;
    runTrouble.value = null;
    times.value = null;
    measuring.value = false;
  });
  if (!file) return;
  const here = takeSpare() ?? newNetworkWorker();
  worker = here;
  try {
    const inside = isBundleFile(file) ? await readBundle(checked(file)) : checked(file);
    if (mine !== turn) return;
    const info = await here.call("openNetwork", { file: inside });
    if (mine !== turn) return;
    batch(() => {
      network.value = { ...network.value, info };
      inputs.value = info.inputs.map((_, i) => ({ ...FIRST, seed: i + 1 }));
    });
    const quick = info.macs <= QUICK_MACS;
    const first = Promise.all(inputs.value.map((_, i) => prepare(i))).then(() =>
      quick ? runNetwork() : undefined,
    );
    // Drawing takes longer than most networks run: all is drawn once, unless the answer is slow.
    await Promise.race([first, new Promise((wake) => setTimeout(wake, BLINK_MS))]);
    if (mine !== turn) return;
    network.value = { ...network.value, state: "open" };
    await first;
    if (mine === turn && quick) await measureNetwork();
  } catch (error) {
    // Another file has been opened meanwhile; a question now would start this one's worker again.
    if (mine !== turn) return;
    const trouble = troubleOf(error);
    const operators = isBundleFile(file) ? [] : await here.call("operators", null).catch(() => []);
    if (mine === turn) network.value = { ...network.value, state: "failed", trouble, operators };
  }
}

function checked(file: File): File {
  if (file.size <= MOST_BYTES) return file;
  throw new TroubleError({
    what: `The file has ${Math.ceil(file.size / 1e6)} MB`,
    place: file.name,
    remedy: "Models of up to 64 MB are opened; one for a microcontroller has one or two",
  });
}

// ── inputs ───────────────────────────────────────────────────────────────────

const FIRST: InputChoice = {
  source: "random",
  seed: 1,
  numbers: "real",
  file: null,
  raw: new Uint8Array(),
  cases: 1,
  note: "",
  picture: null,
  trouble: null,
};

/** Changes where input `i` comes from, then runs. */
export async function chooseInput(i: number, change: Partial<InputChoice>): Promise<void> {
  set(i, change);
  await prepare(i);
  if ((network.value.info?.macs ?? 0) <= QUICK_MACS) await runNetwork();
  else answers.value = null;
}

function set(i: number, change: Partial<InputChoice>): void {
  inputs.value = inputs.value.map((one, at) => (at === i ? { ...one, ...change } : one));
}

/** Gets the raw values of input `i`. */
async function prepare(i: number): Promise<void> {
  const [mine, here] = [turn, worker];
  const [choice, tensor] = [inputs.value[i], network.value.info?.inputs[i]];
  if (!choice || !tensor || !here) return;
  const plain = { cases: 1, note: "", picture: null, trouble: null };
  let found: Partial<InputChoice> = plain;
  try {
    if (choice.source === "file" && choice.file) {
      const { real, raw, ...told } = await readInput(choice.file, tensor, choice.numbers);
      const values =
        raw ?? (await here.call("quantizeInput", { input: i, values: real ?? new Float32Array() }));
      found = { ...plain, ...told, raw: values };
    } else if (choice.source !== "file") {
      const seed = choice.source === "random" ? choice.seed : null;
      found = { ...plain, raw: await here.call("fillInput", { input: i, seed }) };
    }
  } catch (error) {
    found = { ...plain, trouble: troubleOf(error) };
  }
  // Whoever chose again meanwhile is served by that choice.
  const now = inputs.value[i];
  const same =
    now?.source === choice.source &&
    now.seed === choice.seed &&
    now.file === choice.file &&
    now.numbers === choice.numbers;
  if (mine === turn && same) set(i, found);
}

/** Says what is missing before a run. */
function checkInputs(): void {
  const info = network.value.info;
  inputs.value.forEach((one, i) => {
    const name = info?.inputs[i]?.name ?? `input ${i}`;
    if (one.trouble) throw new TroubleError(one.trouble);
    if (one.raw.length === 0)
      throw new TroubleError({
        what: "An input has no values yet",
        place: name,
        remedy: "Choose a file for it, or random values",
      });
    if (one.cases !== 1 && one.cases !== cases.value)
      throw new TroubleError({
        what: `One file holds ${one.cases} inputs, another ${cases.value}`,
        place: name,
        remedy: "Give files of equally many inputs, or of one",
      });
  });
}

// ── runs ─────────────────────────────────────────────────────────────────────

/** A run is on its way for longer than a blink. */
export const running = signal(false);
const BLINK_MS = 150;

/** Runs the network on the case that is shown; `reset` begins a stateful one anew. */
export async function runNetwork(reset = false): Promise<void> {
  const [mine, here] = [turn, worker];
  if (!here) return;
  shown.value = Math.min(shown.value, cases.value - 1);
  const blink = setTimeout(() => {
    running.value = true;
  }, BLINK_MS);
  let found: Answer[] | null = null;
  let trouble: Trouble | null = null;
  try {
    checkInputs();
    const one = inputs.value.map(({ raw, cases }) => {
      const length = raw.length / cases;
      const at = cases === 1 ? 0 : shown.value * length;
      return { raw: raw.slice(at, at + length), cases: 1 };
    });
    found = await here.call("runNetwork", { inputs: one, cases: 1, reset });
  } catch (error) {
    trouble = troubleOf(error);
  }
  clearTimeout(blink);
  if (mine !== turn) return;
  batch(() => {
    answers.value = found;
    runTrouble.value = trouble;
    running.value = false;
  });
}

export function showCase(n: number): void {
  shown.value = Math.max(0, Math.min(cases.value - 1, n));
  void runNetwork();
}

export async function measureNetwork(): Promise<void> {
  const [mine, here] = [turn, worker];
  if (!here || measuring.value) return;
  measuring.value = true;
  const show = (found: NetworkTimes) => {
    if (mine === turn) times.value = found;
  };
  await attempt(async () => show(await here.call("measureNetwork", null, { note: show })));
  if (mine === turn) measuring.value = false;
}

/** Runs every case and hands the raw outputs over as files, one an output. */
export async function saveAll(): Promise<void> {
  const here = worker;
  if (!here) return;
  const abort = new AbortController();
  const n = cases.value;
  await busily(
    `Running ${n} inputs`,
    async (counted) => {
      checkInputs();
      const all = inputs.value.map(({ raw, cases }) => ({ raw, cases }));
      const options = { note: counted, signal: abort.signal };
      saveRaw(await here.call("runNetwork", { inputs: all, cases: n, reset: true }, options));
    },
    () => abort.abort(),
  );
}

/** The raw outputs of the case that is shown, as files. */
export function saveOutputs(): void {
  if (answers.value) saveRaw(answers.value);
}

function saveRaw(found: Answer[]): void {
  const stem = network.value.file.replace(/\.(tflite|lampyris)$/i, "") || "model";
  found.forEach(({ raw }, i) => {
    const name = found.length === 1 ? `${stem}-out.bin` : `${stem}-out${i}.bin`;
    save(raw, name, "application/octet-stream");
  });
}

/** Output `i` as text: index, raw and real value a line. */
export function saveTable(i: number): void {
  const answer = answers.value?.[i];
  if (!answer) return;
  const labels = network.value.info?.labels ?? [];
  const named = labels.length === answer.raw.length;
  const dtype = network.value.info?.outputs[i]?.dtype ?? "int8";
  const rows = [...answer.real].map((real, k) => {
    const cells = [k, rawNumber(answer.raw[k] ?? 0, dtype), real];
    return (named ? [...cells, `"${(labels[k] ?? "").replaceAll('"', '""')}"`] : cells).join(",");
  });
  const head = `index,raw,real${named ? ",label" : ""}`;
  const stem = network.value.file.replace(/\.(tflite|lampyris)$/i, "") || "model";
  save(`${[head, ...rows].join("\n")}\n`, `${stem}-out${i}.csv`, "text/csv");
}

/** A raw byte as the number it is. */
export function rawNumber(byte: number, dtype: string): number {
  return dtype === "uint8" ? byte : (byte << 24) >> 24;
}

/** Indices by value, the largest first. */
export function ranked(real: Float32Array): number[] {
  return [...real.keys()].sort((a, b) => (real[b] ?? 0) - (real[a] ?? 0) || a - b);
}
