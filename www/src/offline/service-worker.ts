// Keeps the page's own files, so that it opens without a network.
//
// It answers GET requests for those files and nothing else, and asks for nothing else: the
// build writes their list, with the SHA-256 of each, as `FILES` at the head of this program,
// so that a changed page is a changed service worker. Each version has a cache of its own.
// A new one is filled beside the old one and waits until the person takes it.
//
// A service worker does not inherit the page's policy, only what its host sends with it: that
// is why it is short, and has a self-test of its own.
import { probe } from "../privacy/probe";
import type { Asked, Filled, Probed, Told } from "./messages";

declare const FILES: readonly (readonly [path: string, integrity: string])[];
declare const VERSION: string;

interface Client {
  postMessage(message: Told): void;
}

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Event {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

interface Hearing extends Lasting {
  data: Asked;
  ports: readonly MessagePort[];
}

/** What a service worker has that a page has not. */
interface Scope {
  registration: ServiceWorkerRegistration;
  skipWaiting(): Promise<void>;
  clients: {
    claim(): Promise<void>;
    matchAll(which: { type: "window"; includeUncontrolled: true }): Promise<Client[]>;
  };
  addEventListener(type: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
  addEventListener(type: "message", listener: (event: Hearing) => void): void;
}

const scope = self as unknown as Scope;
const HOME = scope.registration.scope;
const OURS = `lampyris ${HOME} `;
const CACHE = OURS + VERSION;
const LANES = 4;
const addresses = new Set(FILES.map(([path]) => new URL(path, HOME).href));

scope.addEventListener("install", (event) => event.waitUntil(fill(tellAll)));

scope.addEventListener("activate", (event) =>
  event.waitUntil(tidy().then(() => scope.clients.claim())),
);

scope.addEventListener("fetch", (event) => {
  const address = ourAddress(event.request);
  if (address) event.respondWith(answer(address, event.request));
});

scope.addEventListener("message", (event) => {
  const [port] = event.ports;
  if (event.data.ask === "renew") event.waitUntil(scope.skipWaiting());
  if (event.data.ask === "tidy") event.waitUntil(tidy());
  if (event.data.ask === "fill" && port) event.waitUntil(reply(port, filled()));
  if (event.data.ask === "probe" && port) event.waitUntil(reply(port, probed()));
});

async function reply(port: MessagePort, work: Promise<Filled | Probed>): Promise<void> {
  port.postMessage(await work);
}

async function tellAll(told: Told): Promise<void> {
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage(told);
}

// ── keeping ──────────────────────────────────────────────────────────────────

/** Fetches what this version still lacks, so that one that was cut off goes on where it was. */
async function fill(tell: (told: Told) => Promise<void>): Promise<void> {
  const cache = await caches.open(CACHE);
  const todo = FILES.values();
  let done = 0;
  const lane = async () => {
    for (const [path, integrity] of todo) {
      try {
        await keep(cache, path, integrity);
      } catch (error) {
        await tell({ told: "failed", why: `${path}: ${reason(error)}` });
        throw error;
      }
      done += 1;
      await tell({ told: "progress", done, total: FILES.length });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function filled(): Promise<Filled> {
  try {
    await fill(tellAll);
    return { files: FILES.length, why: "" };
  } catch (error) {
    return { files: FILES.length, why: reason(error) };
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What the browser says of a wrong hash and of no network is the same, and means little.
  return error instanceof TypeError ? "it could not be fetched as it was built" : error.message;
}

async function keep(cache: Cache, path: string, integrity: string): Promise<void> {
  const address = new URL(path, HOME).href;
  if (await cache.match(address, { ignoreVary: true })) return;
  // A file whose name bears its hash is the same in the version before.
  const named = path.startsWith("assets/");
  const response =
    (named ? await found(address) : undefined) ??
    (await fetch(address, { integrity, cache: named ? "default" : "no-cache" }));
  if (!response.ok) throw new Error(`the host answered ${response.status}`);
  // A redirected answer may not be given to a navigation; its content may.
  const { body, status, headers } = response;
  await cache.put(
    address,
    response.redirected ? new Response(body, { status, headers }) : response,
  );
}

/** In whichever version of ours it is. */
async function found(address: string): Promise<Response | undefined> {
  for (const name of await caches.keys()) {
    if (!name.startsWith(OURS)) continue;
    const response = await (await caches.open(name)).match(address, { ignoreVary: true });
    if (response) return response;
  }
  return undefined;
}

/**
 * Forgets earlier versions, once no other window may still be running one, and unless one is on
 * its way to follow this.
 */
async function tidy(): Promise<void> {
  const windows = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (windows.length > 1 || scope.registration.installing || scope.registration.waiting) return;
  for (const name of await caches.keys())
    if (name.startsWith(OURS) && name !== CACHE) await caches.delete(name);
}

// ── answering ────────────────────────────────────────────────────────────────

/** The address under which it is kept, if it is one of the page's own files. */
function ourAddress(request: Request): string | null {
  if (request.method !== "GET") return null;
  const url = new URL(request.url);
  url.hash = "";
  if (request.mode === "navigate") {
    url.search = "";
    if (url.href === `${HOME}index.html`) return HOME;
  }
  // Another version's window may still ask for a file of its own.
  return addresses.has(url.href) || url.href.startsWith(`${HOME}assets/`) ? url.href : null;
}

async function answer(address: string, request: Request): Promise<Response> {
  const mine = await (await caches.open(CACHE)).match(address, { ignoreVary: true });
  return mine ?? (await found(address)) ?? fetch(request);
}

// ── the self-test ────────────────────────────────────────────────────────────

async function probed(): Promise<Probed> {
  return { probes: underPolicy() ? await probe() : null };
}

/**
 * Whether the host sent a policy: it would forbid this. Without one nothing is tried, since it
 * would really go out.
 */
function underPolicy(): boolean {
  try {
    Function("");
    return false;
  } catch {
    return true;
  }
}
