"""Options, checked when they are given and shown as people may see them."""

import os

import pytest

from webtee.errors import SettingsError
from webtee.settings import Settings


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("fe80::1%eth0", False),
        ("a-name.example", False),
    ],
)
def test_which_addresses_are_for_this_machine_alone(host: str, local: bool) -> None:
    assert Settings(host=host).local is local


def test_no_address_is_refused_rather_than_taken_for_all() -> None:
    with pytest.raises(SettingsError, match="--host is empty"):
        Settings(host="")


@pytest.mark.parametrize(
    ("given", "shown"),
    [("é€😀", "é€😀"), (os.fsdecode(b"a\xffb"), "a\ufffdb"), (os.fsdecode(b"\xe2\x82"), "\ufffd")],
)
def test_what_is_not_text_is_made_printable(given: str, shown: str) -> None:
    settings = Settings(name=given, title=given, command=("echo", given))
    assert (settings.stream_name, settings.stream_title) == (shown, shown)
    assert settings.shown_command == ("echo", shown)
    assert settings.command == ("echo", given)
    assert Settings(command=(f"/bin/{given}",)).stream_name == shown


def test_names_and_titles_where_none_are_given() -> None:
    def named(*command: str, name: str = "") -> tuple[str, str]:
        settings = Settings(command=command, name=name)
        return settings.stream_name, settings.stream_title

    assert named() == ("stdin", "standard input")
    assert named(name="build") == ("build", "build")
    assert named("/usr/bin/tail", "-F", "a b") == ("tail", "/usr/bin/tail -F 'a b'")
    assert named("tail", name="log") == ("log", "tail")
    assert named("/")[0] == "command"


@pytest.mark.parametrize(
    ("command", "title"),
    [
        (("sh", "-c", "printf 'a b' | cat"), "printf 'a b' | cat"),
        (("/bin/bash", "-e", "-lc", "\n  make\n  make test\n"), "make …"),
        (("sh", "-c", "x" * 81), "x" * 79 + "…"),
        (("sh", "script", "-c", "x"), "sh script -c x"),
        (("sh", "-c"), "sh -c"),
        (("sh", "-c", " "), "sh -c ' '"),
        (("python3", "-c", "print(1)\nprint(2)"), "python3 -c 'print(1) …"),
    ],
)
def test_a_command_makes_a_short_title(command: tuple[str, ...], title: str) -> None:
    assert Settings(command=command).stream_title == title


def test_what_is_about_a_command_does_not_matter_without_one() -> None:
    assert Settings(pty=False, env=("A=b",), cols=9).command == ()


@pytest.mark.parametrize(
    ("size", "expected"),
    [("0", 0), ("9", 9), ("1k", 1024), ("2 KB", 2000), ("64MiB", 64 << 20), ("1G", 1 << 30)],
)
def test_sizes(size: str, expected: int) -> None:
    assert Settings(keep=size).keep_bytes == expected


def test_variables_for_the_command() -> None:
    settings = Settings(env=("A=b c", "B=d=e", "C="))
    assert settings.environment == {"A": "b c", "B": "d=e", "C": ""}
