"""`LiveGraph`: the release that `build/current` names, and after a new build the new one."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from mmap import mmap

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.store.embedded.engine import Engine
from kg.store.query import Answer, Cancel, Query, Status
from kg.store.release import Release
from kg.store.served import Program

log = logging.getLogger("chancery.store")


class LiveGraph:
    """Follows a project's current release. Close it when done.

    A new release is opened beside the old one, which answers until then and ends with its last
    query, so no query is lost. `program` is the engine's. Raises ChanceryError where there is no
    release to start with.
    """

    def __init__(
        self,
        settings: Settings,
        prefixes: Mapping[str, str],
        program: Program | None = None,
        *,
        interval: float = 1.0,
    ) -> None:
        self._settings = settings
        self._prefixes = prefixes
        self._program = program
        self._lock = threading.Lock()
        self._users: dict[Engine, int] = {}
        self._closing = threading.Event()
        self._engine = self._open(Release.current(settings.directory))
        self._watcher = threading.Thread(target=self._watch, args=(interval,), daemon=True)
        self._watcher.start()

    @property
    def release(self) -> Release:
        return self._engine.release

    @property
    def runs_program(self) -> bool:
        """See `ServedGraph`. The program opens files, so its workers need the kernel's filter."""
        return self._engine.runs_program

    def status(self) -> Status:
        return self._engine.status()

    def answer(self, query: Query, cancel: Cancel | None = None) -> Answer:
        """See `Graph.answer`."""
        engine = self._take()
        try:
            return engine.answer(query, cancel)
        finally:
            if self._give_back(engine):
                engine.close()

    async def answer_async(
        self, query: Query, cancel: Cancel, slow: Callable[[], object]
    ) -> Answer:
        """See `ServedGraph.answer_async`."""
        async with self._used() as engine:
            return await engine.answer_async(query, cancel, slow)

    async def run(self, request: bytes, cancel: Cancel, slow: Callable[[], object]) -> bytes | mmap:
        """See `ServedGraph.run`."""
        async with self._used() as engine:
            return await engine.run(request, cancel, slow)

    def close(self) -> None:
        self._closing.set()
        self._watcher.join()
        for engine in list(self._users):
            engine.close()

    def _open(self, release: Release) -> Engine:
        # What is held in memory is read whole in any case; of what is not, a look must do.
        release.require(contents=self._settings.holds(release.manifest.counts.triples))
        engine = Engine(release, self._settings, self._prefixes, self._program)
        self._users[engine] = 0
        return engine

    @asynccontextmanager
    async def _used(self) -> AsyncIterator[Engine]:
        """The engine, for the event loop, which does not wait for an old one to close."""
        engine = self._take()
        try:
            yield engine
        finally:
            if self._give_back(engine):
                await asyncio.get_running_loop().run_in_executor(None, engine.close)

    def _take(self) -> Engine:
        with self._lock:
            self._users[self._engine] += 1
            return self._engine

    def _give_back(self, engine: Engine) -> bool:
        """Whether this was the last use of an engine that has been replaced."""
        with self._lock:
            self._users[engine] -= 1
            if engine is self._engine or self._users[engine]:
                return False
            del self._users[engine]
            return True

    def _watch(self, interval: float) -> None:
        directory = self._settings.directory
        said = ""
        while not self._closing.wait(interval):
            try:
                if not self.release.is_current(directory) or not self._engine.alive:
                    release = Release.current(directory)
                    self._replace(self._open(release))
                    log.info("serving release %s", release.id)
                    said = ""
            except Exception as error:  # the old one stays, and the next look may find it mended
                if repr(error) != said:
                    # Of a fault that nobody has foreseen, the log has the place.
                    known = isinstance(error, (OSError, ChanceryError))
                    log.warning("the new release cannot be served: %s", error, exc_info=not known)
                said = repr(error)

    def _replace(self, engine: Engine) -> None:
        with self._lock:
            old, self._engine = self._engine, engine
            self._users[old] += 1
        if self._give_back(old):
            old.close()
