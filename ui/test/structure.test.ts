import { readable, visible } from "../src/core/text/json.ts";
import { describe, expect, test } from "vitest";
import { parseObject } from "../src/core/text/json.ts";
import { levelOf, troubleIn } from "../src/core/text/levels.ts";
import { compile } from "../src/core/text/pattern.ts";
import { clockOf, fieldOf, structured, wantedBy, wishOf, type Field, type Structure } from "../src/core/text/structure.ts";
import { random } from "./helpers.ts";

function told(text: string): { [what: string]: unknown } | undefined {
  const structure = structured(text);
  if (structure === undefined) return undefined;
  const { time, level, message, rest, from } = structure;
  return {
    ...(from > 0 && { prefix: text.slice(0, from) }),
    ...(time && { time: clockOf(time) }),
    ...(level && { level }),
    ...(message && { message: message.text }),
    rest: rest.map((field) => `${field.key}=${field.text}`).join(" "),
  };
}

describe("what a line is found to say", () => {
  test.each<[string, object]>([
    ['{"level":30,"time":1719500000123,"pid":7,"msg":"hi"}', { time: "14:53:20.123Z", level: "info", message: "hi", rest: "pid=7" }],
    ['{"ts":1719500000.5,"severity":"WARNING","message":"m","a":{"b":[1]}}', { time: "14:53:20.500Z", level: "warn", message: "m", rest: 'a={"b":[1]}' }],
    ['{"@timestamp":"2024-05-01T10:00:00.123456Z","log.level":"ERROR","message":"x"}', { time: "10:00:00.123", level: "error", message: "x", rest: "" }],
    ['{"Timestamp":"2024-05-01 10:00:00,5","Level":"Critical","MessageTemplate":"x"}', { time: "10:00:00.5", level: "fatal", message: "x", rest: "" }],
    [' {"priority":3,"event":"a\\nb"} ', { prefix: " ", level: "error", message: "a\nb", rest: "" }],
    ['2024-05-01T10:00:00Z web-1 | {"a":1}', { prefix: "2024-05-01T10:00:00Z web-1 | ", rest: "a=1" }],
    ['{"__proto__":{"x":1},"constructor":2,"a":1,"a":2}', { rest: '__proto__={"x":1} constructor=2 a=1 a=2' }],
    ['{"level":"<script>","msg":""}', { rest: "level=<script> msg=" }],
    ["level=warn msg=\"disk \\\"a\\\" full\" used=0.93", { level: "warn", message: 'disk "a" full', rest: "used=0.93" }],
    ["ts=2024-05-01T10:00:00Z lvl=dbug caller=a.go:3 ok=", { time: "10:00:00", rest: "lvl=dbug caller=a.go:3 ok=" }],
    ["app[web.1]: at=info method=GET path=/?a=b", { prefix: "app[web.1]: ", rest: "at=info method=GET path=/?a=b" }],
  ])("%s", (text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  test.each([
    "plain text",
    "{}",
    '{"a":1',
    '{"a":1} and more',
    "{'a':1}",
    '{"a":01}',
    '{"a":nul}',
    '{"a":"\t"}',
    '{"a" 1}',
    '{"a":1,}',
    '{,"a":1}',
    '[{"a":1}]',
    'metric{a="1"}',
    "x=1",
    "set a=1 b=2",
    "a=1 b=2 c=3 and so on",
    'a=1 b="open c=2',
    "GET /?a=1&b=2 200",
    "====================",
  ])("%s is only text", (text) => {
    expect(structured(text)).toBeUndefined();
  });

  test("nothing that is too long, too deep or too much is read", () => {
    const long = JSON.stringify({ a: "x".repeat(70_000) });
    const deep = '{"a":'.repeat(30_000) + "1" + "}".repeat(30_000);
    const nested = '{"a":'.repeat(100) + "1" + "}".repeat(100);
    const many = JSON.stringify({ a: Array(10_000).fill(1) });
    for (const text of [long, deep, nested, many, deep.slice(0, 60_000)]) expect(structured(text)).toBeUndefined();
    expect(structured(`{"a":${"[".repeat(60_000)}}`)).toBeUndefined();
    expect(structured(`a=1 ${'b="'.repeat(20_000)}`)).toBeUndefined();
  });
});

function randomJson(next: () => number, depth: number): unknown {
  const keys = ["a", "b c", '"', "\\", "__proto__", "é", "\u202e", "(.*)", ""];
  const kind = Math.floor(next() * (depth > 3 ? 4 : 6));
  if (kind === 0) return next() < 0.5 ? null : next() < 0.5;
  if (kind === 1) return Math.round((next() - 0.5) * 1e6) / 10 ** Math.floor(next() * 5);
  if (kind < 4) return Array.from({ length: Math.floor(next() * 4) }, () => keys[Math.floor(next() * keys.length)]).join("x");
  const length = Math.floor(next() * 4);
  if (kind === 4) return Array.from({ length }, () => randomJson(next, depth + 1));
  return Object.fromEntries(Array.from({ length }, () => [keys[Math.floor(next() * keys.length)], randomJson(next, depth + 1)]));
}

test("JSON is read as JSON.parse reads it, with each value in its place", () => {
  const next = random(21);
  for (let i = 0; i < 500; i++) {
    const value = { first: randomJson(next, 0), ...(randomJson(next, 5) as object) };
    const text = "  ".repeat(Math.floor(next() * 2)) + JSON.stringify(value, undefined, next() < 0.3 ? 1 : 0);
    const parsed = parseObject(text, text.indexOf("{"));
    expect(parsed, text).toBeDefined();
    for (const member of parsed?.members ?? []) {
      const key = JSON.parse(text.slice(member.keyFrom, member.keyTo)) as string;
      expect(JSON.parse(text.slice(member.value.from, member.value.to))).toEqual((value as { [key: string]: unknown })[key]);
    }
    // Cut or changed anywhere, it is either JSON all the same or nothing.
    const at = Math.floor(next() * text.length);
    const broken = text.slice(0, at) + "{}[],:\"1x\\".charAt(Math.floor(next() * 10)) + text.slice(at + 1);
    const from = broken.indexOf("{");
    let valid: boolean;
    try {
      valid = typeof JSON.parse(broken.slice(Math.max(0, from))) === "object";
    } catch {
      valid = false;
    }
    if (from !== -1) expect(parseObject(broken, from) !== undefined, broken).toBe(valid);
  }
});

/** All fields of a line, also those inside others. */
function allFields(structure: Structure): Field[] {
  const inside = (field: Field): Field[] => [field, ...(field.json?.members ?? []).flatMap((member) => inside(fieldOf(structure.source, member)))];
  return structure.all.flatMap(inside);
}

test("a field's pattern finds its line, and lines with other values do not have it", async () => {
  const query = { regex: true, caseSensitive: true, invert: false };
  const next = random(22);
  for (let i = 0; i < 60; i++) {
    const text = JSON.stringify({ x: "y", ...(randomJson(next, 3) as object), n: 12 });
    const structure = structured(text);
    for (const field of structure === undefined ? [] : allFields(structure)) {
      const wanted = wantedBy("json", field);
      if (wanted === undefined) continue;
      expect((await compile({ ...query, text: wanted })).test(text), `${wanted} in ${text}`).toBe(true);
    }
  }
  const patternOf = async (text: string, key: string): Promise<(text: string) => boolean> => {
    const structure = structured(text);
    const field = structure?.all.find((each) => each.key === key);
    const wanted = structure === undefined || field === undefined ? undefined : wantedBy(structure.notation, field);
    const pattern = await compile({ ...query, text: wanted ?? "nothing" });
    return (other) => pattern.test(other);
  };
  const number = await patternOf('{"n":12,"a":1}', "n");
  expect(['{"n": 12}', '{"n":123}', '{"an":12}'].map(number)).toEqual([true, false, false]);
  const word = await patternOf("a=1 user=bob c=3", "user");
  expect(['user="bob" x=1', "x=1 user=bob", "user=bobby", "xuser=bob"].map(word)).toEqual([true, true, false, false]);
  const phrase = await patternOf('a=1 msg="a (b)" c=3', "msg");
  expect(['msg="a (b)"', "msg=a", 'msg="a (b)c"'].map(phrase)).toEqual([true, false, false]);
  const long = await patternOf(JSON.stringify({ a: "x(".repeat(1000) }), "a");
  expect(long(JSON.stringify({ a: "x(".repeat(1000) }))).toBe(true);
});

test("what a click on a value asks for can be said in short, and nothing else", () => {
  const wishes = (text: string): (string | undefined)[] => {
    const structure = structured(text);
    return (structure?.all ?? []).map((field) => wishOf(wantedBy(structure?.notation ?? "json", field) ?? ""));
  };
  expect(wishes('{"port":8080,"a.b":"x\\"y (z)","k":null,"\\u00dc":"","in":{}}')).toEqual(["port = 8080", 'a.b = "x\\"y (z)"', "k = null", 'Ü = ""', undefined]);
  expect(wishes('a=1 user=bob c="a (b)" e=""')).toEqual(["a = 1", "user = bob", 'c = "a (b)"', 'e = ""']);
  for (const typed of ["port", "a.*b", "8080", "(?:^|\\s)x=", '"a"\\s*:', '"a"\\s*:\\s*1', ""]) expect(wishOf(typed)).toBeUndefined();
});

test.each<[string, boolean, string | undefined]>([
  ["WARNING", false, "warn"],
  ["Information", false, "info"],
  ["30", true, "info"],
  ["35", true, "info"],
  ["60", false, "fatal"],
  ["0", true, "fatal"],
  ["4", true, "warn"],
  ["8", true, undefined],
  ["-1", true, undefined],
  ["1.5", true, undefined],
  ["constructor", false, undefined],
  ["x".repeat(1000), false, undefined],
])("the level %s", (value, number, level) => {
  expect(levelOf(value, number)).toBe(level);
});

test.each<[string, string | undefined]>([
  ["2024-05-01 10:00:00 ERROR no", "error"],
  ["[WARN] careful", "warn"],
  ["main.c:3:5: warning: unused", "warn"],
  ["error[E0308]: mismatched", "error"],
  ["fatal: not a git repository", "error"],
  ["E0501 10:00:00.1 1 x.go:1] no", "error"],
  ["no errors, 0 warnings", undefined],
  ["an ERRORED word", undefined],
  ["WARN on the way to an ERROR", "error"],
  ["Traceback (most recent call last):", "error"],
  ["ZeroDivisionError: division by zero", "error"],
  ["KeyError", "error"],
  ["requests.exceptions.ConnectionError: refused", "error"],
  ['Exception in thread "main" java.lang.IllegalStateException: bad', "error"],
  ["java.io.IOException: disk", "error"],
  ["Uncaught TypeError: x is undefined", "error"],
  ["Caused by: java.io.IOException: disk", undefined],
  ["handler.onError", undefined],
  ["an Exception: rule", undefined],
  ["x".repeat(90) + " ERROR", "error"],
  ["x".repeat(160) + " ERROR", undefined],
])("%s means %s", (text, trouble) => {
  expect(troubleIn(text)).toBe(trouble);
});

test("what is written by number is read as what it is", () => {
  expect(readable('{"\\u00dcber": ["\\ud83d\\ude00 \\n \\\\u00dc \\u0022 \\u0007 \\u0041"]}')).toBe('{"Über": ["😀 \\n \\\\u00dc \\u0022 \\u0007 A"]}');
  expect(visible("a\u0007\u001b[31mb\tc\nd\u007f\u0085")).toBe("a␇␛[31mb\tc\nd␡\ufffd");
});
