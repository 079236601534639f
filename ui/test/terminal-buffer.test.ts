// The text of a terminal's buffer, as copying and finding read it.
import { Terminal } from "@xterm/xterm";
import { expect, test } from "vitest";
import { matchesOf, textOf, withoutTrailing } from "../src/components/terminal/terminal-buffer.ts";
import { compile } from "../src/core/text/pattern.ts";

async function fed(output: string): Promise<Terminal> {
  const terminal = new Terminal({ cols: 10, rows: 3, scrollback: 5, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(output, done));
  return terminal;
}

test("lines that wrap are one", async () => {
  expect(textOf(await fed("one\r\n0123456789abc"))).toBe("one\n0123456789abc");
});

test("a line that is longer than all that is kept has an end", async () => {
  const terminal = await fed(`${"0123456789".repeat(50)}end`);
  expect(textOf(terminal)).toBe("01234567890123456789end");
  const pattern = await compile({ text: "9end", regex: false, caseSensitive: true, invert: false });
  expect(matchesOf(terminal, pattern)).toEqual([{ row: 6, column: 9, length: 4 }]);
});

test("what is selected is copied without the blanks that fill its rows", () => {
  expect(withoutTrailing("  one   \n\n two  \t\r\n   \nthree ")).toBe("  one\n\n two\r\n\nthree");
});
