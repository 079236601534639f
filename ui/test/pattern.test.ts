import { expect, test } from "vitest";
import { compile, fold, MOST_LOOKED_AT, MOST_RANGES, PatternError, type Range } from "../src/core/text/pattern.ts";
import type { Query } from "../src/core/view-state.ts";
import { random } from "./helpers.ts";

function query(text: string, changes: Partial<Query> = {}): Query {
  return { text, regex: false, caseSensitive: false, invert: false, ...changes };
}

/** Where `wanted` is, looked for at every place. */
function naive(text: string, wanted: string, caseSensitive: boolean): Range[] {
  const same = (a: string, b: string): boolean => a === b || (!caseSensitive && a.toLowerCase() === b.toLowerCase());
  const found: Range[] = [];
  for (let at = 0; at + wanted.length <= text.length; ) {
    if (Array.from(wanted, (_, i) => i).every((i) => same(text.charAt(at + i), wanted.charAt(i)))) {
      found.push([at, at + wanted.length]);
      at += wanted.length;
    } else {
      at += 1;
    }
  }
  return found;
}

function escaped(text: string): string {
  return text.replace(/[.^$*+?()[\]{}|\\]/g, "\\$&");
}

test("literal and regular ranges are those that a plain search finds", async () => {
  const next = random(7);
  const pick = (alphabet: string, most: number): string =>
    Array.from({ length: Math.floor(next() * most) }, () => alphabet.charAt(Math.floor(next() * alphabet.length))).join("");
  for (let i = 0; i < 1000; i++) {
    const text = pick("aAbB.ÄäЖж\u0130 (", 30);
    const wanted = pick("aAbB.ÄäЖж (", 4);
    const caseSensitive = next() < 0.5;
    const expected = wanted === "" ? [] : naive(text, wanted, caseSensitive);
    const plain = await compile(query(wanted, { caseSensitive }));
    expect(plain.ranges(text), `${wanted} in ${text}`).toEqual(expected);
    expect(plain.test(text)).toBe(wanted === "" || expected.length > 0);
    const regular = await compile(query(escaped(wanted), { caseSensitive, regex: true }));
    expect(regular.ranges(text), `/${wanted}/ in ${text}`).toEqual(expected);
    expect(regular.test(text)).toBe(wanted === "" || expected.length > 0);
  }
});

test.each([
  ["İstanbul STRASSE ΣΊΣΥΦΟΣ", "straſse", [9, 16]],
  ["İstanbul STRASSE ΣΊΣΥΦΟΣ", "σίσυφος", [17, 24]],
  ["200 K", "k", [4, 5]],
  ["😀 ÅNGSTRÖM", "ångström", [3, 11]],
])("%j has %j whatever its case", async (text, wanted, range) => {
  expect((await compile(query(wanted))).ranges(text)).toEqual([range]);
});

test("folding keeps every place", () => {
  for (let code = 0; code < 0x3000; code++) {
    const char = String.fromCodePoint(code);
    expect(fold(char).length).toBe(char.length);
  }
  expect(fold("ı")).not.toBe(fold("i"));
});

test("regular expressions have RE2's syntax and say what is wrong with them", async () => {
  const pattern = await compile(query("^(\\w+)\\s+5\\d\\d$", { regex: true }));
  expect(pattern.ranges("get 503")).toEqual([[0, 7]]);
  expect(pattern.test("GET 404")).toBe(false);
  for (const [text, reason] of [
    ["a(", 'missing closing ): "a("'],
    ["(?=a)", 'invalid or unsupported Perl syntax: "(?="'],
    ["a{1001}", 'invalid repeat count: "{1001}"'],
    ["(a)\\1", 'invalid escape sequence: "\\1"'],
  ] as const) {
    await expect(compile(query(text, { regex: true }))).rejects.toThrow(new PatternError(reason));
  }
});

test("lines without a match are meant by invert; they have nothing to mark", async () => {
  for (const regex of [false, true]) {
    const pattern = await compile(query("err", { regex, invert: true }));
    expect(pattern.test("ok")).toBe(true);
    expect(pattern.test("Error")).toBe(false);
    expect(pattern.ranges("Error")).toEqual([]);
  }
});

test("empty matches mark nothing", async () => {
  expect((await compile(query("a*", { regex: true }))).ranges("baab")).toEqual([[1, 3]]);
});

test("what is looked at and found is bounded", async () => {
  const long = "a".repeat(MOST_LOOKED_AT) + "b";
  for (const regex of [false, true]) {
    expect((await compile(query("a", { regex }))).ranges("a".repeat(2000))).toHaveLength(MOST_RANGES);
    expect((await compile(query("b", { regex }))).test(long)).toBe(false);
  }
  // Looks to the end of the line for each `a`.
  expect((await compile(query(".*b|a", { regex: true }))).ranges(long).length).toBeLessThanOrEqual(65);
  expect((await compile(query("(a|aa)+$", { regex: true }))).test(long + "b")).toBe(true);
});

test("a large expression marks a whole line rather than take seconds", async () => {
  const [long, short] = ["a".repeat(10_000), "a".repeat(100)];
  const large = await compile(query("(?:a?){1000}b", { regex: true }));
  expect(large.ranges(`${long}b`)).toEqual([[0, 10_001]]);
  expect(large.ranges(`${short}b cab`)).toEqual([[0, 101], [103, 105]]);
  expect(large.ranges(long)).toEqual([]);
  // Neither do those that only look as if they could.
  for (const [text, wanted] of [["(a+)+$", long.length], [".*.*.*a", long.length]] as const) {
    expect((await compile(query(text, { regex: true }))).ranges(long)[0], text).toEqual([0, wanted]);
  }
});

test("whatever is typed is an expression, or refused with a documented error", async () => {
  const next = random(11);
  const atoms = "a|.|\\pL|[a-z]|[^x]|(|(?:|)|(?P<n>|(?i)|*|+|?|{0,30}|{1000}|{3,1}|\\|^|$|\\b|\\A|\\z|\\Z|\\C|\\Q|\\E|\\x{110000}|\\1|[[:alpha:]]|[a|]|\ud800|😀|\0|\n|(?=a)".split("|");
  const texts = ["", "aab xyz ΩK ſs İi ß 😀", "\ud800x\udc00", "a".repeat(500)];
  let compiled = 0;
  for (let i = 0; i < 3000; i++) {
    const typed = Array.from({ length: 1 + Math.floor(next() * 9) }, () => atoms[Math.floor(next() * atoms.length)] ?? "|").join("");
    const pattern = await compile(query(typed, { regex: true, caseSensitive: next() < 0.5 })).catch((error: unknown) => {
      expect(error, typed).toBeInstanceOf(PatternError);
    });
    if (pattern === undefined) continue;
    compiled += 1;
    for (const text of texts) {
      for (const [from, to] of pattern.ranges(text)) expect([from >= 0, from < to, to <= text.length]).toEqual([true, true, true]);
    }
  }
  expect(compiled).toBeGreaterThan(300);
});
