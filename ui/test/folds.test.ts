import { expect, test } from "vitest";
import { belonging } from "../src/core/text/folds.ts";
import { bytes, random } from "./helpers.ts";

/** How many lines belong to each line of a text; lines that nothing belongs to are left out. */
function folds(text: string, from = 1, to?: number): { [key: number]: number } {
  const lines = text.split("\n");
  return Object.fromEntries(belonging((n) => (n < 1 || n > lines.length ? undefined : bytes(lines[n - 1] ?? "")), from, to ?? lines.length + 1));
}

const PYTHON = `2024-05-01 10:00:00,123 ERROR request failed
Traceback (most recent call last):
  File "app.py", line 3, in <module>
    main()
KeyError: 'user'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "app.py", line 5, in <module>
    raise RuntimeError("no user") from error
RuntimeError: no user
2024-05-01 10:00:01,000 INFO next`;

const JAVA = `Exception in thread "main" java.lang.IllegalStateException: no
\tat com.example.Main.run(Main.java:12)
\tat com.example.Main.main(Main.java:4)
Caused by: java.io.IOException: disk
\t... 2 more
done`;

const NODE = `TypeError: x is not a function
    at run (file:///srv/app.js:10:3)
    at node:internal/main:3:1 {
  code: 'E_X'
}

Node.js v20.19.0`;

const GO = `panic: runtime error: index out of range [3] with length 3

goroutine 1 [running]:
main.(*Server).run(0x1400, {0x1, 0x2})
\t/srv/main.go:8 +0x1d
created by main.main in goroutine 1
\t/srv/main.go:4 +0x39
exit status 2
$ `;

const RUST = `thread 'main' panicked at src/main.rs:2:5:
index out of bounds: the len is 3
stack backtrace:
   0: rust_begin_unwind
             at /rustc/library/std/src/panicking.rs:652:5
   1: core::panicking::panic_fmt
note: Some details are omitted, run with \`RUST_BACKTRACE=full\`
next`;

test.each<[string, string, { [key: number]: number }]>([
  ["a Python traceback after a log line", PYTHON, { 1: 11 }],
  ["Java causes", JAVA, { 1: 4 }],
  ["Node's properties of an error", NODE, { 1: 4 }],
  ["a Go panic", GO, { 1: 7 }],
  ["a Rust panic", RUST, { 1: 6 }],
  ["indented lines after a log entry", "12:00:01 SELECT\n  a,\n\n  b\n12:00:02 ok", { 1: 3 }],
  ["colours before them", "\x1b[90m12:00:01\x1b[0m q\n\x1b[31m  a\x1b[0m\r\nb", { 1: 1 }],
  ["a compiler's excerpt", "error[E0308]: mismatched types\n --> src/main.rs:2:5\n  |\n2 | let x\n  |\n\nwarning: w", { 1: 4 }],
  ["a container's time on each line", "2024-05-01T10:00:00.1Z stderr F E: x\n2024-05-01T10:00:00.1Z stderr F   at y\n2024-05-01T10:00:01Z ok", { 1: 1 }],
  ["frames after any line", "It broke\n    at run (app.js:1:1)\n    at go (app.js:2:1)", { 1: 2 }],
  ["lines that are merely indented", "total 4\n  a\n  b\n\tc", {}],
  ["progress", "   Compiling serde v1.0\n    Finished dev\nok", {}],
  ["empty lines", "\n\n\n", {}],
])("%s", (_, text, expected) => {
  expect(folds(text)).toEqual(expected);
});

test("any part of a log gives the same answer as all of it", () => {
  const text = [PYTHON, JAVA, NODE, GO, RUST].join("\n");
  const all = folds(text);
  const count = text.split("\n").length;
  const next = random(3);
  for (let i = 0; i < 200; i++) {
    const from = 1 + Math.floor(next() * count);
    const to = from + Math.floor(next() * (count - from + 2));
    const part = Object.fromEntries(Object.entries(all).filter(([line]) => Number(line) >= from && Number(line) < to));
    expect(folds(text, from, to)).toEqual(part);
  }
});

test("an endless entry is looked at within bounds", () => {
  let asked = 0;
  const head = bytes("12:00:00 begins");
  const more = bytes("  goes on");
  const found = belonging((n) => (asked++, n === 1 ? head : n > 1 ? more : undefined), 1, 60);
  expect(asked).toBeLessThan(2200);
  expect(found.get(1)).toBe(2000);
});

test("lines that are not there end every entry", () => {
  expect(belonging((n) => (n === 2 ? undefined : bytes(n === 1 ? "12:00:00 x" : "  y")), 1, 4).size).toBe(0);
});
