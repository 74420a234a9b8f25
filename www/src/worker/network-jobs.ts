// The part of the lab worker that opens one `.tflite` file, runs it and times it.
import { Network } from "../engine/web";
import type { Handlers } from "./host";
import type { NetworkJobs } from "./protocol";

const BLOCKS = 30;
/** Browser clocks are coarse (up to 0.1 ms here), so a block of runs lasts this long at least. */
const BLOCK_MS = 20;
/** A network that takes longer gets fewer blocks, three at least. */
const MOST_MS = 6000;

let network: Network | null = null;

function open(): Network {
  if (network) return network;
  throw { what: "No network is open", place: "network worker", remedy: "Open the file again" };
}

export const networkJobs: Handlers<NetworkJobs> = {
  openNetwork: async ({ file }) => {
    network?.free();
    network = null;
    network = new Network(new Uint8Array(await file.arrayBuffer()));
    return network.info();
  },
  operators: () => Network.operators(),
  fillInput: ({ input, seed }) => open().fill(input, seed ?? undefined),
  quantizeInput: ({ input, values }) => open().quantize(input, values),
  runNetwork: async ({ inputs, cases, reset }, context) => {
    if (reset) open().reset();
    const answers: Uint8Array[][] = [];
    for (let n = 0; n < cases; n++) {
      const one = inputs.map(({ raw, cases: own }) => {
        const length = raw.length / own;
        const at = own === 1 ? 0 : n * length;
        return raw.subarray(at, at + length);
      });
      answers.push(open().run(one));
      if (n % 16 === 15) {
        context.note({ done: n + 1, total: cases });
        await context.breathe();
      }
    }
    return (answers[0] ?? []).map((_, i) => {
      const raw = joined(answers.map((outputs) => outputs[i] ?? new Uint8Array()));
      return { raw, real: open().dequantize(i, raw) };
    });
  },
  measureNetwork: async (_, context) => {
    const begun = performance.now();
    let times = open().measure(BLOCK_MS, true);
    while (times.blocks < BLOCKS && (times.blocks < 3 || performance.now() - begun < MOST_MS)) {
      if (times.blocks % 5 === 1) context.note(times);
      await context.breathe();
      times = open().measure(BLOCK_MS, false);
    }
    open().reset();
    return times;
  },
};

function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
