"""What a command inherits, which file it is, and what is said when it cannot be started."""

import os
import resource
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webtee.errors import CommandError, LifeError
from webtee.sources.command import Command

from .recorder import Recorder, run, sh


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., str]:
    def make(name: str, text: str, mode: int = 0o755) -> str:
        path = tmp_path / name
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    return make


async def refused(command: list[str], **options: object) -> CommandError:
    before = os.listdir("/proc/self/fd")
    source = Command(command, **options)  # type: ignore[arg-type]
    with pytest.raises(CommandError) as caught:
        source.start(Recorder())
    with pytest.raises(LifeError):
        await source.wait()
    await source.stop()
    source.kill()
    assert os.listdir("/proc/self/fd") == before
    assert "\n" not in str(caught.value)
    return caught.value


async def test_no_such_command(pty: bool) -> None:
    error = await refused(["no-such-command-of-ours", "x"], pty=pty)
    assert error.exit_status == 127
    assert str(error).startswith("no-such-command-of-ours: command not found")


@pytest.mark.parametrize("name", ["./no-such-file", "/no/such/file", "/dev/null/file", ""])
async def test_no_such_file(name: str, pty: bool) -> None:
    assert (await refused([name], pty=pty)).exit_status == 127


async def test_no_command_at_all(pty: bool) -> None:
    assert (await refused([], pty=pty)).exit_status == 127


async def test_not_executable(make: Callable[..., str], pty: bool) -> None:
    path = make("plain", "#!/bin/sh\n", 0o644)
    error = await refused([path], pty=pty)
    assert error.exit_status == 126
    assert "permission denied" in str(error)


async def test_not_executable_though_found(make: Callable[..., str], pty: bool) -> None:
    path = make("plain", "#!/bin/sh\n", 0o644)
    error = await refused(["plain"], pty=pty, env={"PATH": os.path.dirname(path)})
    assert error.exit_status == 126
    assert path in str(error)


async def test_a_directory(tmp_path: Path, pty: bool) -> None:
    error = await refused([str(tmp_path)], pty=pty)
    assert error.exit_status == 126
    assert "is a directory" in str(error)


async def test_an_unknown_format(make: Callable[..., str], pty: bool) -> None:
    error = await refused([make("odd", "no first line\n")], pty=pty)
    assert error.exit_status == 126
    assert "exec format error" in str(error)


async def test_a_missing_interpreter(make: Callable[..., str], pty: bool) -> None:
    error = await refused([make("odd", "#!/no/such/interpreter\n")], pty=pty)
    assert error.exit_status == 126
    assert "interpreter" in str(error)


async def test_too_many_arguments(pty: bool) -> None:
    error = await refused(["echo", "x" * 3_000_000], pty=pty)
    assert error.exit_status == 126
    assert "too long" in str(error)


async def test_no_descriptors_left(pty: bool) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    next_free = os.dup(0)
    os.close(next_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_free + 1, hard))
    source = Command(["true"], pty=pty)
    try:
        with pytest.raises(CommandError, match="Too many open files"):
            source.start(Recorder())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert os.dup(0) == next_free
    os.close(next_free)


async def test_a_nul_byte(pty: bool) -> None:
    assert (await refused(["echo", "a\0b"], pty=pty)).exit_status == 126


async def test_a_bad_directory(tmp_path: Path, pty: bool) -> None:
    here = os.getcwd()
    error = await refused(["echo"], pty=pty, cwd=tmp_path / "none")
    assert error.exit_status == 126
    assert f"cannot start in {tmp_path / 'none'}" in str(error)
    assert os.getcwd() == here


async def test_the_directory(tmp_path: Path, pty: bool) -> None:
    here = os.getcwd()
    assert (await run(["pwd", "-P"], pty=pty)).out.decode().strip() == os.path.realpath(here)
    done = await run(["pwd", "-P"], pty=pty, cwd=tmp_path)
    assert done.out.decode().strip() == str(tmp_path.resolve())
    assert os.getcwd() == here


async def test_a_directory_while_our_own_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = tmp_path / "lost"
    lost.mkdir()
    monkeypatch.chdir(lost)
    lost.rmdir()
    done = await run(["pwd", "-P"], pty=False, cwd=tmp_path)
    assert done.out.decode().strip() == str(tmp_path.resolve())


async def test_relative_programs_count_from_the_directory(make: Callable[..., str]) -> None:
    directory = os.path.dirname(make("tool", "#!/bin/sh\necho found\n"))
    for command, path in ((["./tool"], "/bin"), (["tool"], "."), (["tool"], "/none:")):
        done = await run(command, pty=False, cwd=directory, env={"PATH": path})
        assert done.out == b"found\n"


async def test_programs_are_looked_for_in_the_commands_own_path(make: Callable[..., str]) -> None:
    directory = os.path.dirname(make("tool", "#!/bin/sh\necho found\n"))
    with pytest.raises(CommandError):
        await run(["tool"], pty=False)
    assert (await run(["tool"], pty=False, env={"PATH": directory})).out == b"found\n"
    assert (await refused(["ls"], env={"PATH": directory})).exit_status == 127


async def test_what_is_not_executable_is_passed_over(tmp_path: Path) -> None:
    for name, mode in (("first", 0o644), ("second", 0o755)):
        directory = tmp_path / name
        directory.mkdir()
        (directory / "tool").write_text("#!/bin/sh\necho $0\n")
        (directory / "tool").chmod(mode)
    done = await run(["tool"], pty=False, env={"PATH": f"{tmp_path}/first:{tmp_path}/second"})
    assert done.out.decode().strip() == f"{tmp_path}/second/tool"


async def test_the_environment_is_ours_and_what_was_added(
    pty: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBTEE_TEST_OURS", "ours")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("LINES", raising=False)
    script = 'echo "$WEBTEE_TEST_OURS,$ADDED,$TERM,${COLUMNS-unset},${LINES-unset}"'
    done = await run(sh(script), pty=pty, env={"ADDED": "a=b c"})
    term = b"xterm-256color" if pty else b"dumb"
    assert done.out.strip() == b"ours,a=b c," + term + b",unset,unset"
    assert "ADDED" not in os.environ
    done = await run(sh("echo $TERM"), pty=pty, env={"TERM": "vt100"})
    assert done.out.strip() == b"vt100"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.binary(max_size=40).map(lambda raw: raw.replace(b"\0", b"\n")), max_size=6))
async def test_arguments_arrive_exactly(arguments: list[bytes]) -> None:
    command = sh('printf "%s\\0" "$#" "$@"', *map(os.fsdecode, arguments))
    done = await run(command, pty=False)
    assert done.out == b"".join(item + b"\0" for item in [b"%d" % len(arguments), *arguments])


async def test_arguments_with_spaces_quotes_and_newlines_arrive_exactly(pty: bool) -> None:
    arguments = [
        "a b",
        "it's",
        '"',
        "$HOME `x` \\",
        "*",
        "",
        "\u00e4\u20ac",
        os.fsdecode(b"\xff\xfe"),
    ]
    done = await run(sh('printf "%s|" "$@"', *arguments), pty=pty)
    assert done.out == os.fsencode("|".join(arguments) + "|")


# Standard input.


@pytest.fixture(params=["pipe", "file", "socket"])
def inherited(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    """A standard input with the bytes "given" that a command is to get."""
    if request.param == "pipe":
        fd, other = os.pipe()
        os.write(other, b"given")
        os.close(other)
    elif request.param == "file":
        (tmp_path / "input").write_bytes(b"given")
        fd = os.open(tmp_path / "input", os.O_RDONLY)
    else:
        ours, theirs = socket.socketpair()
        theirs.sendall(b"given")
        theirs.close()
        fd = ours.detach()
    yield fd
    os.close(fd)


async def test_the_command_gets_our_pipe_file_or_socket(inherited: int, pty: bool) -> None:
    done = await run(sh("cat; test -t 0 || echo : no terminal"), pty=pty, stdin=inherited)
    assert done.out.strip() == b"given: no terminal"


@pytest.fixture(params=["terminal", "null", "closed"])
def not_inherited(request: pytest.FixtureRequest) -> Iterator[int]:
    """A standard input that a command is not to get."""
    if request.param == "terminal":
        master, fd = os.openpty()
        yield fd
        os.close(master)
        os.close(fd)
    elif request.param == "null":
        fd = os.open(os.devnull, os.O_RDONLY)
        yield fd
        os.close(fd)
    else:
        yield 4000  # high enough that nothing else gets the number meanwhile


async def test_else_the_commands_input_is_the_pty_or_nothing(not_inherited: int, pty: bool) -> None:
    script = "test -t 0 && echo terminal; tty <&1 2>&1; readlink /proc/$$/fd/0"
    done = await run(sh(script), pty=pty, stdin=not_inherited)
    lines = done.out.decode().split("\n")
    if pty:
        name = lines[1].strip()
        assert lines[0].strip() == "terminal"
        assert name.startswith("/dev/")
        assert lines[2].strip() == name
    else:
        assert lines[-2] == "/dev/null"


async def test_spawning_in_a_directory_while_threads_run(tmp_path: Path) -> None:
    # posix_spawn runs nothing of ours between fork and exec: locks of threads do not matter.
    stop = threading.Event()
    threads = [
        threading.Thread(target=lambda: [None for _ in iter(stop.is_set, True)]) for _ in "ab"
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in range(2):
            done = await run(["pwd", "-P"], pty=True, cwd=tmp_path)
            assert done.out.decode().strip() == str(tmp_path.resolve())
    finally:
        stop.set()
        for thread in threads:
            thread.join()
