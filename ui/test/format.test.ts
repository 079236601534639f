import { expect, test } from "vitest";
import { commandWords } from "../src/components/format.ts";

test("a command is quoted as a shell would read it", () => {
  expect(commandWords([])).toBe("");
  expect(commandWords(["make", "-j8", "CC=gcc", "/a/b.c"])).toBe("make -j8 CC=gcc /a/b.c");
  expect(commandWords(["sh", "-c", "echo it's $HOME", ""])).toBe("sh -c 'echo it'\\''s $HOME' ''");
});
