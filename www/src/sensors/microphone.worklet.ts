// Runs on the browser's audio thread: hands the microphone's samples on, each counted, in
// blocks large enough that messages cost little and small enough that a meter looks alive.

interface WorkletScope {
  /** Samples since the context began: the thread's own count, so that a skip shows. */
  readonly currentFrame: number;
  registerProcessor(name: string, processor: unknown): void;
  AudioWorkletProcessor: new () => { readonly port: MessagePort };
}
const scope = globalThis as unknown as WorkletScope;

const BLOCK = 2048;

class Microphone extends scope.AudioWorkletProcessor {
  #block = new Float32Array(BLOCK);
  #filled = 0;
  #first = 0;

  /** `inputs[0]` is `[channels][128]`; without channels the microphone gives nothing just now. */
  process([channels]: Float32Array[][]): boolean {
    if (!channels?.length) return true;
    const length = channels[0]?.length ?? 0;
    const frame = scope.currentFrame;
    // A skip ends the block, so that every sample in it has its number.
    if (this.#filled > 0 && frame !== this.#first + this.#filled) this.#send();
    if (this.#filled === 0) this.#first = frame;
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (const channel of channels) sum += channel[i] ?? 0;
      this.#block[this.#filled + i] = sum / channels.length;
    }
    this.#filled += length;
    if (this.#filled + length > BLOCK) this.#send();
    return true;
  }

  #send(): void {
    const values = this.#block.slice(0, this.#filled);
    this.port.postMessage({ first: this.#first, values }, [values.buffer]);
    this.#filled = 0;
  }
}

scope.registerProcessor("microphone", Microphone);
