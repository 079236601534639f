"""Patterns: what is refused, and in which words; nothing is kept of those that were used."""

import subprocess
import sys

import pytest
import re2

from tests.search.naive import result_of
from webtee.errors import PatternError
from webtee.search.pattern import Pattern
from webtee.search.scan import matching


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("a(b", "missing ): a(b"),
        ("a)|(b", "unexpected ): a)|(b"),
        ("[z-a]", "invalid character class range: z-a"),
        ("(a)\\1", "invalid escape sequence: \\1"),
        ("(?=a)", "invalid perl operator: (?="),
        ("x{5000}", "invalid repetition size: {5000}"),
        ("((x{9}){9}", "missing )"),
        ("\\pL{900}", "too large"),
        ("(?i)\\pL{1,25}", "too large"),
        ("(?i)" + "\\pL|" * 200, "\\p and \\P may be used 10 times"),
        ("(\x1b[2J\x1b]0;x\x07", "missing ): (\\x1b[2J\\x1b]0;x\\x07"),
        ("(é\n", "missing ): (é\\n"),
        ("x" * 1001, "1001 bytes; at most 1000"),
    ],
)
def test_what_cannot_be_searched_for_is_refused_with_the_reason(query: str, says: str) -> None:
    with pytest.raises(PatternError) as error:
        Pattern(query, regex=True)
    assert says in str(error.value)
    assert str(error.value).isprintable()


@pytest.mark.parametrize("query", ["a(b", "[", "\\", "a.c", "^", "\x00", "é*", "🎉+"])
@pytest.mark.parametrize("ignore_case", [True, False])
def test_a_text_is_found_as_it_is(query: str, ignore_case: bool) -> None:
    text = f"nothing\n{query}\nabc\n{query.upper()}{query}\n".encode()
    text += f"{query}\n".encode() * 20
    assert result_of(matching(text, Pattern(query, ignore_case=ignore_case))) == [1, 1, 3, 21]


@pytest.mark.parametrize("query", [r"\Aab", r"ab\z", r"a\C\Cb|^ab", r"(?-m)^ab$", r"\Qab"])
def test_ends_bytes_and_quotes_are_each_lines_own_even_in_long_runs(query: str) -> None:
    text = b"ab\n" * 40 + b"xaxbx\n" + b"ab\n" * 40
    assert result_of(matching(text, Pattern(query, regex=True))) == [0, 40, 41, 40]


def test_case_is_that_of_unicode() -> None:
    assert result_of(matching("ÉÀ\néà\nea\n".encode(), Pattern("éÀ"))) == [0, 2]
    assert result_of(matching("ÉÀ\néà\nea\n".encode(), Pattern("éà", ignore_case=False))) == [1, 1]


def test_what_is_no_text_is_in_no_line() -> None:
    assert result_of(matching(b"a\n\nb\n", Pattern("\n"))) == []
    assert result_of(matching(b"abc\n", Pattern("\udc80", ignore_case=False))) == []


def test_hostile_patterns_take_linear_time() -> None:
    text = (b"a" * 5000 + b"\n") * 20
    for query in ("(a+)+$x", "(a|aa)+b", "(?:a|b)*a(?:a|b){100}c", "(.*)*(.*)*x"):
        assert result_of(matching(text, Pattern(query, regex=True))) == []


@pytest.mark.parametrize(
    "query", [r"(\pL|\pN){200}", r"(((\pL{1,5}){1,5}){1,5})x", r"(?i)(?:[^k\pL]{9}){99}"]
)
def test_what_is_too_large_is_refused_before_it_is_compiled_whole(
    query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    compiled = re2.compile

    def compile_it(source: bytes, options: re2.Options) -> object:
        made = compiled(source, options)
        sizes.append(made.programsize)
        return made

    monkeypatch.setattr(re2, "compile", compile_it)
    with pytest.raises(PatternError):
        Pattern(query, regex=True)
    assert max(sizes, default=0) < 70_000


def test_compiled_patterns_are_not_collected() -> None:
    Pattern("a", regex=True)
    assert re2._Regexp._make.cache_info().currsize == 0


def test_who_searches_nothing_does_not_wait_for_what_searching_needs() -> None:
    ask = "import sys, webtee.app; print({'re2', 'webtee.search.scan'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
