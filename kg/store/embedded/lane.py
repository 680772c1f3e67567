"""Children driven by an event loop, so that a small request costs no change of thread.

The endpoint has a `Lane`, and pages have one; `Pool` serves what runs in threads. Each has children
of its own, so that no flood of queries keeps a page waiting.

Most requests take less time than a change of process, so only as many run at once as the machine
has cores: one child after another finds its caches warm. One that takes long makes room for the
next.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from kg.store.embedded.frames import Frame, Inbox, encode
from kg.store.embedded.pool import SLOW, Child
from kg.store.errors import EngineBusy
from kg.store.query import Cancel

ROUND = 0.01  # seconds between two looks at what runs
WATCH = 0.25  # seconds after which somebody should look whether the client is still there


class Outcome(NamedTuple):
    """A child's reply; where there is none, its exit code, and whether its time was up."""

    reply: Frame | None
    status: int = 0
    overdue: bool = False


class _Seat:
    """A child that the loop writes to and reads from as either is ready.

    Neither side takes all of a long message at once: a socket holds some 200 KB, and wakes its
    reader at the first 36 KB.
    """

    def __init__(self, child: Child, loop: asyncio.AbstractEventLoop) -> None:
        self.child = child
        self.quick = True  # the running query is young
        self.slow = False
        self.ended = False
        self._loop = loop
        self._reply: asyncio.Future[Outcome] | None = None
        self._start = self._deadline = 0.0
        self._watch: Callable[[], object] | None = None
        self._inbox = Inbox(child.channel)
        self._unsent = memoryview(b"")
        child.channel.setblocking(False)
        loop.add_reader(child.channel, self._read)

    async def ask(self, request: Frame, timeout: float, watch: Callable[[], object]) -> Outcome:
        self._reply = self._loop.create_future()
        self._start = time.monotonic()
        self._deadline = self._start + timeout
        self._watch = watch
        self._unsent = memoryview(encode(request))
        if not self._sent():
            self._loop.add_writer(self.child.channel, self._write)
        try:
            return await self._reply
        finally:
            self._reply = None

    def look_after(self, now: float) -> None:
        """Do what is due for the running query."""
        age = self.age(now)
        if self._watch and age >= WATCH:
            self._watch()
            self._watch = None
        if not self.slow and age >= SLOW:
            self.slow = True
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.child.pid, 10)
        if now >= self._deadline:
            self._settle(Outcome(None, overdue=True))

    def age(self, now: float) -> float:
        return now - self._start

    def detach(self) -> None:
        """Leave the child alone, from the loop's thread."""
        self._loop.remove_reader(self.child.channel)
        self._loop.remove_writer(self.child.channel)
        self._inbox.close()

    def close(self) -> None:
        self.detach()
        self.child.channel.close()

    def _settle(self, outcome: Outcome) -> None:
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(outcome)
        elif outcome.reply and outcome.reply.descriptor is not None:  # too late: its time was up
            os.close(outcome.reply.descriptor)

    def _write(self) -> None:
        if self._sent():
            self._loop.remove_writer(self.child.channel)

    def _sent(self) -> bool:
        """Send what there is room for: whether that was all."""
        try:
            self._unsent = self._unsent[self.child.channel.send(self._unsent) :]
        except BlockingIOError:
            return False
        except OSError:
            self._settle(Outcome(None))
            return True
        return not self._unsent

    def _read(self) -> None:
        try:
            frame = self._inbox.read()
        except EOFError:
            self.ended = True
            self._loop.remove_reader(self.child.channel)
            self._settle(Outcome(None))
        else:
            if frame is not None:
                self._settle(Outcome(frame))


class Lane:
    """At most `size` children from `fork` at work for the running event loop, `queue` requests
    waiting, and `spare` children idle. What runs for more than `quick` seconds makes room.
    """

    def __init__(
        self, fork: Callable[[], Child], *, size: int, spare: int, queue: int, quick: float = ROUND
    ) -> None:
        self._fork = fork
        self._size = size
        self._spare = spare
        self._queue = queue
        self._quick_for = quick
        self._cores = os.cpu_count() or 1
        self._loop = asyncio.get_running_loop()
        self._idle: deque[_Seat] = deque()
        self._running: set[_Seat] = set()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._quick = 0  # queries that run, or are about to, and are young
        self._round: asyncio.TimerHandle | None = None
        self.busy = 0

    async def ask(
        self,
        request: Frame,
        timeout: float,
        patience: float,
        cancel: Cancel,
        watch: Callable[[], object],
    ) -> Outcome:
        """Have a request answered within `timeout`, after up to `patience` in the queue (seconds).

        `watch` is called if it takes long.

        Raises:
            EngineBusy: no child came free in time, or the queue is full.
        """
        if self._free() and not self._waiting:
            self._enter()
        else:
            await self._wait(patience)
        outcome = Outcome(None)
        seat: _Seat | None = None
        try:
            seat = await self._seat()
            seat.quick = True
            self._running.add(seat)
            if self._round is None:
                self._round = self._loop.call_later(ROUND, self._look_after)
            kill = seat.child.kill
            cancel.on_cancel(lambda: self._loop.run_in_executor(None, kill))
            outcome = await seat.ask(request, timeout, watch)
            return outcome if outcome.reply else outcome._replace(status=await self._end(seat))
        finally:
            cancel.on_cancel(None)
            self._leave(seat)
            if seat is not None:
                self._put_back(seat, answered=outcome.reply is not None)

    def _free(self) -> bool:
        return self.busy < self._size and self._quick < self._cores

    def _enter(self) -> None:
        self.busy += 1
        self._quick += 1

    async def _wait(self, patience: float) -> None:
        if self.busy + len(self._waiting) >= self._size + self._queue:
            raise EngineBusy(f"All {self._size} query processes are at work; try again soon.")
        turn = self._loop.create_future()
        self._waiting.append(turn)
        try:
            await asyncio.wait_for(turn, patience)
        except TimeoutError:
            with contextlib.suppress(ValueError):
                self._waiting.remove(turn)
            raise EngineBusy(
                f"No query process came free within {patience:g} s; try again soon."
            ) from None

    def _leave(self, seat: _Seat | None) -> None:
        self.busy -= 1
        if seat is None or seat.quick:
            self._quick -= 1
        if seat is not None:
            self._running.discard(seat)
        self._admit()

    def _admit(self) -> None:
        """Let in who has waited longest, as far as there is room."""
        while self._waiting and self._free():
            turn = self._waiting.popleft()
            if not turn.done():
                self._enter()
                turn.set_result(None)

    def _look_after(self) -> None:
        """Look after what runs, again and again while anything does: cheaper than timers each."""
        now = time.monotonic()
        for seat in self._running:
            if seat.quick and seat.age(now) >= self._quick_for:
                seat.quick = False
                self._quick -= 1
            seat.look_after(now)
        self._admit()
        self._round = self._loop.call_later(ROUND, self._look_after) if self._running else None

    async def _seat(self) -> _Seat:
        while self._idle:
            seat = self._idle.pop()
            if not seat.ended:
                return seat
            self._put_back(seat, answered=False)
        child = await self._loop.run_in_executor(None, self._fork)
        return _Seat(child, self._loop)

    def _put_back(self, seat: _Seat, *, answered: bool) -> None:
        usable = answered and not seat.slow and not seat.ended and not seat.child.ended
        if usable and len(self._idle) < self._spare:
            self._idle.append(seat)
        else:
            seat.detach()
            end = seat.child.end
            self._loop.run_in_executor(None, lambda: end(idle=answered))

    async def _end(self, seat: _Seat) -> int:
        return await self._loop.run_in_executor(None, seat.child.kill)

    def close(self) -> None:
        """Let the idle children end, from whatever thread."""
        while self._idle:
            seat = self._idle.pop()
            if self._loop.is_running():
                self._loop.call_soon_threadsafe(seat.close)
            else:
                seat.child.channel.close()

    @property
    def idle(self) -> int:
        return len(self._idle)

    @property
    def waiting(self) -> int:
        return len(self._waiting)
