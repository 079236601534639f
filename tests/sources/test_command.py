"""Output of commands: complete, in order, unchanged, whatever its size and the command's haste."""

import asyncio
import os
import random
import resource
import signal
from pathlib import Path

import pytest

from webtee.passthrough import Onlcr
from webtee.sources import command
from webtee.sources.command import Command
from webtee.sources.reader import PTY_TURN

from .recorder import BRIEF, Recorder, gone, run, sh


@pytest.mark.asyncio(loop_factories=["uvloop"])
async def test_a_thousand_short_commands_lose_nothing(pty: bool) -> None:
    at_once = asyncio.Semaphore(8)

    async def once() -> bytes:
        async with at_once:
            done = await run(["echo", "hi"], pty=pty)
        assert done.exit.code == 0
        assert not done.err
        return done.out

    outputs = await asyncio.gather(*(once() for _ in range(1000)))
    assert set(outputs) == {b"hi\r\n" if pty else b"hi\n"}


async def test_a_last_line_without_a_newline(pty: bool) -> None:
    assert (await run(["printf", "a\\nb"], pty=pty)).out.endswith(b"\nb")


async def test_no_output_at_all(pty: bool) -> None:
    done = await run(["true"], pty=pty)
    assert (done.out, done.err, done.exit.code) == (b"", b"", 0)


async def test_what_was_started_is_told(pty: bool) -> None:
    done = await run(sh("echo $$"), pty=pty, cols=77, rows=33)
    started = done.started
    assert started.pid == int(done.out)
    assert started.pty is pty
    assert (started.cols, started.rows) == ((77, 33) if pty else (None, None))


async def test_stdout_and_stderr_are_kept_apart_with_pipes_only(pty: bool) -> None:
    done = await run(sh("echo out; echo err >&2"), pty=pty)
    if pty:
        assert (done.out, done.err) == (b"out\r\nerr\r\n", b"")
    else:
        assert (done.out, done.err) == (b"out\n", b"err\n")


async def test_much_through_pipes_arrives_unchanged(tmp_path: Path) -> None:
    data = random.Random(1).randbytes(50_000_000)
    path = tmp_path / "big"
    path.write_bytes(data)
    done = await run(sh('cat "$1"; head -c 3000000 "$1" >&2', str(path)), pty=False)
    assert done.out == data
    assert done.err == data[:3_000_000]


async def test_much_through_a_pty_arrives_unchanged(tmp_path: Path) -> None:
    data = random.Random(2).randbytes(5_000_000)
    path = tmp_path / "big"
    path.write_bytes(data)
    done = await run(["cat", str(path)])
    onlcr = Onlcr()
    assert done.out == data.replace(b"\n", b"\r\n")
    assert onlcr.feed(done.out) + onlcr.flush() == data


async def test_a_flood_does_not_starve_the_loop(pty: bool) -> None:
    source, sink = Command(["yes"], pty=pty), Recorder()
    source.start(sink)
    turns = calls = 0
    while len(sink.out) < 3_000_000:
        await asyncio.sleep(0)
        turns += 1
        calls = max(calls, sink.calls)
    source.kill()
    await source.wait()
    assert turns >= len(sink.out) / (PTY_TURN + 4096 if pty else 1 << 20) - 2
    # What one turn read is one call.
    assert not pty or sink.calls < len(sink.out) / 4096


async def test_a_paused_source_loses_nothing(pty: bool) -> None:
    script = "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i + 1)); done; printf end"
    source, sink = Command(sh(script), pty=pty, patience=BRIEF), Recorder()

    class Stubborn(Recorder):
        def output(self, data: bytes) -> None:
            sink.output(data)
            source.pause()
            asyncio.get_running_loop().call_soon(source.resume)

    source.start(Stubborn())
    assert (await source.wait()).code == 0
    expected = b"".join(b"line %d\n" % i for i in range(20000)) + b"end"
    assert bytes(sink.out) == (expected.replace(b"\n", b"\r\n") if pty else expected)


async def test_a_source_paused_before_its_start_begins_paused(pty: bool) -> None:
    source, sink = Command(["echo", "hi"], pty=pty, patience=BRIEF), Recorder()
    source.pause()
    pid = source.start(sink).pid
    assert pid is not None
    await gone(pid)
    with pytest.raises(TimeoutError):  # several times the patience: pausing stops its clock
        await asyncio.wait_for(source.wait(), 4 * BRIEF.linger_idle)
    assert not sink.out
    source.resume()
    assert (await source.wait()).code == 0
    assert sink.out.strip() == b"hi"


async def test_a_command_that_closes_its_output_early_runs_on(pty: bool) -> None:
    done = await run(sh("echo a; exec <&- >&- 2>&-; exit 7"), pty=pty)
    assert done.out.strip() == b"a"
    assert done.exit.code == 7


async def test_a_terminal_that_was_closed_may_be_opened_again() -> None:
    done = await run(sh("exec </dev/null >/dev/null 2>&1; kill -0 $$; echo late >/dev/tty; exit 7"))
    assert done.out == b"late\r\n"
    assert done.exit.code == 7


async def test_the_pty_controls_the_command_and_has_the_size() -> None:
    done = await run(
        sh("stty size; tty; tty </dev/tty >/dev/null && echo controls"), cols=77, rows=33
    )
    lines = done.out.decode().split()
    assert lines[:2] == ["33", "77"]
    assert lines[2].startswith("/dev/")
    assert lines[-1] == "controls"


async def test_a_resize_is_seen_and_signalled() -> None:
    script = 'sleep 60 & trap "stty size; kill $!" WINCH; echo ready; wait; exit 5'
    source, sink = Command(sh(script)), Recorder()
    source.start(sink)
    await sink.until(b"ready")
    source.resize(101, 51)
    await sink.until(b"51 101")
    assert (await source.wait()).code == 5


async def test_limits_are_inherited(pty: bool) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (1024, hard))
    try:
        assert (await run(sh("ulimit -c"), pty=pty)).out.strip() in (b"1", b"2")
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


async def test_signals_that_python_ignores_are_the_commands_own(pty: bool) -> None:
    # With SIGPIPE ignored, ``yes`` would complain of EPIPE instead of dying silently.
    done = await run(sh("yes 2>&1 | head -n 1; grep SigIgn /proc/self/status"), pty=pty)
    assert done.out.split()[0] == b"y"
    assert b"rror" not in done.out
    ignored = int(done.out.split()[-1], 16)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        assert not ignored & 1 << (number - 1)


async def test_no_descriptors_leak(pty: bool) -> None:
    await run(["true"], pty=pty)
    before = os.listdir("/proc/self/fd")
    for _ in range(100):
        await run(["true"], pty=pty)
    assert os.listdir("/proc/self/fd") == before


async def test_the_command_gets_no_descriptor_of_ours(pty: bool) -> None:
    script = "for fd in $(seq 0 255); do test -e /proc/$$/fd/$fd && echo $fd; done"
    inheritable = {fd for fd in map(int, os.listdir("/proc/self/fd")) if _is_inheritable(fd)}
    seen = set(map(int, (await run(sh(script), pty=pty)).out.split()))
    assert seen - {0, 1, 2} <= inheritable


def _is_inheritable(fd: int) -> bool:
    try:
        return os.get_inheritable(fd)
    except OSError:
        return False


async def test_without_pidfd_a_thread_waits(pty: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    done = await run(sh("echo hi; exit 4"), pty=pty)
    assert done.out.strip() == b"hi"
    assert done.exit.code == 4


async def test_a_sigchld_ignored_by_our_parent_costs_no_exit_status(pty: bool) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert (await run(sh("exit 4"), pty=pty)).exit.code == 4
    finally:
        signal.signal(signal.SIGCHLD, before)


async def test_a_waiter_may_be_cancelled_and_others_wait_on() -> None:
    source, sink = Command(sh("echo ready; read x </dev/tty")), Recorder()
    source.start(sink)
    await sink.until(b"ready")
    first, second = asyncio.create_task(source.wait()), asyncio.create_task(source.wait())
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    source.kill()
    assert (await second).signal == signal.SIGKILL


async def test_without_a_guard_the_command_runs_with_a_warning(
    pty: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def none(*_: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(command, "Guard", none)
    assert (await run(["echo", "hi"], pty=pty)).out.strip() == b"hi"
    assert "no guard" in caplog.text
