"""The table of a run's life: what may follow what, and what is said about anything else."""

import itertools

import pytest

from webtee.errors import LifeError, UsageError
from webtee.sources.command import Command
from webtee.sources.life import TRANSITIONS, Event, Life, State
from webtee.sources.stdin import Stdin

from .recorder import Recorder, run


def test_the_way_of_a_run() -> None:
    life = Life()
    seen = [life.state]
    for event in (Event.BEGIN, Event.EXIT, Event.END):
        life.on(event)
        seen.append(life.state)
    assert seen == [State.STARTING, State.RUNNING, State.DRAINING, State.ENDED]


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, Event)))
def test_whatever_is_not_in_the_table_is_refused_with_names(state: State, event: Event) -> None:
    life = Life()
    life.state = state
    if event in TRANSITIONS[state]:
        life.on(event)
        assert life.state is TRANSITIONS[state][event]
        return
    with pytest.raises(LifeError) as caught:
        life.on(event)
    assert isinstance(caught.value, UsageError)
    assert caught.value.event == event.value
    assert caught.value.state == state.value
    assert caught.value.allowed == tuple(way.value for way in TRANSITIONS[state])
    for word in (event.value, state.value, *caught.value.allowed):
        assert word in str(caught.value)
    assert life.state is state


@pytest.mark.parametrize("source", [Command(["true"]), Stdin()])
async def test_a_wait_before_the_start_is_refused(source: Command | Stdin) -> None:
    with pytest.raises(LifeError, match="wait for a run that is starting"):
        await source.wait()


async def test_a_second_start_is_refused_and_does_no_harm() -> None:
    source, sink = Command(["echo", "hi"]), Recorder()
    source.start(sink)
    with pytest.raises(LifeError, match="begin a run that is running"):
        source.start(sink)
    assert (await source.wait()).code == 0
    with pytest.raises(LifeError, match="begin a run that is ended"):
        source.start(sink)
    assert sink.out == b"hi\r\n"


async def test_before_the_start_and_after_the_end_everything_else_is_allowed(pty: bool) -> None:
    source = Command(["echo", "hi"], pty=pty)

    async def all_of_it() -> None:
        source.pause()
        source.resume()
        source.resize(80, 24)
        source.kill()
        await source.stop()

    await all_of_it()
    sink = Recorder()
    source.start(sink)
    exit_ = await source.wait()
    assert exit_.code == 0
    assert sink.out.strip() == b"hi"
    await all_of_it()
    assert await source.wait() is exit_


async def test_the_status_is_a_shells() -> None:
    assert (await run(["sh", "-c", "exit 3"])).exit.status == 3
    assert (await run(["sh", "-c", "kill -9 $$"])).exit.status == 137
