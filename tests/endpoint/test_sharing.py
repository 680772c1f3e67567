"""What query processes share: the graph in memory, which none of them copies by using it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.release import make_release
from kg.model.rdf import Literal, Quad, line
from kg.store.release import Release
from tests.endpoint.conftest import Open, reply

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


def _faults(pid: int) -> int:
    """Pages that a process has touched first, or copied (proc(5), minflt)."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[7])


@pytest.mark.skipif(sys.platform != "linux", reason="counts page faults in /proc")
def test_lookups_copy_few_pages(opened: Open, large: Release) -> None:
    """A worker's own small objects stay apart from the graph: a page that they share is copied."""
    worker = opened(large).fork()
    start = _faults(worker.pid)
    for number in range(LOOKUPS + 1):
        query = f"SELECT ?o {{ <{BASE}id/visit/v{number * 61 % VISITS}> <{NS}title> ?o }}"
        assert b"title" in reply(worker, query).body
        if number == 0:
            start = _faults(worker.pid)
    faults = _faults(worker.pid) - start
    worker.end(kill=False)
    assert faults < 4 * LOOKUPS  # measured: 1.5 each; 15 where the graph has no arena of its own
