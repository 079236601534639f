// What the commands in a build's log say to its reader: GitHub's (`::error file=a.c,line=3::message`) and Azure's
// (`##[warning]message`), also behind a time. Those that only end a group say nothing; those that nobody knows are text.

export type CommandKind = "error" | "warning" | "notice" | "debug" | "section" | "command" | "endgroup";

export interface Command {
  readonly kind: CommandKind;
  /** Where the marker begins in the line, and where what it says does. */
  readonly from: number;
  readonly to: number;
  /** What a reader calls it; "" where the message says all. */
  readonly word: string;
  /** Where in the sources, and what about; "" when that is not said. */
  readonly where: string;
}

const LOOKED_AT = 1000;
const COMMAND =
  /^(\s*(?:\d{4}-\d\d-\d\dT[\d:.]{1,20}Z\s+)?)(?:##\[(error|warning|notice|debug|section|command|endgroup)\]|::(error|warning|notice|debug|endgroup)( [^\n]{0,600}?)?::)/;
const WORDS: { readonly [kind in CommandKind]: string } = {
  error: "Error: ",
  warning: "Warning: ",
  notice: "Notice: ",
  debug: "Debug: ",
  section: "",
  command: "",
  endgroup: "",
};

/** What a value or a message says that is escaped as GitHub wants it. */
export function unescaped(text: string): string {
  const codes: { readonly [code: string]: string } = { "25": "%", "0A": "\n", "0D": "\r", "3A": ":", "2C": "," };
  return text.replace(/%(25|0A|0D|3A|2C)/g, (_, code: string) => codes[code] ?? "");
}

function whereOf(said: string): string {
  const fields = new Map(said.split(",").map((field) => {
    const [name = "", ...value] = field.split("=");
    return [name.trim(), unescaped(value.join("="))] as const;
  }));
  const [file, line, column, title] = ["file", "line", "col", "title"].map((name) => fields.get(name) ?? "");
  const place = [file, line, column].filter((each) => each !== "").join(":");
  return [title, place].filter((each) => each !== "").join(" · ");
}

/** The command that a line's text begins with. */
export function commandIn(text: string): Command | undefined {
  const [all = "", before = "", azure, github, said = ""] = COMMAND.exec(text.slice(0, LOOKED_AT)) ?? [];
  const kind = (azure ?? github) as CommandKind | undefined;
  if (kind === undefined) return undefined;
  return { kind, from: before.length, to: all.length, word: WORDS[kind], where: whereOf(said) };
}
