"""Saved queries over the full registers: exact rows."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kg.model.iris import Minter
from kg.model.settings import Settings
from kg.model.terms import Terms
from kg.queries import SavedQuery, project_queries
from kg.store import Graph, Query
from kg.store.release import Release
from tests.conftest import ROOT, graph_of
from tests.diplomacy import ONTOLOGY

EXPECTED = ROOT / "tests/queries/records"
BASE = "http://localhost:8000/"
QUERIES = project_queries(Settings(directory=ROOT), ONTOLOGY).queries
ASKED = yaml.safe_load((ROOT / "tests/queries/asked.yaml").read_text("utf-8"))
RECORDS = [each for each in QUERIES if each.name.startswith("records-")]
GROUPS = {"Registers", "Travels", "Visitors", "Offices"}


@pytest.fixture(scope="module")
def full_graph(full_release: Release) -> Graph:
    return graph_of(full_release, Settings(directory=Path(), base=BASE))


def answer(graph: Graph, query: SavedQuery) -> str:
    """The rows of a query, as CSV."""
    bindings = query.bind(ASKED.get(query.name, {}), Terms(Minter(BASE), ONTOLOGY.iris))
    found = graph.answer(Query(text=query.text, accept=("text/csv",), bindings=bindings, base=BASE))
    return found.read().decode().replace("\r\n", "\n")


@pytest.mark.parametrize("query", RECORDS, ids=lambda query: query.name)
def test_answer(query: SavedQuery, full_graph: Graph) -> None:
    """The rows of a query over the registers are those of `tests/queries/records/NAME.csv`."""
    expected = (EXPECTED / f"{query.name}.csv").read_text("utf-8")
    assert expected.count("\n") > 1, "a question without an answer shows nothing"
    assert answer(full_graph, query) == expected


def test_disagreements_stay_two(full_graph: Graph) -> None:
    """The registers settle Moscow or Sochi, and bring no contradiction of their own."""
    query = next(each for each in QUERIES if each.name == "contradictions")
    expected = (ROOT / "tests/queries/contradictions.csv").read_text("utf-8")
    assert answer(full_graph, query) == expected


def test_at_least_twenty_questions() -> None:
    """The registers are asked at least 20 questions, each under one of few headings."""
    assert len(RECORDS) >= 20
    assert {each.group for each in RECORDS} == GROUPS
    assert {each.name for each in RECORDS} == {path.stem for path in EXPECTED.glob("*.csv")}
    assert all(each.question.endswith("?") for each in RECORDS)
