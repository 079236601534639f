// How one browser likes its logs: kept there, shared with nobody. What is stored may be from another version or not ours
// at all, so each value is checked by itself.

export const THEMES = ["auto", "light", "dark"] as const;
/** What is shown beside a line of its arrival: nothing, a clock (local or UTC), the time that passed until now, since the start of the run. */
export const TIMES = ["off", "local", "utc", "relative", "start"] as const;

export interface Settings {
  readonly theme: (typeof THEMES)[number];
  /** Pixels. */
  readonly fontSize: number;
  /** Long lines go on below; otherwise the view scrolls sideways. */
  readonly wrap: boolean;
  readonly times: (typeof TIMES)[number];
  /** JSON and logfmt lines are shown compactly, with their levels' colours. */
  readonly structured: boolean;
  readonly timeline: boolean;
  /** Single letters and signs on the keyboard do something. */
  readonly keys: boolean;
}

export const SMALLEST_FONT = 9;
export const LARGEST_FONT = 28;

export const DEFAULTS: Settings = { theme: "auto", fontSize: 13, wrap: true, times: "off", structured: true, timeline: false, keys: true };

function oneOf<T extends string>(value: unknown, choices: readonly T[], otherwise: T): T {
  return choices.find((choice) => choice === value) ?? otherwise;
}

function truth(value: unknown, otherwise: boolean): boolean {
  return typeof value === "boolean" ? value : otherwise;
}

/** Read stored settings; whatever is missing or makes no sense is as by default. */
export function parseSettings(stored: string | null): Settings {
  let json: unknown;
  try {
    json = JSON.parse(stored ?? "");
  } catch {
    return DEFAULTS;
  }
  if (typeof json !== "object" || json === null) return DEFAULTS;
  const { theme, fontSize, wrap, times, structured, timeline, keys } = json as { readonly [K in keyof Settings]?: unknown };
  return {
    theme: oneOf(theme, THEMES, DEFAULTS.theme),
    fontSize: fontWithin(typeof fontSize === "number" ? fontSize : DEFAULTS.fontSize),
    wrap: truth(wrap, DEFAULTS.wrap),
    times: oneOf(times, TIMES, DEFAULTS.times),
    structured: truth(structured, DEFAULTS.structured),
    timeline: truth(timeline, DEFAULTS.timeline),
    keys: truth(keys, DEFAULTS.keys),
  };
}

/** The nearest size that can be read and fits. */
export function fontWithin(size: number): number {
  return Math.min(LARGEST_FONT, Math.max(SMALLEST_FONT, Math.round(size)));
}
