"""Query children driven by an event loop, so that a small query costs no change of thread.

`Pool` serves threads, which the pages run in; a `Lane` serves the endpoint. Each has children of
its own, so that no flood of queries keeps a page waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from kg.store.errors import EngineBusy
from kg.store.frames import Frame, receive, send
from kg.store.pool import SLOW, Child, Zygote
from kg.store.query import Cancel

WATCH = 0.25  # seconds after which somebody should look whether the client is still there


class Outcome(NamedTuple):
    """A child's reply; where there is none, its exit code, and whether its time was up."""

    reply: Frame | None
    status: int = 0
    overdue: bool = False


class _Seat:
    """A child whose replies the loop reads as they come."""

    def __init__(self, child: Child, loop: asyncio.AbstractEventLoop) -> None:
        self.child = child
        self.slow = False
        self.ended = False
        self._loop = loop
        self._reply: asyncio.Future[Frame | None] | None = None
        loop.add_reader(child.channel, self._read)

    async def ask(self, request: Frame, timeout: float, slow: Callable[[], object]) -> Outcome:
        self._reply = self._loop.create_future()
        try:
            send(self.child.channel, request)
        except OSError:
            return Outcome(None)

        def yield_processor() -> None:
            self.slow = True
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.child.pid, 10)

        watch = self._loop.call_later(WATCH, slow)
        hint = self._loop.call_later(SLOW, yield_processor)
        limit = self._loop.call_later(timeout, self._late, self._reply)
        try:
            outcome = await self._reply
        except TimeoutError:
            return Outcome(None, overdue=True)
        finally:
            watch.cancel()
            hint.cancel()
            limit.cancel()
            self._reply = None
        return Outcome(outcome)

    def close(self) -> None:
        self._loop.remove_reader(self.child.channel)
        self.child.channel.close()

    def _late(self, reply: asyncio.Future[Frame | None]) -> None:
        if not reply.done():
            reply.set_exception(TimeoutError())

    def _read(self) -> None:
        frame = receive(self.child.channel)
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(frame)
        if frame is None:
            self.ended = True
            self._loop.remove_reader(self.child.channel)


class Lane:
    """At most `size` children at work for the running event loop, and `queue` queries waiting."""

    def __init__(self, zygote: Zygote, *, size: int, spare: int, queue: int) -> None:
        self._zygote = zygote
        self._size = size
        self._spare = spare
        self._queue = queue
        self._loop = asyncio.get_running_loop()
        self._idle: deque[_Seat] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self.busy = 0

    async def ask(
        self,
        request: Frame,
        timeout: float,
        patience: float,
        cancel: Cancel,
        slow: Callable[[], object],
    ) -> Outcome:
        """Have a query answered within `timeout`, after up to `patience` in the queue (seconds).

        `slow` is called if it takes long.

        Raises:
            EngineBusy: no child came free in time, or the queue is full.
        """
        await self._enter(patience)
        outcome = Outcome(None)
        seat: _Seat | None = None
        try:
            seat = await self._seat()
            kill = seat.child.kill
            cancel.on_cancel(lambda: self._loop.run_in_executor(None, kill))
            outcome = await seat.ask(request, timeout, slow)
            return outcome if outcome.reply else outcome._replace(status=await self._end(seat))
        finally:
            cancel.on_cancel(None)
            if seat is not None:
                self._put_back(seat, answered=outcome.reply is not None)
            self._leave()

    async def _enter(self, patience: float) -> None:
        if self.busy < self._size:
            self.busy += 1
            return
        if len(self._waiting) >= self._queue:
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

    def _leave(self) -> None:
        """Hand the place over to who has waited longest, or free it."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self.busy -= 1

    async def _seat(self) -> _Seat:
        while self._idle:
            seat = self._idle.pop()
            if not seat.ended:
                return seat
            self._put_back(seat, answered=False)
        child = await self._loop.run_in_executor(None, self._zygote.fork)
        return _Seat(child, self._loop)

    def _put_back(self, seat: _Seat, *, answered: bool) -> None:
        usable = answered and not seat.slow and not seat.ended and not seat.child.ended
        if usable and len(self._idle) < self._spare:
            self._idle.append(seat)
        else:
            self._loop.remove_reader(seat.child.channel)
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
