"""Who is gone: machines that owe an acknowledgement, and not viewers that merely read nothing."""

import socket
import struct

import pytest

from tests.support.raw import raw
from tests.support.running import serving, stream
from webtee.web.connection import Connection, silence


def tcp_info(*, retransmits: int = 0, probes: int = 0, last_ack: int = 0) -> bytes:
    """Return the beginning of a struct tcp_info, as linux/tcp.h lays it out."""
    small = struct.pack("=8B", 1, 0, retransmits, probes, 0, 0, 0, 0)
    return small + struct.pack("=13I", *[0] * 12, last_ack)


def test_a_machine_that_owes_nothing_may_be_quiet_for_ever() -> None:
    assert silence(tcp_info(last_ack=3_600_000)) == 0.0


def test_a_machine_that_does_not_answer_is_silent() -> None:
    assert silence(tcp_info(retransmits=7, last_ack=81_000)) == 81.0
    assert silence(tcp_info(probes=2, last_ack=90_000)) == 90.0


def test_the_kernel_has_it_where_we_look() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        info = client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 60)
    assert info[0] == 1, "established"
    assert silence(info) == 0.0


@pytest.mark.parametrize(("silent", "cut"), [(50.0, False), (70.0, True)])
async def test_a_viewer_that_is_gone_is_let_go(
    silent: float, cut: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel takes minutes to find out that a machine is gone, so its word is made up here."""
    monkeypatch.setattr(Connection, "silent_for", lambda _connection: silent)
    source = stream()
    async with serving(source, ping_interval=0.01) as server, raw(server.port) as peer:
        await peer.upgrade("/", {})
        if cut:
            await peer.until_gone()
        else:
            assert (await peer.frame())[0] == 0x9, "it is pinged"
