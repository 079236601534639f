"""Writes records.json: vectors that every decoder of ``webtee.v1`` has to read, the page's too.

Run as ``python tests/golden/write.py`` when the layout changes. tests/log/test_golden.py holds that
the file says what the encoder does.
"""

import base64
import json
from pathlib import Path
from typing import Any

from webtee.log.log import Log
from webtee.log.record import Kind, decode

FILE = Path(__file__).with_name("records.json")

_TIME = 1_700_000_000_123_456

_CASES: dict[str, list[tuple[Kind, bytes]]] = {
    "a run": [
        (
            Kind.EVENT,
            b'{"event": "start", "run": 1, "command": ["make"], "pid": 4242, "pty": true}',
        ),
        (Kind.OUTPUT, b"one\r\ntwo\r\n"),
        (Kind.OUTPUT, b"no newline at the end"),
        (Kind.EVENT, b'{"event": "exit", "run": 1, "code": 0, "signal": null, "seconds": 1.5}'),
    ],
    "stdout and stderr meet in the middle of a line": [
        (Kind.OUTPUT, b"out without an end"),
        (Kind.STDERR, b"err\nerr without an end"),
        (Kind.OUTPUT, b"out\n"),
        (Kind.OUTPUT, b"\n\n"),
    ],
    "every byte, cut within characters": [
        (Kind.OUTPUT, bytes(range(256))),
        (Kind.OUTPUT, "żółć 漢字 🎉".encode()[:-2]),
        (Kind.OUTPUT, "🎉".encode()[-2:] + b"\n"),
        (Kind.OUTPUT, b"\xff\xfe\xc3"),
    ],
    "an event within a line": [
        (Kind.OUTPUT, b"first half, "),
        (Kind.EVENT, b'{"event": "resize", "cols": 80, "rows": 24}'),
        (Kind.OUTPUT, b"second half\n"),
    ],
    "the largest record": [(Kind.OUTPUT, b"0123456789abcde\n" * 8192)],
    "repeats reach back into earlier messages": [
        (Kind.OUTPUT, b"GET /index.html HTTP/1.1 200 OK\n") for _ in range(20)
    ],
}


def cases() -> list[dict[str, Any]]:
    """Return the vectors as the encoder makes them now."""
    made = []
    for name, records in _CASES.items():
        log = Log("golden")
        for index, (kind, payload) in enumerate(records):
            log.append(kind, payload, _TIME + 16_000 * index)
        (segment,) = log.segments
        made.append(
            {
                "name": name,
                "segment_body": base64.b64encode(segment.body()).decode(),
                "records": [
                    {
                        "seq": record.seq,
                        "kind": int(record.kind),
                        "time": record.time,
                        "line": record.line,
                        "offset": record.offset,
                        "payload": base64.b64encode(record.payload).decode(),
                    }
                    for record in decode(b"".join(segment.records()))
                ],
            }
        )
    return made


if __name__ == "__main__":
    FILE.write_text(json.dumps({"cases": cases()}, indent=1) + "\n")
