// What a take gathers between a sensor and the store. Readings leave it in parts; nothing that
// was handed on stays in memory, so a long take costs no more of it than a short one.
import { type Chunk, GAP_MS } from "../sensors";
import type { Readings } from "../store";
import type { WorkerClient } from "../worker/client";
import type { SoundJobs } from "../worker/protocol";

/** Nothing is recorded for longer in one piece. */
export const MOST_S = 30 * 60;
/** Sound is kept at this rate, or at the microphone's own where that is lower. */
export const SOUND_HZ = 16_000;
/** A recording has no pause longer than this: filling a longer one would make up data. */
const MOST_PAUSE_S = 10;

export interface Gatherer {
  /** Length so far. */
  readonly seconds: number;
  readonly gaps: number;
  /** Takes a chunk, as far as it belongs to the take; true once the take is full. */
  push(chunk: Chunk): boolean;
  /** What has come since the last part; null if nothing has. `last`: nothing follows. */
  part(last: boolean): Promise<Readings | null>;
}

/** Slow sensors: each reading with its own time, from the first on. */
export class Timed implements Gatherer {
  seconds = 0;
  gaps = 0;
  readonly #axes: number;
  readonly #until_ms: number;
  #first_ms: number | null = null;
  #times_ms: number[] = [];
  #values: number[] = [];

  constructor(axes: number, seconds: number) {
    this.#axes = axes;
    this.#until_ms = seconds * 1000;
  }

  push({ times_ms, values }: Chunk): boolean {
    for (const [i, t] of times_ms.entries()) {
      this.#first_ms ??= t;
      const at = t - this.#first_ms;
      if (at > this.#until_ms) return true;
      if (at - this.seconds * 1000 > GAP_MS) this.gaps += 1;
      this.seconds = at / 1000;
      this.#times_ms.push(at);
      this.#values.push(...values.subarray(i * this.#axes, (i + 1) * this.#axes));
    }
    return false;
  }

  async part(): Promise<Readings | null> {
    if (this.#times_ms.length === 0) return null;
    const part = {
      times_ms: Float64Array.from(this.#times_ms),
      values: Float32Array.from(this.#values),
    };
    this.#times_ms = [];
    this.#values = [];
    return part;
  }
}

/** Sound: counted samples at the microphone's rate in, 16-bit numbers at the kept rate out. */
export class Sound implements Gatherer {
  gaps = 0;
  readonly #worker: WorkerClient<SoundJobs>;
  readonly #rate_hz: number;
  readonly #until: number;
  /** The worker's resampler; null where it has none: it was ended, or the worker failed. */
  #begun: Promise<unknown> | null = null;
  /** Samples so far, and the number that the next one should have. */
  #samples = 0;
  #next: number | null = null;
  #waiting: Float32Array[] = [];
  /** Came back from the worker, and is not handed on yet. */
  #made: Int16Array[] = [];

  constructor(worker: WorkerClient<SoundJobs>, rate_hz: number, seconds: number) {
    this.#worker = worker;
    this.#rate_hz = rate_hz;
    this.#until = Math.round(seconds * rate_hz);
    // A failure is told with the first part.
    this.#begin().catch(() => undefined);
  }

  #begin(): Promise<unknown> {
    this.#begun ??= this.#worker.call("beginSound", {
      from_hz: this.#rate_hz,
      to_hz: keptRate(this.#rate_hz),
    });
    return this.#begun;
  }

  get seconds(): number {
    return this.#samples / this.#rate_hz;
  }

  push({ first = 0, values }: Chunk): boolean {
    const lost = this.#next === null ? 0 : first - this.#next;
    this.#next = first + values.length;
    if (lost !== 0) {
      // Silence in the place of what was lost keeps what follows at its time.
      this.gaps += 1;
      this.#keep(new Float32Array(Math.min(Math.max(lost, 0), MOST_PAUSE_S * this.#rate_hz)));
    }
    this.#keep(values);
    return this.#samples >= this.#until;
  }

  #keep(values: Float32Array): void {
    const room = this.#until - this.#samples;
    const taken = values.length > room ? values.slice(0, room) : values;
    if (taken.length === 0) return;
    this.#waiting.push(taken);
    this.#samples += taken.length;
  }

  /** Nothing is lost where the worker fails: the next part begins it anew, with what waits. */
  async part(last: boolean): Promise<Readings | null> {
    try {
      const given = this.#waiting.length;
      if (given > 0) {
        await this.#begin();
        const values = joined(this.#waiting.slice(0, given));
        const answer = this.#worker.call("pushSound", { values }, { transfer: [values.buffer] });
        this.#made.push(await answer);
        this.#waiting.splice(0, given);
      }
      if (last && this.#begun) {
        await this.#begun;
        this.#made.push(await this.#worker.call("endSound", null));
        this.#begun = null;
      }
    } catch (error) {
      this.#begun = null;
      throw error;
    }
    const pcm = joinedPcm(this.#made);
    this.#made = [];
    return pcm.length > 0 ? { pcm } : null;
  }
}

export function keptRate(rate_hz: number): number {
  return Math.min(SOUND_HZ, rate_hz);
}

function joined(chunks: Float32Array[]): Float32Array<ArrayBuffer> {
  return filled(new Float32Array(lengthOf(chunks)), chunks);
}

function joinedPcm(chunks: Int16Array[]): Int16Array<ArrayBuffer> {
  return filled(new Int16Array(lengthOf(chunks)), chunks);
}

function lengthOf(chunks: { length: number }[]): number {
  return chunks.reduce((sum, one) => sum + one.length, 0);
}

function filled<A extends { set(values: ArrayLike<number>, at: number): void }>(
  all: A,
  chunks: ArrayLike<number>[],
): A {
  let at = 0;
  for (const one of chunks) {
    all.set(one, at);
    at += one.length;
  }
  return all;
}
