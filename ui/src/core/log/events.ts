// Events of a log (records of kind 2) as values: a payload that is none, or of a kind that this page does not know, is
// undefined and ignored, as the wire contract wants it.
import type { Record } from "./record.ts";
import type { ExitStatus } from "../rows/rows.ts";

export type LogEvent =
  | { readonly kind: "start"; readonly command: readonly string[]; readonly pid: number | null }
  | { readonly kind: "exit"; readonly status: ExitStatus }
  | { readonly kind: "mark"; readonly text: string }
  | { readonly kind: "screen"; readonly on: boolean }
  | { readonly kind: "resize"; readonly cols: number; readonly rows: number };

const utf8 = new TextDecoder();

/** Names of the signals of Linux, from 1 on. */
const SIGNALS =
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS".split(
    " ",
  );

function signalName(signal: unknown): string | null {
  if (typeof signal === "string") return signal;
  if (typeof signal !== "number") return null;
  const name = SIGNALS[signal - 1];
  return name === undefined ? `signal ${signal}` : `SIG${name}`;
}

/** Read the payload of an event. */
export function parseEvent({ payload }: Record): LogEvent | undefined {
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(payload));
  } catch {
    return undefined;
  }
  if (typeof json !== "object" || json === null) return undefined;
  const event = json as { readonly [key: string]: unknown };
  switch (event["event"]) {
    case "start": {
      const command: unknown[] = Array.isArray(event["command"]) ? event["command"] : [];
      const pid = typeof event["pid"] === "number" ? event["pid"] : null;
      return { kind: "start", command: command.map(String), pid };
    }
    case "exit": {
      const code = typeof event["code"] === "number" ? event["code"] : null;
      const seconds = typeof event["seconds"] === "number" ? event["seconds"] : 0;
      return { kind: "exit", status: { code, signal: signalName(event["signal"]), seconds } };
    }
    case "mark":
      return typeof event["text"] === "string" ? { kind: "mark", text: event["text"] } : undefined;
    case "screen":
      return { kind: "screen", on: event["on"] === true };
    case "resize": {
      const { cols, rows } = event;
      return isSize(cols) && isSize(rows) ? { kind: "resize", cols, rows } : undefined;
    }
    default:
      return undefined;
  }
}

/** A number of columns or rows that a terminal may have. */
export function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= 65_535;
}
