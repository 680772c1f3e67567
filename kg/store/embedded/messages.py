"""Messages between a server, its fork server and the workers, over socket pairs.

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
# Python allocates the whole of a read before it: a large one costs more than a small query.
_FIRST = 1 << 13


class Message(NamedTuple):
    """One message."""

    fields: dict[str, Any]
    body: bytes = b""
    descriptor: int | None = None


class Inbox:
    """Puts messages together from what comes over `channel`: one is under way at a time."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._data = bytearray()
        self._descriptor: int | None = None

    def read(self) -> Message | None:
        """Read once: the message, or None while some of it is still to come.

        Raises:
            EOFError: the other side has closed.
        """
        try:
            part, ancillary, _, _ = self._channel.recvmsg(_CHUNK if self._data else _FIRST, _ROOM)
        except BlockingIOError:
            return None
        except ConnectionResetError:
            part, ancillary = b"", []
        if ancillary:
            self._descriptor = _INT.unpack(ancillary[0][2])[0]
        if not part:
            self.close()
            raise EOFError
        self._data += part
        return self._message()

    def close(self) -> None:
        """Let go of the file of a message that did not come whole."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _message(self) -> Message | None:
        data = self._data
        if len(data) < _HEAD.size:
            return None
        text_length, body_length = _HEAD.unpack_from(data)
        start = _HEAD.size + text_length
        if len(data) < start + body_length:
            return None
        fields = json.loads(data[_HEAD.size : start])
        message = Message(fields, bytes(memoryview(data)[start:]), self._descriptor)
        self._data, self._descriptor = bytearray(), None
        return message


def encode(message: Message) -> bytes:
    """`message` without its descriptor, as it goes over the wire."""
    text = json.dumps(message.fields).encode()
    return _HEAD.pack(len(text), len(message.body)) + text + message.body


def send(channel: socket.socket, message: Message) -> None:
    """Write `message`.

    Raises:
        OSError: the other side is gone.
    """
    data = encode(message)
    if message.descriptor is None:
        channel.sendall(data)
    else:
        sent = socket.send_fds(channel, [data], [message.descriptor])
        channel.sendall(data[sent:])


def receive(channel: socket.socket) -> Message | None:
    """Wait for one message, as long as `channel` may block; None where the other side has closed.

    Raises:
        TimeoutError: nothing has come for that long.
    """
    inbox = Inbox(channel)
    try:
        while (message := inbox.read()) is None:
            pass
    except EOFError:
        return None
    return message
