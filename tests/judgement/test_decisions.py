"""A person's decision: shown as such, taken back with its row, refused where it decides nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build import pipeline
from kg.model.settings import Settings
from kg.store import rows
from tests.conftest import graph_of, run_kg

DOCUMENT = """document:
  id: {name}
  title: {name}
  rights: Made for a test.
  text: {{sha256: "{zeros}", length: 9}}
claims:
  - {{id: "1", subject: visit/v, property: place, object: place/{place}, span: [0, 9]}}
"""
ENTITIES = "visit/v: {label: V}\nplace/moscow: {label: Moscow}\nplace/sochi: {label: Sochi}\n"
ROW = """- dispute: {subject: visit/v, property: place, object: place/sochi}
  reason: The host's diary has Sochi.
  author: A. Historian
  date: 2026-11-30
"""
HEAD = """PREFIX clm: <https://w3id.org/chancery/claims#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dip: <https://w3id.org/chancery/ns#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
"""
PLACES = "SELECT ?o { ?visit dip:place ?o } ORDER BY ?o"
DECIDED = """SELECT ?reason ?who ?day { ?node clm:settledBy ?decision .
  ?decision a schema:ChooseAction ; dcterms:description ?reason ;
    schema:author ?who ; dcterms:issued ?day }"""
LOST = "SELECT ?o { ?claim clm:disputed true ; rdf:object ?o } ORDER BY ?o"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "kg.toml").write_text('title = "Decisions"\n')
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "entities.yaml").write_text(ENTITIES)
    for place in ("moscow", "sochi"):
        sheet = DOCUMENT.format(name=f"of-{place}", place=place, zeros="0" * 64)
        (seeds / f"{place}.yaml").write_text(sheet)
    return tmp_path


def asked(directory: Path, *queries: str) -> list[list[list[str]]]:
    settings = Settings.load(directory)
    graph = graph_of(pipeline.build(settings), settings)
    return [
        [
            [str(getattr(term, "value", term)).rpartition("/id/")[2] for term in row.values()]
            for row in rows(graph, HEAD + query)
        ]
        for query in queries
    ]


def test_a_decision_outranks_is_shown_and_can_be_taken_back(directory: Path) -> None:
    """With its row Sochi alone is a fact, and both claims stay; without it both are facts again."""
    decisions = directory / "seeds" / "decisions.yaml"
    decisions.write_text(ROW)
    places, decided, lost = asked(directory, PLACES, DECIDED, LOST)
    assert places == [["place/sochi"]]
    assert decided == [["The host's diary has Sochi.", "A. Historian", "2026-11-30"]]
    assert lost == [["place/moscow"], ["place/sochi"]]
    decisions.unlink()
    places, decided = asked(directory, PLACES, DECIDED)
    assert places == [["place/moscow"], ["place/sochi"]]
    assert decided == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("place/sochi", "place/minsk"), "seeds/decisions.yaml:1"),
        (("  author: A. Historian\n", ""), "the key 'author'"),
        (("2026-11-30", "last week"), "seeds/decisions.yaml:4: [0].date"),
        (("property: place", "property: palce"), "did you mean 'place'?"),
    ],
)
def test_a_decision_that_decides_nothing(
    directory: Path, change: tuple[str, str], found: str
) -> None:
    """It is refused with its file and line, by `kg check` too."""
    (directory / "seeds" / "decisions.yaml").write_text(ROW.replace(*change))
    done = run_kg("check", directory)
    assert done.returncode == 1
    assert found in done.stderr
