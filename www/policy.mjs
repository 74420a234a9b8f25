// The page's policy, in one place: index.html carries it in a <meta>, serve.mjs and
// public/_headers send it as a header too, and a test holds the three equal.

/** What a <meta> may say. Blob workers inherit it; workers from the network would not. */
export const META_POLICY = [
  "default-src 'none'",
  // WebAssembly needs `wasm-unsafe-eval`; nothing may evaluate text.
  "script-src 'self' 'wasm-unsafe-eval'",
  // Blob workers inherit this policy; the page's own address is there for the service worker.
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "img-src 'self' blob:",
  "style-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The service worker's file, beside index.html: never to be kept by a cache on the way. */
export const SERVICE_WORKER = "service-worker.js";

/** What a host should send with every file; `frame-ancestors` counts only as a header. */
export const HEADERS = {
  "Content-Security-Policy": `${META_POLICY}; frame-ancestors 'none'`,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy":
    "accelerometer=(self), gyroscope=(self), camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
};
