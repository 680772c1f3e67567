"""Why a query has no answer: one class a reason, each with a sentence for its sender."""

from __future__ import annotations

from typing import ClassVar

from kg.model.errors import ChanceryError


class QueryError(ChanceryError):
    """A query that was not answered. `slug` names the kind of problem in URLs and metrics."""

    slug: ClassVar[str]


class QuerySyntax(QueryError):
    """The text is no SPARQL 1.1 query. Lines and columns count from 1, in code points.

    The detail is empty where only the place is known.
    """

    slug = "query-syntax"

    def __init__(self, detail: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(detail)
        self.line = line
        self.column = column


class QueryTooLong(QueryError):
    """The text has more bytes than the setting `query_bytes` allows."""

    slug = "query-too-long"


class QueryTooComplex(QueryError):
    """The text nests deeper, or chains more, than a parser can be trusted with."""

    slug = "query-too-complex"


class UnknownFunction(QueryError):
    """The query calls a function that is neither SPARQL's nor a cast."""

    slug = "unknown-function"


class FederationDisabled(QueryError):
    """The query asks another server (`SERVICE`)."""

    slug = "federation-disabled"


class ReadOnly(QueryError):
    """The text is a SPARQL update."""

    slug = "read-only"


class NotAvailableAs(QueryError):
    """The answer cannot be written in any of the media types asked for.

    `available` lists those that it can be written in, `reason` says why, where that is no matter of
    the query's form.
    """

    slug = "not-acceptable"

    def __init__(self, available: tuple[str, ...], reason: str = "") -> None:
        listed = f"This query's result is available as: {', '.join(available)}."
        super().__init__(f"{reason} {listed}".lstrip())
        self.available = available


class QueryTimeout(QueryError):
    """The query ran out of time."""

    slug = "query-timeout"


class MemoryLimit(QueryError):
    """The query ran out of memory."""

    slug = "memory-limit"


class ResultTooLarge(QueryError):
    """The answer has more bytes than the setting `result_bytes` allows."""

    slug = "result-too-large"


class EngineBusy(QueryError):
    """All query processes are at work and the queue is full."""

    slug = "busy"


class EngineFailed(QueryError):
    """The engine refused the query, or its process ended by itself, without a reason of its own."""

    slug = "engine-failed"


class EngineLost(QueryError):
    """The process that ran the query was ended from outside, or the engine is starting again."""

    slug = "engine-lost"
