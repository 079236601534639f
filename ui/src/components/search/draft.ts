// A query while it is typed: what the field and its switches hold, checked before it takes effect. Each of the two ways to
// search keeps its own.
import { compile, PatternError } from "../../core/text/pattern.ts";
import type { Query, ViewState } from "../../core/view-state.ts";

export type Mode = "find" | "filter";

/** No link holds a longer one. */
export const LONGEST = 1000;

export const NOTHING: Query = { text: "", regex: false, caseSensitive: false, invert: false };

/** Why a query makes no sense, in one line; "" when it does. */
export async function fault(query: Query): Promise<string> {
  try {
    await compile(query);
    return "";
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

/**
 * What changes when the same words shall be used the other way: they move there, unless something else is there already,
 * which is then what is shown.
 */
export function moved(view: ViewState, to: Mode): Partial<ViewState> {
  const from = to === "find" ? "filter" : "find";
  const query = view[from];
  if (query === undefined || view[to] !== undefined) return {};
  return { [from]: undefined, [to]: { ...query, invert: false } };
}
