// Numbers and statuses as words, the same everywhere on the page.
import { clockWords } from "../core/time/ticks.ts";
import type { ExitStatus } from "../core/rows/rows.ts";
import type { Phase, StreamInfo } from "../core/log/session.ts";

/** `1,234,567`. Not by Intl.NumberFormat: to make the first one takes a browser a tenth of a cold page's time. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** Few letters for a narrow place: 1,234 as it is, 1.2 M. */
export function shortCount(value: number): string {
  if (value < 100_000) return count(value);
  return value < 1_000_000 ? `${Math.floor(value / 1000)} k` : `${(Math.floor(value / 100_000) / 10).toFixed(1)} M`;
}

/** Lines per second, rounded so that it can be read while it changes. */
export function rateWords(rate: number): string {
  if (rate < 1) return "< 1/s";
  return rate < 100 ? `${Math.round(rate)}/s` : `${shortCount(Math.round(rate / 10) * 10)}/s`;
}

/** What a stream is called. */
export function titleOf(stream: StreamInfo | undefined): string {
  if (stream === undefined) return "webtee";
  return stream.title || stream.command.join(" ") || stream.name;
}

/** How the connection stands. */
export function phaseWords(phase: Phase): string {
  return { connecting: "connecting…", live: "live", reconnecting: "reconnecting…", ended: "ended", gone: "ended" }[phase];
}

/** That nothing comes any more, since a time in milliseconds since the Unix epoch: words that stay true while it lasts. */
export function silentWords(since: number): string {
  return `no word from the server since ${clockWords(since, 1000)}`;
}

/** That the server has not the stream that was followed, but these. */
export function missingWords(others: readonly string[]): string {
  return `webtee was restarted and has no stream of this name any more${others.length === 0 ? "" : `, but “${others.slice(0, 9).join("”, “")}”`}`;
}

export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

export function duration(seconds: number): string {
  if (seconds < 0.0995) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  const [h, m, s] = [Math.floor(rounded / 3600), Math.floor(rounded / 60) % 60, rounded % 60];
  return h > 0 ? `${h} h ${m} min` : `${m} min ${s} s`;
}

/** A stream without a command is fed by standard input, which has an end and no exit code; any but 0 says that it could not be read. */
function inputWords({ code, signal }: ExitStatus): string {
  return signal === null ? (code === 0 ? "ended" : "could not be read any more") : `was interrupted (${signal})`;
}

/** How a run ended, as a sentence without its subject where that is a command. */
export function exitWords(status: ExitStatus, stream: Pick<StreamInfo, "command"> | undefined): string {
  const lasted = `after ${duration(status.seconds)}`;
  if (stream?.command.length === 0) return `Standard input ${inputWords(status)} ${lasted}`;
  return `${status.signal === null ? `exited with code ${status.code ?? "?"}` : `ended by ${status.signal}`} ${lasted}`;
}

/** What is said of the end beside the state: ` · exit 0`. */
export function exitMark(status: ExitStatus | undefined, stream: Pick<StreamInfo, "command"> | undefined): string {
  if (status === undefined) return "";
  if (status.signal !== null) return ` · ${status.signal}`;
  if (stream?.command.length === 0) return status.code === 0 ? "" : " · not read to its end";
  return ` · exit ${status.code ?? "?"}`;
}

/** A command as one would type it into a shell. */
export function commandWords(command: readonly string[]): string {
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

/** A text whose blanks at the ends can be seen. */
export function endsShown(text: string): string {
  return text.replace(/^\s+|\s+$/g, (blanks) => "␣".repeat(blanks.length));
}
