// The page's side of the protocol: starts a worker, keeps it alive, and turns
// requests into promises.
//
// A worker that traps or dies fails every request on its way with the reason,
// is ended, and starts again; `restore` then gives it back what it knew, before
// any other request reaches it.
import type { Trouble } from "../state/types";
import type { Control } from "./protocol";

/** What a request rejects with; `cancelled` is not an error to show. */
export class TroubleError extends Error {
  readonly trouble: Trouble;
  readonly cancelled: boolean;
  constructor(trouble: Trouble, cancelled = false) {
    super(`${trouble.what} (${trouble.place}): ${trouble.remedy}`);
    this.trouble = trouble;
    this.cancelled = cancelled;
  }
}

export function cancelled(place: string): TroubleError {
  return new TroubleError({ what: "Cancelled", place, remedy: "" }, true);
}

type AnyJob = { in: unknown; out: unknown; note: unknown };
type In<Jobs, Kind extends keyof Jobs> = Jobs[Kind] extends AnyJob ? Jobs[Kind]["in"] : never;
type Out<Jobs, Kind extends keyof Jobs> = Jobs[Kind] extends AnyJob ? Jobs[Kind]["out"] : never;
type Note<Jobs, Kind extends keyof Jobs> = Jobs[Kind] extends AnyJob ? Jobs[Kind]["note"] : never;

export interface CallOptions<N> {
  note?: (note: N) => void;
  signal?: AbortSignal;
  transfer?: Transferable[];
  /** Receives a way to pause and resume the request. */
  steer?: (control: (what: Control["control"]) => void) => void;
  /** Told when a pause has taken effect. */
  held?: () => void;
}

export type Call<Jobs> = <Kind extends keyof Jobs>(
  kind: Kind,
  input: In<Jobs, Kind>,
  options?: CallOptions<Note<Jobs, Kind>>,
) => Promise<Out<Jobs, Kind>>;

type Restore<Jobs> = (call: Call<Jobs>) => Promise<void>;

interface Pending {
  resolve(out: unknown): void;
  reject(error: TroubleError): void;
  note?: (note: never) => void;
  held?: () => void;
}

interface AnyReply {
  id: number;
  kind: "note" | "held" | "done" | "failed" | "cancelled";
  note?: unknown;
  out?: unknown;
  trouble?: Trouble;
  dead?: boolean;
}

/**
 * A worker fetched from the network does not inherit the page's policy; one started
 * from a blob does. It imports the real program as a script (`script-src`: a static
 * import would count as a worker) and holds messages until that listens.
 */
function bootstrap(url: string): string {
  return `const held = [];
const hold = (event) => held.push(event.data);
addEventListener("message", hold);
import(${JSON.stringify(url)}).then(
  () => {
    removeEventListener("message", hold);
    for (const data of held) dispatchEvent(new MessageEvent("message", { data }));
  },
  (error) => setTimeout(() => { throw error; }),
);`;
}

export class WorkerClient<Jobs> {
  readonly #name: string;
  readonly #url: string;
  readonly #restore: Restore<Jobs> | null;
  #worker: Worker | null = null;
  #restored: Promise<void> = Promise.resolve();
  #restoring = false;
  #pending = new Map<number, Pending>();
  #next = 1;

  constructor(name: string, url: string, restore: Restore<Jobs> | null = null) {
    this.#name = name;
    this.#url = url;
    this.#restore = restore;
  }

  /** Sends one request; rejects with a `TroubleError` only. */
  readonly call: Call<Jobs> = async (kind, input, options = {}) => {
    await this.#restored;
    return this.#send(kind, input, options);
  };

  readonly #send: Call<Jobs> = async (kind, input, options = {}) => {
    if (options.signal?.aborted) throw cancelled(this.#name);
    const worker = this.#worker ?? this.#start();
    const id = this.#next++;
    const control = (what: Control["control"]) => {
      if (this.#pending.has(id)) worker.postMessage({ id, control: what } satisfies Control);
    };
    const abort = () => control("cancel");
    options.signal?.addEventListener("abort", abort);
    options.steer?.(control);
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, {
          resolve: resolve as (out: unknown) => void,
          reject,
          note: options.note as ((note: never) => void) | undefined,
          held: options.held,
        });
        worker.postMessage({ id, kind, in: input }, options.transfer ?? []);
      });
    } finally {
      options.signal?.removeEventListener("abort", abort);
    }
  };

  /** Ends the worker; its memory returns. The next call starts a fresh one, without restoring. */
  stop(): void {
    this.#end({ what: `The ${this.#name} was ended`, place: this.#name, remedy: "" }, true);
  }

  #start(): Worker {
    const source = URL.createObjectURL(
      new Blob([bootstrap(new URL(this.#url, document.baseURI).href)], { type: "text/javascript" }),
    );
    const worker = new Worker(source, { type: "module", name: this.#name });
    worker.onmessage = (event: MessageEvent<AnyReply>) => {
      // The module has been imported by the time it first answers.
      URL.revokeObjectURL(source);
      this.#receive(event.data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#die({
        what: `The ${this.#name} stopped: ${event.message || "its program could not be loaded"}`,
        place: this.#name,
        remedy: event.message
          ? "It was started again with your data"
          : "Check that the page's server is still there, then reload",
      });
    };
    this.#worker = worker;
    return worker;
  }

  #receive(reply: AnyReply): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    if (reply.kind === "note") {
      pending.note?.(reply.note as never);
      return;
    }
    if (reply.kind === "held") {
      pending.held?.();
      return;
    }
    this.#pending.delete(reply.id);
    if (reply.kind === "done") pending.resolve(reply.out);
    else if (reply.kind === "cancelled") pending.reject(cancelled(this.#name));
    else {
      const trouble = reply.trouble as Trouble;
      pending.reject(new TroubleError(trouble));
      if (reply.dead) this.#die(trouble);
    }
  }

  /** Fails what is on its way; then, where there is something to restore, begins anew. */
  #die(trouble: Trouble): void {
    const whileRestoring = this.#restoring;
    this.#end(trouble, false);
    if (!this.#restore || whileRestoring) return;
    this.#restoring = true;
    // What can't be restored fails again at the next request, which tells.
    this.#restored = this.#restore(this.#send)
      .catch(() => undefined)
      .finally(() => {
        this.#restoring = false;
      });
  }

  #end(trouble: Trouble, wanted: boolean): void {
    this.#worker?.terminate();
    this.#worker = null;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const one of pending) one.reject(new TroubleError(trouble, wanted));
  }
}
