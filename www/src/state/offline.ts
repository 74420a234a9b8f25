// The page without a network: its service worker fetches every file of this version, says how
// far it is, and announces a newer version. A newer one waits until the person takes it.
import { signal } from "@preact/signals";
import type { Asked, Filled, Probed, Told } from "../offline/messages";
import workerUrl from "../offline/service-worker.ts?worker&url";
import { TroubleError } from "../worker/client";
import { settleTakes } from "./capture";
import { saveNow } from "./project";
import { attempt, notify } from "./toasts";
import { training } from "./training";
import type { Offline } from "./types";

const PROBE_MS = 30_000;
/** A page that stays open for days looks for a newer version when it is looked at again. */
const LOOK_AGAIN_MS = 3_600_000;

export const offline = signal<Offline>({ state: "preparing", done: 0, total: 0, why: "" });
/** A newer version is fetched and waits. */
export const newVersion = signal(false);

let registration: ServiceWorkerRegistration | null = null;
/** This tab asked for the newer version, so it is the one that reloads by itself. */
let renewing = false;

/** Why no page can be kept here; empty if it can. */
function impossible(): string {
  if (!globalThis.isSecureContext)
    return "browsers keep secure pages only; open it by https, or on this machine as localhost";
  if (!navigator.serviceWorker) return "this browser, or this private window, keeps no pages";
  return "";
}

/** Begins to keep the page, in an idle moment. Whether it does: where not, `offline` says why. */
export function watchOffline(): boolean {
  const why = impossible();
  if (why) {
    offline.value = { state: "impossible", done: 0, total: 0, why };
    return false;
  }
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener("message", (event: MessageEvent<Told>) => hear(event.data));
  serviceWorker.addEventListener("controllerchange", controllerChanged);
  controlled = serviceWorker.controller !== null;
  // Before a newer version is looked for: what it brings must not be tidied away.
  serviceWorker.controller?.postMessage({ ask: "tidy" } satisfies Asked);
  const saving = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData;
  if (saving && !controlled) {
    const why = "the browser is set to save data, so nothing is fetched ahead";
    offline.value = { state: "failed", done: 0, total: 0, why };
    return false;
  }
  const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1000));
  idle(() => void prepareOffline());
  return true;
}

/** Fetches what is missing; a person may ask for it again. */
export async function prepareOffline(): Promise<void> {
  offline.value = { state: "preparing", done: 0, total: 0, why: "" };
  await keep().catch(refused);
}

async function keep(): Promise<void> {
  const url = new URL(workerUrl, document.baseURI);
  const before = registration;
  registration = await navigator.serviceWorker.register(url, { updateViaCache: "none" });
  if (!registration) throw new Error("this browser was told to keep no pages");
  if (registration !== before) watchUpdates(registration);
  const active = registration.active ?? (await activated(registration));
  const { files, why } = await ask<Filled>(active, "fill");
  offline.value = why
    ? { state: "failed", done: 0, total: files, why }
    : { state: "ready", done: files, total: files, why: "" };
}

function refused(error: unknown): void {
  // What a service worker said itself says more.
  if (offline.value.state === "failed") return;
  const why = error instanceof Error ? error.message : String(error);
  offline.value = { ...offline.value, state: "failed", why };
}

function hear(told: Told): void {
  const { state } = offline.value;
  if (state === "ready") return;
  // The browser may say that the service worker is gone before its own last word is heard.
  if (told.told === "failed") offline.value = { ...offline.value, state: "failed", why: told.why };
  // A file that comes after another has failed mends nothing.
  else if (state !== "failed")
    offline.value = { state: "preparing", done: told.done, total: told.total, why: "" };
}

/** The first service worker of this page, once all its files are there. */
function activated(of: ServiceWorkerRegistration): Promise<ServiceWorker> {
  const coming = of.installing ?? of.waiting;
  if (!coming) return Promise.reject(new Error("the browser gave it up"));
  return new Promise((resolve, reject) => {
    coming.addEventListener("statechange", () => {
      if (coming.state === "activated") resolve(coming);
      if (coming.state === "redundant") reject(new Error("not all of the page could be fetched"));
    });
  });
}

function ask<Answer>(worker: ServiceWorker, what: Asked["ask"]): Promise<Answer> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = (event: MessageEvent<Answer>) => {
      port1.close();
      resolve(event.data);
    };
    worker.postMessage({ ask: what } satisfies Asked, [port2]);
  });
}

/** Tries to get out from within the service worker; null where there is none. */
export async function probeServiceWorker(): Promise<Probed | null> {
  const active = registration?.active;
  if (!active) return null;
  const silent = new Promise<null>((resolve) => setTimeout(() => resolve(null), PROBE_MS));
  return Promise.race([ask<Probed>(active, "probe"), silent]);
}

/** The caches of this page; other pages of the same host have theirs. */
async function ourCaches(): Promise<string[]> {
  const scope = new URL("./", document.baseURI).href;
  const all = (await globalThis.caches?.keys()) ?? [];
  return all.filter((name) => name.startsWith(`lampyris ${scope} `));
}

export async function pageKept(): Promise<{ files: number; bytes: number }> {
  let [files, bytes] = [0, 0];
  for (const name of await ourCaches()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      files += 1;
      bytes += (await (await cache.match(request))?.blob())?.size ?? 0;
    }
  }
  return { files, bytes };
}

/** Ends the service worker and forgets what it kept, of this page alone. */
export async function forgetOffline(): Promise<void> {
  for (const name of await ourCaches()) await caches.delete(name);
  await registration?.unregister();
}

// ── newer versions ───────────────────────────────────────────────────────────

let controlled = false;

function watchUpdates(of: ServiceWorkerRegistration): void {
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - looked < LOOK_AGAIN_MS) return;
    looked = Date.now();
    // Without a network there is nothing newer, and nothing to say.
    of.update().catch(() => undefined);
  });
  if (of.waiting && of.active) announce();
  of.addEventListener("updatefound", () => {
    const coming = of.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && of.active) announce();
    });
  });
}

function announce(): void {
  if (newVersion.value) return;
  newVersion.value = true;
  notify("info", "A new version is there: reload when it suits you", {
    action: { label: "Save and reload", run: () => void renew() },
  });
}

const UNSAVED = {
  what: "Pictures that were taken could not be saved: a reload would lose them",
  place: "browser storage",
  remedy: "Make room and try again to save them, then reload",
};

/** Saves, then lets the newer version take over and reloads. */
export async function renew(): Promise<void> {
  const busy = ["preparing", "running", "pausing", "paused", "finishing"];
  if (busy.includes(training.value.state)) {
    notify("warning", "A training is on its way: the new version waits until it has ended");
    return;
  }
  await attempt(async () => {
    if (!(await settleTakes())) throw new TroubleError(UNSAVED);
    await saveNow();
    const waiting = registration?.waiting;
    // Another tab has taken it meanwhile: this one only needs to be loaded anew.
    if (!waiting) return location.reload();
    renewing = true;
    waiting.postMessage({ ask: "renew" } satisfies Asked);
  });
}

/** The first one takes a page that is up to date; any later one was asked for, in some tab. */
function controllerChanged(): void {
  const first = !controlled;
  controlled = true;
  if (renewing) location.reload();
  else if (!first) {
    newVersion.value = true;
    notify("info", "Lampyris was renewed in another tab: reload when it suits you", {
      action: { label: "Save and reload", run: () => void renew() },
    });
  }
}

// ── installing ───────────────────────────────────────────────────────────────

/** Chromium's own event, which no standard has yet. */
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

let offer: InstallEvent | null = null;
/** The browser offers to install the page as an app of its own. */
export const installable = signal(false);

export function watchInstalling(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event as InstallEvent;
    installable.value = true;
  });
  addEventListener("appinstalled", () => {
    installable.value = false;
    notify(
      "success",
      "Lampyris is installed: it opens like any other app, with or without a network",
    );
  });
}

export async function install(): Promise<void> {
  installable.value = false;
  await attempt(async () => {
    await offer?.prompt();
  });
}
