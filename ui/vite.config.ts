// How the page is built: relative URLs (the server writes the base path into <base>), hashed names under
// assets/, nothing inline (a strict Content-Security-Policy forbids it), straight into the Python package. Beside it
// webtee.js, whose name stays: pages elsewhere embed streams by it.
import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/webtee/web/page",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rolldownOptions: {
      input: { index: "index.html", webtee: "src/embed/webtee.ts" },
      preserveEntrySignatures: "exports-only",
      output: { entryFileNames: ({ name }) => (name === "webtee" ? "[name].js" : "assets/[name]-[hash].js") },
    },
  },
  worker: {
    format: "es",
    // Where no worker may run, its file is imported instead (components/link.ts): it keeps what it exports.
    plugins: () => [{ name: "worker-exports", options: (given) => ({ ...given, preserveEntrySignatures: "strict" as const }) }],
  },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
