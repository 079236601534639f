// How bad a line is, by the words and numbers that programs use for it.

export const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Level = (typeof LEVELS)[number];

const WORDS: { readonly [level in Level]: string } = {
  trace: "trace trc finest finer verbose silly t v",
  debug: "debug dbg fine debu d",
  info: "info information informational notice inf config log i n",
  warn: "warn warning wrn w",
  error: "error err eror severe e failure failed",
  fatal: "fatal critical crit alert emerg emergency panic dpanic ftl c f a",
};

const BY_WORD = new Map(LEVELS.flatMap((level) => WORDS[level].split(" ").map((word) => [word, level] as const)));

/** The level that a value names: a word, a number of syslog (0 to 7) or one of bunyan and pino (10 to 60). */
export function levelOf(value: string, number: boolean): Level | undefined {
  if (!number && !/^\d\d?$/.test(value)) return value.length > 16 ? undefined : BY_WORD.get(value.toLowerCase());
  const n = Number(value);
  if (!Number.isInteger(n) || n < 0) return undefined;
  if (n <= 7) return n <= 2 ? "fatal" : n === 3 ? "error" : n === 4 ? "warn" : n === 7 ? "debug" : "info";
  return n >= 10 && n < 70 ? LEVELS[Math.floor(n / 10) - 1] : undefined;
}

/** Units of a line in which a level is looked for, by the words that the server counts (src/webtee/search/levels.py). */
const LOOKED_AT = 160;
const LOUD_ERROR = /(?:^|[\s[(<|:/])(?:ERROR|ERR|FATAL|CRIT(?:ICAL)?|SEVERE|PANIC|EMERG|ALERT)(?=$|[\s\])>|:,/])/;
const LOUD_WARNING = /(?:^|[\s[(<|:/])WARN(?:ING)?(?=$|[\s\])>|:,/])/;
const QUIET_ERROR = /(?:^|:\d+:? |^\S{1,40}: )(?:fatal )?(?:error|fatal|panic)(?:\[\w{1,20}\])?: /i;
const QUIET_WARNING = /(?:^|:\d+:? |^\S{1,40}: )warning(?:\[\w{1,20}\])?: /i;
const RAISED = /^Traceback \(most recent call last\):|^Exception in thread |^(?:Uncaught )?(?:[\w$]+\.)*(?:[A-Z]\w*)?(?:Error|Exception)(?:: |$)/;
const ERRORS = [LOUD_ERROR, QUIET_ERROR, /^[EF]\d{4} \d\d:\d\d:/, RAISED];
const WARNINGS = [LOUD_WARNING, QUIET_WARNING, /^W\d{4} \d\d:\d\d:/];

/** Whether a line of text says at its beginning that something is wrong. */
export function troubleIn(text: string): "warn" | "error" | undefined {
  const looked = text.slice(0, LOOKED_AT);
  const says = (pattern: RegExp): boolean => pattern.test(looked);
  return ERRORS.some(says) ? "error" : WARNINGS.some(says) ? "warn" : undefined;
}
