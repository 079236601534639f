import { expect, test } from "vitest";
import { commandWords, count, endsShown, exitMark, exitWords } from "../src/components/format.ts";

test("a command is quoted as a shell would read it", () => {
  expect(commandWords([])).toBe("");
  expect(commandWords(["make", "-j8", "CC=gcc", "/a/b.c"])).toBe("make -j8 CC=gcc /a/b.c");
  expect(commandWords(["sh", "-c", "echo it's $HOME", ""])).toBe("sh -c 'echo it'\\''s $HOME' ''");
});

test.each([
  [0, null, "exited with code 0 after 2.0 s", " · exit 0", "Standard input ended after 2.0 s", ""],
  [1, null, "exited with code 1 after 2.0 s", " · exit 1", "Standard input could not be read any more after 2.0 s", " · not read to its end"],
  [null, "SIGINT", "ended by SIGINT after 2.0 s", " · SIGINT", "Standard input was interrupted (SIGINT) after 2.0 s", " · SIGINT"],
])("the end with %s or %s is told by what it is the end of", (code, signal, command, commandMark, input, inputMark) => {
  const status = { code, signal, seconds: 2 };
  expect([exitWords(status, { command: ["make"] }), exitMark(status, { command: ["make"] })]).toEqual([command, commandMark]);
  expect([exitWords(status, { command: [] }), exitMark(status, { command: [] })]).toEqual([input, inputMark]);
  expect(exitMark(undefined, { command: [] })).toBe("");
});

test("blanks at the ends of what is looked for are seen", () => {
  expect(["a b", " a  b\t", "  ", ""].map(endsShown)).toEqual(["a b", "␣a  b␣", "␣␣", ""]);
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
