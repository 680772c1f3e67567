"""`Engine`: one release, answered for by children."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from functools import partial

from kg.model.settings import Settings
from kg.store.embedded import confine, dialogue, seccomp
from kg.store.embedded.frames import Frame
from kg.store.embedded.lane import Lane
from kg.store.embedded.pool import Pool, Zygote
from kg.store.embedded.zygote import Config
from kg.store.errors import Cancelled, QueryTimeout
from kg.store.query import Answer, Cancel, Query, Status
from kg.store.release import Release

_MEGABYTE = 1 << 20
_QUICK = 0.05  # seconds, more than most requests to a program take on a busy machine


class Engine:
    """Answers queries of one release in processes of their own. Close it when done.

    `prefixes` are predeclared in each query. `program` names a module that is to run in children
    of its own beside the store. Raises ChanceryError where the store cannot be read.
    """

    def __init__(
        self,
        release: Release,
        settings: Settings,
        prefixes: Mapping[str, str],
        program: str = "",
    ) -> None:
        self.release = release
        self._held = release.hold()
        self._settings = settings
        cores = os.cpu_count() or 1
        triples = int(release.manifest["counts"]["triples"])
        self._in_memory = settings.holds(triples)
        self.has_program = bool(program) and seccomp.supported()
        limits = confine.Limits(
            memory=settings.query_memory * _MEGABYTE,
            answer=settings.result_size * _MEGABYTE,
            filtered=seccomp.supported(),
        )
        config = Config(
            release=release.directory,
            control=-1,
            in_memory=self._in_memory,
            prefixes=dict(prefixes),
            limits=limits,
            settings=settings,
            program=program if self.has_program else "",
        )
        try:
            self._zygote = Zygote(config)
        except BaseException:
            self._held.close()
            raise
        self._size = {
            "size": settings.query_processes or 8 * cores,
            # A fork costs more than many a query, so all but the slow ones are kept.
            "spare": 8 * cores,
            "queue": settings.query_queue,
        }
        self._pool = Pool(self._zygote, **self._size)
        # Made by the event loop that first asks.
        self._lane: Lane | None = None
        self._program: Lane | None = None

    def answer(self, query: Query, cancel: Cancel | None = None) -> Answer:
        """Run `query`; see `Graph.answer`."""
        settings = self._settings
        request = dialogue.request(query, settings)
        timeout = dialogue.seconds(query, settings)
        child = self._pool.acquire(min(timeout, settings.queue_timeout), cancel)
        if cancel:
            cancel.on_cancel(child.kill)
        deadline = time.monotonic() + timeout
        try:
            reply = child.ask(request, deadline)
        except BaseException:
            self._pool.discard(child)
            raise
        finally:
            if cancel:
                cancel.on_cancel(None)
        if reply is not None:
            self._pool.release(child)
            return dialogue.read(reply, self.release.id, settings)
        overdue = time.monotonic() >= deadline
        status = self._pool.discard(child)
        if cancel and cancel.cancelled:
            raise Cancelled("The client has gone.")
        raise dialogue.late(timeout) if overdue else dialogue.ended(status, settings)

    async def answer_async(
        self, query: Query, cancel: Cancel, slow: Callable[[], object]
    ) -> Answer:
        """Run `query`; see `Graph.answer_async`."""
        settings = self._settings
        request = dialogue.request(query, settings)
        timeout = dialogue.seconds(query, settings)
        if self._lane is None:
            self._lane = Lane(self._zygote.fork, **self._size)
        reply = await self._reply(self._lane, request, timeout, cancel, slow)
        return dialogue.read(reply, self.release.id, settings)

    async def run(self, request: Frame, cancel: Cancel, slow: Callable[[], object]) -> Frame:
        """The program's reply to `request`; see `LiveGraph.run`."""
        timeout = self._settings.query_timeout
        if self._program is None:
            # Each keeps what it has read, so a few that know much do more than many.
            size = {**self._size, "spare": 4 * (os.cpu_count() or 1)}
            fork = partial(self._zygote.fork, program=True)
            self._program = Lane(fork, **size, quick=_QUICK)
        request.fields["timeout"] = timeout
        try:
            return await self._reply(self._program, request, timeout, cancel, slow)
        except QueryTimeout:  # whose advice is for who wrote the query
            raise QueryTimeout(f"It took more than {timeout:g} s, which is the limit.") from None

    async def _reply(
        self,
        lane: Lane,
        request: Frame,
        timeout: float,
        cancel: Cancel,
        slow: Callable[[], object],
    ) -> Frame:
        settings = self._settings
        patience = min(timeout, settings.queue_timeout)
        outcome = await lane.ask(request, timeout, patience, cancel, slow)
        if outcome.reply is not None:
            return outcome.reply
        if cancel.cancelled:
            raise Cancelled("The client has gone.")
        if outcome.overdue:
            raise dialogue.late(timeout)
        raise dialogue.ended(outcome.status, settings)

    @property
    def alive(self) -> bool:
        return self._zygote.alive

    def status(self) -> Status:
        groups: list[Pool | Lane] = [self._pool, *self._lanes()]
        return Status(
            ready=self.alive,
            in_memory=self._in_memory,
            busy=sum(each.busy for each in groups),
            idle=sum(each.idle for each in groups),
            waiting=sum(each.waiting for each in groups),
        )

    def close(self) -> None:
        for lane in self._lanes():
            lane.close()
        self._pool.close()
        self._zygote.close()
        self._held.close()

    def _lanes(self) -> list[Lane]:
        return [each for each in (self._lane, self._program) if each]
