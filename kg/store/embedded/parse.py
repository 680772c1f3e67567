"""A query read by the engine, and not asked of any graph."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import Store

from kg.model.settings import Settings
from kg.store import solutions
from kg.store.embedded.graph import EmbeddedGraph
from kg.store.manifest import Manifest
from kg.store.query import Query
from kg.store.release import Release


def columns(query: Query, settings: Settings, prefixes: Mapping[str, str]) -> list[str]:
    """The variables that a SELECT query projects, by asking it of an empty graph.

    Raises:
        QueryError: it is no query that a release would answer with rows.
    """
    nothing = EmbeddedGraph(Release("", Path(), Manifest("")), settings, prefixes, Store())
    return solutions.read(nothing.answer(query).read().decode())[0]
