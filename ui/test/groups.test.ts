import { expect, test } from "vitest";
import { mayMark, parseGroups } from "../src/core/rows/groups.ts";
import { bytes } from "./helpers.ts";

test("the server's groups are read, and what makes no sense is left out", () => {
  const open = { line: 7, end_line: null, name: "b", depth: 0, from: 5, to: null, style: "gitlab", collapsed: false };
  const ended = { ...open, line: 3, end_line: 6, name: "<script>", from: 1_000_000, to: 3_500_000 };
  expect(parseGroups({ epoch: "e", groups: [ended, open, 5, { line: "x" }, null, { ...open, line: 0 }, { ...open, line: 1e300 }, { ...ended, end_line: 2 }], more: false })).toEqual({
    epoch: "e",
    groups: [
      { line: 3, end: 6, name: "<script>", seconds: 2.5, collapsed: false },
      { line: 7, end: undefined, name: "b", seconds: undefined, collapsed: false },
    ],
    more: false,
  });
  // No time was measured, or there was nothing to measure.
  const [same, one, folded] = parseGroups({
    epoch: "e",
    groups: [{ ...ended, to: ended.from + 999 }, { ...ended, end_line: 3 }, { ...ended, collapsed: true }],
    more: true,
  })?.groups ?? [];
  expect([same?.seconds, one?.seconds, folded?.collapsed]).toEqual([undefined, undefined, true]);
  expect(parseGroups({ epoch: "e", groups: [{ ...ended, style: "github", collapsed: true }] })?.groups[0]?.collapsed).toBe(false);
  for (const wrong of [null, 5, {}, { epoch: "e" }, { groups: [] }]) expect(parseGroups(wrong)).toBeUndefined();
});

test.each([
  ["::group::Install", true],
  ["2024-05-01T10:00:00.1Z ##[group]Run", true],
  ["::endgroup::", true],
  ["\x1b[0Ksection_start:1560896352:build\r\x1b[0KBuild", true],
  ["section_end:1560896352:build\r\x1b[0K", true],
  ["\x1b[1m--- Test", true],
  ["+++ x", true],
  ["--- ", false],
  ["a --- b", false],
  ["plain", false],
  ["x".repeat(400) + "::group::", false],
])("%j may mark a group: %s", (line, may) => {
  expect(mayMark(bytes(line))).toBe(may);
});
