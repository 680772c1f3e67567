"""What the front, the nursery and the children tell one another, over sockets that keep messages
apart (unix(7), SOCK_SEQPACKET): a few numbers, some bytes, at most three file descriptors.

Numbers, because a child that runs hostile queries must not be able to hand the front anything else.
"""

from __future__ import annotations

import os
import socket
import struct
from enum import IntEnum
from typing import NamedTuple

from web.site.metrics import FRONT

_HEAD = struct.Struct("=B7q")
_SHORT = 1 << 10  # Python allocates the whole of what it may read, before it reads
_DESCRIPTORS = 3


class Kind(IntEnum):
    """What a message says, and what its numbers are."""

    GIVE = 1  # front to child: a connection; ticket, epoch, flags; body: the peer's address
    CLOSED = 2  # child to front: the connection has ended; ticket
    IDLE = 3  # child to front: nothing has come for a while; ticket, since when in milliseconds
    PART = 4  # child to front: a part of a request; ticket, bytes needed, flags; its file
    UNSENT = 5  # child to front: of an answer; ticket, flags, account, start and end of each file
    LINGER = 6  # child to front: refused; what else comes is not read; ticket
    READY = 7  # nursery to front: the release is open; body: its id, and ready-made answers
    FAILED = 8  # nursery to front: it cannot be opened; the command's exit code; body: why
    FORK = 9  # front to nursery: a child, please; slot; the child's channel
    FORKED = 10  # nursery to front: slot, process id
    REAP = 11  # front to nursery: slot, process id, flags, milliseconds of its limit or 0
    ANSWER = 12  # nursery to front: slot; body: the response for whom the child left without
    FREE = 13  # nursery to front: the process is reaped; slot, why it ended amid a request


ENDED = 1  # GIVE: the client has closed its side
CONTINUED = 2  # GIVE and PART: 100 Continue has been sent
BODY = 4  # PART: the head is whole
KEEP = 8  # UNSENT: the connection persists
REST = 16  # UNSENT: the last file is of what the client has sent behind the request
PERSON = 32  # REAP: a person waits
AWAITED = 64  # REAP: a client waits for a response
CANCELLED = 128  # REAP: the client has gone

# Why a child has ended amid a request; 0 where it did not.
REASONS = dict(enumerate(FRONT["kills"].values, 1))


class Message(NamedTuple):
    """One message."""

    kind: Kind
    numbers: tuple[int, ...]
    body: bytes
    descriptors: list[int]


class Part(NamedTuple):
    """Bytes of an open file, from `start` to before `end`."""

    fd: int
    start: int
    end: int


def pair() -> tuple[socket.socket, socket.socket]:
    """The two ends of a channel, which do not block."""
    both = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for each in both:
        each.setblocking(False)
    return both


def send(
    channel: socket.socket,
    kind: Kind,
    *numbers: int,
    body: bytes = b"",
    files: tuple[int, ...] = (),
) -> None:
    """Send one message.

    Raises:
        BlockingIOError: the other side does not read.
        OSError: the other side is gone.
    """
    head = _HEAD.pack(kind, *numbers, *(0,) * (7 - len(numbers)))
    if files:
        socket.send_fds(channel, [head, body], files)
    else:
        channel.send(head + body)


def receive(channel: socket.socket, longest: int = _SHORT) -> Message:
    """The next message, of at most `longest` bytes.

    Raises:
        BlockingIOError: there is none.
        EOFError: the other side is gone.
    """
    try:
        data, descriptors, _, _ = socket.recv_fds(channel, longest, _DESCRIPTORS)
    except ConnectionResetError:
        data, descriptors = b"", []
    if len(data) < _HEAD.size:
        for each in descriptors:
            os.close(each)
        raise EOFError
    kind, *numbers = _HEAD.unpack_from(data)
    return Message(Kind(kind), tuple(numbers), data[_HEAD.size :], descriptors)
