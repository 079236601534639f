"""The command line as people use it: real processes, pipes and terminals."""

import contextlib
import fcntl
import json
import os
import pty
import re
import resource
import select
import signal
import socket
import stat
import struct
import subprocess
import sys
import termios
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.raw import handshake
from tests.support.running import COMMAND, PATIENCE, Heard, Process, environment, webtee
from webtee import __version__, settings

READY = r"webtee: http://localhost:\d+/\n"


def sh(script: str, *arguments: str) -> tuple[str, ...]:
    return ("sh", "-c", script, "sh", *arguments)


def python(script: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", script, *arguments)


def run(*arguments: str, **options: object) -> tuple[int, bytes, str]:
    """Run to the end; returns exit status, stdout and stderr."""
    with webtee(*arguments, **options) as process:  # type: ignore[arg-type]
        status = process.wait()
    return status, process.out.all(), process.err.all().decode()


def read(url: str, **headers: str) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as got:
        data: bytes = got.read()
        return data


def streams(process: Process) -> Any:
    """Return what webtee says about its stream."""
    return json.loads(read(process.url + "api/streams"))["streams"][0]


def until(condition: Callable[[], object]) -> None:
    """Wait until something holds that asking takes a moment for."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline


def gone(pid: int) -> None:
    """Wait until a process, ours or not, is no more."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([descriptor], [], [], PATIENCE)[0], f"{pid} is still there"
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def terminal(cols: int = 91, rows: int = 33) -> Iterator[tuple[int, Heard]]:
    """A terminal: the descriptor for programs, and what they show on it."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
    try:
        yield slave, Heard(master)
    finally:
        os.close(slave)


# How it ends


@pytest.mark.parametrize("way", ["--pty", "--pipe"])
@pytest.mark.parametrize(
    ("command", "expected", "said"),
    [
        (("true",), 0, "exited with code 0"),
        (sh("exit 7"), 7, "exited with code 7"),
        (sh("exit 255"), 255, "exited with code 255"),
        (sh("kill -s TERM $$"), 143, "was ended by SIGTERM"),
        (sh("kill -s KILL $$"), 137, "was ended by SIGKILL"),
        (sh("kill -s INT $$"), 130, "was ended by SIGINT"),
    ],
    ids=["0", "7", "255", "TERM", "KILL", "INT"],
)
def test_it_exits_as_the_command_did(
    way: str, command: tuple[str, ...], expected: int, said: str
) -> None:
    status, out, err = run(way, "--exit", *command)
    assert status == expected
    assert out == b""
    assert re.fullmatch(rf"{READY}webtee: the command {said} after \d+\.\d s\n", err)


def test_it_serves_on_until_ctrl_c_and_then_exits_as_the_command_did() -> None:
    with webtee(*sh("echo done; exit 3")) as process:
        process.err.until(
            r"^webtee: the command exited with code 3 after \d+\.\d s; "
            r"still serving it, Ctrl-C ends$"
        )
        assert read(process.url) == b"done\r\n"
        assert process.popen.poll() is None
        process.interrupt()
        assert process.wait() == 3
    assert process.out.all() == b"done\n"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("/does/not/exist",), 127),
        (("no-such-program-anywhere",), 127),
        (("/",), 126),
        (("NOT-EXECUTABLE",), 126),
    ],
)
def test_what_cannot_be_started_is_one_clear_line(
    tmp_path: Path, command: tuple[str, ...], expected: int
) -> None:
    if command == ("NOT-EXECUTABLE",):
        program = tmp_path / "program"
        program.write_text("#!/bin/sh\necho never\n")
        command = (str(program),)
    status, out, err = run("--exit", *command)
    assert (status, out) == (expected, b"")
    assert err.startswith(f"webtee: {command[0]}: ")
    assert err.count("\n") == 1


def test_a_command_without_a_name_is_one_clear_line() -> None:
    assert run("--exit", "") == (
        127,
        b"",
        "webtee: '': there is no program with an empty name; give a command\n",
    )


def test_a_port_that_is_taken_is_one_line_that_names_port_and_option() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, out, err = run(*sh("echo never"), port=port)
    assert (status, out) == (1, b"")
    assert err.count("\n") == 1
    assert port in err
    assert "--port" in err


def test_an_address_that_is_not_ours_is_one_line_that_names_the_option() -> None:
    status, out, err = run("--host", "192.0.2.1", "echo", "never")
    assert (status, out) == (1, b"")
    assert err.count("\n") == 1
    assert "192.0.2.1" in err
    assert "--host" in err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--port", "70000", "true"), "--port 70000"),
        (("--port", "x", "true"), "--port"),
        (("--cols", "0", "true"), "--cols 0"),
        (("--rows", "99999", "true"), "--rows 99999"),
        (("--tail", "-1", "true"), "--tail -1"),
        (("--keep", "much", "true"), "--keep much"),
        (("--keep", "-1", "true"), "--keep -1"),
        (("--name", "a/b", "true"), "--name a/b"),
        (("--env", "novalue", "true"), "--env novalue"),
        (("--env", "=value", "true"), "--env =value"),
        (("--unknown", "true"), "--unknown"),
        (("--port",), "--port"),
        (("--cwd", "/does/not/exist", "true"), "/does/not/exist"),
    ],
)
def test_a_bad_option_is_one_clear_line(arguments: tuple[str, ...], named: str) -> None:
    status, out, err = run(*arguments)
    assert out == b""
    assert err.startswith("webtee: ")
    assert err.count("\n") == 1
    assert named in err
    assert status == (2 if "--cwd" not in arguments else status)
    assert status != 0


def test_open_says_when_there_is_no_browser() -> None:
    nothing = {"BROWSER": "no-such-browser", "PATH": "/does/not/exist"}
    with webtee("--open", stdin=subprocess.PIPE, env=nothing) as process:
        process.err.until(r"^webtee: --open: no browser was found that opens http://\S+/$")
        process.end_input()
        process.err.until("standard input ended")
        process.interrupt()
        assert process.wait() == 0


def test_only_a_near_name_is_offered_for_an_unknown_option() -> None:
    assert "mean" not in run("--bad", "true")[2]
    assert "Did you mean --host?" in run("--hots", "x", "true")[2]


def test_hardly_any_history_is_said_to_be_that() -> None:
    assert "webtee: --keep 10 keeps hardly more" in run("--exit", "--keep", "10", "true")[2]
    assert "hardly" not in run("--exit", "--keep", "1MiB", "true")[2]


def test_help_and_version() -> None:
    status, out, err = run("--help", port=None)
    assert (status, err) == (0, "")
    for name, _, _, option in settings.options():
        assert f"--{settings.option_word(name)}" in out.decode()
        assert not option.off or f"--{option.off}" in out.decode()
    assert max(map(len, out.decode().splitlines())) <= 100
    assert run("--version", port=None) == (0, f"webtee {__version__}\n".encode(), "")
    assert run("--version", "false", port=None)[0] == 0


def test_without_a_command_at_a_terminal_it_shows_the_help() -> None:
    with terminal() as (slave, shown):
        with webtee(port=None, stdin=slave, stdout=slave, stderr=slave) as process:
            assert process.wait() == 2
        shown.until("Usage: webtee")


# What is the command, and what it gets


def show_arguments(*arguments: str, port: str | None = "0") -> list[str]:
    script = "import sys; print(*map(ascii, sys.argv[1:]), sep='\\n')"
    status, out, _ = run("--exit", *python(script, *arguments), port=port)
    assert status == 0
    return [str(eval(line)) for line in out.decode().splitlines()]


def test_the_command_gets_exactly_what_was_given() -> None:
    given = [
        *("--port", "1", "--help", "-x", "--", "-"),
        *("two words", "", "  ", "a\nb", "$HOME", "*", "'\"", "\\", "`x`", "é€😀", "\x01"),
    ]
    assert show_arguments(*given) == given


def test_options_of_the_command_are_its_own() -> None:
    status, out, _ = run("--exit", "echo", "--exit", "--quiet", "--port", "9", "--", "-n")
    assert (status, out) == (0, b"--exit --quiet --port 9 -- -n\n")


def test_two_dashes_end_our_options() -> None:
    assert run("--exit", "--", "echo", "--", "x")[1] == b"-- x\n"


def test_a_shell_line_with_quotes_and_pipes_works_on_a_file(tmp_path: Path) -> None:
    def logged(first: int, count: int) -> str:
        numbers = range(first, first + count)
        return "".join(f"10.0.0.1 GET /page/{n}\n10.0.0.1 GET /static/{n}\n" for n in numbers)

    log = tmp_path / "access.log"
    log.write_text(logged(1, 1000))
    line = f"tail -F {log} -n 2000 2>&- | grep -v static --line-buffered | awk '{{$1=\"\"; print}}'"
    with webtee("/bin/sh", "-c", line) as process:
        process.out.until(r"^ GET /page/500$")  # some kinds of awk read in blocks
        with log.open("a") as file:
            file.write(logged(1001, 1000))
        process.out.until(r"^ GET /page/1500$")
        process.interrupt()
        assert process.wait() == 130
    expected = b"".join(b" GET /page/%d\n" % number for number in range(1, 2001))
    assert expected.startswith(process.out.all())


def test_variables_of_the_environment_are_options(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    options = {"WEBTEE_PORT": port, "WEBTEE_NAME": "named", "WEBTEE_PTY": "false"}
    with webtee(*sh("echo"), port=None, env=options) as process:
        assert process.port == int(port)
        until(lambda: read(f"{process.url}s/named?follow=0") == b"\n")
    for variables in ({"WEBTEE_PORT": "none"}, {"WEBTEE_PIPE": "none"}):
        status, _, err = run("true", port=None, env=variables)
        assert status == 2
        assert err.startswith("webtee: ")
    assert run("--exit", "--port", "0", "true", port=None, env={"WEBTEE_PORT": "1"})[0] == 0


@pytest.mark.parametrize(
    ("variables", "options", "expected"),
    [
        ({"WEBTEE_PTY": "0"}, (), b"no\n"),
        ({"WEBTEE_PIPE": "1"}, (), b"no\n"),
        ({"WEBTEE_PIPE": "0"}, (), b"yes\n"),
        ({"WEBTEE_PIPE": ""}, (), b"yes\n"),
        ({"WEBTEE_PIPE": "1"}, ("--pty",), b"yes\n"),
        ({"WEBTEE_PIPE": "1", "WEBTEE_PTY": "1"}, (), b"yes\n"),
    ],
)
def test_flags_that_are_a_pair_have_a_variable_each(
    variables: dict[str, str], options: tuple[str, ...], expected: bytes
) -> None:
    script = sh("test -t 1 && echo yes || echo no")
    assert run("--exit", *options, *script, env=variables)[:2] == (0, expected)


def test_what_is_about_a_command_does_not_matter_without_one() -> None:
    variables = {"WEBTEE_PTY": "0", "WEBTEE_ENV": "A=b", "WEBTEE_COLS": "9"}
    assert run("--exit", "--pipe", env=variables)[:2] == (0, b"")


def test_a_variable_sets_several_variables_one_in_each_line() -> None:
    options = {"WEBTEE_ENV": "A=b  c\nB= d=e \n"}
    script = sh('printf "%s|%s" "$A" "$B"')
    assert run("--exit", *script, env=options)[:2] == (0, b"b  c| d=e ")


def test_it_says_when_the_network_can_watch() -> None:
    status, _, err = run("--exit", "--host", "0.0.0.0", "true")
    assert status == 0
    assert re.match(
        rf"{READY}(webtee: on the network: http://[0-9.]+:\d+/\n)*"
        "webtee: open to the network without access control: who can reach it can watch\n",
        err,
    )
    assert "network" not in run("--exit", "--host", "127.0.0.1", "true")[2]
    status, out, err = run("--host", "", "true")
    assert (status, out) == (2, b"")
    assert err.startswith("webtee: --host is empty")


def test_the_command_has_our_environment_directory_and_limits(tmp_path: Path) -> None:
    script = """if True:
        import os, resource
        print(os.getcwd(), os.environ["GREETING"], os.environ.get("TERM"))
        print(resource.getrlimit(resource.RLIMIT_NOFILE), os.getsid(0) == os.getpid())
    """
    env = {"GREETING": "hi", "TERM": "dumb"}
    with webtee("--exit", *python(script), cwd=tmp_path, env=env) as process:
        process.wait()
    here = subprocess.run(
        python(script), cwd=tmp_path, env=environment(**env), capture_output=True, check=True
    ).stdout.decode()
    directory, rest = process.out.all().decode().split("\n", 1)
    assert directory == f"{tmp_path} hi xterm-256color"
    assert rest == here.split("\n", 1)[1].replace("False", "True")
    assert run("--pipe", "--exit", *sh("echo $TERM"), env=env)[1] == b"dumb\n"


def test_cwd_and_env_are_for_the_command(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    options = ("--cwd", str(tmp_path / "here"), "--env", "A=1=2", "--env", "TERM=vt100")
    status, out, _ = run("--exit", *options, *sh('pwd; echo "$A" "$TERM"'))
    assert (status, out.decode()) == (0, f"{tmp_path}/here\n1=2 vt100\n")


def test_a_command_named_by_its_place_in_the_directory(tmp_path: Path) -> None:
    program = tmp_path / "mine"
    program.write_text("#!/bin/sh\necho mine\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    with webtee("--exit", "./mine", cwd=tmp_path) as process:
        assert process.wait() == 0
    assert process.out.all() == b"mine\n"


def test_under_a_terminal_the_command_has_one_of_our_size() -> None:
    with terminal(cols=91, rows=33) as (slave, shown):
        with webtee(
            "--exit", *sh("stty size; tty"), stdin=slave, stdout=slave, stderr=slave
        ) as process:
            assert process.wait() == 0
        shown.until(r"^33 91\r*$")
        shown.until(r"^/dev/\S+\r*$")
    status, out, _ = run("--exit", "--cols", "100", "--rows", "50", *sh("stty size </dev/tty"))
    assert (status, out) == (0, b"50 100\n")
    assert run("--exit", *sh("stty size </dev/tty"))[1] == b"40 120\n"
    assert run("--exit", "--pipe", *sh("tty; test -t 1"))[0] == 1


def test_a_terminal_that_changes_its_size_tells_the_command() -> None:
    script = "trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done"
    with (
        terminal(cols=80, rows=24) as (slave, shown),
        webtee(*sh(script), stdin=slave, stdout=slave, stderr=slave) as process,
    ):
        shown.until(r"^ready\r*$")
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 55, 132, 0, 0))
        process.popen.send_signal(signal.SIGWINCH)
        shown.until(r"^55 132\r*$")
        process.interrupt()
        process.wait()


# The tee


def test_everything_passes_through_exactly(tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000 + b"\r\n\r\r\n\n\nno newline at the end\xe2\x82"
    file = tmp_path / "data"
    file.write_bytes(data)
    assert run("--exit", "--pipe", "cat", str(file))[:2] == (0, data)
    assert run("--exit", "cat", str(file))[:2] == (0, data)  # less the terminal's own additions


@pytest.mark.parametrize("count", range(5))
def test_a_command_that_ends_at_once_loses_nothing(count: int) -> None:
    assert run("--exit", "echo", "hi")[:2] == (0, b"hi\n")
    assert run("--exit", "--pipe", "printf", "no newline")[:2] == (0, b"no newline")


def test_standard_input_is_shown_and_passed_on() -> None:
    data = os.urandom(300_000) + b"\nlast"
    with webtee("--exit", stdin=subprocess.PIPE) as process:
        process.send(data[:100_000])
        process.out.until(lambda out: len(out) == 100_000)
        until(lambda: read(process.url + "s/stdin?follow=0") == data[:100_000])
        process.send(data[100_000:])
        process.end_input()
        assert process.wait() == 0
    assert process.out.all() == data
    assert re.search(r"^webtee: standard input ended after \d+\.\d s$", process.err.lines[-1])


def test_a_file_as_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "input"
    file.write_bytes(b"x" * 100_000)
    with file.open("rb") as stdin:
        status, out, _ = run("--exit", stdin=stdin.fileno())
    assert (status, out) == (0, b"x" * 100_000)
    assert run("--exit")[:2] == (0, b"")  # nothing at all


def test_standard_input_reaches_the_command() -> None:
    with webtee("--exit", "--pipe", "tr", "a-z", "A-Z", stdin=subprocess.PIPE) as process:
        process.send(b"shout\n")
        process.end_input()
        assert process.wait() == 0
    assert process.out.all() == b"SHOUT\n"


def test_with_pipes_errors_are_kept_apart() -> None:
    status, out, err = run("--exit", "--pipe", *sh("echo out; echo err >&2"))
    assert (status, out) == (0, b"out\n")
    assert "err\n" in err
    status, out, err = run("--exit", *sh("echo out; echo err >&2"))
    assert (status, out) == (0, b"out\nerr\n")
    assert "err\n" not in err


def test_quiet_passes_nothing_through_and_shows_it_all_the_same() -> None:
    with webtee("--quiet", *sh("echo seen; echo and >&2")) as process:
        process.err.until("exited with code 0")
        assert read(process.url + "?follow=0") == b"seen\r\nand\r\n"
        process.interrupt()
        assert process.wait() == 0
    assert process.out.all() == b""


def test_a_closed_standard_output_ends_the_passing_through_and_nothing_else() -> None:
    reading, writing = os.pipe()
    script = "import sys\nfor n in range(200_000): print(n)\nsys.stdout.flush()\nsys.exit(5)"
    with webtee("--pipe", *python(script), stdout=writing) as process:
        os.close(writing)
        assert os.read(reading, 1) == b"0"
        os.close(reading)
        process.err.until("exited with code 5")
        expected = b"".join(b"%d\n" % number for number in range(200_000))
        assert read(process.url + "?follow=0") == expected
        process.interrupt()
        assert process.wait() == 5
    assert len(process.err.lines) == 2


def test_a_slow_standard_output_slows_the_command_and_loses_nothing() -> None:
    reading, writing = os.pipe()
    script = (
        "import sys; sys.stdout.write(''.join('%07d\\n' % n for n in range(1 << 21)))"  # 16 MiB
    )
    with webtee("--exit", "--pipe", *python(script), stdout=writing) as process:
        os.close(writing)
        heard = b""
        while len(heard) < 4 << 20:
            heard += os.read(reading, 1 << 16)
            ahead = streams(process)["bytes"] - len(heard) if len(heard) % (1 << 19) == 0 else 0
            # The bound, the pipes and one turn's reading are all that it can be ahead.
            assert ahead < 4 << 20
        until(lambda: streams(process)["bytes"] > len(heard) + (1 << 20))
        assert streams(process)["bytes"] < len(heard) + (4 << 20)
        rest = Heard(reading)
        assert process.wait() == 0
        heard += rest.all()
    assert heard == b"".join(b"%07d\n" % number for number in range(1 << 21))


def test_standard_descriptors_that_are_closed_do_no_harm() -> None:
    line = 'exec "$0" "$@" <&- >&- 2>&-'
    command = ("sh", "-c", line, *COMMAND, "--port", "0", "--exit", "sh", "-c", "echo x; exit 4")
    done = subprocess.run(command, env=environment(), timeout=PATIENCE, check=False)
    assert done.returncode == 4


def unread() -> tuple[int, int]:
    """Return a pipe, of which nobody reads; its capacity is 64 KiB."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 1 << 16)
    return reading, writing


@pytest.mark.parametrize("way", ["--pty", "--pipe"])
def test_it_ends_although_nobody_reads_its_standard_output(way: str) -> None:
    reading, writing = unread()
    with webtee(way, "yes", stdout=writing) as process:
        until(lambda: streams(process)["bytes"] > 1 << 20)
        process.popen.terminate()
        assert process.wait() == 143
        assert re.fullmatch(
            rf"{READY}webtee: \d+ bytes were not passed on: nobody read them\n"
            r"webtee: the command was ended by SIGTERM after \d+\.\d s\n",
            process.err.all().decode(),
        )
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("signals", [1, 2])
def test_it_can_be_stopped_while_it_passes_the_rest_on(signals: int) -> None:
    reading, writing = unread()
    with webtee("--pipe", *sh("head -c 300000 /dev/zero; exit 3"), stdout=writing) as process:
        until(lambda: streams(process)["ended"])
        begun = time.monotonic()
        for _ in range(signals):
            process.interrupt()
            assert signals == 1 or read(process.url + "healthz")  # so that two are not taken as one
        assert process.wait() == 3
        assert signals == 1 or time.monotonic() - begun < 4.5  # not the grace of 5 s
        lost = int(process.err.until(r"^webtee: (\d+) bytes were not passed on: nobody read them$"))
    assert 300_000 - (1 << 16) <= lost <= 300_000
    os.close(reading)
    os.close(writing)


def test_a_standard_error_that_nobody_reads_holds_up_no_one() -> None:
    reading, writing = unread()
    with webtee("cat", stdin=subprocess.PIPE, stderr=writing) as process:
        ready = re.fullmatch(r"webtee: http://localhost:(\d+)/\n", os.read(reading, 100).decode())
        assert ready is not None
        url = f"http://127.0.0.1:{ready[1]}/"
        ours = os.open(f"/proc/self/fd/{writing}", os.O_WRONLY | os.O_NONBLOCK)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(ours, b"." * 4096)
        for _ in range(3):
            with pytest.raises(urllib.error.HTTPError) as refused:
                read(url + "nothing/here")
            refused.value.close()
        assert read(url + "healthz")
        process.send(b"still here\n")
        process.out.until("still here")
        process.interrupt()
        assert process.wait() == 130
    for descriptor in (reading, writing, ours):
        os.close(descriptor)


def test_a_browser_holds_up_no_one_and_has_our_limits(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\necho "$(ulimit -n) $$ $1" >"${0}s"\nexec sleep 1000\n')
    browser.chmod(0o700)
    os.mkfifo(tmp_path / "browsers")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with webtee(
        "--open",
        "--exit",
        "cat",
        stdin=subprocess.PIPE,
        env={"BROWSER": str(browser)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (200, most)),
    ) as process:
        with (tmp_path / "browsers").open() as opened:
            limit, pid, url = opened.read().split()
        process.end_input()
        assert process.wait() == 0
    os.kill(int(pid), signal.SIGKILL)
    assert (limit, url.replace("localhost", "127.0.0.1")) == ("200", process.url)


# Signals

STUBBORN = "trap '' TERM; echo $$; while :; do sleep 1; done"


@pytest.mark.parametrize("way", ["--pty", "--pipe"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_whole_group(way: str, number: signal.Signals) -> None:
    with webtee(way, *sh("sleep 1000 & echo $! $$; wait")) as process:
        child, shell = process.out.until(r"^\d+ \d+\n").split()
        process.popen.send_signal(number)
        # INT as a terminal's Ctrl-C; what its own jobs do not take from that ends by TERM.
        passed_on = number if number == signal.SIGINT else signal.SIGTERM
        assert process.wait() == 128 + passed_on
        gone(int(child))
        gone(int(shell))
    said = f"webtee: the command was ended by {passed_on.name} after "
    assert process.err.lines[-1].startswith(said)


def test_a_command_may_end_in_its_own_way() -> None:
    script = "trap 'echo tidying; exit 9' TERM; echo ready; while :; do sleep 0.05; done"
    with webtee(*sh(script)) as process:
        process.out.until("ready")
        process.popen.terminate()
        assert process.wait() == 9
    assert re.fullmatch(rb"ready\n(Terminated\n)?tidying\n", process.out.all())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_whoever_started_it_ignores_is_ignored(number: signal.Signals) -> None:
    script = "trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done"
    with webtee(
        *sh(script), preexec_fn=lambda: signal.signal(number, signal.SIG_IGN) and None
    ) as process:
        process.out.until("ready")
        process.popen.send_signal(number)
        process.popen.terminate()
        assert process.wait() == 9  # and not 137, as after a second one


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_reads_standard_input_is_told_as_what_it_is(
    number: signal.Signals,
) -> None:
    twice = number == signal.SIGINT  # once is for who writes into the pipe
    with webtee(stdin=subprocess.PIPE) as process, viewing(process, "stdin") as viewer:
        process.send(b"some\n")
        process.out.until("some")
        hear(viewer, b"hello")
        process.popen.send_signal(number)
        if twice:
            process.err.until("Ctrl-C again")
            process.popen.send_signal(number)
        hear(viewer, b'"signal": %d' % number)
        viewer.close()
        assert process.wait() == 128 + number
    said = f"webtee: reading standard input was interrupted ({number.name}) after "
    assert process.err.lines[-1].startswith(said)


def test_a_second_signal_ends_at_once_what_will_not_end() -> None:
    script = "trap 'echo no' TERM; echo $$; while :; do sleep 0.05; done"
    with webtee(*sh(script)) as process:
        pid = int(process.out.until(r"^(\d+)\n"))
        begun = time.monotonic()
        process.popen.terminate()
        process.out.until(r"^no$")
        process.popen.terminate()
        assert process.wait() == 137
        assert time.monotonic() - begun < 4.5  # it did not wait out the grace of 5 s
        gone(pid)


def test_what_ignores_term_is_killed_after_the_grace() -> None:
    with webtee(*sh(STUBBORN)) as process:
        pid = int(process.out.until(r"^(\d+)\n"))
        process.popen.terminate()
        assert process.wait() == 137
        gone(pid)
    assert any("killed" in line for line in process.err.lines)


@pytest.mark.parametrize("way", ["--pty", "--pipe"])
def test_kill_9_leaves_no_orphan(way: str) -> None:
    with webtee(way, *sh("sleep 1000 & echo $! $$; wait")) as process:
        pids = process.out.until(r"^\d+ \d+\n").split()
        process.popen.kill()
        assert process.wait() == 137
        for pid in pids:
            gone(int(pid))


def own_terminal() -> None:
    """Begin a session that standard input's terminal belongs to, as a login does."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_ctrl_c_at_a_terminal_reaches_the_command_once() -> None:
    script = "trap 'echo term; exit 8' TERM; trap 'echo INT; exit 9' INT; " + (
        "sleep 1000 >/dev/null 2>&1 & echo ready; while :; do wait; done"
    )
    master, slave = pty.openpty()
    shown = Heard(os.dup(master))
    try:
        with webtee(
            *sh(script),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            process_group=None,
            preexec_fn=own_terminal,
        ) as process:
            shown.until(r"^ready\r*$")
            os.write(master, b"\x03")
            assert process.wait() == 9
        text = shown.until("(?s)ready.*INT.*exited with code 9")
        assert text.count("INT") == 1
        assert "term" not in text
    finally:
        os.close(slave)
        os.close(master)


@contextlib.contextmanager
def viewing(process: Process, stream: str) -> Iterator[socket.socket]:
    """A viewer that does not answer."""
    with socket.create_connection(("127.0.0.1", process.port), PATIENCE) as viewer:
        viewer.sendall(handshake(f"/s/{stream}/live", {"Sec-WebSocket-Protocol": "webtee.v1"}))
        yield viewer


def hear(viewer: socket.socket, last: bytes) -> None:
    """Receive until this comes."""
    seen = b""
    while last not in seen:
        data = viewer.recv(4096)
        assert data
        seen += data


CLOSED = b"\x03\xe9webtee was stopped"  # 1001, in a Close frame


def test_ctrl_c_tells_viewers_and_another_one_does_not_wait_for_their_answer() -> None:
    with webtee(*sh("exit 3")) as process:
        process.err.until("still serving")
        with viewing(process, "sh") as viewer:
            hear(viewer, b"seconds")
            begun = time.monotonic()
            process.interrupt()
            hear(viewer, CLOSED)
            process.interrupt()
            assert process.wait() == 3
            assert time.monotonic() - begun < 4.5  # it did not wait out the patience of 5 s


MUCH = "head -c 30000000 /dev/urandom"  # more than buffers hold for a viewer who takes nothing


def test_two_signals_end_the_command_and_wait_for_no_viewer() -> None:
    script = f"read go; {MUCH}; trap 'echo no >&2' TERM; while :; do sleep 0.05; done"
    with (
        webtee("--pipe", *sh(script), stdin=subprocess.PIPE) as process,
        viewing(process, "sh") as viewer,
    ):
        hear(viewer, b"hello")
        process.send(b"go\n")
        process.out.until(lambda data: len(data) == 30_000_000)
        begun = time.monotonic()
        process.popen.terminate()
        process.err.until(r"^no$")
        process.popen.terminate()
        assert process.wait() == 137
        assert time.monotonic() - begun < 4.5


def test_with_exit_one_ctrl_c_is_enough_once_it_is_leaving() -> None:
    script = f"read go; {MUCH}; exit 3"
    with (
        webtee("--pipe", "--exit", *sh(script), stdin=subprocess.PIPE) as process,
        viewing(process, "sh") as viewer,
    ):
        hear(viewer, b"hello")
        process.send(b"go\n")
        process.err.until("exited with code 3")
        begun = time.monotonic()
        process.interrupt()
        assert process.wait() == 3
        assert time.monotonic() - begun < 4.5


def test_exit_waits_for_viewers_to_be_sent_everything() -> None:
    script = "import sys; sys.stdin.read(); print('x' * 20_000_000)"
    with webtee("--exit", "--quiet", "--pipe", *python(script), stdin=subprocess.PIPE) as process:
        got: list[int] = []
        reader = threading.Thread(target=lambda: got.append(len(read(process.url))))
        url = process.url
        assert read(url + "healthz")
        reader.start()
        while b'"viewers": 1' not in read(url + "api/streams"):
            pass
        process.end_input()
        assert process.wait() == 0
        reader.join(PATIENCE)
    assert got == [20_000_001]


def test_its_name_and_title_are_told() -> None:
    with webtee("--name", "build", "--title", "The build", *sh("echo hi")) as process:
        listed = read(process.url + "api/streams").decode()
    assert '"name": "build"' in listed
    assert '"title": "The build"' in listed
    with webtee(*sh("echo 'a b'")) as process:
        listed = read(process.url + "api/streams").decode()
    assert '"name": "sh"' in listed
    assert '"title": "echo \'a b\'"' in listed


def test_a_name_and_a_title_may_be_any_bytes() -> None:
    options = ("--name", os.fsdecode(b"a\xff"), "--title", os.fsdecode(b"\xfe b"))
    with webtee(*options, *sh("echo hi")) as process:
        assert streams(process)["name"] == "a\N{REPLACEMENT CHARACTER}"
        assert streams(process)["title"] == "\N{REPLACEMENT CHARACTER} b"
        assert b"<html" in read(f"{process.url}s/a%EF%BF%BD", Accept="text/html")


def test_how_it_ended_is_in_the_stream() -> None:
    with webtee("--pipe", *sh("echo hi; exit 6")) as process:
        process.err.until("exited with code 6")
        listed = read(process.url + "api/streams").decode()
    assert '"ended": true' in listed


def test_too_few_open_files_are_told_in_one_line() -> None:
    script = 'ulimit -n 8; exec "$@"'
    done = subprocess.run(
        ["sh", "-c", script, "sh", *COMMAND, "--port=0", "echo", "hi"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"webtee: too few open files" in done.stderr


def test_names_and_origins_that_are_allowed_may_ask() -> None:
    allowed = ("--allow-host=logs.example", "--allow-origin=https://friend.example")
    with webtee("--exit", *allowed, *sh("read line"), stdin=subprocess.PIPE) as process:
        for headers, status in (
            ({"Host": "logs.example"}, 200),
            ({"Host": "evil.example"}, 403),
            ({"Origin": "https://friend.example"}, 200),
            ({"Origin": "https://evil.example"}, 403),
        ):
            asked = urllib.request.Request(f"{process.url}healthz", headers=headers)
            try:
                answer = urllib.request.urlopen(asked)
            except urllib.error.HTTPError as refusal:
                answer = refusal
            with answer:
                assert answer.status == status
        process.end_input()
        assert process.wait() == 1
