"""Messages between the server, the zygote and the query children, over socket pairs.

A message is a JSON object, then raw bytes, then at most one file descriptor. JSON, because
a child that runs hostile queries must not be able to hand its parent anything but values.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from typing import Any, NamedTuple

_HEAD = struct.Struct("!IQ")
_INT = struct.Struct("i")
_ROOM = socket.CMSG_SPACE(_INT.size)  # for one file descriptor
_CHUNK = 1 << 18
# Python makes room for a whole read before it: a large one would cost more than a small query.
_FIRST = 1 << 13


class Frame(NamedTuple):
    """One message."""

    fields: dict[str, Any]
    body: bytes = b""
    descriptor: int | None = None


def send(channel: socket.socket, frame: Frame) -> None:
    """Write `frame`.

    Raises:
        OSError: the other side is gone.
    """
    text = json.dumps(frame.fields).encode()
    data = _HEAD.pack(len(text), len(frame.body)) + text + frame.body
    if frame.descriptor is None:
        channel.sendall(data)
    else:
        sent = socket.send_fds(channel, [data], [frame.descriptor])
        channel.sendall(data[sent:])


def receive(channel: socket.socket) -> Frame | None:
    """Read one message; None where the other side has closed."""
    descriptor = None
    try:
        data, ancillary, _, _ = channel.recvmsg(_FIRST, _ROOM)
        descriptor = _INT.unpack(ancillary[0][2])[0] if ancillary else None
        head = _fill(channel, data, _HEAD.size)
        text_length, body_length = _HEAD.unpack_from(head)
        start = _HEAD.size + text_length
        whole = _fill(channel, head, start + body_length)
        fields = json.loads(whole[_HEAD.size : start])
    except (EOFError, ConnectionResetError):
        if descriptor is not None:
            os.close(descriptor)
        return None
    return Frame(fields, whole[start:], descriptor)


def _fill(channel: socket.socket, data: bytes, size: int) -> bytes:
    if len(data) >= size:
        return data
    parts = [data]
    missing = size - len(data)
    while missing:
        part = channel.recv(min(missing, _CHUNK))
        if not part:
            raise EOFError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
