import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { HEADERS, META_POLICY, SERVICE_WORKER } from "./policy.mjs";

const DIST = "../dist";
const KITS = "../pkg/kit";

/** Writes the policy where it is needed, from its one source. */
const policy: Plugin = {
  name: "policy",
  apply: "build",
  transformIndexHtml: (html) => html.replace("%POLICY%", META_POLICY),
  generateBundle() {
    // Netlify and Cloudflare Pages read this file; other hosts: see docs/hosting.md.
    const lines = Object.entries(HEADERS).map(([name, value]) => `  ${name}: ${value}`);
    const forever = "/assets/*\n  Cache-Control: public, max-age=31536000, immutable";
    const never = `/${SERVICE_WORKER}\n  Cache-Control: no-cache`;
    this.emitFile({
      type: "asset",
      fileName: "_headers",
      source: `/*\n${lines.join("\n")}\n\n${forever}\n\n${never}\n`,
    });
  },
};

/** Puts what exports are made of beside the page: without it, an export says what is missing. */
const kits: Plugin = {
  name: "kits",
  apply: "build",
  generateBundle() {
    const zips = existsSync(KITS) ? readdirSync(KITS).filter((name) => name.endsWith(".zip")) : [];
    if (zips.length === 0) this.warn(`no kits for exports in ${KITS}: see make build`);
    for (const name of zips.sort())
      this.emitFile({
        type: "asset",
        fileName: `kits/${name}`,
        source: readFileSync(join(KITS, name)),
      });
  },
};

/** Gives the service worker the list of what was built, with a hash of each file. */
const kept: Plugin = {
  name: "kept",
  apply: "build",
  writeBundle({ dir = DIST }) {
    const hash = (data: Uint8Array | string) => createHash("sha256").update(data);
    const files = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .filter((path) => path !== SERVICE_WORKER && path !== "_headers")
      .sort()
      .map((path) => [
        // As it is asked for: hosts lead from index.html to its folder.
        path === "index.html" ? "./" : path,
        `sha256-${hash(readFileSync(join(dir, path))).digest("base64")}`,
      ]);
    const list = JSON.stringify(files);
    const program = join(dir, SERVICE_WORKER);
    const version = hash(list + readFileSync(program, "utf8"))
      .digest("hex")
      .slice(0, 16);
    const head = `const VERSION = "${version}";\nconst FILES = ${list};\n`;
    writeFileSync(program, head + readFileSync(program, "utf8"));
  },
};

export default defineConfig({
  // Relative, so that the folder works from any sub-path of any host.
  base: "./",
  plugins: [policy, kits, kept],
  build: {
    outDir: DIST,
    emptyOutDir: true,
    target: "es2023",
    // Inlined assets would be data: URLs, which the policy refuses.
    assetsInlineLimit: 0,
    // The polyfill fetches; every browser that runs the engine preloads modules by itself.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  // JSX is compiled as tsconfig.json says; workers are modules that import modules.
  worker: {
    format: "es",
    rolldownOptions: {
      output: {
        // It stands beside the page, because its place is the reach of what it may answer,
        // and keeps its name, because browsers look there for a newer one.
        entryFileNames: ({ name }) =>
          `${name}.js` === SERVICE_WORKER ? SERVICE_WORKER : "assets/[name]-[hash].js",
      },
    },
  },
});
