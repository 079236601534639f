import { expect, test } from "vitest";
import { isAddress, links, mayHaveLinks } from "../src/core/text/links.ts";
import { random } from "./helpers.ts";

function hrefs(text: string): string[] {
  return links(text).map(({ href }) => href);
}

test.each<[string, string[]]>([
  ["see https://example.org/a?b=c#d.", ["https://example.org/a?b=c#d"]],
  ["(http://localhost:9000/s/make)", ["http://localhost:9000/s/make"]],
  ["[docs](https://example.org/x), https://en.wikipedia.org/wiki/Foo_(bar).", ["https://example.org/x", "https://en.wikipedia.org/wiki/Foo_(bar)"]],
  ["http://[::1]:8080/a and http://[2001:db8::7]/", ["http://[::1]:8080/a", "http://[2001:db8::7]/"]],
  ["<https://example.org/> \"https://example.org/q\"", ["https://example.org/", "https://example.org/q"]],
  ["HTTPS://EXAMPLE.ORG/!?", ["HTTPS://EXAMPLE.ORG/"]],
  ["请看https://例え.jp/パス。谢谢", ["https://例え.jp/パス"]],
  ["mailto:a.b@example.org, mail", ["mailto:a.b@example.org"]],
  ["url='http://a/b' {http://c/d}", ["http://a/b", "http://c/d"]],
  ["https://u:p@host/x?y=[1]&z={2}", ["https://u:p@host/x?y=[1]&z={2}"]],
  ["a,http://x,http://y", ["http://x,http://y"]],
  ["javascript:alert(1) data:text/html,<script> file:///etc ftp://x", []],
  ["http:// https:///x http://? mailto:x mailto: xhttp://a http:/a", []],
  ["http://a\u202egro.live", ["http://a"]],
  ["https://good.example@evil.example:99999/ http://[::::::]/ http://a:b/ http://%00/ http://1.2.3.999/", []],
])("%j has %j", (text, expected) => {
  expect(hrefs(text)).toEqual(expected);
  if (expected.length > 0) expect(mayHaveLinks(text)).toBe(true);
});

test("links lie in the text where they are, do not overlap, and are addresses", () => {
  const next = random(9);
  const parts = ["http://", "https://", "mailto:", "a", ".b", "/", "(", ")", "[", "]", " ", "?", ",", "@", "\"", "é", "javascript:", "\u202e", "<script>"];
  for (let i = 0; i < 3000; i++) {
    const text = Array.from({ length: Math.floor(next() * 14) }, () => parts[Math.floor(next() * parts.length)]).join("");
    let end = 0;
    for (const { from, to, href } of links(text)) {
      expect(from).toBeGreaterThanOrEqual(end);
      expect(text.slice(from, to)).toBe(href);
      expect(href).toMatch(/^(?:https?:\/\/|mailto:)/i);
      expect(isAddress(href)).toBe(true);
      expect(new URL(href, "http://own/").protocol).toMatch(/^(?:https?|mailto):$/);
      end = to;
    }
  }
});

test("looking for them takes time that grows with the text only", () => {
  for (const text of ["http://)", "http://", "http://a", "mailto:", "http://((((", "http://a "]) {
    expect(links(text.repeat(100_000)).length).toBeLessThanOrEqual(200);
  }
  expect(links(`http://${"a".repeat(5000)}`)).toEqual([]);
});
