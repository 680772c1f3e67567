"""What query processes share: the graph in memory, which none of them copies by using it."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import pytest

from benchmarks.release import make_release
from kg.model.rdf import Literal, Quad, line
from kg.model.settings import Settings
from kg.store import Query
from kg.store.release import Release
from tests.conftest import graph_of
from tests.endpoint.confined import forked

BASE = "http://localhost:8000/"
NS = "https://w3id.org/chancery/ns#"
VISITS = 20_000
LOOKUPS = 300


@pytest.fixture
def large(tmp_path: Path) -> Release:
    """100,000 quads."""
    quads = (
        Quad(
            f"{BASE}id/visit/v{number}",
            f"{NS}{name}",
            Literal(f"{name} {number}"),
            f"{BASE}graph/g",
        )
        for number in range(VISITS)
        for name in ("start", "end", "title", "remark", "source")
    )
    nquads = tmp_path / "all.nq"
    nquads.write_text("".join(sorted(f"{line(each)}\n" for each in quads)), "utf-8")
    return Release.current(make_release(nquads, tmp_path))


def faults() -> int:
    """Pages that this process has touched first, or copied."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


@pytest.mark.skipif(sys.platform != "linux", reason="the layout of its memory is looked at")
def test_lookups_copy_few_pages(large: Release, settings: Settings) -> None:
    """A child's own small objects stay apart from the graph: a page that they share is copied."""
    graph = graph_of(large, settings)

    def look_up() -> int:
        start = faults()
        for number in range(LOOKUPS + 1):
            query = f"SELECT ?o {{ <{BASE}id/visit/v{number * 61 % VISITS}> <{NS}title> ?o }}"
            assert b"title" in graph.answer(Query(text=query)).read()
            if number == 0:
                start = faults()
        return faults() - start

    copied, status = forked(look_up)
    assert status == 0
    assert copied < 4 * LOOKUPS  # measured: 1.5 each; 15 where the graph has no arena of its own
