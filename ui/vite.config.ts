// How the page is built: relative URLs (the server writes the base path into <base>), hashed names under
// assets/, nothing inline (a strict Content-Security-Policy forbids it), straight into the Python package. Beside it
// webtee.js, whose name stays: pages elsewhere embed streams by it.
import { defineConfig } from "vitest/config";
import type { Plugin } from "vite";

/** Has the browser fetch at once what the page's entry imports when the worker has started. */
function preloaded(): Plugin {
  return {
    name: "preloaded",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {}, chunk }) {
        const wanted = (chunk?.dynamicImports ?? []).flatMap((name) => {
          const found = bundle[name];
          return found?.type === "chunk" ? [name, ...found.imports] : [];
        });
        return [...new Set(wanted)]
          .filter((name) => !html.includes(`./${name}"`))
          .map((name) => ({ tag: "link", attrs: { rel: "modulepreload", href: `./${name}` }, injectTo: "head" }));
      },
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [preloaded()],
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
