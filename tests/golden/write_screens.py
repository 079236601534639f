"""Writes screens.json: outputs, and how to replay them, for the page's terminal to try.

Whoever is fed the parts has to show what one shows that was fed everything, where they are exact.
Run as ``python -m tests.golden.write_screens`` when the tracker changes; tests/text/test_golden.py
holds that the file says what it does, and ui/test/screens.test.ts that the terminal agrees.
"""

import base64
import json
import random
from pathlib import Path
from typing import Any

from webtee.log.log import Log
from webtee.log.record import Kind
from webtee.replay import Limits, replay
from webtee.text.screen import Screen

FILE = Path(__file__).with_name("screens.json")
COLS, ROWS = 12, 5
COUNT = 150
LIMITS = Limits(whole=40, most=400, past=30)

_TEXTS = (
    "a",
    "word",
    "two\r\n",
    "\r",
    "\n",
    "\t",
    "漢字",
    "🎉",
    "e\u0301",
    "long line of it ",
    "\b",
)
_STYLES = (
    "[m", "[0m", "[1m", "[31m", "[42;1m", "[38;5;200m", "[48;2;1;2;3m", "[7m", "[39;49m", "[0;4:3m",
    "]8;;http://example.org/\a\x1b[4m", "]8;;\a", "]0;title\a", "]2;<script>\x1b\\",
)  # fmt: skip
_MOVES = (
    "[A", "[2B", "[3C", "[D", "[2;3H", "[4;1f", "[9;9H", "[3d", "[5G", "[E", "[F", "M", "D", "E",
    "[K", "[1K", "[2P", "[2@", "[L", "[2M", "[S", "[T", "[3X", "7", "8", "[s", "[u", "[3b", "[Z",
)  # fmt: skip
_CLEARS = ("[H", "[H", "[J", "[2J", "[3J", "[1J", "[H\x1b[J", "[H\x1b[2J", "[2J\x1b[H", "[1;1H")
_MODES = (
    "[?7l", "[?7h", "[?6h", "[?6l", "[4h", "[4l", "[20h", "[20l", "[?25l", "[?25h", "[?1;2004h",
    "[?45h", "=", ">", "(0", "(B", ")0", "[2;4r", "[r", "[1;3r", "[2 q", "[!p", "[?1000;1006h",
    "[?1000l", "[?2026h", "[?2026l",
)  # fmt: skip
_SCREENS = ("[?1049h", "[?1049l", "[?1049h\x1b[H\x1b[2J", "[?1047h", "[?1047l", "[?47h", "[?1048h")
_RARE = ("c", "[?1048l", "[3g", "H", "(0\x0e", "\x0f")
_RESTORES = (b"\x1b8", b"\x1b[u", b"\x1b[?1048l", b"\x1b[?1049l")
_EXTENDED = (b"]8;", b"4:3")
_KINDS = (_STYLES, _MOVES, _CLEARS, _MODES, _SCREENS, _RARE)


def output(choose: random.Random) -> bytes:
    """Return what some program wrote."""
    wild = choose.random() < 0.5
    weights = (6, 8, 3, 2, 2, 0.3) if wild else (6, 3, 2, 1, 1, 0)
    parts: list[str] = []
    for _ in range(choose.randrange(5, 80)):
        if choose.random() < 0.5:
            parts.append(choose.choice(_TEXTS))
        else:
            sequence = choose.choice(choose.choices(_KINDS, weights)[0])
            parts.append(sequence if sequence[0] < " " else f"\x1b{sequence}")
    return "".join(parts).encode()


def case(data: bytes) -> dict[str, Any]:
    """Return an output, and how to replay it."""
    log, screen = Log("e"), Screen(COLS, ROWS)
    log.append(Kind.OUTPUT, data, 1)
    screen.feed(data)
    parts, exact = replay(log, screen, LIMITS)
    return {
        "output": base64.b64encode(data).decode(),
        "exact": exact,
        "parts": [[part.start, part.end, part.before.decode("latin-1")] for part in parts],
    }


def cases(count: int = COUNT, seed: int = 3) -> dict[str, Any]:
    """Return what the file holds."""
    choose = random.Random(seed)
    made: list[dict[str, Any]] = []
    while len(made) < count:
        data = output(choose)
        # xterm.js forgets underlines and links only half when it restores the cursor.
        if any(each in data for each in _RESTORES) and any(each in data for each in _EXTENDED):
            continue
        new = case(data)
        # Those whose replay is everything prove nothing.
        if new["exact"] and (len(new["parts"]) > 1 or new["parts"][0][0] > 0):
            made.append(new)
    return {"cols": COLS, "rows": ROWS, "cases": made}


if __name__ == "__main__":
    FILE.write_text(json.dumps(cases(), indent=1) + "\n")
