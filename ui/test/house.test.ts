// The page's house: imports have no cycles and point one way, and no file outgrows one idea.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const source = fileURLToPath(new URL("../src", import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));

/** What each file imports of ours, by `import`, `export from`, or as the URL of a worker (`?worker&url`). */
const imports = new Map(
  files.map((file) => {
    const text = readFileSync(join(source, file), "utf8");
    const found = text.matchAll(/(?:from |import |import\()"(\.[^"?]+)(?:\?[^"]*)?"/g);
    const targets = [...found].map((match) => join(dirname(file), match[1] ?? ""));
    return [file, targets.map((target) => relative(".", target))] as const;
  }),
);

test("every import is a file", () => {
  for (const targets of imports.values()) for (const target of targets) expect(files).toContain(target);
});

test("there are no import cycles", () => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) throw new Error(`import cycle: ${[...path, file].join(" -> ")}`);
    if (done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
});

describe("imports point one way", () => {
  test.each(files.filter((file) => file.startsWith("core/")))("%s imports core only", (file) => {
    for (const target of imports.get(file) ?? []) expect(target).toMatch(/^core\//);
  });

  test.each(files.filter((file) => file.startsWith("worker/")))("%s imports core and worker only", (file) => {
    for (const target of imports.get(file) ?? []) expect(target).toMatch(/^(core|worker)\//);
  });

  test.each(files.filter((file) => !file.startsWith("embed/")))("%s knows nothing of pages elsewhere", (file) => {
    for (const target of imports.get(file) ?? []) expect(target).not.toMatch(/^embed\//);
  });

  test.each(files.filter((file) => file.startsWith("components/")))("%s knows the worker by its messages only", (file) => {
    for (const target of imports.get(file) ?? []) {
      if (target.startsWith("worker/")) expect(["worker/messages.ts", "worker/main.ts", "worker/serve.ts"]).toContain(target);
    }
  });
});

test.each(files)("%s says what lives there, in at most 400 lines", (file) => {
  const text = readFileSync(join(source, file), "utf8");
  expect(text.startsWith("// ")).toBe(true);
  expect(text.split("\n").length).toBeLessThanOrEqual(400);
});

test("what /webtee.js exports is documented word for word", () => {
  const types = readFileSync(join(source, "embed/api.ts"), "utf8").replace(/^(\/\/.*\n)+\n/, "");
  const manual = readFileSync(join(source, "../../docs/embedding.md"), "utf8");
  expect(manual).toContain(`\`\`\`typescript\n${types}\`\`\``);
});
