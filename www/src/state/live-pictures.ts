// The model on pictures: one at a time, at its own pace. A picture whose turn comes while the
// model still looks at the one before is left out; there is no queue that could fall behind.
import { signal } from "@preact/signals";
import type { ModelInfo } from "../engine/types/ModelInfo";
import { type Pictures, Still } from "../sensors";
import type { Seen } from "../worker/protocol";
import type { NetworkInput } from "./types";
import { live as worker } from "./workers";

/** What the network was given last, exactly. */
export const liveInput = signal<NetworkInput | null>(null);

/** Cameras are not punctual: so much of a turn earlier counts as its time. */
const EARLY = 0.25;

export class Looker {
  #shape: ModelInfo["picture"] = null;
  #period_ms = 0;
  readonly #still = new Still();
  #due_ms = 0;
  #busy = false;

  constructor(info: ModelInfo) {
    this.follow(info);
  }

  /** Looks for this model from now on. */
  follow(info: ModelInfo): void {
    this.#shape = info.picture;
    this.#period_ms = 1000 / info.rate_hz;
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
    const answer = await this.#see(pictures, t_ms);
    if (this.#shape) liveInput.value = { ...this.#shape, bytes: answer.shown };
    return answer;
  }

  async #see(pictures: Pictures, t_ms: number): Promise<Seen> {
    if (pictures.file) {
      const file = await pictures.file();
      const encoded = new Uint8Array(await file.arrayBuffer());
      return worker.call("seeFile", { encoded, t_ms }, { transfer: [encoded.buffer] });
    }
    const { data, width, height } = this.#still.pixels(pictures);
    const rgba = new Uint8Array(data.buffer);
    return worker.call("see", { rgba, width, height, t_ms }, { transfer: [rgba.buffer] });
  }
}
