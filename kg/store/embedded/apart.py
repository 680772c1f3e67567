"""`Apart`: a graph each of whose queries runs in a process of its own, which may be lost."""

from __future__ import annotations

import faulthandler
import json
import os
import select
import signal
import traceback
from typing import IO, Any, NoReturn

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.store.embedded import confine
from kg.store.embedded.endings import OUT_OF_MEMORY, Exit, ended, overdue
from kg.store.embedded.graph import EmbeddedGraph
from kg.store.embedded.output import file_in_memory
from kg.store.errors import QueryError
from kg.store.query import Answer, Query
from kg.store.release import Release

_FIRST = 2000  # bytes, of what an engine that ended wrote to standard error
_MEGABYTE = 1 << 20


class Apart:
    """Answers queries by `graph`, whose store each child opens, confined as a server's children.

    A fork copies one thread: a program of several should ask a server instead.
    """

    def __init__(self, graph: EmbeddedGraph, settings: Settings) -> None:
        self._graph = graph
        self._settings = settings

    @property
    def release(self) -> Release:
        return self._graph.release

    def answer(self, query: Query) -> Answer:
        """See `Graph.answer`; whoever interrupts it ends the query."""
        settings = self._settings
        limit = min(query.timeout or settings.query_timeout, settings.query_timeout)
        with file_in_memory() as content, file_in_memory() as words:
            reader, writer = os.pipe()
            pid = os.fork()
            if pid == 0:
                self._work(query, writer, content, words)
            os.close(writer)
            said = None
            try:
                with os.fdopen(reader, "rb") as reply:
                    if select.select([reply], [], [], limit)[0]:
                        said = reply.read()
            finally:
                if said is None:
                    os.kill(pid, signal.SIGKILL)
                status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            if (
                status == -signal.SIGINT
            ):  # Ctrl-C reaches both, and the child may be the first to end
                raise KeyboardInterrupt
            if said is None:
                raise overdue(limit)
            if not said:
                words.seek(0)
                how = Exit(status, words.read(_FIRST).decode(errors="replace"))
                raise ended(how, settings.query_memory)
            fields = json.loads(said)
            if "media_type" not in fields:
                raise _error(**fields)
            content.seek(0)
            return Answer(content=content.read(), release=self.release.id, **fields)

    def _work(self, query: Query, writer: int, content: IO[bytes], words: IO[bytes]) -> NoReturn:
        """In the child: write the answer into `content`, and what it is to `writer`."""
        code = 1
        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                # A handler of Python's would wait until the engine's code returns.
                signal.signal(number, signal.SIG_DFL)
            faulthandler.disable()  # how the engine ended is told by its own words
            confine.name("kg-query")
            with os.fdopen(writer, "wb") as reply:
                reply.write(json.dumps(self._told(query, content, words)).encode())
            code = 0
        except MemoryError:
            code = OUT_OF_MEMORY
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _told(self, query: Query, content: IO[bytes], words: IO[bytes]) -> dict[str, Any]:
        limits = confine.Limits(
            memory=self._settings.query_memory * _MEGABYTE,
            answer=self._settings.result_size * _MEGABYTE,
        )
        try:
            self._graph.open()
            readable = [self.release.directory, *confine.libraries()]
            confine.apply(limits, words.fileno(), readable)
            answer = self._graph.answer(query)
        except ChanceryError as error:
            return {"slug": getattr(error, "slug", ""), "detail": str(error), **vars(error)}
        content.write(answer.content)
        content.flush()
        return {"media_type": answer.media_type, "seconds": answer.seconds}


def _error(slug: str, detail: str, **more: Any) -> ChanceryError:
    """The error that a child told of, its sentence as it was."""
    kinds: dict[str, type[ChanceryError]] = {
        each.slug: each for each in QueryError.__subclasses__()
    }
    kind = kinds.get(slug, ChanceryError)
    error = kind.__new__(kind, detail)
    for name, value in more.items():
        setattr(error, name, tuple(value) if isinstance(value, list) else value)
    return error
