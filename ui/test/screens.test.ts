// The terminal that is fed a replay shows what one shows that was fed everything: outputs and their replays as the
// server's tracker makes them (tests/golden/screens.json, written by Python).
import { readFileSync } from "node:fs";
import { Terminal } from "@xterm/xterm";
import { expect, test } from "vitest";

interface Case {
  readonly output: string;
  readonly parts: readonly (readonly [from: number, to: number | null, before: string])[];
}

const golden = JSON.parse(readFileSync(new URL("../../tests/golden/screens.json", import.meta.url), "utf8")) as {
  readonly cols: number;
  readonly rows: number;
  readonly cases: readonly Case[];
};

async function shown(pieces: readonly (string | Uint8Array)[]): Promise<string[]> {
  const terminal = new Terminal({ cols: golden.cols, rows: golden.rows, allowProposedApi: true });
  // It throws where this erases in the last row of all: see components/terminal/webtee-terminal.ts.
  terminal.parser.registerCsiHandler({ final: "J" }, ([how]) => how === 1);
  for (const piece of pieces) await new Promise<void>((done) => terminal.write(piece, done));
  const { active } = terminal.buffer;
  const lines = [`${active.type} ${active.cursorX},${active.cursorY}`];
  for (let y = 0; y < terminal.rows; y++) {
    const line = active.getLine(active.baseY + y);
    const cells = [];
    for (let x = 0; x < terminal.cols; x++) {
      const cell = line?.getCell(x);
      if (cell === undefined) continue;
      const flags = [cell.isBold(), cell.isInverse(), cell.isUnderline()].map(Boolean).map(Number).join("");
      cells.push(`${cell.getChars() || " "}${cell.getFgColor()}/${cell.getBgColor()}/${flags}`);
    }
    lines.push(cells.join(" "));
  }
  terminal.dispose();
  return lines;
}

test.each(golden.cases.map((each, index) => [index, each] as const))("the replay of output %i shows the same", async (_, each) => {
  const output = Buffer.from(each.output, "base64");
  const pieces = each.parts.flatMap(([from, to, before]) => [before, output.subarray(from, to ?? output.length)]);
  // What comes next depends on more than what is seen: modes, margins, character sets, colours.
  const next = "q\r\nlong line of text that wraps\x1b[Az\n\n\n\x1b[3;3Hm";
  expect(await shown(pieces)).toEqual(await shown([output]));
  expect(await shown([...pieces, next])).toEqual(await shown([output, next]));
});
