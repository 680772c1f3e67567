"""A query as the frame that a child is sent, and the frame that it replies with as an answer."""

from __future__ import annotations

import os
import signal
from mmap import PROT_READ, mmap
from typing import Any

from kg.model.rdf import Literal, Term
from kg.model.settings import Settings
from kg.store import screen
from kg.store.embedded.frames import Frame
from kg.store.errors import (
    EngineFailed,
    MemoryLimit,
    NotAvailableAs,
    QueryError,
    QuerySyntax,
    QueryTimeout,
    QueryTooComplex,
    ResultTooLarge,
    UnknownFunction,
)
from kg.store.query import Answer, Query


def seconds(query: Query, settings: Settings) -> float:
    """How long `query` may run."""
    limit = settings.query_timeout
    return limit if query.timeout is None else min(query.timeout, limit)


def request(query: Query, settings: Settings) -> Frame:
    """What a child is asked.

    Raises:
        QueryError: the query is refused before any engine reads it.
    """
    return frame(query, settings, own_dataset=screen.check(query.text, settings))


def frame(query: Query, settings: Settings, *, own_dataset: bool) -> Frame:
    """What a child is asked; `own_dataset` says that the query names its own (`FROM`)."""
    fields: dict[str, Any] = {
        "timeout": seconds(query, settings),
        # Oxigraph ignores FROM where it is told to take the union.
        "union": not own_dataset,
        "accept": query.accept,
        "base": query.base,
        "bindings": [(name, _parts(term)) for name, term in query.bindings.items()],
        "default_graphs": query.default_graphs,
        "named_graphs": query.named_graphs,
    }
    return Frame(fields, query.text.encode())


def read(reply: Frame, release: str, settings: Settings) -> Answer:
    """The answer in a child's reply.

    Raises:
        QueryError: the reply says why there is none.
    """
    fields = reply.fields
    match fields.get("error"):
        case "query-syntax":
            raise QuerySyntax(fields["detail"], fields["line"], fields["column"])
        case "not-acceptable":
            raise NotAvailableAs(tuple(fields["available"]), fields.get("reason", ""))
        case "unknown-function":
            raise UnknownFunction(f"There is no function {fields['detail']} here.")
        case "result-too-large":
            raise ResultTooLarge(
                f"The result has more than {settings.result_size} MB, which is the limit here. "
                "Ask for it in parts (LIMIT and OFFSET), or take a dump."
            )
        case str():
            raise EngineFailed(str(fields.get("detail")))
    return Answer(
        content=content(reply),
        media_type=fields["media_type"],
        seconds=fields["seconds"],
        release=release,
    )


def content(reply: Frame) -> bytes | mmap:
    """The body of a reply, be it handed over as bytes or as a file in memory."""
    if reply.descriptor is None:
        return reply.body
    try:
        return mmap(reply.descriptor, 0, prot=PROT_READ)
    finally:
        os.close(reply.descriptor)


def late(timeout: float) -> QueryError:
    """The error of a query that was ended at its deadline."""
    return QueryTimeout(
        f"The query ran for {timeout:g} s, which is its limit. "
        "Narrow it, or add a LIMIT to a subquery."
    )


def ended(status: int, settings: Settings) -> QueryError:
    """The error of a query whose process ended by itself, from the exit code of that."""
    if status == -signal.SIGSEGV:
        return QueryTooComplex("The query nests or chains too much for the query engine.")
    if status in (-signal.SIGABRT, -signal.SIGKILL):
        return MemoryLimit(
            f"The query needed more than {settings.query_memory} MB, which is its limit. "
            "Sort or group fewer rows."
        )
    return EngineFailed(f"The query process ended with status {status}.")


def _parts(term: Term) -> tuple[str, ...]:
    if isinstance(term, Literal):
        return (term.value, term.datatype, term.language)
    return (term,)
