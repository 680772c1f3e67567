"""A query read by the engine, and not asked of any graph."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Store

from kg.model.settings import Settings
from kg.store import solutions
from kg.store.embedded import wire_format
from kg.store.embedded.evaluator import Evaluator
from kg.store.query import Query


def columns(query: Query, settings: Settings, prefixes: Mapping[str, str]) -> list[str]:
    """The variables that a SELECT query projects, by asking it of an empty graph.

    Raises:
        QueryError: it is no query that a release would answer with rows.
    """
    request = wire_format.encode(query, settings)
    reply = Evaluator(Store(), prefixes, spooled=False).evaluate(request)
    answer = wire_format.decode(reply, "", settings)
    return solutions.read(answer.read().decode())[0]
