import { defineConfig, type Plugin } from "vite";
import { HEADERS, META_POLICY } from "./policy.mjs";

/** Writes the policy where it is needed, from its one source. */
const policy: Plugin = {
  name: "policy",
  apply: "build",
  transformIndexHtml: (html) => html.replace("%POLICY%", META_POLICY),
  generateBundle() {
    // Netlify and Cloudflare Pages read this file; other hosts: see docs/hosting.md.
    const lines = Object.entries(HEADERS).map(([name, value]) => `  ${name}: ${value}`);
    const forever = "/assets/*\n  Cache-Control: public, max-age=31536000, immutable";
    this.emitFile({
      type: "asset",
      fileName: "_headers",
      source: `/*\n${lines.join("\n")}\n\n${forever}\n`,
    });
  },
};

export default defineConfig({
  // Relative, so that the folder works from any sub-path of any host.
  base: "./",
  plugins: [policy],
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2023",
    // Inlined assets would be data: URLs, which the policy refuses.
    assetsInlineLimit: 0,
    // The polyfill fetches; every browser that runs the engine preloads modules by itself.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  // JSX is compiled as tsconfig.json says; workers are modules that import modules.
  worker: { format: "es" },
});
