"""``kill -9`` of the process that owns a command leaves none of the command's group behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import webtee
from webtee.sources.command import Command
from webtee.sources.guard import Guard

from .recorder import Recorder, gone, sh

OWNER = """
import asyncio, sys, uvloop
from webtee.sources.command import Command
from webtee.sources.patience import Patience

class Sink:
    def output(self, data):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    error = output

async def main():
    pty, grace, script = sys.argv[1] == "True", float(sys.argv[2]), sys.argv[3]
    source = Command(["sh", "-c", script], pty=pty, patience=Patience(60, 60, grace))
    print(source.start(Sink()).pid, source._guard._child.pid, flush=True)
    await source.wait()

uvloop.run(main())
"""


@pytest.fixture
def inherited() -> Iterator[int]:
    """The reading end of a pipe whose writing end the owner passes on to its children."""
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    yield reading
    os.close(reading)
    os.close(writing)


def owner(script: str, *, pty: bool, grace: float) -> tuple[subprocess.Popen[bytes], list[int]]:
    """Start a process that owns a command; return it and the pids printed before "ready"."""
    environment = {**os.environ, "PYTHONPATH": str(Path(webtee.__file__).parent.parent)}
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(pty), str(grace), script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env=environment,
        close_fds=False,
    )
    assert process.stdout is not None
    words: list[bytes] = []
    while b"ready" not in words:
        words += process.stdout.readline().split()
    return process, [int(word) for word in words if word.isdigit()]


# The loop that matters is the owner's, in a process of its own; ours only waits.
by_one_loop = pytest.mark.asyncio(loop_factories=["uvloop"])


@by_one_loop
@pytest.mark.parametrize(
    ("ignored", "grace"), [("HUP", 20), ("HUP TERM INT QUIT", 0.3)], ids=["term", "kill"]
)
async def test_kill_9_of_the_owner_leaves_no_one(ignored: str, grace: float, pty: bool) -> None:
    script = f"""
        trap '' {ignored}
        sleep 60 & echo $!
        (
            sleep 60 </dev/null >/dev/null 2>&1 & echo $!
            sh -c 'echo $PPID; echo ready'; sleep 60; :
        ) &
        wait
    """
    process, pids = owner(script, pty=pty, grace=grace)
    with process:
        process.kill()
    assert len(pids) == 5  # leader, guard, child, grandchild without the output, its parent
    for pid in pids:
        await gone(pid, seconds=15)


@by_one_loop
async def test_kill_9_while_others_linger_leaves_no_one(pty: bool) -> None:
    script = "trap '' HUP; sleep 60 & echo $!; echo ready; exit 0"
    process, pids = owner(script, pty=pty, grace=20)
    await _zombie(pids[0])
    with process:
        process.kill()
    for pid in pids:
        await gone(pid, seconds=15)


async def _zombie(pid: int) -> None:
    await gone(pid)
    assert os.path.exists(f"/proc/{pid}"), "a leader's number is kept until its group is gone"


async def test_the_guard_goes_with_the_run(pty: bool) -> None:
    source, sink = Command(["true"], pty=pty), Recorder()
    source.start(sink)
    assert source._guard is not None
    pid = source._guard._child.pid
    assert os.getsid(pid) == pid
    await source.wait()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@by_one_loop
async def test_the_guard_holds_nothing_of_ours(inherited: int) -> None:
    script = "echo ready; exec sleep 60"
    process, (leader, guard) = owner(script, pty=True, grace=20)
    with process:
        assert set(os.listdir(f"/proc/{guard}/fd")) == {"0", "1", "2"}
        assert os.readlink(f"/proc/{guard}/fd/1") == os.devnull
        assert os.readlink(f"/proc/{guard}/fd/2") == os.devnull
        process.kill()
    await gone(leader)
    await gone(guard)


async def test_the_guard_withstands_everything_but_kill() -> None:
    source, sink = Command(sh("echo ready; exec sleep 60")), Recorder()
    source.start(sink)
    await sink.until(b"ready")
    assert source._guard is not None
    pid = source._guard._child.pid
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        [line] = [line for line in file if line.startswith("SigIgn")]
    ignored = int(line.split()[1], 16)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGTTOU):
        assert ignored & 1 << (number - 1)
    source.kill()
    await source.wait()


async def test_a_guard_whose_owner_dies_before_it_knows_the_group_does_nothing() -> None:
    guard = Guard(asyncio.get_running_loop(), 20)
    pid = guard._child.pid
    os.close(guard._pipe)
    assert await guard._child.exited
    assert guard._child.reap() == (0, None)
    await gone(pid)


async def test_a_guard_that_is_killed_is_replaced(
    pty: bool, caplog: pytest.LogCaptureFixture
) -> None:
    source = Command(sh("echo ready; sleep 60"), pty=pty)
    recorder = Recorder()
    source.start(recorder)
    guard = source._guard
    assert guard is not None
    first = guard._child.pid
    os.kill(first, signal.SIGKILL)
    async with asyncio.timeout(20):
        while guard._child.pid == first:
            await asyncio.sleep(0)
    assert "another takes its place" in caplog.text
    os.kill(guard._child.pid, 0)
    source.kill()
    await source.wait()
