"""Output that is made to hurt, by name: what a hostile program writes, for both views.

A case is what comes between two lines of the tests' own. Scripts in it say so: they set
``window.pwned``, which the tests' ears hear, or ask ``http://evil.example``, which they hear, too.
"""

import json
from collections.abc import Iterator

ESC = "\x1b"
ST = f"{ESC}\\"
CSI = f"{ESC}["

SCRIPTS = [
    "<script>window.pwned='script'</script>",
    "<img src=x onerror=\"window.pwned='img'\">",
    "<img src='http://evil.example/img'>",
    "<svg/onload=window.pwned='svg'>",
    "<iframe srcdoc=\"<script>parent.pwned='srcdoc'</script>\"></iframe>",
    "<iframe src='javascript:parent.pwned=1'></iframe>",
    "<link rel=stylesheet href=http://evil.example/css>",
    "<style>@import 'http://evil.example/import';</style>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<base href=http://evil.example/>",
    "<form action=http://evil.example/><input autofocus onfocus=window.pwned=1></form>",
    "<object data=http://evil.example/></object><embed src=http://evil.example/>",
    "\"><script>window.pwned='attribute'</script>",
    "'-(window.pwned='quote')-'",
    "${(window.pwned='template')}",
    "{{constructor.constructor('window.pwned=1')()}}",
    "</title></textarea></span></webtee-log><script>window.pwned='closed'</script>",
    "<!--?lit$123$--><?lit$123$><webtee-app></webtee-app>",
    "&lt;script&gt;window.pwned='entity'&lt;/script&gt; &#60;img src=x onerror=window.pwned=1&#62;",
]

ADDRESSES = [
    "javascript:window.pwned='link'",
    "JaVaScRiPt:window.pwned='case'",
    " javascript:window.pwned='blank'",
    "java\tscript:window.pwned='tab'",
    "javascript://evil.example/%0awindow.pwned=1",
    "vbscript:msgbox(1)",
    "data:text/html,<script>opener.pwned='data'</script>",
    "blob:http://evil.example/3f1c",
    "file:///etc/passwd",
    "http:javascript:window.pwned=1",
    "http://",
    "http:///evil.example",
    "http:\\\\evil.example\\",
    "https://good.example@evil.example:99999/",
    "http://[::::::]/",
    "http://\u202emoc.elpmaxe",
    "//evil.example/",
    "mailto:",
    "http://a.example/" + "a" * 100_000,
    "http://a.example/" + ";" * 1000,
    "http://a.example/\x00\x01\x02",
    "http://a.example/<b>'\"`&amp;",
]

NUMBERS = ["0", "-1", "99999999999", "2147483647", "18446744073709551616", "1e9", "0" * 5000 + "9"]
FINALS = "@ABCDEFGHIJKLMPSTXZ`abcdefghilmnpqrstux~"

_BIG = 60_000


def _sequences() -> Iterator[tuple[str, str]]:
    yield "CSI without end", f"{CSI}" + "1;" * 20_000
    yield "CSI with huge numbers", "".join(f"{CSI}{n}{f}" for f in FINALS for n in NUMBERS)
    yield (
        "CSI with huge numbers, as one character",
        "".join(f"\x9b{n}{f}" for f in FINALS for n in NUMBERS),
    )
    yield "CSI with two of them", "".join(f"{CSI}{n};{n}{f}" for f in "Hfrtm" for n in NUMBERS)
    yield "CSI to and fro", f"{CSI}99999999999;99999999999H*{CSI}-5;-5H*" * 100
    for final in "LMSTIZ":
        yield f"CSI {final} without end", f"{CSI}2147483647{final}" * 20
    yield "REP", f"x{CSI}2147483647b" * 3 + f"漢{CSI}2147483647b" + f"x{CSI}9999b" * 30
    yield "REP of what combines", f"e\u0301{CSI}2147483647b" * 5
    yield "ECH, ICH and DCH", f"a{CSI}2147483647X{CSI}2147483647@{CSI}2147483647P" * 500
    yield "columns", f"{CSI}2147483647'}}{CSI}2147483647'~{CSI}2147483647 @{CSI}2147483647 A" * 50
    yield (
        "modes that are none",
        "".join(f"{CSI}?{n}h{CSI}{n}h{CSI}?{n}l{CSI}{n}l" for n in range(3000)),
    )
    yield (
        "modes asked for",
        "".join(f"{CSI}?{n}$p" for n in range(2000)) + f"{CSI}c{CSI}>c{CSI}6n" * 100,
    )
    yield "screens, to and fro", f"{CSI}?1049h{CSI}?47h{CSI}?1047l{CSI}?1049l" * 500
    yield "saved and restored", f"{ESC}7{CSI}999;999H{ESC}8{CSI}u{CSI}s" * 500
    yield (
        "margins",
        "".join(f"{CSI}{a};{b}r{CSI}S{CSI}T" for a, b in ((5, 2), (0, 0), (9999, 1), (24, 24))),
    )
    yield "window", "".join(f"{CSI}{n};1000000;1000000t" for n in range(25))
    yield "tab stops", f"{ESC}H" * 1000 + f"{CSI}3g" + "\t" * 1000 + f"{CSI}2147483647I"
    yield "colours", f"{CSI}38;2;{CSI}48;5;{CSI}38:2:::::::1m{CSI}38;5;99999999999m{CSI}4:9m" * 500
    yield "a million colours in one line", "".join(f"{CSI}3{n % 8}mx" for n in range(1_000_000))
    yield "colours that change", "".join(f"{CSI}{n % 108}m{n}" for n in range(20_000))
    yield "DECALN and sizes", f"{ESC}#8{ESC}#3{ESC}#4{ESC}#6" * 200
    yield (
        "character sets",
        f"{ESC}(0{ESC})0{ESC}%G{ESC}%@\x0e\x0f{ESC}(\x0e" * 500 + f"{ESC}(B{ESC})B",
    )
    yield "reset", f"{ESC}c" * 300
    yield "status line", f"{CSI}1$~{CSI}1$}}status{CSI}0$}}"
    yield "ESC alone", ESC * 30_000
    yield "cut in the middle", f"{CSI}38;5;{ESC}]8;;{ESC}P{ESC}_{ESC}^{ESC}X{ESC}"
    yield "C1 controls", "".join(chr(code) for code in range(0x80, 0xA0)) * 50 + ST
    yield "all of C0", "".join(chr(code) for code in range(0x20) if code not in (0x0A, 0x1B)) * 100


def _strings() -> Iterator[tuple[str, str]]:
    for n in (0, 1, 2, 9, 21, 777):
        yield f"OSC {n}: titles", "".join(f"{ESC}]{n};{script}\x07" for script in SCRIPTS)
    yield "OSC 0 without end", f"{ESC}]0;" + "t" * _BIG
    yield (
        "OSC 52",
        "".join(
            f"{ESC}]52;{kind};{data}\x07"
            for kind in "cps07"
            for data in ("?", "cHduZWQ=", "!!!", "A" * 9999)
        ),
    )
    progress = [
        "",
        "1",
        "5;5",
        "1;-1",
        "1;999",
        "1;1e9",
        "1;NaN",
        "9;9;9",
        "1;" + "9" * 2000,
        "<b>;<b>",
    ]
    yield "OSC 9;4", "".join(f"{ESC}]9;4;{p}{ST}" for p in progress) + f"{ESC}]9;4;0;0{ST}"
    yield (
        "OSC 9;4, a storm",
        "".join(f"{ESC}]9;4;{n % 5};{n % 101}{ST}" for n in range(100_000)) + f"{ESC}]9;4;0;0{ST}",
    )
    yield (
        "OSC 9 and 777: notifications",
        "".join(f"{ESC}]9;{s}\x07{ESC}]777;notify;{s};{s}\x07" for s in SCRIPTS),
    )
    yield (
        "OSC 4, 10 and 11",
        "".join(
            f"{ESC}]{n};{c}\x07"
            for n in ("4;1", "10", "11", "104")
            for c in ("?", "#fff", "url(http://evil.example/)", "x" * 999)
        ),
    )
    yield (
        "OSC 7 and 633",
        f"{ESC}]7;file://evil.example/etc\x07{ESC}]633;P;Cwd=/;<b>\x07{ESC}]133;A\x07{ESC}]1337;SetMark\x07",
    )
    yield (
        "OSC with wild numbers",
        "".join(f"{ESC}]{n};x\x07" for n in ("", "-1", "99999999999", "8e3", "x")),
    )
    yield "OSC 8", "".join(f"{ESC}]8;;{address}{ST}a link{ESC}]8;;{ST} " for address in ADDRESSES)
    yield (
        "OSC 8 with parameters",
        "".join(
            f"{ESC}]8;{p};http://a.example/{ST}x{ESC}]8;;{ST}"
            for p in ("id=1", "id=" + "i" * _BIG, "id=<b>:id=2", ":::", "onclick=alert(1)")
        ),
    )
    yield "OSC 8 unclosed", f"{ESC}]8;;http://a.example/{ST}never closed"
    yield (
        "OSC 8 in each other",
        "".join(f"{ESC}]8;id={n % 7};http://a.example/{n}{ST}{n}" for n in range(3000))
        + f"{ESC}]8;;{ST}",
    )
    yield (
        "OSC 8, a hundred thousand in one line",
        "".join(f"{ESC}]8;;http://a.example/{n}{ST}{n}" for n in range(100_000)) + f"{ESC}]8;;{ST}",
    )
    yield "OSC 8 of all that is long", f"{ESC}]8;;http://a.example/{'a' * 4000}{ST}x" * 12
    yield "DCS without end", f"{ESC}P" + "q" * _BIG
    yield "DCS that ask", f"{ESC}P$qm{ST}{ESC}P+q544e{ST}{ESC}P1000p{ST}{ESC}P=1s{ST}" * 100
    yield "sixel", f'{ESC}Pq"1;1;100000;100000#0;2;0;0;0#0!2147483647~-!2147483647~{ST}'
    yield "sixel without end", f"{ESC}Pq" + "#1!99999~$-" * 5000
    yield (
        "iTerm2's images",
        f"{ESC}]1337;File=inline=1;width=100000px;height=100000px:{'iVBORw0KGgo' * 2000}\x07"
        f"{ESC}]1337;File=name=aHR0cDovL2V2aWwuZXhhbXBsZQ==;inline=1:\x07",
    )
    yield (
        "kitty's images",
        f"{ESC}_Ga=T,f=32,s=100000,v=100000,m=1;{'AAAA' * 2000}{ST}"
        f"{ESC}_Ga=T,t=f;L2V0Yy9wYXNzd2Q={ST}{ESC}_Ga=d{ST}",
    )
    yield (
        "APC, PM and SOS",
        f"{ESC}_{SCRIPTS[0]}{ST}{ESC}^{SCRIPTS[1]}{ST}{ESC}X{SCRIPTS[2]}{ST}{ESC}k{SCRIPTS[3]}{ST}",
    )
    yield "strings in each other", f"{ESC}]0;{ESC}P{ESC}_{ESC}]8;;{ESC}[31m" * 1000 + ST


def _texts() -> Iterator[tuple[str, str]]:
    yield "scripts", "\n".join(SCRIPTS)
    yield "scripts on one line", " ".join(SCRIPTS)
    yield (
        "scripts, coloured",
        "\n".join(f"{CSI}31m{s[:9]}{CSI}1;44m{s[9:]}{CSI}0m" for s in SCRIPTS),
    )
    yield "addresses", "\n".join(address.replace("\x00", "") for address in ADDRESSES)
    yield "many addresses", "http://a.example/?q=1&b=(2) " * 2000
    yield "an address of brackets", "http://a.example/" + "(" * 4000 + ")" * 4000
    yield "combining marks", "e" + "\u0301" * _BIG
    yield "combining marks everywhere", ("z" + "\u0335\u0489\u20dd" * 30) * 500
    yield "joiners", "\u200d".join(["👨"] * 5000) + "👩🏽" + "\U0001f3fd" * 5000
    yield "flags and selectors", "🇩" * 5000 + "☺\ufe0f\ufe0e" * 5000
    yield (
        "right to left",
        "\u202egpj.exe\u202c \u2067abc\u2066def\u2069 שלום עולם مرحبا \u200f" * 200,
    )
    yield "of no width", "a\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u115f\u3164b" * 500
    yield "wide at the edge", ("漢" * 79 + "a" + "漢" * 79) * 20
    yield (
        "astral and private",
        "".join(
            chr(code) for code in (0x10FFFF, 0xE000, 0xFFFE, 0xFDD0, 0x1F9FF, 0x2028, 0x2029, 0x85)
        )
        * 100,
    )
    yield (
        "variation and tags",
        "a" + "".join(chr(0xE0020 + n % 95) for n in range(5000)) + "\U000e007f",
    )
    yield "tabs", "\t" * 20_000 + "x"
    yield "carriage returns", "\r" * _BIG + "x"
    yield "a progress bar without end", "".join(f"\r{n} % {'=' * (n % 100)}" for n in range(3000))
    yield "backspaces", "a\b" * 50_000
    yield "erasing", f"a{CSI}1K{CSI}K{CSI}2K" * 10_000
    yield "cursor in one line", f"{CSI}1000000C*{CSI}1000000D*{CSI}500G" * 3000
    yield "bells", "\x07" * _BIG
    yield "NULs", "\x00" * _BIG + "after"
    yield "form feeds", "\x0b\x0c" * 5000
    yield "empty lines", "\n" * 20_000
    yield "blank lines", (" " * 500 + "\n") * 100


def _structured() -> Iterator[tuple[str, str]]:
    names = ["__proto__", "constructor", "toString", "hasOwnProperty", "", " ", "a.b[0]", *SCRIPTS]
    yield "JSON: names", json.dumps({"level": "error", "msg": "m"} | {name: name for name in names})
    yield (
        "JSON: proto",
        '{"__proto__":{"polluted":1},"level":"__proto__","msg":{"toString":1},"time":"constructor"}\n'
        * 20,
    )
    yield (
        "JSON: scripts",
        "\n".join(
            json.dumps({"time": s, "level": s, "msg": s, s: s, "deep": {s: [s]}}) for s in SCRIPTS
        ),
    )
    yield (
        "JSON: escapes",
        '{"msg":"\\u001b[31mred\\u001b]8;;javascript:1\\u0007\\ud800\\u0000\\u202e\\n\\r\\b","level":"info","a":"\\udfff"}',
    )
    yield "JSON: deep", '{"a":' * 100_000 + "1" + "}" * 100_000
    yield "JSON: deep, within bounds", '{"a":' * 60 + "[" * 2 + "]" * 2 + "}" * 60
    yield "JSON: long value", json.dumps({"level": "info", "msg": "v" * _BIG, "b": "w" * 2000})
    for many in (1000, 100_000):
        yield f"JSON: {many} fields", json.dumps({f"field{n}": n for n in range(many)})
    yield "JSON: ten thousand items", json.dumps({"msg": "m", "items": list(range(5000))})
    yield (
        "JSON: numbers",
        '{"level":1e999,"time":1e999,"ts":-1e308,"n":123456789012345678901234567890,"msg":"m"}',
    )
    yield (
        "JSON: times",
        "\n".join(
            f'{{"time":{t},"level":30,"msg":"m"}}'
            for t in (
                "99999999999999",
                "9999999999999999999",
                "253402300800000",
                "0",
                "-1",
                '"9999-99-99T99:99:99"',
                '"' + "9" * 5000 + '"',
            )
        ),
    )
    yield (
        "JSON: not quite",
        '{"a":' + '"' * 1000 + '\n{"a":"\\"}\n{"a":1,}\n{"a"}\n{,}\n{"a":tru}\n' + '{"":' * 9,
    )
    yield "JSON: blanks", '{"a":' + " " * 40_000 + '1}\n{"level":"info"' + "\t" * 40_000 + "}"
    yield (
        "logfmt: scripts",
        "\n".join(f"level=error msg={json.dumps(s)} name={json.dumps(s)} x=1" for s in SCRIPTS),
    )
    yield "logfmt: names", "level=info msg=m __proto__=1 constructor=2 toString=3 a.b=4 @x=5 -y=6"
    yield "logfmt: a thousand", "level=warn msg=m " + " ".join(f"k{n}=v{n}" for n in range(1000))
    yield (
        "logfmt: not quite",
        'level=info msg="' + "\\" * 20_000 + "\n" + "a=" * 20_000 + "\n" + "a=b " * 10_000 + "no",
    )
    yield (
        "groups",
        "".join(f"::group::{s}\n##[endgroup]\n" for s in SCRIPTS) + "::group::" + "g" * _BIG,
    )
    yield (
        "GitLab's sections",
        "".join(
            f"section_start:{n}:k{n % 5}[collapsed=true]\r{CSI}0K{s}\n"
            f"section_end:1:k{n % 7}\r{CSI}0K\n"
            for n, s in enumerate(SCRIPTS)
        ),
    )
    yield (
        "GitLab's sections, in each other",
        "".join(f"section_start:1:k{n}\r{CSI}0Kin {n}\n" for n in range(10_000))
        + "".join(f"section_end:2:k{n}\r{CSI}0K\n" for n in reversed(range(10_000))),
    )
    yield "groups by the thousand", "::group::g\nin it\n" * 50_000
    yield "Buildkite's groups", "".join(f"--- {s}\n+++ {s}\n~~~ {s}\n" for s in SCRIPTS)
    yield "a stack trace without end", "java.lang.Error: x\n" + "\tat a.b.c(D.java:1)\n" * 200_000
    yield "causes without end", "Error: x\n" + "Caused by: java.lang.Error: y\n    at z\n" * 2000
    yield "a traceback in itself", "Traceback (most recent call last):\n" * 2000
    yield "levels", "ERROR " * 8000 + "\n" + "ERROR x\nWARN y\nfatal: z\n" * 300


_BYTES = {
    "no UTF-8": bytes(range(0x80, 0x100)) * 50,
    "cut characters": b"\xe6\xbc \xf0\x9f\x98 \xc3" * 500,
    "overlong": b"\xc0\xbcscript\xc0\xbe \xe0\x80\xbc \xf0\x80\x80\xbc \xc0\x9b[31m \xc1\x9b" * 100,
    "surrogates": b"\xed\xa0\xbd\xed\xb8\x80 \xed\xa0\x80 \xed\xbf\xbf" * 500,
    "beyond Unicode": b"\xf4\x90\x80\x80 \xf8\x88\x80\x80\x80 \xff\xfe \xfe\xff" * 200,
    "byte order marks": b"\xef\xbb\xbf" * 5000 + b"\xff\xfea\x00b\x00",
    "C1 as bytes": b"\x9b31m \x9d0;t\x9c \x90q\x9c \x85" * 200,
    "Latin-1": "grüße für Jürgen".encode("latin-1") * 200,
    "random bytes": bytes((n * 7919 + (n >> 3) * 104_729) % 256 for n in range(50_000)),
}


def _all() -> Iterator[tuple[str, bytes]]:
    for part in (_texts, _sequences, _strings, _structured):
        for name, text in part():
            yield name, text.encode()
    yield from _BYTES.items()


CASES: dict[str, bytes] = dict(_all())
"""Every case by its name."""
