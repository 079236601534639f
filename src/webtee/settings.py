"""Every option, declared once.

The dataclass below is the declaration: the command line, the environment variables, the Python API
and the reference page in docs/ are made from its fields. Values are checked when it is created.
"""

import dataclasses
import ipaddress
import itertools
import re
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, get_type_hints

from webtee.errors import SettingsError

_UNITS = {"": 1, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}
_UNITS |= {"KB": 10**3, "MB": 10**6, "GB": 10**9, "B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_SHELLS = ("sh", "ash", "bash", "dash", "fish", "ksh", "mksh", "zsh")
_TITLE = 80  # characters that a title has at most, where it is made from a command


@dataclass(frozen=True)
class Option:
    """How a field appears outside the program.

    Attributes:
        help: One sentence for the help and the reference.
        placeholder: What stands for its value there; empty for a flag.
        default: The default in words, where the value does not say it.
        off: For a pair of flags, the one that means false.
    """

    help: str
    placeholder: str = ""
    default: str = ""
    off: str = ""


def _option(value: object, help: str, placeholder: str = "", **more: str) -> Any:  # noqa: A002 (click's word)
    """Declare a field; dataclasses type ``field`` as returning Any, and so must this."""
    return field(default=value, metadata={"option": Option(help, placeholder, **more)})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What webtee is to do.

    Raises:
        SettingsError: A value makes no sense; the message names the option and says what would.
    """

    command: tuple[str, ...] = ()
    """The program and its arguments, as they are. Empty to read standard input."""

    host: str = _option(
        "127.0.0.1",
        "Listen on this address; 0.0.0.0 is the whole network's, without access control.",
        "ADDRESS",
    )
    port: int = _option(9000, "Listen on this port; 0 picks a free one.", "PORT")
    allow_host: tuple[str, ...] = _option(
        (),
        "Answer to this name, too, as behind a proxy; by itself only to localhost and addresses, "
        "unless --host is open to the network. Can be repeated.",
        "NAME",
    )
    allow_origin: tuple[str, ...] = _option(
        (), "Let pages of this origin (https://example.org) read. Can be repeated.", "ORIGIN"
    )
    name: str = _option(
        "",
        "What the stream is called in URLs.",
        "NAME",
        default="the command's name, or stdin",
    )
    title: str = _option(
        "", "What the page calls the stream.", "TEXT", default="the command, in short"
    )
    pty: bool = _option(
        True,
        "Run the command under a pseudo-terminal, as if someone watched, "
        "or with pipes, which keeps its errors apart.",
        off="pipe",
    )
    cols: int | None = _option(
        None, "Width of the pseudo-terminal.", "N", default="the terminal's, else 120"
    )
    rows: int | None = _option(
        None, "Height of the pseudo-terminal.", "N", default="the terminal's, else 40"
    )
    tail: int = _option(10, "Lines of the past that a plain WebSocket gets first.", "N")
    keep: str = _option("64MiB", "History to keep in memory, compressed.", "SIZE")
    exit: bool = _option(
        False,
        "Exit when the command has ended and viewers have been sent everything, "
        "instead of serving on until Ctrl-C.",
    )
    quiet: bool = _option(False, "Do not pass the output through to this terminal.")
    open: bool = _option(False, "Open the page in a browser.")
    cwd: str = _option("", "Run the command in this directory.", "DIR", default="the present one")
    env: tuple[str, ...] = _option(
        (), "Set a variable in the command's environment. Can be repeated.", "NAME=VALUE"
    )
    debug: bool = _option(False, "Log more, and show where errors come from.")

    def __post_init__(self) -> None:
        if not self.host:  # would be every address of this machine
            raise SettingsError("--host is empty: use 127.0.0.1, or 0.0.0.0 for the whole network.")
        if not 0 <= self.port <= 65535:
            raise SettingsError(f"--port {self.port} is no port: use 0 to 65535.")
        for option in ("cols", "rows"):
            value = getattr(self, option)
            if value is not None and not 1 <= value <= 65535:
                raise SettingsError(f"--{option} {value} makes no terminal: use 1 to 65535.")
        if self.tail < 0:
            raise SettingsError(f"--tail {self.tail} is less than nothing: use 0 or more lines.")
        if "/" in self.name or self.name in (".", ".."):
            raise SettingsError(f"--name {self.name} cannot be part of a URL: leave out the slash.")
        for pair in self.env:
            if not pair.partition("=")[1] or pair.startswith("="):
                raise SettingsError(f"--env {pair} sets nothing: write it as NAME=VALUE.")
        self.keep_bytes  # noqa: B018 (checks the size)

    @property
    def local(self) -> bool:
        """Whether ``host`` is surely for this machine alone; a name may stand for any address."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def keep_bytes(self) -> int:
        """``keep`` in bytes."""
        match = re.fullmatch(r"(\d{1,15}) ?([A-Za-z]*)", self.keep)
        if match is None or match[2].upper() not in _UNITS:
            raise SettingsError(f"--keep {self.keep} is no size: write it as 64MiB or 2GiB.")
        return int(match[1]) * _UNITS[match[2].upper()]

    @property
    def stream_name(self) -> str:
        """What the stream is called in URLs."""
        if self.name or not self.command:
            return _printable(self.name) or "stdin"
        return _printable(PurePath(self.command[0]).name) or "command"

    @property
    def stream_title(self) -> str:
        """What people call the stream."""
        if self.title or not self.command:
            return _printable(self.title or self.name) or "standard input"
        return _bounded(_script(self.shown_command) or shlex.join(self.shown_command))

    @property
    def shown_command(self) -> tuple[str, ...]:
        """The command with what is not UTF-8 made printable, for people and JSON."""
        return tuple(_printable(word) for word in self.command)

    @property
    def environment(self) -> dict[str, str]:
        """``env`` as a mapping."""
        return dict(pair.split("=", 1) for pair in self.env)


def _script(command: tuple[str, ...]) -> str:
    """Return the script that a shell is given by ``-c``; empty where none is."""
    if PurePath(command[0]).name not in _SHELLS:
        return ""
    for word, following in itertools.pairwise(command[1:]):
        if re.fullmatch("-[A-Za-z]*c", word):
            return following.strip()
        if not word.startswith("-"):
            break
    return ""


def _bounded(title: str) -> str:
    """Return the first line, and no more of it than is a title."""
    first, _, more = title.partition("\n")
    first = first.rstrip()
    if len(first) > _TITLE:
        return first[: _TITLE - 1].rstrip() + "…"
    return f"{first} …" if more else first


def _printable(word: str) -> str:
    return word.encode(errors="surrogateescape").decode(errors="replace")


def options() -> list[tuple[str, type, object, Option]]:
    """Return each option's field name, type, default value and description, in order."""
    types = get_type_hints(Settings)
    return [
        (item.name, types[item.name], item.default, item.metadata["option"])
        for item in dataclasses.fields(Settings)
        if "option" in item.metadata
    ]


def option_word(name: str) -> str:
    """Return how a field is called on the command line."""
    return name.replace("_", "-")


def reference() -> str:
    """Return the reference of all options, as the page docs/options.md holds it."""
    lines = [
        "# Options",
        "",
        "`webtee [OPTIONS] COMMAND [ARG...]` runs a command; `CMD | webtee [OPTIONS]` reads",
        "standard input. Everything from the first word on that is no option is the command,",
        "exactly as given. Every option can also be set by the environment variable beside it:",
        "a flag as `1` or `0`, what can be repeated with one value per line. What the command line",
        "says comes first. Options that are about a command do not matter without one.",
        "",
        "<!-- Made from src/webtee/settings.py by `python -m webtee.settings`. -->",
        "",
        "| option | variable | default | meaning |",
        "|---|---|---|---|",
    ]
    for name, _type, default, option in options():
        word = option_word(name)
        flag = f"`--{word}{' ' + option.placeholder if option.placeholder else ''}`"
        variable = f"`WEBTEE_{name.upper()}`"
        if option.off:
            flag += f", `--{option.off}`"
            variable += f", `WEBTEE_{option.off.upper()}`"
        shown = option.default or (
            f"`--{word}`"
            if default is True
            else "off"
            if default is False
            else "none"
            if default == ()
            else f"`{default}`"
        )
        lines.append(f"| {flag} | {variable} | {shown} | {option.help} |")
    lines += [
        "| `--version` | | | Show the version and exit. |",
        "| `--help` | | | Show a summary of this and exit. |",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(reference())
