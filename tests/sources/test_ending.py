"""How runs end: codes, signals, stop and kill, and those who hold the output after the command."""

import asyncio
import logging
import os
import signal
import threading
from pathlib import Path

import pytest

from webtee.sources import command
from webtee.sources.command import Command
from webtee.sources.patience import Patience

from .recorder import BRIEF, Recorder, gone, run, sh

HASTY = Patience(linger_idle=0.02, linger_total=0.1, grace=0.05)


class Running:
    """A command that has said "ready", and the pids that it printed before."""

    def __init__(self, source: Command, sink: Recorder, pid: int) -> None:
        self.source = source
        self.sink = sink
        words = sink.out.split(b"ready")[0].split()
        self.pids = [pid, *(int(word) for word in words if word.isdigit())]


async def running(script: str, *, pty: bool, patience: Patience = BRIEF) -> Running:
    source, sink = Command(sh(script), pty=pty, patience=patience), Recorder()
    pid = source.start(sink).pid
    assert pid is not None
    await sink.until(b"ready")
    return Running(source, sink, pid)


@pytest.mark.parametrize("code", [0, 1, 42, 255])
async def test_exit_codes(code: int, pty: bool) -> None:
    exit_ = (await run(sh(f"exit {code}"), pty=pty)).exit
    assert (exit_.code, exit_.signal, exit_.status) == (code, None, code)
    assert 0 < exit_.seconds < 20


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGUSR1])
async def test_signals(number: int, pty: bool) -> None:
    exit_ = (await run(sh(f"kill -{int(number)} $$"), pty=pty)).exit
    assert (exit_.code, exit_.signal, exit_.status) == (None, number, 128 + number)


async def test_stop_ends_the_whole_group_by_term(pty: bool) -> None:
    it = await running("sleep 60 & echo $!; (sleep 60; :) & echo $!; echo ready; wait", pty=pty)
    await it.source.stop(grace=20)
    exit_ = await it.source.wait()
    assert exit_.signal == signal.SIGTERM
    assert exit_.seconds < 15
    for pid in it.pids:
        await gone(pid, seconds=1)


async def test_stop_lets_a_command_say_goodbye(pty: bool) -> None:
    script = "trap 'echo bye; exit 3' TERM; echo ready; sleep 60 & wait"
    it = await running(script, pty=pty)
    await it.source.stop(grace=20)
    assert (await it.source.wait()).code == 3
    assert it.sink.out.rstrip().endswith(b"bye")


@pytest.mark.parametrize("paused", [False, True])
async def test_what_ignores_term_is_killed_after_the_grace_with_a_warning(
    paused: bool, pty: bool, caplog: pytest.LogCaptureFixture
) -> None:
    it = await running("trap '' TERM HUP; sleep 60 & echo $!; echo ready; wait", pty=pty)
    if paused:
        it.source.pause()
    await it.source.stop(grace=0.1)
    assert (await it.source.wait()).signal == signal.SIGKILL
    for pid in it.pids:
        await gone(pid, seconds=1)
    # asyncio's debug mode has its own words about a machine that is busy.
    [record] = [record for record in caplog.records if record.name.startswith("webtee")]
    assert record.levelno == logging.WARNING
    for pid, name in zip(it.pids, ("sh", "sleep"), strict=True):
        assert f"{name} ({pid})" in record.getMessage()


async def test_stop_delivers_what_was_written_even_when_paused(pty: bool) -> None:
    it = await running("echo ready; sleep 60; echo never", pty=pty)
    it.source.pause()
    assert it.sink.out.split() == [b"ready"]
    quiet = Command(sh("echo $0; kill -TERM $$"), pty=pty)
    quiet.pause()
    sink = Recorder()
    pid = quiet.start(sink).pid
    assert pid is not None
    await gone(pid)
    await quiet.stop()
    assert sink.out.strip() == b"sh"
    await it.source.stop()


async def test_stop_may_be_called_again_and_the_earliest_deadline_holds(pty: bool) -> None:
    it = await running("trap '' TERM; echo ready; sleep 60 & wait", pty=pty)
    first = asyncio.create_task(it.source.stop(grace=1000))
    await asyncio.sleep(0)
    await asyncio.gather(it.source.stop(grace=0.05), it.source.stop(grace=2000))
    await first
    assert (await it.source.wait()).signal == signal.SIGKILL
    await it.source.stop()


async def test_stop_reaches_what_is_itself_stopped(pty: bool) -> None:
    it = await running("trap 'exit 3' TERM; echo ready; kill -STOP $$", pty=pty)
    await it.source.stop(grace=20)
    assert (await it.source.wait()).code == 3


async def test_a_cancelled_stop_is_not_taken_back(pty: bool) -> None:
    it = await running("trap '' TERM; echo ready; sleep 60 & wait", pty=pty)
    stop = asyncio.create_task(it.source.stop(grace=0.05))
    await asyncio.sleep(0)
    stop.cancel()
    assert (await it.source.wait()).signal == signal.SIGKILL


async def test_kill_ends_the_group_at_once(pty: bool) -> None:
    it = await running("trap '' TERM HUP; sleep 60 & echo $!; echo ready; wait", pty=pty)
    stop = asyncio.create_task(it.source.stop(grace=1000))
    await asyncio.sleep(0)
    it.source.kill()
    await stop
    assert (await it.source.wait()).signal == signal.SIGKILL
    for pid in it.pids:
        await gone(pid, seconds=1)


async def test_what_we_may_not_kill_is_hung_up_on(
    pty: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As with sudo: signals are refused. But a terminal or a reader that goes away ends most.
    monkeypatch.setattr(command, "signal_group", lambda *_: None)
    patience = Patience(grace=0.02, after_kill=0.05)
    it = await running("echo ready; exec yes", pty=pty, patience=patience)
    await it.source.stop()
    exit_ = await it.source.wait()
    assert exit_.signal == (signal.SIGHUP if pty else signal.SIGPIPE)


async def test_what_cannot_be_ended_is_left_behind(
    pty: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(command, "signal_group", lambda *_: None)
    patience = Patience(grace=0.02, after_kill=0.05)
    it = await running("trap '' HUP; echo ready; exec sleep 60", pty=pty, patience=patience)
    await it.source.stop()
    assert (await it.source.wait()).status == 137
    assert f"sh ({it.pids[0]}) cannot be ended" in caplog.text
    os.kill(it.pids[0], signal.SIGKILL)
    for thread in threading.enumerate():
        if thread.name.startswith("reap-"):
            thread.join(20)


# Those who hold the output after the command.


async def test_a_silent_grandchild_does_not_keep_the_run(pty: bool) -> None:
    it = await running("trap '' HUP; sleep 60 & echo $!; echo ready; exit 3", pty=pty)
    assert (await it.source.wait()).code == 3
    await gone(it.pids[1], seconds=1)


async def test_a_grandchild_that_holds_nothing_is_ended_as_well(pty: bool) -> None:
    script = "trap '' HUP; sleep 60 </dev/null >/dev/null 2>&1 & echo $!; echo ready; exit 3"
    it = await running(script, pty=pty)
    assert (await it.source.wait()).code == 3
    await gone(it.pids[1], seconds=1)


async def test_a_grandchilds_last_words_are_heard(pty: bool, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    script = f"trap '' HUP; (read x <{fifo}; printf late) & echo ready; exit 3"
    it = await running(script, pty=pty, patience=Patience(linger_idle=20, linger_total=20))
    await gone(it.pids[0])
    with open(fifo, "w", encoding="ascii") as file:
        file.write("go\n")
    assert (await it.source.wait()).code == 3  # at the end of the output, not of the patience
    assert it.sink.out.endswith(b"late")


async def test_a_flooding_grandchild_is_ended_in_the_end(
    pty: bool, caplog: pytest.LogCaptureFixture
) -> None:
    script = "trap '' HUP TERM; while :; do echo x; done & echo $!; echo ready; exit 3"
    it = await running(script, pty=pty, patience=HASTY)
    assert (await it.source.wait()).code == 3
    await gone(it.pids[1], seconds=1)
    assert f"sh ({it.pids[1]})" in caplog.text


async def test_a_daemon_that_holds_the_output_is_let_go(pty: bool) -> None:
    it = await running("setsid sleep 60 & echo $!; echo ready; exit 3", pty=pty, patience=HASTY)
    try:
        assert (await it.source.wait()).code == 3
    finally:
        os.kill(it.pids[1], signal.SIGKILL)


async def test_a_stop_ends_the_lingering(pty: bool) -> None:
    patience = Patience(linger_idle=1000, linger_total=1000, grace=20)
    it = await running(
        "trap '' HUP; sleep 60 & echo $!; echo ready; exit 3", pty=pty, patience=patience
    )
    await gone(it.pids[0])
    await it.source.stop()
    assert (await it.source.wait()).code == 3
    await gone(it.pids[1], seconds=1)


async def test_a_kill_ends_the_lingering(pty: bool) -> None:
    patience = Patience(linger_idle=1000, linger_total=1000, grace=20)
    it = await running(
        "trap '' HUP TERM; sleep 60 & echo $!; echo ready; exit 3", pty=pty, patience=patience
    )
    await gone(it.pids[0])
    it.source.kill()
    assert (await it.source.wait()).code == 3
    await gone(it.pids[1], seconds=1)


async def test_where_there_is_no_proc_who_holds_the_output_is_ended(
    pty: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "group_members", lambda _: None)
    assert (await run(sh("exit 3"), pty=pty)).exit.code == 3
    it = await running(
        "trap '' HUP; sleep 60 & echo $!; echo ready; exit 3", pty=pty, patience=HASTY
    )
    assert (await it.source.wait()).code == 3
    await gone(it.pids[1], seconds=1)


def test_a_loop_that_is_torn_down_takes_the_group_along(pty: bool) -> None:
    pids: list[int] = []

    async def main() -> None:
        it = await running("sleep 60 & echo $!; echo ready; wait", pty=pty)
        pids.extend(it.pids)

    asyncio.run(main())
    for thread in threading.enumerate():
        if thread.name.startswith("reap-"):
            thread.join(20)
    asyncio.run(gone(pids[1]))
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)
