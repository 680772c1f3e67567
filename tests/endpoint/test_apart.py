"""A query in a process of its own, as `kg query` and the Python API run it."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.store import EngineFailed, MemoryLimit, Query, QueryError, QueryTimeout, ResultTooLarge
from kg.store.embedded import seccomp
from kg.store.embedded.apart import Apart
from kg.store.embedded.graph import EmbeddedGraph
from kg.store.embedded.opening import open_store
from kg.store.manifest import Manifest
from kg.store.release import Release
from tests.conftest import graph_of, members, wait_until_empty
from tests.diplomacy import PREFIXES
from tests.endpoint.test_queries import _Listener

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


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


def test_a_query_past_its_time(release: Release, settings: Settings) -> None:
    """It ends at the limit, of the settings or its own if that is lower."""
    low = dataclasses.replace(settings, query_timeout=0.5)
    apart = Apart(EmbeddedGraph(release, low, PREFIXES), low)
    for timeout, limit in ((None, "0.5"), (0.2, "0.2"), (9.0, "0.5")):
        with pytest.raises(QueryTimeout, match=rf"ran for {limit} s, which is its limit"):
            apart.answer(Query(text=SLOW, timeout=timeout))


def test_a_query_past_its_memory(release: Release, settings: Settings) -> None:
    """It is told by the limit that it met."""
    low = dataclasses.replace(settings, query_memory=64)
    apart = Apart(EmbeddedGraph(release, low, PREFIXES), low)
    with pytest.raises(MemoryLimit, match="needed more than 64 MB"):
        apart.answer(Query(text="SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"))


def test_errors_come_as_they_were(release: Release, settings: Settings) -> None:
    """What the child refuses has the words and the members that it has in this process."""
    graph = graph_of(release, settings)
    apart = Apart(EmbeddedGraph(release, settings, PREFIXES), settings)
    for query in (
        Query(text="SELECT * {\n ?s ?p ] }"),
        Query(text="ASK {}", accept=("text/turtle",)),
        Query(text="SELECT (<a:f>(1) AS ?x) {}"),
        Query(text="DROP ALL"),
    ):
        with pytest.raises(QueryError) as there:
            apart.answer(query)
        with pytest.raises(QueryError) as here:
            graph.answer(query)
        assert (type(there.value), str(there.value)) == (type(here.value), str(here.value))
        assert vars(there.value) == vars(here.value)


def test_a_query_that_is_interrupted(release: Release, project: Path) -> None:
    """Ctrl-C ends `kg query` at once, and leaves no process behind."""
    assert release.id
    with subprocess.Popen(
        [sys.executable, "-m", "kg", "query", "-", "-d", str(project)],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    ) as asking:  # fmt: skip
        assert asking.stdin is not None
        asking.stdin.write(SLOW.encode())
        asking.stdin.close()
        deadline = time.monotonic() + 20
        while len(members(asking.pid)) < 2:
            assert time.monotonic() < deadline, "no query process was started"
            time.sleep(0.05)
        time.sleep(0.5)
        os.killpg(asking.pid, signal.SIGINT)
        start = time.monotonic()
        asking.wait(10)
        assert time.monotonic() - start < 2
        assert asking.stderr is not None
        assert b"Traceback" not in asking.stderr.read()
    assert asking.returncode == 1
    wait_until_empty(asking.pid)
