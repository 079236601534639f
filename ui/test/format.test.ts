import { expect, test } from "vitest";
import { commandWords, count } from "../src/components/format.ts";

test("a command is quoted as a shell would read it", () => {
  expect(commandWords([])).toBe("");
  expect(commandWords(["make", "-j8", "CC=gcc", "/a/b.c"])).toBe("make -j8 CC=gcc /a/b.c");
  expect(commandWords(["sh", "-c", "echo it's $HOME", ""])).toBe("sh -c 'echo it'\\''s $HOME' ''");
});

test.each([
  [0, "0"],
  [-0.2, "0"],
  [999.4, "999"],
  [999.5, "1,000"],
  [-1234, "-1,234"],
  [123456, "123,456"],
  [1234567, "1,234,567"],
  [Number.MAX_SAFE_INTEGER, "9,007,199,254,740,991"],
  [Infinity, "Infinity"],
  [NaN, "NaN"],
])("%d is counted as %s", (value, words) => expect(count(value)).toBe(words));
