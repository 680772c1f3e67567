"""The graph of the public records is as right as labels of raw rows say (tests/truth)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import graph_of
from tests.truth.answers import asking, on_date
from tests.truth.raw import services
from tests.truth.score import Score, scores

LEAST = {
    "persons without a surplus IRI": 0.99,
    "IRIs that are one person": 1.0,
    "attested tenures": 0.97,
    "participants, precision": 0.98,
    "participants, recall": 0.96,
    "posts on a date": 1.0,
    "gaps joined, precision": 0.95,
    "gaps joined, recall": 0.90,
}


@pytest.fixture(scope="module")
def figures(full_release: Release, full_settings: Settings, shared: Path) -> dict[str, Score]:
    graph = graph_of(full_release, full_settings)
    ask = asking(graph)
    lists: dict[str, set[str]] = defaultdict(set)
    for each in services(shared / "data" / "hsg"):
        lists[each.list].add(each.ref)
    found = scores(ask, on_date(ask, full_settings, graph, lists.__getitem__))
    return {each.name: each for each in found}


@pytest.mark.parametrize("name", LEAST)
def test_a_labelled_sample(figures: dict[str, Score], name: str) -> None:
    """Each figure is at least what was promised; a failure names every case that differs."""
    assert figures[name].share >= LEAST[name], str(figures[name])


def test_every_sample_has_a_threshold(figures: dict[str, Score]) -> None:
    assert set(figures) == set(LEAST)
