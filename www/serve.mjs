// Serves dist/ under the page's policy: node www/serve.mjs [--port N] [--lan]
//
// Plain http on this machine alone; with --lan, https for every device in the network,
// with a certificate of our own (a phone gives its motion sensor to secure pages only).
import { X509Certificate } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { networkInterfaces } from "node:os";
import { dirname, extname, join, normalize, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { HEADERS } from "./policy.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
export const DIST = join(root, "dist");
const CERTS = join(root, ".certs");

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".csv": "text/csv; charset=utf-8",
  ".zip": "application/zip",
  ".txt": "text/plain; charset=utf-8",
};

/** Answers GET and HEAD with files below `folder`; nothing above it is ever read. */
export function handler(folder, prefix = "/") {
  return async (request, response) => {
    const answer = (status, headers, body) => {
      response.writeHead(status, { ...HEADERS, ...headers });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    const plain = { "Content-Type": TYPES[".txt"] };
    if (request.method !== "GET" && request.method !== "HEAD")
      return answer(405, { ...plain, Allow: "GET, HEAD" }, "Only GET and HEAD\n");
    let path;
    try {
      path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    } catch {
      return answer(400, plain, "This address can't be read\n");
    }
    if (!path.startsWith(prefix)) return answer(404, plain, "Not found\n");
    let file = normalize(join(folder, path.slice(prefix.length)));
    if (file !== folder && !file.startsWith(folder + sep)) return answer(404, plain, "Not found\n");
    try {
      if ((await stat(file)).isDirectory()) file = join(file, "index.html");
      const body = await readFile(file);
      // Built files bear a hash of their content in their name.
      const forever = file.startsWith(join(folder, "assets") + sep);
      answer(
        200,
        {
          "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
          "Content-Length": body.length,
          "Cache-Control": forever ? "public, max-age=31536000, immutable" : "no-cache",
        },
        body,
      );
    } catch {
      answer(404, plain, "Not found\n");
    }
  };
}

function lanAddresses() {
  return Object.values(networkInterfaces())
    .flat()
    .filter((one) => one && !one.internal && one.family === "IPv4")
    .map((one) => one.address);
}

/** Our own certificate: made once, and again when it runs out or the addresses change. */
async function certificate() {
  const [keyFile, certFile] = [join(CERTS, "key.pem"), join(CERTS, "cert.pem")];
  const addresses = ["127.0.0.1", ...lanAddresses()];
  if (existsSync(keyFile) && existsSync(certFile)) {
    const cert = readFileSync(certFile, "utf8");
    const known = new X509Certificate(cert);
    const fresh = Date.parse(known.validTo) > Date.now() + 86_400_000;
    if (fresh && addresses.every((address) => known.checkIP(address)))
      return { key: readFileSync(keyFile, "utf8"), cert };
  }
  console.log("making a certificate for this machine in .certs/");
  const { default: selfsigned } = await import("selfsigned");
  const made = await selfsigned.generate(
    [{ name: "commonName", value: "Lampyris on this machine" }],
    {
      // Phones refuse certificates that last longer than 825 days.
      notAfterDate: new Date(Date.now() + 365 * 86_400_000),
      keyType: "ec",
      algorithm: "sha256",
      extensions: [
        { name: "basicConstraints", cA: false, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        {
          name: "subjectAltName",
          altNames: [{ type: 2, value: "localhost" }, ...addresses.map((ip) => ({ type: 7, ip }))],
        },
      ],
    },
  );
  mkdirSync(CERTS, { recursive: true });
  writeFileSync(keyFile, made.private);
  chmodSync(keyFile, 0o600);
  writeFileSync(certFile, made.cert);
  return { key: made.private, cert: made.cert };
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

async function main() {
  const { values } = parseArgs({
    options: { port: { type: "string" }, lan: { type: "boolean", default: false } },
  });
  const port = Number(values.port ?? process.env.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    fail(`"${values.port ?? process.env.PORT}" is no port: give a number from 1 to 65535`);
  if (!existsSync(join(DIST, "index.html")))
    fail("There is no dist/index.html yet: run `make build` first (or `make serve`, which does)");
  const answer = handler(DIST);
  const server = values.lan
    ? https.createServer(await certificate(), answer)
    : http.createServer(answer);
  server.on("error", (error) => {
    if (error.code === "EADDRINUSE")
      fail(`Port ${port} is taken: stop what uses it, or choose another with PORT=${port + 1}`);
    if (error.code === "EACCES")
      fail(`Port ${port} is not for ordinary users: choose one above 1023 with PORT=8080`);
    fail(`The server can't start: ${error.message}`);
  });
  server.listen(port, values.lan ? "0.0.0.0" : "localhost", () => {
    if (!values.lan) {
      console.log(`Lampyris is at http://localhost:${port} (Ctrl+C ends it)`);
      return;
    }
    console.log("Lampyris, for devices in this network (Ctrl+C ends it):");
    for (const address of lanAddresses()) console.log(`  https://${address}:${port}`);
    console.log(`  https://localhost:${port} on this machine`);
    console.log("The browser warns once, because the certificate is our own: go on to the page.");
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
