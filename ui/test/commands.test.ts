import { describe, expect, test } from "vitest";
import { commandIn, unescaped } from "../src/core/text/commands.ts";

describe("commands in a build's log", () => {
  test.each([
    ["::error file=app.js,line=1,col=5,title=No::it broke", "error", "Error: ", "it broke", "No · app.js:1:5"],
    ["::error::a::b", "error", "Error: ", "a::b", ""],
    ["2024-05-01T10:00:00.1234567Z ##[error]Process completed with exit code 1.", "error", "Error: ", "Process completed with exit code 1.", ""],
    ["##[warning]old", "warning", "Warning: ", "old", ""],
    ["::notice file=a%2Cb.c::x", "notice", "Notice: ", "x", "a,b.c"],
    ["::debug::x", "debug", "Debug: ", "x", ""],
    ["##[section]Starting: Build", "section", "", "Starting: Build", ""],
    ["##[command]git status", "command", "", "git status", ""],
    ["::endgroup::", "endgroup", "", "", ""],
    ["  ##[endgroup]", "endgroup", "", "", ""],
  ])("%j", (text, kind, word, message, where) => {
    const command = commandIn(text);
    expect(command).toMatchObject({ kind, word, where });
    expect(text.slice(command?.to)).toBe(message);
  });

  test.each(["::group::x", "a ::error::b", "::errors::x", "::add-mask::x", "##[x]y", "::error", "", "error: no"])("%j is text", (text) => {
    expect(commandIn(text)).toBeUndefined();
  });

  test("what is escaped", () => {
    expect(unescaped("100%25 %0Anext%3A%2C%zz%250A")).toBe("100% \nnext:,%zz%0A");
  });

  test("takes time linear in the line", () => {
    const began = performance.now();
    for (let i = 0; i < 200; i++) commandIn("::error " + ":a".repeat(100_000));
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
