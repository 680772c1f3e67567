"""The store: one small interface, so that the engine behind it can be another one later.

A `Graph` answers a `Query` with an `Answer` of complete bytes, or raises a `QueryError`.
"""

from kg.store.errors import (
    Cancelled,
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
    Cancel,
    Graph,
    Query,
    Status,
    rows,
    table,
)
from kg.store.served import Handler, OpenGraph, Program, ServedGraph

__all__ = [
    "Answer",
    "Cancel",
    "Cancelled",
    "EngineBusy",
    "EngineFailed",
    "EngineLost",
    "FederationDisabled",
    "Graph",
    "Handler",
    "MemoryLimit",
    "NotAvailableAs",
    "OpenGraph",
    "Program",
    "Query",
    "QueryError",
    "QuerySyntax",
    "QueryTimeout",
    "QueryTooComplex",
    "QueryTooLong",
    "ReadOnly",
    "ResultTooLarge",
    "ServedGraph",
    "Status",
    "UnknownFunction",
    "rows",
    "table",
]
