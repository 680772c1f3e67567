"""A query as the message that a worker is sent, and a worker's reply as an answer."""

from __future__ import annotations

import os
from mmap import PROT_READ, mmap
from typing import Any

from kg.model.rdf import Literal, Term
from kg.model.settings import Settings
from kg.store import preflight
from kg.store.embedded.messages import Message
from kg.store.errors import (
    EngineFailed,
    NotAvailableAs,
    QuerySyntax,
    ResultTooLarge,
    UnknownFunction,
)
from kg.store.query import Answer, Query


def time_limit(query: Query, settings: Settings) -> float:
    """How long `query` may run."""
    limit = settings.query_timeout
    return limit if query.timeout is None else min(query.timeout, limit)


def encode(query: Query, settings: Settings) -> Message:
    """The message that asks a worker for the answer to `query`.

    Raises:
        QueryError: the query is refused before any engine reads it.
    """
    return encode_trusted(query, settings, preflight.check(query.text, settings))


def encode_trusted(query: Query, settings: Settings, own_dataset: bool) -> Message:
    """As `encode`, of a query of ours; `own_dataset` says that it names its dataset (`FROM`)."""
    fields: dict[str, Any] = {
        "timeout": time_limit(query, settings),
        # Oxigraph ignores FROM where it is told to take the union.
        "union": not own_dataset,
        "accept": query.accept,
        "base": query.base,
        "bindings": [(name, _parts(term)) for name, term in query.bindings.items()],
        "default_graphs": query.default_graphs,
        "named_graphs": query.named_graphs,
    }
    return Message(fields, query.text.encode())


def decode(reply: Message, release: str, settings: Settings) -> Answer:
    """The answer in a worker's reply.

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


def content(reply: Message) -> bytes | mmap:
    """The body of a reply, be it handed over as bytes or as a file in memory."""
    if reply.descriptor is None:
        return reply.body
    try:
        return mmap(reply.descriptor, 0, prot=PROT_READ)
    finally:
        os.close(reply.descriptor)


def _parts(term: Term) -> tuple[str, ...]:
    if isinstance(term, Literal):
        return (term.value, term.datatype, term.language)
    return (term,)
