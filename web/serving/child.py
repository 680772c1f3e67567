"""A child: reads, answers and writes on the connections that it was given, one request at a time.

What has to wait, for a client or for its reader, goes back to the front.
"""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from mmap import mmap

from web.serving import messages
from web.serving.board import (
    BEGUN,
    CLIENT,
    DEADLINE,
    ENDING,
    EPOCH,
    PAGE,
    SENDING,
    SINCE,
    TICKET,
    Slot,
)
from web.serving.messages import BODY, CONTINUED, ENDED, KEEP, REST, Kind, Part
from web.serving.replies import Replies, Reply
from web.serving.wire.arriving import Arrived, Bounds, Incomplete, Refused, arrive
from web.serving.wire.sending import CONTINUE

_READ = 1 << 16  # bytes read at once
_HOT = 1.0  # seconds that a connection without requests stays here
_CLIENTS = 10_000  # that are remembered for turns
_JOINED = 1 << 16  # bytes of a body that is written in one piece with its head
_AT_ONCE = 1 << 20  # bytes of a file sent at once
_TURN = 0.002  # seconds of one client's pipelined requests, and of one look at what is ready


class Held:
    """A connection that the child holds."""

    __slots__ = ("continued", "ended", "fd", "peer", "seen", "spool", "ticket")

    def __init__(self, fd: int, ticket: int, peer: str, flags: int, spool: int | None) -> None:
        self.fd = fd
        self.ticket = ticket
        self.peer = peer
        self.ended = bool(flags & ENDED)
        self.continued = bool(flags & CONTINUED)
        self.spool = spool  # the file of what came before
        self.seen = time.monotonic()


class Child:
    """Serves what comes over `channel`, until that closes.

    `limit` is how long a request may take, in seconds.
    """

    def __init__(
        self, slot: Slot, channel: socket.socket, replies: Replies, bounds: Bounds, limit: float
    ) -> None:
        self._slot = slot
        self._note = slot.note
        self._channel = channel
        self._replies = replies
        self._bounds = bounds
        self._limit = limit
        self._epoch = slot.note[EPOCH]
        self._held: dict[int, Held] = {}
        self._served: dict[str, float] = {}  # when each client was served last
        self._poll = select.epoll()
        self._poll.register(channel, select.EPOLLIN)

    def run(self) -> None:
        control = self._channel.fileno()
        swept = time.monotonic()
        while True:
            ready = self._poll.poll(_HOT if self._held else None)
            now = time.monotonic()
            if any(fd == control for fd, _ in ready) and not self._take():
                return
            self._serve_each([self._held[fd] for fd, _ in ready if fd in self._held], now)
            if now - swept > _HOT:
                swept = now
                self._let_go(now - _HOT)
                if len(self._served) > _CLIENTS:
                    self._served.clear()

    def _serve_each(self, ready: list[Held], start: float) -> None:
        """Serve those in turn, first whose client was served longest ago; look again when that
        takes long, so that no client waits for all requests of another.
        """
        if len(ready) > 1 and any(each.peer != ready[0].peer for each in ready):
            ready.sort(key=lambda each: self._served.get(each.peer, 0.0))
        for each in ready:
            if self._held.get(each.fd) is not each:
                continue
            self._serve(each)
            now = self._served[each.peer] = time.monotonic()
            if now - start > _TURN:
                return

    def _serve(self, held: Held) -> None:
        """Serve what has come on one connection: a request, and those that were sent behind it."""
        start = time.monotonic()
        if not self._begin(held, start):
            return
        data = self._arrived(held)
        while data:
            data = self._answer(held, data, start)
            if data:
                self._begin(held, time.monotonic(), behind=True)
        self._finish(held)

    def _begin(self, held: Held, now: float, *, behind: bool = False) -> bool:
        """Note the connection; false where it is not this child's any more. What is served already
        stays so, and with it what was sent `behind` it.
        """
        note = self._note
        with self._slot.lock:
            if note[EPOCH] != self._epoch:
                self._drop(held if behind else None)
                if not behind:
                    return False
            note[TICKET] = held.ticket
            note[BEGUN] = max(note[BEGUN], held.ticket)
            note[DEADLINE] = now + self._limit
            note[CLIENT] = -1.0
            note[SENDING] = note[PAGE] = 0.0
            note[SINCE] = held.seen = now
        return True

    def _finish(self, held: Held) -> None:
        """Note that nothing is served."""
        note = self._note
        with self._slot.lock:
            note[SINCE] = 0.0
            if note[EPOCH] != self._epoch:  # late: the others have been given away
                self._drop(held)

    def _arrived(self, held: Held) -> bytes:
        """What the client has sent, if anything; at its end the connection is closed."""
        if held.spool is not None:
            data = os.pread(held.spool, os.fstat(held.spool).st_size, 0)
            os.close(held.spool)
            held.spool = None
            return data
        data = self._read(held)
        if not data and held.ended:
            self._close(held)
        return data

    def _read(self, held: Held) -> bytes:
        try:
            data = os.read(held.fd, _READ)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        held.ended = not data
        return data

    def _answer(self, held: Held, data: bytes, start: float) -> bytes:
        """Answer the first request in `data`; the bytes behind it that are to be served next."""
        ending = self._note[ENDING]
        repeated = None if ending else self._replies.repeated(data, held)
        if repeated is not None:
            self._send(held, repeated)
            return b""
        try:
            whole = self._whole(held, data)
        except Refused as refusal:
            self._send(held, self._replies.refusal(refusal, held))
            return b""
        except OSError:
            self._close(held)
            return b""
        if whole is None:
            return b""
        found, data = whole
        held.continued = False
        if ending:
            found = found._replace(keep=False)
        reply = self._replies.answer(found, data, held, self._note)
        rest = data[found.length :] if reply.keep else b""
        self._send(held, reply, rest)
        if not rest or self._held.get(held.fd) is not held:
            return b""
        if time.monotonic() - start > _TURN:  # the front has whoever is free go on with it
            self._hand_back(held, rest, None)
            return b""
        return rest

    def _whole(self, held: Held, data: bytes) -> tuple[Arrived, bytes] | None:
        """The first request in `data` and what else has come of it, and the bytes that this took;
        None where the front has to wait for the rest.

        Raises:
            Refused: it is no request.
            OSError: the client has gone.
        """
        found = arrive(data, self._bounds, ended=held.ended)
        while isinstance(found, Incomplete):
            if found.expects and not held.continued:
                held.continued = True
                os.write(held.fd, CONTINUE)
            more = self._more(held, found.need)
            if not more and not held.ended:
                self._hand_back(held, data, found)
                return None
            data += more
            found = arrive(data, self._bounds, ended=held.ended)
        return found, data

    def _more(self, held: Held, need: int) -> bytes:
        """What else has come, of the `need` bytes that have to."""
        parts = []
        while need > 0 and (part := self._read(held)):
            parts.append(part)
            need -= len(part)
        return b"".join(parts)

    def _send(self, held: Held, reply: Reply, rest: bytes = b"") -> None:
        """Write the answer; what the socket does not take is left to the front, and with it the
        `rest`, which is to be served behind it.
        """
        self._note[SENDING] = 1.0
        files = [*reply.files]
        try:
            left = _write(held.fd, reply.head, reply.body)
            if left:
                files.insert(0, _file(left))
            elif files:
                _send_file(held.fd, files)
        except OSError:
            for each in files:
                os.close(each.fd)
            self._close(held)
            return
        if files:
            numbers = [KEEP * reply.keep | REST * bool(rest), int(self._note[CLIENT])]
            numbers += [number for each in files for number in (each.start, each.end)]
            if rest:
                files.append(_file(rest))
            self._return(held, Kind.UNSENT, *numbers, files=[each.fd for each in files])
        elif not reply.keep:  # the client may still be sending
            self._return(held, Kind.LINGER)

    def _hand_back(self, held: Held, data: bytes, state: Incomplete | None) -> None:
        """Have the front wait for the rest of a request; without `state`, nothing has to come."""
        flags = CONTINUED * held.continued + BODY * (state is not None and state.body)
        need = state.need if state else 0
        self._return(held, Kind.PART, need, flags, files=[_file(data).fd])

    def _close(self, held: Held) -> None:
        self._return(held, Kind.CLOSED)

    def _return(self, held: Held, kind: Kind, *numbers: int, files: Iterable[int] = ()) -> None:
        """Let the connection go: the front has it again."""
        del self._held[held.fd]
        self._poll.unregister(held.fd)
        os.close(held.fd)
        self._channel.setblocking(True)  # the front reads it soon
        try:
            messages.send(self._channel, kind, held.ticket, *numbers, files=tuple(files))
        finally:
            self._channel.setblocking(False)
            for each in files:
                os.close(each)

    def _take(self) -> bool:
        """Take one more connection; false where the front wants nothing more of this child."""
        try:
            message = messages.receive(self._channel)
        except BlockingIOError:
            return True
        except EOFError:
            return False
        ticket, epoch, flags, *_ = message.numbers
        fd, *spool = message.descriptors
        if epoch != self._note[EPOCH]:  # it has been given to another meanwhile
            for each in message.descriptors:
                os.close(each)
            return True
        if epoch != self._epoch:  # all that it held before has been taken back
            self._drop(None)
        held = Held(fd, ticket, message.body.decode(), flags, spool[0] if spool else None)
        self._held[fd] = held
        self._poll.register(fd, select.EPOLLIN)
        if spool:
            self._serve(held)
        return True

    def _let_go(self, before: float) -> None:
        """Give back what has had no request since."""
        for held in [each for each in self._held.values() if each.seen < before]:
            self._return(held, Kind.IDLE, round(1000 * held.seen))

    def _drop(self, but: Held | None) -> None:
        """Forget the connections that the front has taken back."""
        self._epoch = self._note[EPOCH]
        for held in [each for each in self._held.values() if each is not but]:
            self._poll.unregister(held.fd)
            os.close(held.fd)
            if held.spool is not None:  # not begun: the front has it, too
                os.close(held.spool)
            del self._held[held.fd]


def _write(fd: int, head: bytes, body: bytes | mmap) -> memoryview | bytes:
    """Write as much as the socket takes; what is left."""
    try:
        if len(body) <= _JOINED:
            whole = head + body[:]
            sent = os.write(fd, whole)
            return whole[sent:]
        sent = os.writev(fd, [head, body])
    except BlockingIOError:
        sent = 0
    if sent < len(head):
        return head[sent:] + body[:]
    return memoryview(body)[sent - len(head) :]


def _send_file(fd: int, files: list[Part]) -> None:
    """Send some of the first file."""
    first = files[0]
    with suppress(BlockingIOError):
        size = min(first.end - first.start, _AT_ONCE)
        first = first._replace(start=first.start + os.sendfile(fd, first.fd, first.start, size))
    if first.start < first.end:
        files[0] = first
    else:
        os.close(files.pop(0).fd)


def _file(data: bytes | memoryview) -> Part:
    """A file in memory of these bytes."""
    fd = os.memfd_create("part", os.MFD_CLOEXEC)
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]
    return Part(fd, 0, len(data))
