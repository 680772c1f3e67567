"""Pairs of short texts with planted disagreements: found are exactly those.

The texts and `expected.yaml` were written before the rules. A decoy is a slot that several claims
meet without disagreeing.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.build import pipeline
from kg.model.settings import Settings
from kg.store import Graph, rows
from tests.conftest import graph_of

PAIRS = sorted(Path(__file__).with_name("pairs").iterdir())
FOUND = """PREFIX clm: <https://w3id.org/chancery/claims#>
SELECT ?kind ?about ?property {
  ?node a clm:Disagreement ; clm:kind ?kind ; clm:about ?about ; clm:onProperty ?property }"""
CLAIMED = """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX clm: <https://w3id.org/chancery/claims#>
SELECT ?about ?property { ?claim a clm:Claim ; rdf:subject ?about ; rdf:predicate ?property }"""
Slot = tuple[str, str]


@pytest.fixture(scope="module", params=PAIRS, ids=lambda path: path.name)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(request.param, tmp_path_factory.mktemp("pair") / "pair"))


@pytest.fixture(scope="module")
def graph(pair: Path) -> Graph:
    settings = Settings.load(pair)
    return graph_of(pipeline.build(settings), settings)


def names(graph: Graph, query: str) -> list[tuple[str, ...]]:
    """The rows of a query: references without the base, terms without their namespace."""
    return [
        tuple(str(iri).partition("/id/")[2] or str(iri).rpartition("#")[2] for iri in row.values())
        for row in rows(graph, query)
    ]


def expected(pair: Path) -> dict[str, list[dict[str, Any]]]:
    read: dict[str, list[dict[str, Any]]] = yaml.safe_load((pair / "expected.yaml").read_text())
    return read


def slot(entry: dict[str, str]) -> Slot:
    return entry["subject"], entry["property"]


def test_every_planted_disagreement_is_found_and_nothing_else(pair: Path, graph: Graph) -> None:
    planted = sorted((each["kind"], *slot(each)) for each in expected(pair)["disagreements"])
    assert sorted(names(graph, FOUND)) == planted


def test_each_decoy_is_claimed_and_none_is_planted(pair: Path, graph: Graph) -> None:
    decoys = {slot(each) for each in expected(pair)["decoys"]}
    assert decoys <= set(names(graph, CLAIMED))
    assert decoys.isdisjoint(slot(each) for each in expected(pair)["disagreements"])
