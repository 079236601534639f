// Characters that combine share a cell of the terminal, but not without end: a browser takes time by the square of what
// one cell holds, and 30,000 accents on one letter are a minute in which the page stands still. What xterm.js's own
// reckoning says is kept; only how many characters a cell has got is counted beside it.
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import type { ITerminalAddon, IUnicodeHandling, IUnicodeVersionProvider, Terminal } from "@xterm/xterm";

/** Characters that join one before them; what follows is in a cell of its own. */
const MOST_JOINED = 31;
/** xterm.js describes a character in 27 bits, of which the lowest says that it joins; the others here count. */
const COUNT_FROM = 27;
const DESCRIPTION = (1 << COUNT_FROM) - 1;

function bounded(provider: IUnicodeVersionProvider): IUnicodeVersionProvider {
  return {
    version: provider.version,
    wcwidth: (codepoint) => provider.wcwidth(codepoint),
    charProperties(codepoint, preceding) {
      const joined = preceding >>> COUNT_FROM;
      const properties = provider.charProperties(codepoint, joined < MOST_JOINED ? preceding & DESCRIPTION : 0);
      return (properties & 1) === 0 ? properties : properties | ((joined + 1) << COUNT_FROM);
    },
  };
}

export class Graphemes implements ITerminalAddon {
  readonly #addon = new UnicodeGraphemesAddon();

  activate(terminal: Terminal): void {
    const { unicode } = terminal;
    const own: IUnicodeHandling = {
      versions: unicode.versions,
      register: (provider) => unicode.register(bounded(provider)),
      get activeVersion() {
        return unicode.activeVersion;
      },
      set activeVersion(version) {
        unicode.activeVersion = version;
      },
    };
    this.#addon.activate(Object.create(terminal, { unicode: { value: own } }) as Terminal);
  }

  dispose(): void {
    this.#addon.dispose();
  }
}
