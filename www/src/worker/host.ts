// The worker's side of the protocol: takes requests in order, one at a time,
// and answers each exactly once.
import type { Trouble } from "../state/types";
import { buffersOf } from "./buffers";
import type { Control, Request } from "./protocol";

/** What a handler may do while it works. */
export interface Context<Note> {
  note(note: Note): void;
  readonly cancelled: boolean;
  readonly paused: boolean;
  /** Lets messages in (cancel, pause), then goes on; waits as long as the request is paused. */
  breathe(): Promise<void>;
}

/** Thrown by a handler that noticed its cancellation. */
export class Cancelled extends Error {}

type AnyJob = { in: unknown; out: unknown; note: unknown };
export type Handlers<Jobs> = {
  [Kind in keyof Jobs]: Jobs[Kind] extends AnyJob
    ? (
        input: Jobs[Kind]["in"],
        context: Context<Jobs[Kind]["note"]>,
      ) => Jobs[Kind]["out"] | Promise<Jobs[Kind]["out"]>
    : never;
};

interface Flags {
  cancelled: boolean;
  paused: boolean;
  wake: (() => void) | null;
}

const scope = self as unknown as {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
};

// A panic is told through console.error just before the trap; the trap itself
// says only "unreachable executed".
let lastError = "";
const consoleError = console.error.bind(console);
console.error = (...parts: unknown[]) => {
  lastError = parts.map(String).join(" ");
  consoleError(...parts);
};

/** Answers requests with `handlers`; `ready` is awaited before the first. */
export function serve<Jobs>(ready: () => Promise<unknown>, handlers: Handlers<Jobs>): void {
  const waiting = new Map<number, Flags>();
  let turn: Promise<unknown> | null = null;
  let queue: Promise<void> = Promise.resolve();
  scope.addEventListener("message", (event: MessageEvent<Request<Jobs> | Control>) => {
    const message = event.data;
    if ("control" in message) {
      control(waiting.get(message.id), message.control);
      return;
    }
    const flags: Flags = { cancelled: false, paused: false, wake: null };
    waiting.set(message.id, flags);
    queue = queue.then(async () => {
      await answer(message, flags);
      waiting.delete(message.id);
    });
  });

  async function answer(request: Request<Jobs>, flags: Flags): Promise<void> {
    const { id } = request;
    try {
      turn ??= ready();
      await turn;
      if (flags.cancelled) throw new Cancelled();
      const handler = handlers[request.kind] as (
        input: unknown,
        context: Context<unknown>,
      ) => unknown;
      const out = await handler(request.in, context(id, flags));
      scope.postMessage({ id, kind: "done", out }, buffersOf(out));
    } catch (error) {
      if (error instanceof Cancelled) scope.postMessage({ id, kind: "cancelled" });
      else scope.postMessage({ id, kind: "failed", ...described(error) });
    }
  }
}

function control(flags: Flags | undefined, what: Control["control"]): void {
  // A request that has just ended has no flags: the message was too late, and that is fine.
  if (!flags) return;
  if (what === "cancel") flags.cancelled = true;
  flags.paused = what === "pause";
  if (!flags.paused) flags.wake?.();
}

function context(id: number, flags: Flags): Context<unknown> {
  return {
    note: (note) => scope.postMessage({ id, kind: "note", note }),
    get cancelled() {
      return flags.cancelled;
    },
    get paused() {
      return flags.paused;
    },
    async breathe() {
      await nextTask();
      if (flags.paused && !flags.cancelled) scope.postMessage({ id, kind: "held" });
      while (flags.paused && !flags.cancelled)
        await new Promise<void>((resolve) => {
          flags.wake = resolve;
        });
      if (flags.cancelled) throw new Cancelled();
    },
  };
}

// A message to oneself: unlike setTimeout, it is not slowed to 4 ms.
const channel = new MessageChannel();
const tasks: (() => void)[] = [];
channel.port1.onmessage = () => tasks.shift()?.();
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    tasks.push(resolve);
    channel.port2.postMessage(null);
  });
}

function described(error: unknown): { trouble: Trouble; dead: boolean } {
  // RuntimeError: the engine trapped. RangeError: its memory or stack ran out.
  const dead = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  if (dead) {
    const said = lastError.split("\n\nStack")[0]?.trim() || String(error);
    return {
      trouble: {
        what: "The engine stopped, and was started again with your data",
        place: "engine",
        remedy: `If it happens again, undo what came last. It said: ${said}`,
      },
      dead,
    };
  }
  const told = error as Partial<Trouble> & { message?: string };
  if (typeof told?.what === "string")
    return {
      trouble: { what: told.what, place: told.place ?? "", remedy: told.remedy ?? "" },
      dead,
    };
  return {
    trouble: { what: told?.message ?? String(error), place: "engine", remedy: "Try again" },
    dead,
  };
}
