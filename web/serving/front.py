"""The front: it accepts connections, gives those of which something has come to children, and
follows releases. It runs no application code, and parses nothing that a client sends.
"""

from __future__ import annotations

import errno
import json
import mmap
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.store import locate
from kg.store.release import current_file
from web.serving import messages, nursery
from web.serving.access import AccessLog
from web.serving.accounts import Accounts
from web.serving.board import ENDING, SLOTS, board
from web.serving.children import ROUND, Children
from web.serving.connections import Connections
from web.serving.gauges import Gauges
from web.serving.members import Home
from web.serving.messages import Kind
from web.serving.nursery import Shared
from web.serving.wire.states import State
from web.site import metrics
from web.site.metrics import Metrics

GRACE = 5.0  # seconds that requests have to end, once the server is to stop
_WATCH = 0.02  # seconds between two looks at children that hold connections
_REST = 0.25  # seconds between two looks at a server that has nothing to do
_FOLLOW = 1.0  # seconds between two looks for a new release
_PATIENCE = 30.0  # seconds at most, between two attempts at a release that cannot be opened
_ACCEPTED = 64  # connections at once
_QUIET = 0.5  # seconds, after which a client that sends nothing is not waited for at the end
_LONGEST = 1 << 17  # bytes of what a nursery says


def serve(
    settings: Settings, listener: socket.socket, announce: Callable[[], None], *, filtered: bool
) -> None:
    """Serve on `listener` until SIGINT or SIGTERM; call `announce` once that has begun.

    `filtered`: children get the kernel's filters.

    Raises:
        ChanceryError: there is no release that can be opened.
    """
    locate.fault("")  # loads for half a second what any child may need; all of them inherit it
    log = AccessLog(settings.access_log)
    shared = Shared(
        settings=settings,
        slots=board(),
        accounts=Accounts(settings),
        counts=mmap.mmap(-1, metrics.size(SLOTS + 1)),
        log=log,
        server=listener.getsockname()[:2],
        filtered=filtered,
    )
    with closing(log):
        log.start()
        Front(shared, listener, announce).run()


class Front:
    """Serves on `listener` until SIGINT or SIGTERM; calls `announce` once it does.

    Raises:
        ChanceryError: there is no release that can be opened.
    """

    def __init__(
        self, shared: Shared, listener: socket.socket, announce: Callable[[], None]
    ) -> None:
        self._announce = announce
        self._shared = shared
        self._listener = listener
        self._poll = select.epoll()
        settings, accounts = shared.settings, shared.accounts
        counts = Metrics(memory=shared.counts, column=SLOTS)
        self._children = Children(self._poll, settings, shared.slots, accounts, counts)
        self._connections = Connections(
            self._poll,
            settings,
            accounts,
            counts,
            shared.log,
            serve=self._children.serve,
            recall=self._children.recall,
        )
        self._gauges = Gauges(counts, self._connections, self._children)
        self._children.connections = self._connections
        self._homes: dict[int, Home] = {}  # by their channels
        self._opening: Home | None = None
        self._leaving: list[int] = []  # nurseries that are to end
        self._followed = 0.0
        self._tried: tuple[int, int] | None = None  # the manifest that was to be opened last
        self._again = self._pause = 0.0  # when to try that again, and how long to wait then
        self._said = ""
        self._accepting = False
        self._stop_at = 0.0
        self._woken, self._wake = socket.socketpair()
        self._woken.setblocking(False)
        self._wake.setblocking(False)

    def run(self) -> None:
        self._poll.register(self._woken, select.EPOLLIN)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)  # the byte in the pipe says it
        try:
            while not self._ended(time.monotonic()):
                events = self._poll.poll(self._wait())
                now = time.monotonic()
                for descriptor, _ in events:
                    self._event(descriptor, now)
                self._look_after(now)
        finally:
            signal.set_wakeup_fd(-1)
            self._close()

    def _wait(self) -> float:
        """How long to wait for an event, at most, in seconds."""
        if self._children.waiting or self._connections.paused:
            return ROUND
        wait = _REST
        for each in self._children:
            if each.serves:
                return ROUND
            if each.held:
                wait = _WATCH
        return wait

    def _event(self, descriptor: int, now: float) -> None:
        if descriptor == self._listener.fileno():
            self._accept(now)
        elif descriptor in self._homes:
            self._hear(self._homes[descriptor], now)
        elif descriptor == self._woken.fileno():
            self._woken.recv(64)
            self._stop(now)
        elif not self._children.hears(descriptor, now):
            connection = self._connections.find(descriptor)
            if connection is None:
                pass  # closed by what came before it in this round
            elif connection.state is State.SERVING:
                self._children.gone(connection)
            else:
                self._connections.ready(connection, now)

    def _accept(self, now: float) -> None:
        for _ in range(_ACCEPTED):
            try:
                accepted, address = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    self._connections.make_room(now)
                    return
                continue  # the client has gone meanwhile
            accepted.setblocking(False)
            self._connections.admit(accepted.detach(), address[0], now)

    def _look_after(self, now: float) -> None:
        self._children.look_after(now)
        self._connections.look_after(now, self._children.replies)
        self._gauges.note(now, self._homes.values())
        if now - self._followed > _FOLLOW:
            self._followed = now
            self._shared.log.start()  # again, where the writer was ended
            self._follow(now)
        for home in [each for each in self._homes.values() if each is not self._children.home]:
            if home is not self._opening and not self._children.needs(home):
                self._part(home)
        if self._leaving:
            self._reap()
        if self._stop_at:
            self._children.recall(now)

    def _follow(self, now: float) -> None:
        """Open the current release, if it is not the one that is served. One that could not be
        opened is tried again, each time after twice as long.
        """
        if self._opening is not None or self._stop_at:
            return
        try:
            file = current_file(self._shared.settings.directory)
        except OSError as error:
            self._say(f"the new release cannot be served: {error}")
            return
        if self._children.home is not None and self._children.home.file == file:
            return
        if self._tried != file:
            self._tried, self._again, self._pause = file, now, _FOLLOW
        if now >= self._again:
            self._again, self._pause = now + self._pause, min(2 * self._pause, _PATIENCE)
            self._open(file)

    def _open(self, file: tuple[int, int]) -> None:
        """Fork a nursery, which opens the current release."""
        ours, theirs = messages.pair()
        pid = os.fork()
        if pid == 0:
            _close_all_but(theirs.fileno(), *self._shared.log.descriptors)
            nursery.run(self._shared, theirs)
        theirs.close()
        self._opening = self._homes[ours.fileno()] = Home(pid, ours, file)
        self._poll.register(ours, select.EPOLLIN)

    def _hear(self, home: Home, now: float) -> None:
        """What a nursery says."""
        try:
            while True:
                message = messages.receive(home.channel, _LONGEST)
                if message.kind is Kind.READY:
                    self._open_to_all(home, message.body)
                elif message.kind is Kind.FAILED:
                    self._failed(message.body.decode(), message.numbers[0])
                else:
                    self._children.told(home, message, now)
        except BlockingIOError:
            pass
        except EOFError:
            if home is self._opening:
                self._failed("")
            self._part(home)
            self._children.abandoned(home, now)
            self._followed = 0.0  # look at once

    def _open_to_all(self, home: Home, body: bytes) -> None:
        """Serve by what `home` has opened."""
        said = json.loads(body)
        home.release = said["release"]
        home.replies = {slug: text.encode("latin-1") for slug, text in said["replies"].items()}
        first = self._children.home is None
        self._opening, self._tried, self._said = None, None, ""
        self._children.replace(home)
        if not self._accepting:
            self._accepting = True
            self._poll.register(self._listener, select.EPOLLIN)
            self._announce()
        elif not first:
            print(f"kg: serving release {home.release}", file=sys.stderr)  # noqa: T201 - as above

    def _failed(self, why: str, code: int = ChanceryError.exit_code) -> None:
        """A release cannot be opened: the old one stays, and a later look may find it mended; where
        there is none, the command ends with the code.
        """
        why = why or "the process that opens it ended before it had done so"
        if not self._accepting:
            error = ChanceryError(why)
            error.exit_code = code
            raise error
        self._opening = None
        self._say(f"the new release cannot be served: {why}")

    def _say(self, words: str) -> None:
        if words != self._said:
            print(f"kg: {words}", file=sys.stderr, flush=True)  # noqa: T201 - what goes wrong is read there
        self._said = words

    def _part(self, home: Home) -> None:
        """Let a nursery end."""
        if self._homes.pop(home.channel.fileno(), None):
            self._poll.unregister(home.channel)
            home.channel.close()
            self._leaving.append(home.pid)

    def _stop(self, now: float) -> None:
        """Take no more connections; end once all is answered, or at once if told twice."""
        if self._stop_at:
            self._stop_at = now
            return
        self._stop_at = now + GRACE
        if self._accepting:
            self._accept(now)  # who came before has been promised an answer
            self._poll.unregister(self._listener)
        self._listener.close()
        for slot in self._shared.slots:
            slot.note[ENDING] = 1.0

    def _ended(self, now: float) -> bool:
        if not self._stop_at:
            return False
        if self._children.home is None or now >= self._stop_at:
            return True
        self._connections.hang_up(now - _QUIET)
        return not len(self._connections)

    def _close(self) -> None:
        """End every process."""
        self._children.end(time.monotonic())
        self._connections.close_all()
        for home in list(self._homes.values()):
            self._part(home)
        deadline = time.monotonic() + GRACE
        while self._leaving and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.005)
        for pid in self._leaving:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for each in (self._woken, self._wake, self._poll):
            each.close()

    def _reap(self) -> None:
        for pid in list(self._leaving):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self._leaving.remove(pid)


def _close_all_but(*kept: int) -> None:
    """Close the descriptors of the front, in a process that it has forked."""
    for each in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
        if each > 2 and each not in kept:
            with suppress(OSError):  # that of the folder itself
                os.close(each)
