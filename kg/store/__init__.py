"""The store: one small interface, so that the engine behind it can be another one later.

A `Graph` answers a `Query` with an `Answer` of complete bytes, or raises a `QueryError`.
"""

from kg.store.errors import (
    EngineBusy,
    EngineFailed,
    EngineLost,
    FederationDisabled,
    MemoryLimit,
    NotAvailableAs,
    QueryError,
    QuerySyntax,
    QueryTimeout,
    QueryTooComplex,
    QueryTooLong,
    ReadOnly,
    ResultTooLarge,
    UnknownFunction,
)
from kg.store.query import (
    Answer,
    Graph,
    Query,
    rows,
    table,
)

__all__ = [
    "Answer",
    "EngineBusy",
    "EngineFailed",
    "EngineLost",
    "FederationDisabled",
    "Graph",
    "MemoryLimit",
    "NotAvailableAs",
    "Query",
    "QueryError",
    "QuerySyntax",
    "QueryTimeout",
    "QueryTooComplex",
    "QueryTooLong",
    "ReadOnly",
    "ResultTooLarge",
    "UnknownFunction",
    "rows",
    "table",
]
