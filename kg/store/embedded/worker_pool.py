"""`WorkerPool`: the one way to ask a process beside the store, driven by an event loop so that a
small request costs no change of thread.

Most requests take less time than a change of process, so only as many run at once as the machine
has cores: one worker after another finds the caches warm. One that takes long makes room for the
next.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import deque
from collections.abc import Callable
from functools import partial

from kg.model.settings import Settings
from kg.store.embedded.endings import Exit, ended, overdue
from kg.store.embedded.messages import Message
from kg.store.embedded.processes import Process
from kg.store.embedded.worker import Outcome, Worker
from kg.store.errors import Cancelled, EngineBusy
from kg.store.query import Cancel

ROUND = 0.01  # seconds between two looks at what runs


class WorkerPool:
    """Workers from `fork` for the running event loop, within the limits of `settings`.

    `spare` of them may be idle. A request that has run for `young` seconds makes room for another.
    """

    def __init__(
        self,
        fork: Callable[[], Process],
        settings: Settings,
        *,
        spare: int,
        young: float = ROUND,
    ) -> None:
        self._cores = os.cpu_count() or 1
        self._fork = fork
        self._settings = settings
        self._size = settings.query_processes or 8 * self._cores
        self._spare = spare
        self._young_for = young
        self._loop = asyncio.get_running_loop()
        self._idle: deque[Worker] = deque()
        self._running: set[Worker] = set()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._young = 0  # requests that run, or are about to, and are young
        self._round: asyncio.TimerHandle | None = None
        self.busy = 0

    async def request(
        self, message: Message, timeout: float, cancel: Cancel, watch: Callable[[], object]
    ) -> Message:
        """The reply to `message`, within `timeout` seconds of its worker's time.

        `watch` is called if it takes long.

        Raises:
            EngineBusy: no worker came free in time, or the queue is full.
            Cancelled: nobody waits for the reply any more.
            QueryTimeout: its time was up.
            QueryError: the worker has ended, for the reason that is given.
        """
        if self._is_free() and not self._waiting:
            self._enter()
        else:
            await self._wait(min(timeout, self._settings.queue_timeout))
        worker: Worker | None = None
        outcome = Outcome(None)
        ending: asyncio.Future[Exit] | None = None
        try:
            worker = await self._worker()
            self._running.add(worker)
            if self._round is None:
                self._round = self._loop.call_later(ROUND, self._look_after)
            cancel.on_cancel(worker.process.kill)
            outcome = await worker.exchange(message, timeout, watch)
        finally:
            cancel.on_cancel(None)
            if worker is not None:
                ending = self._put_back(worker, answered=outcome.reply is not None)
            self._leave(worker)
        if outcome.reply is not None:
            return outcome.reply
        how = await ending if ending else Exit(None)
        if cancel.cancelled:
            raise Cancelled("The client has gone.")
        if outcome.overdue:
            raise overdue(timeout)
        raise ended(how, self._settings.query_memory)

    def _is_free(self) -> bool:
        return self.busy < self._size and self._young < self._cores

    def _enter(self) -> None:
        self.busy += 1
        self._young += 1

    async def _wait(self, patience: float) -> None:
        if self.busy + len(self._waiting) >= self._size + self._settings.query_queue:
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

    def _leave(self, worker: Worker | None) -> None:
        self.busy -= 1
        if worker is None or worker.young:
            self._young -= 1
        if worker is not None:
            self._running.discard(worker)
        self._admit()

    def _admit(self) -> None:
        """Let in who has waited longest, as far as there is room."""
        while self._waiting and self._is_free():
            turn = self._waiting.popleft()
            if not turn.done():
                self._enter()
                turn.set_result(None)

    def _look_after(self) -> None:
        """Look after what runs, again while anything does: one timer costs less than one each."""
        now = time.monotonic()
        for worker in self._running:
            if worker.young and worker.age(now) >= self._young_for:
                worker.young = False
                self._young -= 1
            worker.look_after(now)
        self._admit()
        self._round = self._loop.call_later(ROUND, self._look_after) if self._running else None

    async def _worker(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if not worker.ended:
                return worker
            self._put_back(worker, answered=False)
        process = await self._loop.run_in_executor(None, self._fork)
        return Worker(process, self._loop)

    def _put_back(self, worker: Worker, *, answered: bool) -> asyncio.Future[Exit] | None:
        """Keep the worker for the next request, or end it: the future of that."""
        if answered and not (worker.slow or worker.ended) and len(self._idle) < self._spare:
            self._idle.append(worker)
            return None
        worker.detach()
        if not answered:
            worker.process.kill()
        return self._loop.run_in_executor(None, partial(worker.process.end, kill=not answered))

    def close(self) -> None:
        """Let the idle workers end, from whatever thread."""
        while self._idle:
            worker = self._idle.pop()
            if self._loop.is_running():
                self._loop.call_soon_threadsafe(worker.close)
            else:
                worker.process.channel.close()

    @property
    def idle(self) -> int:
        return len(self._idle)

    @property
    def waiting(self) -> int:
        return len(self._waiting)
