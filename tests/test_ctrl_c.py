"""Ctrl-C at webtee's terminal: what the command would get without webtee, and its last words."""

import os
import re
import signal
import subprocess
import time

import pytest

from tests.support.running import COMMAND, PATIENCE, environment, webtee

# Not a loop of short sleeps: dash loses a signal that comes while it starts a program.
READY = "sleep 1000 >/dev/null 2>&1 & echo ready; while :; do wait; done"


def sh(script: str) -> tuple[str, ...]:
    return ("sh", "-c", script)


@pytest.mark.parametrize("way", ["--pty", "--pipe"])
def test_the_command_gets_int_and_says_its_last_words(way: str) -> None:
    script = f"trap 'echo summary; exit 4' INT; {READY}"
    with webtee(way, *sh(script)) as process:
        process.out.until("ready")
        process.interrupt()
        assert process.wait() == 4
        assert process.out.all().endswith(b"summary\n")
    assert "webtee: the command exited with code 4 after " in process.err.lines[-1]


def test_its_whole_group_gets_it_and_has_time_for_its_words() -> None:
    other = f"trap 'sleep 0.3; echo other; exit' INT; {READY}"
    pipeline = f"sh -c \"{other}\" | (trap '' INT; cat)"  # its shell is gone at once
    with webtee(*sh(pipeline)) as process:
        process.out.until("ready")
        process.interrupt()
        assert process.wait() == 130
        assert process.out.all().endswith(b"other\n")


def test_a_second_ctrl_c_is_term_and_a_third_is_kill() -> None:
    script = f"trap 'echo int' INT; trap 'echo term' TERM; {READY}"
    with webtee("--pipe", *sh(script)) as process:
        process.out.until("ready")
        begun = time.monotonic()
        process.interrupt()
        process.out.until("^int$")
        process.interrupt()
        process.out.until("^term$")
        process.interrupt()
        assert process.wait() == 137
        assert time.monotonic() - begun < 4.5  # it did not wait out the grace of 5 s


def test_what_ignores_int_gets_term_after_the_grace() -> None:
    script = f"trap '' INT; trap 'echo term; exit 6' TERM; {READY}"
    with webtee("--pipe", *sh(script)) as process:
        process.out.until("ready")
        process.interrupt()
        process.err.until("^webtee: waiting for the command to end; Ctrl-C again ends it$")
        assert process.wait() == 6
    assert any("still there 5 s after INT" in line for line in process.err.lines)


def test_the_writer_of_a_pipe_says_its_last_words_too() -> None:
    """Both get it, as at a terminal; webtee shows what the other says then."""
    script = f"trap 'sleep 0.3; echo summary; exit' INT; {READY}"
    with subprocess.Popen(sh(script), stdout=subprocess.PIPE, process_group=0) as writer:
        assert writer.stdout is not None
        with webtee(stdin=writer.stdout.fileno(), process_group=writer.pid) as process:
            writer.stdout.close()
            process.out.until("ready")
            os.killpg(writer.pid, signal.SIGINT)
            assert process.wait() == 130
            assert process.out.all() == b"ready\nsummary\n"
        assert re.fullmatch(r"webtee: standard input ended after \d+\.\d s", process.err.lines[-1])


def test_a_second_ctrl_c_ends_the_reading_at_once() -> None:
    with webtee(stdin=subprocess.PIPE) as process:
        process.send(b"one\n")
        process.out.until("one")
        process.interrupt()
        process.err.until("^webtee: waiting for standard input to end; Ctrl-C again ends it$")
        process.send(b"two\n")
        process.out.until("two")
        process.interrupt()
        assert process.wait() == 130
    said = r"webtee: reading standard input was interrupted \(SIGINT\) after \d+\.\d s"
    assert re.fullmatch(said, process.err.lines[-1])


def test_a_file_has_no_last_words() -> None:
    """Ctrl-C need not wait for the end of something that is read as slowly as stdout is."""
    reading, writing = os.pipe()
    with (
        open("/dev/zero", "rb") as zeros,
        subprocess.Popen(
            (*COMMAND, "--port", "0"),
            stdin=zeros,
            stdout=writing,
            stderr=subprocess.PIPE,
            env=environment(),
        ) as process,
    ):
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"webtee: http")
        os.close(writing)
        os.close(reading)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
