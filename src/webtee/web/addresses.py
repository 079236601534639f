"""By which addresses other machines find this one, for who listens on all of them.

A machine's name is not among them: whether others can look it up, it cannot know. The address that
leads to the rest of the world is first, for it is most probably the one that others share.
"""

import fcntl
import ipaddress
import socket
import struct
from contextlib import suppress
from pathlib import Path

_SIOCGIFADDR = 0x8915  # netdevice(7): an interface's IPv4 address
_INET6 = Path("/proc/net/if_inet6")
_ELSEWHERE = ("192.0.2.1", 9)  # RFC 5737: no one's; to connect a datagram socket sends nothing


def addresses(host: str) -> list[str]:
    """Return the hosts for URLs that others can use, the likeliest first.

    Args:
        host: The address that is listened on; where it is a single one, the list is empty.
    """
    try:
        listening = ipaddress.ip_address(host)
    except ValueError:  # a name
        return []
    if not listening.is_unspecified:
        return []
    if listening.version == 6:  # and not 4: that would be another socket
        return [f"[{address}]" for address in _six()]
    usable = (address for address in _four() if not ipaddress.ip_address(address).is_loopback)
    return list(dict.fromkeys(usable))


def _four() -> list[str]:
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            with suppress(OSError):  # it has none
                answer = fcntl.ioctl(asking, _SIOCGIFADDR, struct.pack("256s", name.encode()))
                found.append(socket.inet_ntoa(answer[20:24]))
        with suppress(OSError):  # no way out of here
            asking.connect(_ELSEWHERE)
            found.insert(0, asking.getsockname()[0])
    return found


def _six() -> list[str]:
    found: list[str] = []
    with suppress(OSError):  # no IPv6 in here
        for line in _INET6.read_text().splitlines():
            address, _index, _prefix, scope, *_ = line.split()
            if scope == "00":  # global, not the link's or the machine's own
                found.append(str(ipaddress.IPv6Address(int(address, 16))))
    return found
