// The model on pictures: one at a time, at its own pace. A picture whose turn comes while the
// model still looks at the one before is left out; there is no queue that could fall behind.
import { signal } from "@preact/signals";
import type { ModelInfo } from "../engine/types/ModelInfo";
import { type Pictures, Still } from "../sensors";
import type { CallOptions } from "../worker/client";
import type { LiveJobs, Seen } from "../worker/protocol";
import type { NetworkInput } from "./types";

/** What the network was given last, exactly. */
export const liveInput = signal<NetworkInput | null>(null);

type See = (picture: [LiveJobs["see"]["in"], CallOptions<never>]) => Promise<Seen>;

/** Cameras are not punctual: so much of a turn earlier counts as its time. */
const EARLY = 0.25;

export class Looker {
  readonly #shape: ModelInfo["picture"];
  readonly #period_ms: number;
  readonly #see: See;
  readonly #still = new Still();
  #due_ms = 0;
  #busy = false;

  constructor(info: ModelInfo, see: See) {
    this.#shape = info.picture;
    this.#period_ms = 1000 / info.rate_hz;
    this.#see = see;
  }

  /** Has the model look at the present picture, if it is its turn and the model is free. */
  look(pictures: Pictures, t_ms: number): Promise<Seen> | "early" | "busy" {
    if (t_ms < this.#due_ms - EARLY * this.#period_ms) return "early";
    this.#due_ms = Math.max(this.#due_ms + this.#period_ms, t_ms);
    if (this.#busy) return "busy";
    this.#busy = true;
    return this.#shown(pictures, t_ms).finally(() => {
      this.#busy = false;
    });
  }

  async #shown(pictures: Pictures, t_ms: number): Promise<Seen> {
    const { data, width, height } = this.#still.pixels(pictures);
    const rgba = new Uint8Array(data.buffer);
    const answer = await this.#see([{ rgba, width, height, t_ms }, { transfer: [rgba.buffer] }]);
    if (this.#shape) liveInput.value = { ...this.#shape, bytes: answer.shown };
    return answer;
  }
}
