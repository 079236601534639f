"""WebSocket frames as a server sends them (RFC 6455, section 5.2).

A message of the log is a finished frame, so that sending it to a viewer is one write of bytes that
all viewers share. Only whole messages in one frame are ever sent; a server's frames have no mask.
"""

from typing import Final

_FINAL: Final = 0x80
_COMPRESSED: Final = 0x40  # RSV1: the payload is deflated (RFC 7692, section 6)

TEXT: Final = 0x1
BINARY: Final = 0x2

PING: Final = bytes((_FINAL | 0x9, 0))
"""A whole ping without a payload."""


def frame(opcode: int, payload: bytes, *, compressed: bool = False) -> bytes:
    """Return ``payload`` as one final, unmasked frame.

    Args:
        opcode: ``TEXT`` or ``BINARY``.
        payload: The message, already deflated and without its ``00 00 ff ff`` if ``compressed``.
        compressed: Whether to say that permessage-deflate was applied.
    """
    first = _FINAL | opcode | (_COMPRESSED if compressed else 0)
    length = len(payload)
    if length < 126:
        return bytes((first, length)) + payload
    if length < 0x10000:
        return bytes((first, 126, length >> 8, length & 0xFF)) + payload
    return bytes((first, 127)) + length.to_bytes(8, "big") + payload


def payload_start(data: bytes, position: int = 0) -> int:
    """Return where the payload begins of the frame that begins at ``position``."""
    length = data[position + 1]
    return position + (2 if length < 126 else 4 if length == 126 else 10)
