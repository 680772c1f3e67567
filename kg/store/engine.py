"""`Engine`: one release, answered for by query children."""

from __future__ import annotations

import mmap
import os
import signal
import time
from collections.abc import Mapping
from typing import Any

from kg.rdf import Literal, Term
from kg.release import Release
from kg.settings import Settings
from kg.store import confine, screen, seccomp
from kg.store.errors import (
    Cancelled,
    EngineFailed,
    MemoryLimit,
    NotAvailableAs,
    QuerySyntax,
    QueryTimeout,
    QueryTooComplex,
    ResultTooLarge,
)
from kg.store.frames import Frame
from kg.store.pool import Pool, Zygote
from kg.store.query import Answer, Cancel, Query, Status
from kg.store.zygote import Config

_MEGABYTE = 1 << 20
_IN_MEMORY = 700  # bytes of memory that a triple takes, measured


class Engine:
    """Answers queries of one release in processes of their own. Close it when done.

    `prefixes` are predeclared in each query. Raises ChanceryError where the store cannot be read.
    """

    def __init__(self, release: Release, settings: Settings, prefixes: Mapping[str, str]) -> None:
        self.release = release
        self._settings = settings
        cores = os.cpu_count() or 1
        self._in_memory = _triples(release) * _IN_MEMORY <= settings.store_memory * _MEGABYTE
        limits = confine.Limits(
            memory=settings.query_memory * _MEGABYTE,
            answer=settings.result_size * _MEGABYTE,
            filtered=seccomp.supported(),
        )
        self._zygote = Zygote(
            Config(
                store=str(release.store),
                control=-1,
                in_memory=self._in_memory,
                prefixes=dict(prefixes),
                limits=limits,
            )
        )
        self._pool = Pool(
            self._zygote,
            size=settings.query_processes or 8 * cores,
            spare=2 * cores,
            queue=settings.query_queue,
        )

    def answer(self, query: Query, cancel: Cancel | None = None) -> Answer:
        """Run `query`; see `Graph.answer`."""
        screen.check(
            query.text,
            deepest=self._settings.query_depth,
            longest_chain=self._settings.query_operators,
        )
        limit = self._settings.query_timeout
        timeout = limit if query.timeout is None else min(query.timeout, limit)
        child = self._pool.acquire(min(timeout, self._settings.queue_timeout), cancel)
        if cancel:
            cancel.on_cancel(child.kill)
        start = time.monotonic()
        try:
            reply = child.ask(_request(query, timeout), start + timeout)
        except BaseException:
            self._pool.discard(child)
            raise
        finally:
            if cancel:
                cancel.on_cancel(None)
        if reply is None:
            late = time.monotonic() - start >= timeout
            status = self._pool.discard(child)
            if cancel and cancel.cancelled:
                raise Cancelled("The client has gone.")
            if late:
                raise QueryTimeout(
                    f"The query ran for {timeout:g} s, which is its limit. "
                    "Narrow it, or add a LIMIT to a subquery."
                )
            raise self._ended(status)
        self._pool.release(child)
        return self._answer(reply)

    @property
    def alive(self) -> bool:
        return self._zygote.alive

    def status(self) -> Status:
        pool = self._pool
        return Status(
            ready=self.alive,
            in_memory=self._in_memory,
            busy=pool.busy,
            idle=pool.idle,
            waiting=pool.waiting,
        )

    def close(self) -> None:
        self._pool.close()
        self._zygote.close()

    def _ended(self, status: int) -> Exception:
        """Why a child ended by itself, from how it ended."""
        if status == -signal.SIGSEGV:
            return QueryTooComplex("The query nests or chains too much for the query engine.")
        if status in (-signal.SIGABRT, -signal.SIGKILL):
            return MemoryLimit(
                f"The query needed more than {self._settings.query_memory} MB, which is its "
                "limit. Sort or group fewer rows."
            )
        return EngineFailed(f"The query process ended with status {status}.")

    def _answer(self, reply: Frame) -> Answer:
        fields = reply.fields
        match fields.get("error"):
            case "query-syntax":
                raise QuerySyntax(fields["detail"], fields["line"], fields["column"])
            case "not-acceptable":
                raise NotAvailableAs(tuple(fields["available"]))
            case "result-too-large":
                raise ResultTooLarge(
                    f"The result has more than {self._settings.result_size} MB, which is the "
                    "limit here. Ask for it in parts (LIMIT and OFFSET), or take a dump."
                )
            case str():
                raise EngineFailed(str(fields.get("detail")))
        content: bytes | mmap.mmap = reply.body
        if reply.descriptor is not None:
            content = mmap.mmap(reply.descriptor, 0, prot=mmap.PROT_READ)
            os.close(reply.descriptor)
        return Answer(
            content=content,
            media_type=fields["media_type"],
            seconds=fields["seconds"],
            release=self.release.id,
        )


def _request(query: Query, timeout: float) -> Frame:
    fields: dict[str, Any] = {
        "timeout": timeout,
        "accept": query.accept,
        "base": query.base,
        "bindings": [(name, _parts(term)) for name, term in query.bindings.items()],
        "default_graphs": query.default_graphs,
        "named_graphs": query.named_graphs,
    }
    return Frame(fields, query.text.encode())


def _parts(term: Term) -> tuple[str, ...]:
    if isinstance(term, Literal):
        return (term.value, term.datatype, term.language)
    return (term,)


def _triples(release: Release) -> int:
    return int(release.manifest["counts"]["triples"])
