import { describe, expect, test } from "vitest";
import { DEFAULTS, parseSettings } from "../src/core/settings.ts";
import { formatView, MOST_MARKS, NOTHING_CHOSEN, parseView, sameQuery, type Query, type ViewState } from "../src/core/view-state.ts";
import { random as seededRandom } from "./helpers.ts";

function query(text: string, flags = ""): Query {
  return { text, regex: flags.includes("r"), caseSensitive: flags.includes("c"), invert: flags.includes("v") };
}

describe("what the URL says", () => {
  test("lines", () => {
    expect(parseView("#L120").selected).toEqual({ from: 120, to: 120, epoch: undefined });
    expect(parseView("#L120-L140&epoch=ab").selected).toEqual({ from: 120, to: 140, epoch: "ab" });
    expect(parseView("#L140-120").selected).toEqual({ from: 120, to: 140, epoch: undefined });
    expect(formatView({ ...NOTHING_CHOSEN, selected: { from: 7, to: 9, epoch: "e" } })).toBe("L7-L9&epoch=e");
  });

  test("is readable", () => {
    const view = { ...NOTHING_CHOSEN, filter: query("GET /a:b", "c"), context: 3, display: "terminal" } as const;
    expect(formatView(view)).toBe("filter=c:GET%20/a:b&context=3&view=terminal");
  });

  test("nothing is nothing", () => {
    expect(parseView("")).toEqual(NOTHING_CHOSEN);
    expect(formatView(NOTHING_CHOSEN)).toBe("");
  });

  test.each([
    "#L0", "#L-1", "#L1e3", "#L99999999999999999999", "#top", "#find=", "#find=abc", "#find=x:abc", "#find=:", "#%", "#find=%E0%A4%A", "#context=-1",
    "#context=1000", "#from=5", "#from=9&to=5", "#from=a&to=b", "#view=other", `#find=:${"x".repeat(1001)}`,
  ])("%s makes no sense and is nothing", (hash) => {
    expect(parseView(hash)).toEqual(NOTHING_CHOSEN);
  });

  test("whatever is chosen comes back from the URL", () => {
    const random = seededRandom(1);
    const texts = ["error", "a&b=c#d", "100 %", "%41", "ünï 漢 😀", "+", ":", "r:", "<script>", "\\d+\\s", "a\tb", "L5"];
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const some = (): Query => query(pick(texts), ["", "r", "c", "v"].map((flag) => (random() < 0.5 ? flag : "")).join(""));
    const maybe = <T>(value: T): T | undefined => (random() < 0.5 ? value : undefined);
    for (let i = 0; i < 500; i++) {
      const from = 1 + Math.floor(random() * 1e9);
      const view: ViewState = {
        find: maybe(some()),
        filter: maybe(some()),
        context: Math.floor(random() * 4),
        marks: Array.from({ length: Math.floor(random() * 4) }, some),
        selected: maybe({ from, to: from + Math.floor(random() * 3), epoch: maybe(pick(texts)) }),
        range: maybe({ from: from * 1e6, to: from * 1e6 + 5 }),
        display: pick(["log", "terminal", undefined]),
      };
      expect(parseView(`#${formatView(view)}`)).toEqual(view);
    }
  });

  test("whatever the URL says is read, and says the same from then on", () => {
    const random = seededRandom(2);
    const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? "";
    const names = ["", "L", "find=", "filter=r:", "mark=", "mark=c:", "mark=rv:", "from=", "to=", "context=", "epoch=", "view=", "__proto__=", "constructor=", "a", "=", "#"];
    const values = [
      ...["", "0", "1", "5-L1", "5-1", "-", "-1", "1e9", "NaN", "Infinity", "00012", "9007199254740991", "9007199254740993", "9999999999999999"],
      ...["9".repeat(17), "9".repeat(400), "1-L9999999999999999", "%", "%4", "%zz", "%E0%A4%A", "%00", "%0a", "%ED%A0%80", "%23", "%26", "\ud800", "\udfff\ud800"],
      ...["<script>alert(1)</script>", "javascript:alert(1)", ":", "r:", "c:(?:.{0,30}a){30}c", "x".repeat(100_000), ":" + "y".repeat(1000), "😀", "log", "terminal"],
    ];
    for (let i = 0; i < 3000; i++) {
      const parts = Array.from({ length: 1 + Math.floor(random() * 12) }, () => pick(names) + pick(values) + (random() < 0.3 ? pick(values) : ""));
      const hash = `#${parts.join("&")}`;
      const said = formatView(parseView(hash));
      expect(formatView(parseView(said)), hash.slice(0, 300)).toBe(said);
    }
  });

  test("thousands of parts are a few", () => {
    const view = parseView(`#${"mark=:a&L5&L9&find=:x&filter=r:(&".repeat(5000)}from=1&to=2`);
    expect(view.marks).toHaveLength(MOST_MARKS);
    expect(view).toMatchObject({ find: query("x"), filter: query("(", "r"), selected: { from: 5, to: 5 }, range: { from: 1, to: 2 } });
  });

  test("one part that makes no sense leaves the others as they are", () => {
    for (const wrong of ["L0", "mark=%E0%A4%A", "context=-1", "from=x", "find=zz", "%", "&&&", "view=<b>"]) {
      expect(parseView(`#L7&${wrong}&filter=:b&mark=:c`)).toMatchObject({ selected: { from: 7 }, filter: query("b"), marks: [query("c")] });
    }
  });

  test("half a character is shared as the sign for one", () => {
    // A field's value in JSON, or what a field's length has cut.
    expect(formatView({ ...NOTHING_CHOSEN, filter: query("a\ud800b\udfff😀") })).toBe("filter=:a%EF%BF%BDb%EF%BF%BD%F0%9F%98%80");
  });

  test("queries are the same when all of them is", () => {
    expect(sameQuery(query("a", "r"), query("a", "r"))).toBe(true);
    expect(sameQuery(query("a", "r"), query("a"))).toBe(false);
    expect(sameQuery(undefined, undefined)).toBe(true);
    expect(sameQuery(query("a"), undefined)).toBe(false);
  });
});

describe("settings", () => {
  test("come back as they were", () => {
    const changed = { ...DEFAULTS, theme: "light", fontSize: 16, wrap: false, times: "utc", timeline: true, keys: false } as const;
    expect(parseSettings(JSON.stringify(changed))).toEqual(changed);
  });

  test.each([null, "", "{", "null", "5", "[]", '{"theme":"pink","fontSize":"big","wrap":1,"times":7}'])("%s is as by default", (stored) => {
    expect(parseSettings(stored)).toEqual(DEFAULTS);
  });

  test("a font is never too small to read", () => {
    expect(parseSettings('{"fontSize":1}').fontSize).toBe(9);
    expect(parseSettings('{"fontSize":1000}').fontSize).toBe(28);
  });
});
