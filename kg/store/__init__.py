"""The store: one small interface, so that the engine behind it can be another one later.

A `Graph` answers a `Query` with an `Answer` of complete bytes, or raises a `QueryError`.
"""

from kg.store.errors import (
    Cancelled,
    EngineBusy,
    EngineFailed,
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
    Cancel,
    Graph,
    Query,
    Status,
    rows,
    table,
)

__all__ = [
    "Answer",
    "Cancel",
    "Cancelled",
    "EngineBusy",
    "EngineFailed",
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
    "Status",
    "UnknownFunction",
    "rows",
    "table",
]
