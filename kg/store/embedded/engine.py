"""`Engine`: one release, answered for by workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from mmap import mmap

from kg.model.settings import Settings
from kg.store.embedded import confine, seccomp, wire_format
from kg.store.embedded.fork_server import Config
from kg.store.embedded.loop_thread import LoopThread
from kg.store.embedded.messages import Message
from kg.store.embedded.processes import ForkServer
from kg.store.embedded.worker_pool import ROUND, WorkerPool
from kg.store.errors import QueryTimeout
from kg.store.query import Answer, Cancel, Query, Status
from kg.store.release import Release
from kg.store.served import Program

_MEGABYTE = 1 << 20
_YOUNG = 0.05  # seconds, more than most requests to a program take on a busy machine


class Engine:
    """Answers queries of one release in processes of their own. Close it when done.

    `prefixes` are predeclared in each query; `program` is to run in workers of its own. Raises
    ChanceryError where the store cannot be opened.
    """

    def __init__(
        self,
        release: Release,
        settings: Settings,
        prefixes: Mapping[str, str],
        program: Program | None = None,
    ) -> None:
        self.release = release
        self.runs_program = program is not None and seccomp.supported()
        self._held = release.hold()
        self._settings = settings
        self._in_memory = settings.holds(release.manifest.counts.triples)
        limits = confine.Limits(
            memory=settings.query_memory * _MEGABYTE,
            answer=settings.result_size * _MEGABYTE,
            filtered=seccomp.supported(),
        )
        config = Config(
            release=release.directory,
            in_memory=self._in_memory,
            prefixes=dict(prefixes),
            limits=limits,
            settings=settings,
            program=program if self.runs_program else None,
        )
        try:
            self._server = ForkServer(config)
        except BaseException:
            self._held.close()
            raise
        self._loop = LoopThread()
        # Each belongs to the event loop that first asks. No flood of queries keeps a page waiting,
        # as each has workers of its own.
        self._pools: dict[str, WorkerPool] = {}

    def answer(self, query: Query, cancel: Cancel | None = None) -> Answer:
        """Run `query`; see `Graph.answer`."""
        asked = self._answer("threads", query, cancel or Cancel(), lambda: None)
        return self._loop.wait_for(asked)

    async def answer_async(
        self, query: Query, cancel: Cancel, slow: Callable[[], object]
    ) -> Answer:
        """Run `query`; see `ServedGraph.answer_async`."""
        return await self._answer("queries", query, cancel, slow)

    async def run(self, request: bytes, cancel: Cancel, slow: Callable[[], object]) -> bytes | mmap:
        """Have the program reply to `request`; see `ServedGraph.run`."""
        timeout = self._settings.query_timeout
        message = Message({"timeout": timeout}, request)
        try:
            reply = await self._pool("program").request(message, timeout, cancel, slow)
        except QueryTimeout:  # whose advice is for who wrote the query
            raise QueryTimeout(f"It took more than {timeout:g} s, which is the limit.") from None
        return wire_format.content(reply)

    async def _answer(
        self, name: str, query: Query, cancel: Cancel, slow: Callable[[], object]
    ) -> Answer:
        message = wire_format.encode(query, self._settings)
        timeout = wire_format.time_limit(query, self._settings)
        reply = await self._pool(name).request(message, timeout, cancel, slow)
        return wire_format.decode(reply, self.release.id, self._settings)

    def _pool(self, name: str) -> WorkerPool:
        """The workers for queries of the event loop or of `threads`, or for the `program`."""
        pool = self._pools.get(name)
        if pool is None:
            program = name == "program"
            cores = os.cpu_count() or 1
            pool = self._pools[name] = WorkerPool(
                partial(self._server.fork, program=program),
                self._settings,
                # A fork costs more than many a query, so all but the slow ones are kept. Those of
                # the program keep what they have read: a few that know much do more than many.
                spare=(4 if program else 8) * cores,
                young=_YOUNG if program else ROUND,
            )
        return pool

    @property
    def alive(self) -> bool:
        return self._server.alive

    def status(self) -> Status:
        pools = [*self._pools.values()]
        return Status(
            ready=self.alive,
            in_memory=self._in_memory,
            busy=sum(each.busy for each in pools),
            idle=sum(each.idle for each in pools),
            waiting=sum(each.waiting for each in pools),
        )

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()
        self._server.close()
        self._loop.close()
        self._held.close()
