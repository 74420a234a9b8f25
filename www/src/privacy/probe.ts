// Tries every way out that a script has, and sees whether the policy stops it.
// Runs in the page and in each worker; knows nothing of either.
//
// "Blocked" means that the browser reported a violation of the policy for that very
// address: a request that failed for want of a network would prove nothing.

export interface Probe {
  how: string;
  blocked: boolean;
  detail: string;
}

/** example.com is kept for examples (RFC 2606), and each attempt has a host of its own there. */
const ELSEWHERE = "privacy-self-test.example.com";
const PATIENCE_MS = 1500;

/** Is it one of the addresses that only the self-test asks for? */
export function isProbe(url: string): boolean {
  return hostOf(url).endsWith(ELSEWHERE);
}

function hostOf(url: string): string {
  // A violation may name a keyword ("inline") instead of an address.
  return URL.canParse(url) ? new URL(url).hostname : "";
}

type Attempt = (url: string) => unknown;

const EVERYWHERE: Record<string, Attempt> = {
  fetch: (url) => fetch(url, { mode: "no-cors" }),
  XHR: (url) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.send();
  },
  WebSocket: (url) => new WebSocket(url.replace("https:", "wss:")),
  EventSource: (url) => new EventSource(url),
  import: (url) => import(/* @vite-ignore */ url),
};

const IN_A_PAGE: Record<string, Attempt> = {
  beacon: (url) => navigator.sendBeacon(url, "x"),
  image: (url) => {
    new Image().src = url;
  },
  script: (url) => added("script", "src", url),
  stylesheet: (url) => added("link", "href", url),
  frame: (url) => added("iframe", "src", url),
  form: (url) => {
    const form = document.createElement("form");
    form.action = url;
    form.method = "post";
    // A form that is let through would lead away from the page; into a frame it can't.
    form.target = "lampyris-nowhere";
    document.body.append(form);
    form.submit();
    form.remove();
  },
};

const IN_A_WORKER: Record<string, Attempt> = {
  worker: (url) => new Worker(url, { type: "module" }),
};

function added(tag: "script" | "link" | "iframe", attribute: string, url: string): void {
  const element = document.createElement(tag);
  if (tag === "link") element.setAttribute("rel", "stylesheet");
  element.setAttribute(attribute, url);
  element.hidden = true;
  document.body.append(element);
  setTimeout(() => element.remove(), PATIENCE_MS);
}

/** What there is to try here: a service worker has no XHR and may import nothing. */
function waysOut(): Record<string, Attempt> {
  const { fetch, WebSocket, EventSource } = EVERYWHERE as Record<string, Attempt>;
  if (typeof document !== "undefined") return { ...EVERYWHERE, ...IN_A_PAGE };
  if ("XMLHttpRequest" in globalThis) return { ...EVERYWHERE, ...IN_A_WORKER };
  return { fetch, WebSocket, EventSource } as Record<string, Attempt>;
}

/** Makes every attempt, one after the other. */
export async function probe(): Promise<Probe[]> {
  const attempts = waysOut();
  const found: Probe[] = [];
  for (const [how, attempt] of Object.entries(attempts)) found.push(await tried(how, attempt));
  return found;
}

function tried(how: string, attempt: Attempt): Promise<Probe> {
  const host = `${how.toLowerCase()}.${ELSEWHERE}`;
  const url = `https://${host}/`;
  return new Promise((resolve) => {
    let refusal = "";
    const finish = (blocked: boolean, detail: string) => {
      globalThis.removeEventListener("securitypolicyviolation", heard);
      clearTimeout(timer);
      resolve({ how, blocked, detail });
    };
    const heard = (event: Event) => {
      const { blockedURI, disposition, effectiveDirective } = event as SecurityPolicyViolationEvent;
      if (disposition === "enforce" && hostOf(blockedURI) === host)
        finish(true, `refused by ${effectiveDirective}`);
    };
    const timer = setTimeout(
      () => finish(refusal !== "", refusal || "nothing stopped it"),
      PATIENCE_MS,
    );
    globalThis.addEventListener("securitypolicyviolation", heard);
    try {
      // A promise that rejects is the expected end, and says less than the violation.
      Promise.resolve(attempt(url)).catch(() => undefined);
    } catch (error) {
      // Refused before a policy was asked: another origin's script can't be a worker.
      if (error instanceof DOMException && error.name === "SecurityError")
        refusal = `refused by the browser: ${error.message}`;
    }
  });
}
