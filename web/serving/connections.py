"""The connections that wait: for a first byte, for the rest of a request, between two requests, for
a reader. The front holds them, and parses nothing of what they bring.

Each state has its deadline (`web.serving.wire.states`), so that nobody keeps a connection for free.
"""

from __future__ import annotations

import os
import resource
import select
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import nsmallest

from kg.model.settings import Settings
from web.serving.access import AccessLog
from web.serving.accounts import Accounts
from web.serving.messages import BODY, KEEP, REST, Kind, Message, Part
from web.serving.wire.states import HOLDS, State
from web.site.metrics import WIRE, Metrics

_MOST = 20_000  # descriptors
_AT_ONCE = 1 << 20  # bytes sent to a reader before the next has its turn
_PIECE = 1 << 16  # bytes read of a request at once
_LARGE = 1 << 20  # bytes of an answer that counts so
_UNSENT = 1 << 29  # bytes of answers that wait for their readers
_UNREAD = 1 << 20  # bytes of a refused client that are read and thrown away
_LOOKS = 8  # at a request that comes in pieces, before each further look waits
_PAUSE = 0.02  # seconds
_HOT = 1.0  # seconds, for which a connection that a child has may have been idle

_QUIET = (State.OPENED, State.IDLE)
_ARRIVING = (State.HEAD, State.BODY)
_LEAVING = (State.WRITING, State.CLOSING)
READ = select.EPOLLIN | select.EPOLLONESHOT
WRITE = select.EPOLLOUT | select.EPOLLONESHOT
GONE = select.EPOLLRDHUP | select.EPOLLONESHOT


@dataclass(eq=False, slots=True)
class Connection:
    """A client's connection, wherever it is.

    `began` is when the request that is arriving began, 0 between requests. `parts` are spans of
    files that are left to send. `spool` is the file of a request's first part, of which `need`
    bytes more have to come before a look makes sense.
    """

    fd: int
    peer: str
    state: State
    since: float
    ticket: int = 0
    began: float = 0.0
    ended: bool = False
    flags: int = 0
    spool: int | None = None
    need: int = 0
    looks: int = 0
    keep: bool = True
    parts: list[Part] = field(default_factory=list)
    size: int = 0  # bytes that are left to send
    account: int = -1
    counted: bool = False  # its answer counts among the requests of its client that run

    def given(self) -> None:
        """A child has it, and what came of its request before, which is kept until it has begun."""
        self.state = State.SERVING
        self.need = 0
        if self.spool is None:  # a new request, as far as the front can tell
            self.began, self.looks = 0.0, 0

    def begun(self) -> None:
        """A child has begun with what came before."""
        self.flags = 0
        if self.spool is not None:
            os.close(self.spool)
            self.spool = None


class Connections:
    """Holds connections while they wait; `serve` takes one of which something has come, `recall`
    has children give back those that they do not serve.
    """

    def __init__(
        self,
        poll: select.epoll,
        settings: Settings,
        accounts: Accounts,
        metrics: Metrics,
        log: AccessLog,
        *,
        serve: Callable[[Connection], None],
        recall: Callable[[float], None],
    ) -> None:
        self._poll = poll
        self._settings = settings
        self._accounts = accounts
        self._metrics = metrics
        self._log = log
        self._serve = serve
        self._recall = recall
        self._all: dict[int, Connection] = {}
        self._peers: Counter[str] = Counter()
        self._paused: list[Connection] = []
        self._swept = 0.0
        self._most = min(settings.connections, _descriptors())
        self.unsent = 0

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._all.values())

    def admit(self, descriptor: int, peer: str, now: float) -> None:
        """Hold a new connection. Where there are too many, those that have waited longest end; and
        this one does, where all others are at work.
        """
        full = len(self._all) >= self._most and not self._evict(lambda _: True, now)
        most = self._settings.client_connections
        if full or (
            self._peers[peer] >= most and not self._evict(lambda each: each.peer == peer, now)
        ):
            os.close(descriptor)
            return
        connection = Connection(descriptor, peer, State.OPENED, now)
        self._all[descriptor] = connection
        self._peers[peer] += 1
        self._poll.register(descriptor, READ)

    def find(self, descriptor: int) -> Connection | None:
        return self._all.get(descriptor)

    def wait(self, connection: Connection, state: State, now: float) -> None:
        """Wait for what the client sends next."""
        connection.state, connection.since = state, now
        self._poll.modify(connection.fd, READ)

    def returned(self, connection: Connection, message: Message, now: float) -> None:
        """Do what a child says of a connection that it gives back."""
        connection.begun()
        _, *numbers = message.numbers
        if message.kind is Kind.CLOSED:
            self.close(connection)
        elif message.kind is Kind.IDLE:
            self.wait(connection, State.IDLE, min(numbers[0] / 1000, now))
        elif message.kind is Kind.LINGER:
            self.linger(connection, now)
        elif message.kind is Kind.PART:
            need, flags, *_ = numbers
            self.collect(connection, message.descriptors[0], need, flags, now)
        elif message.kind is Kind.UNSENT:
            flags, account, *spans = numbers
            if flags & REST:
                connection.spool = message.descriptors.pop()
            connection.account = account
            spanned = zip(message.descriptors, spans[::2], spans[1::2], strict=False)
            parts = [Part(*each) for each in spanned]
            self.deliver(connection, parts, keep=bool(flags & KEEP), now=now)

    def collect(
        self, connection: Connection, spool: int, need: int, flags: int, now: float
    ) -> None:
        """Wait for the rest of a request, whose first part is in `spool`."""
        connection.spool, connection.need, connection.flags = spool, need, flags
        if need == 0:
            self._serve(connection)
            return
        connection.began = connection.began or now
        connection.looks += 1
        state = State.BODY if flags & BODY else State.HEAD
        if now - connection.began > HOLDS[state].seconds(self._settings):
            self._swept = 0.0  # whoever sends bytes in time with the sweep is met by one, too
        if connection.looks > _LOOKS:
            connection.state, connection.since = state, now
            self._paused.append(connection)
        else:
            self.wait(connection, state, now)

    def deliver(self, connection: Connection, parts: list[Part], keep: bool, now: float) -> None:
        """Send what a child could not, as fast as the client takes it."""
        connection.parts, connection.keep = parts, keep
        connection.size = sum(each.end - each.start for each in parts)
        self.unsent += connection.size
        if connection.size > _LARGE and connection.account >= 0:
            self._accounts.running(connection.account, 1)
            connection.counted = True
        while self.unsent > _UNSENT:  # those who take least go first
            stalled = [each for each in self._all.values() if each.state is State.WRITING]
            if not stalled:
                break
            self.close(min(stalled, key=lambda each: each.since))
        connection.state, connection.since = State.WRITING, now
        self._poll.modify(connection.fd, WRITE)

    def answer(self, connection: Connection, response: bytes, now: float) -> None:
        """Send a last response, and read no further; without one, close."""
        if not response:
            return self.close(connection)
        status, seconds = int(response[9:12]), now - connection.since
        self._metrics.count(WIRE, status, "none", seconds, len(response))
        self._log.entry(client=connection.peer, status=status, ms=round(1000 * seconds, 2))
        try:
            os.write(connection.fd, response)
        except OSError:
            self.close(connection)
        else:
            self.linger(connection, now)

    def linger(self, connection: Connection, now: float) -> None:
        """Close in a way that lets the client read the answer (RFC 9112 §9.6)."""
        with suppress(OSError), socket.socket(fileno=os.dup(connection.fd)) as each:
            each.shutdown(socket.SHUT_WR)
        connection.size = _UNREAD
        self.wait(connection, State.CLOSING, now)

    def close(self, connection: Connection) -> None:
        if self._all.pop(connection.fd, None) is None:
            return
        self._peers[connection.peer] -= 1
        if not self._peers[connection.peer]:
            del self._peers[connection.peer]
        self._forget(connection)
        connection.state = State.CLOSED
        os.close(connection.fd)

    def ready(self, connection: Connection, now: float) -> None:
        """Something has come, there is room to send, or the client has gone."""
        state = connection.state
        if state in _ARRIVING:
            self._read(connection, now)
        elif state is State.WRITING:
            self._send(connection, now)
        elif state is State.CLOSING:
            self._discard(connection)
        else:
            self._serve(connection)

    def look_after(self, now: float, late: Mapping[str, bytes]) -> None:
        """Look again at those that were paused, and end those whose time is up; `late` has the
        response for a kind of problem.
        """
        for connection in [each for each in self._paused if now - each.since > _PAUSE]:
            self._paused.remove(connection)
            if connection.state in _ARRIVING and self.find(connection.fd) is connection:
                self.wait(connection, connection.state, connection.since)
        if now - self._swept < 0.25:
            return
        self._swept = now
        for connection in list(self._all.values()):
            hold = HOLDS[connection.state]
            since = connection.began if hold.since == "first byte" else connection.since
            if hold.by == "front" and now - since > hold.seconds(self._settings):
                if hold.late:
                    self.answer(connection, late[hold.late], now)
                else:
                    self.close(connection)

    def hang_up(self, before: float) -> None:
        """Close those that have brought nothing since."""
        for connection in list(self._all.values()):
            if connection.state in _QUIET and connection.since < before:
                self.close(connection)

    def close_all(self) -> None:
        for connection in list(self._all.values()):
            self.close(connection)

    def make_room(self, now: float) -> None:
        """Close one, as descriptors are scarce."""
        self._evict(lambda _: True, now)

    @property
    def paused(self) -> bool:
        return bool(self._paused)

    def _evict(self, which: Callable[[Connection], bool], now: float) -> bool:
        """Close those that have waited longest; first of those that bring nothing, then of those
        that bring or take too little. One in sixty-four at once, as it takes a look at all.
        """
        theirs = [each for each in self._all.values() if which(each)]
        if not any(each.state in _QUIET for each in theirs):
            self._recall(now - _HOT)
        for states in (_QUIET, _ARRIVING, _LEAVING):
            waiting = [each for each in theirs if each.state in states]
            for each in nsmallest(1 + len(theirs) // 64, waiting, key=_idle):
                self.close(each)
            if waiting:
                return True
        return False

    def _read(self, connection: Connection, now: float) -> None:
        assert connection.spool is not None  # noqa: S101 - in this state
        try:
            data = os.read(connection.fd, _PIECE)
        except BlockingIOError:
            return self._poll.modify(connection.fd, READ)
        except OSError:
            return self.close(connection)
        connection.ended = not data
        connection.need -= os.write(connection.spool, data)
        if connection.need > 0 and data:
            return self.wait(connection, connection.state, now)
        return self._serve(connection)

    def _send(self, connection: Connection, now: float) -> None:
        descriptor, start, end = connection.parts[0]
        try:
            sent = os.sendfile(connection.fd, descriptor, start, min(end - start, _AT_ONCE))
        except BlockingIOError:
            return self._poll.modify(connection.fd, WRITE)
        except OSError:
            return self.close(connection)
        if not sent:  # the file is shorter than it was
            return self.close(connection)
        connection.size -= sent
        self.unsent -= sent
        connection.since = now
        if start + sent < end:
            connection.parts[0] = Part(descriptor, start + sent, end)
        else:
            os.close(descriptor)
            del connection.parts[0]
        if connection.parts:
            return self._poll.modify(connection.fd, WRITE)
        self._delivered(connection)
        if connection.spool is not None:
            return self._serve(connection)
        if connection.keep:
            return self.wait(connection, State.IDLE, now)
        return self.linger(connection, now)

    def _discard(self, connection: Connection) -> None:
        try:
            data = os.read(connection.fd, _PIECE)
        except BlockingIOError:
            data = b" "
        except OSError:
            data = b""
        connection.size -= len(data)
        if data and connection.size > 0:
            self._poll.modify(connection.fd, READ)
        else:
            self.close(connection)

    def _forget(self, connection: Connection) -> None:
        """Let go of the files of what was arriving, or on its way."""
        if connection.spool is not None:
            os.close(connection.spool)
            connection.spool = None
        if connection.state is State.WRITING:
            self.unsent -= connection.size
        for descriptor, _, _ in connection.parts:
            os.close(descriptor)
        connection.parts = []
        self._delivered(connection)

    def _delivered(self, connection: Connection) -> None:
        if connection.counted:
            self._accounts.running(connection.account, -1)
            connection.counted = False


def _idle(connection: Connection) -> tuple[float, int]:
    """Who has waited longest comes first; those that children had at once, as they got them."""
    return connection.since, connection.ticket


def _descriptors() -> int:
    """How many connections the process has descriptors for, once it has raised what it may have;
    a tenth is for all else.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(most - max(most // 10, 64), 8)
