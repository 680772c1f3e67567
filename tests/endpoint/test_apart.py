"""A query in a process of its own, as `kg query` and the Python API run it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.store import EngineFailed, Query, ResultTooLarge
from kg.store.embedded import seccomp
from kg.store.embedded.apart import Apart
from kg.store.embedded.graph import EmbeddedGraph
from kg.store.embedded.opening import open_store
from kg.store.manifest import Manifest
from kg.store.release import Release
from tests.conftest import graph_of
from tests.diplomacy import PREFIXES
from tests.endpoint.test_queries import _Listener


@pytest.mark.skipif(not seccomp.supported(), reason="no filter for this machine")
@pytest.mark.parametrize("in_memory", [True, False], ids=["memory", "disk"])
def test_no_network(release: Release, settings: Settings, in_memory: bool) -> None:
    """SERVICE reaches nothing, even past the check of the text."""
    graph = graph_of(release, settings) if in_memory else EmbeddedGraph(release, settings, PREFIXES)
    apart = Apart(graph, settings)
    with _Listener() as listener:
        query = f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}"
        with pytest.raises(EngineFailed):
            apart.answer(Query(text=query, trusted=True))
    assert listener.connections == 0
    answer = apart.answer(Query(text="SELECT * { ?s ?p ?o } LIMIT 10000"))
    assert len(answer.read()) > 1 << 20


def test_an_answer_past_the_cap(release: Release, settings: Settings) -> None:
    """It is given up as soon as it is too large."""
    low = dataclasses.replace(settings, result_size=1)
    apart = Apart(EmbeddedGraph(release, low, PREFIXES), low)
    with pytest.raises(ResultTooLarge, match="more than 1 MB"):
        apart.answer(Query(text="SELECT * { ?s ?p ?o . ?a ?b ?c }"))
    assert apart.answer(Query(text="ASK {}")).read() == b'{"head":{},"boolean":true}'


@pytest.mark.parametrize("store_memory", [2048, 0], ids=["memory", "disk"])
def test_a_store_that_cannot_be_read(tmp_path: Path, store_memory: int) -> None:
    """A damaged or absent store is one clear error, not a hanging server."""
    release = Release("none", tmp_path, Manifest("none"))
    with pytest.raises(ChanceryError, match=r"could not be opened: .*; it is damaged: delete"):
        open_store(release, Settings(store_memory=store_memory))
