"""The input of every benchmark: an access log of 800,000 lines and 107 MB, always the same.

It is meant to compress as a real one does, no better: addresses, paths and agents are drawn from
skewed distributions (few are frequent, many are rare), sizes and identifiers are random.
"""

import random
import time
from itertools import accumulate
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

LINES: Final = 800_000
START: Final = 1_760_000_000  # 2025-10-09, an arbitrary and fixed moment
PER_SECOND: Final = 1_000  # log lines per second of the log's own clock

_AGENTS: Final = [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0", 11),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", 7),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Mobile/15E148", 11),
    ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", 7),
    ("Googlebot/2.1 (+http://www.google.com/bot.html)", 8),
    ("kube-probe/1.33", 10),
    ("Prometheus/3.5.0", 7),
    ("curl/8.14.1", 12),
    ("python-requests/2.32.5", 12),
    ("okhttp/5.1.0", 14),
    ("Go-http-client/2.0", 10),
]
_PATHS: Final = [
    ("/api/v1/items/{id}", 22),
    ("/api/v1/users/{id}/orders", 10),
    ("/static/app.{hash}.js", 9),
    ("/static/main.{hash}.css", 6),
    ("/images/{id}.webp", 14),
    ("/search?q={word}&page={page}", 10),
    ("/{word}/{word}-{id}", 12),
    ("/healthz", 9),
    ("/metrics", 5),
    ("/", 3),
]
_STATUS: Final = [(200, 86), (304, 6), (404, 4), (301, 2), (500, 1), (403, 1)]
_METHODS: Final = [("GET", 88), ("POST", 9), ("PUT", 2), ("DELETE", 1)]
_SYLLABLES: Final = [
    "ka",
    "lo",
    "mi",
    "re",
    "tan",
    "ver",
    "sol",
    "ni",
    "da",
    "ber",
    "qua",
    "ti",
    "on",
    "ur",
    "el",
]


def access_log(path: Path, lines: int = LINES) -> Path:
    """Write the log to `path`, unless it is there already.

    Args:
        path: The file.
        lines: How many lines.

    Returns:
        The file.
    """
    if path.exists():
        return path
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="ascii") as file:
        for start in range(0, lines, 20_000):
            file.write("".join(_lines(start, min(20_000, lines - start))))
    unfinished.rename(path)
    return path


def _lines(start: int, count: int) -> list[str]:
    draw = random.Random(start)
    common = random.Random(1)  # the same addresses and words in every part
    addresses = [".".join(str(common.randint(1, 254)) for _ in range(4)) for _ in range(20_000)]
    words = ["".join(common.choices(_SYLLABLES, k=common.randint(2, 4))) for _ in range(2_000)]
    hashes = [f"{common.getrandbits(32):08x}" for _ in range(40)]

    def pick(pairs: list[tuple[T, int]]) -> list[T]:
        return draw.choices([value for value, _ in pairs], [weight for _, weight in pairs], k=count)

    ranks = list(accumulate(1 / rank**0.8 for rank in range(1, len(addresses) + 1)))
    out = []
    for number, address, method, path, status, agent in zip(
        range(start, start + count),
        draw.choices(addresses, cum_weights=ranks, k=count),
        pick(_METHODS),
        pick(_PATHS),
        pick(_STATUS),
        pick(_AGENTS),
        strict=True,
    ):
        moment = time.gmtime(START + number // PER_SECOND)
        target = path.format(
            id=int(draw.paretovariate(0.25)) % 10_000_000,
            hash=draw.choice(hashes),
            word=words[int(draw.paretovariate(0.8)) % len(words)],
            page=draw.randint(1, 9),
        )
        size = 0 if status == 304 else int(draw.lognormvariate(8, 1.6))
        stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000", moment)
        out.append(
            f'{address} - - [{stamp}] "{method} {target} HTTP/1.1" {status} {size} "-" "{agent}"\n'
        )
    return out
