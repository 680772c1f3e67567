"""Rows that stand twice in a register."""

from __future__ import annotations

import pytest

from kg.model.facts import Date, Ref
from kg.registers.us_state.hsg_rows import Row
from kg.registers.us_state.twice import repeated

from .conftest import Ask


def stop(number: int, start: str, end: str, note: str, who: str = "kerry") -> Row:
    ref = Ref(f"record/travels/{number}")
    return Row(ref, who, "secretary", who, Date(start), Date(end), "japan", "Japan", "Tokyo", note)


@pytest.mark.parametrize(
    ("later", "twice"),
    [
        (stop(9, "2021-03-15", "2021-03-17", "Met others."), True),
        (stop(9, "2021-03-15", "2021-03-18", "Met others."), True),
        (stop(9, "2021-03-15", "2021-03-15", "Met others."), False),
        (stop(9, "2021-03-15", "2021-03-15", "Met Sato. Spoke."), True),
        (stop(9, "2021-03-16", "2021-03-17", "Met Sato."), False),
        (stop(9, "2021-03-15", "2021-03-17", "Met Sato.", who="biden"), False),
    ],
)
def test_one_stop_in_two_rows(later: Row, twice: bool) -> None:
    """The same traveller, country and first day, and a stay or one errand."""
    first = stop(8, "2021-03-15", "2021-03-17", "Met Sato.")
    found = repeated([later, first], lambda row: row.who)
    assert found == ({later.ref: first.ref} if twice else {})


ID = "http://localhost:8000/id"


def test_in_the_full_registers(ask: Ask) -> None:
    """Both rows stay, of one event, which has one first day; what the later had leads to it."""
    rows = ask(
        "SELECT ?later ?first (COUNT(DISTINCT ?start) AS ?starts) WHERE { "
        "?later prov:alternateOf ?first . ?event prov:wasDerivedFrom ?later , ?first ; "
        'dip:start ?start FILTER(!CONTAINS(STR(?first), "pocom")) } GROUP BY ?later ?first '
        "ORDER BY ?later"
    )
    pairs = [("travels/4019", "travels/3992"), ("travels/4020", "travels/3993"),
             ("travels/4021", "travels/3994"), ("travels/4119", "travels/4118"),
             ("visits/2064", "visits/2044"), ("visits/3201", "visits/3196"),
             ("visits/3314", "visits/3257")]  # fmt: skip
    assert rows == [(f"{ID}/record/{one}", f"{ID}/record/{other}", "1") for one, other in pairs]
    gone = f"<{ID}/visit/travels-4019>"
    assert ask(f"SELECT ?new WHERE {{ {gone} dcterms:isReplacedBy ?new }}") == [
        (f"{ID}/visit/travels-3992",)
    ]


def test_towns_of_visits_in_the_full_registers(ask: Ask) -> None:
    """More than 1,200 visits are placed in a town, each by a passage of their description."""
    placed = (
        "?visit dip:place ?place ; prov:wasDerivedFrom ?row . "
        f"?place dip:within+ <{ID}/place/united-states> . "
        f"?row dcterms:isPartOf <{ID}/dataset/visits>"
    )
    rows = ask(f"SELECT DISTINCT ?visit ?place WHERE {{ {placed} }}")
    told = "?evidence oa:hasSource ?row ; clm:names ?place ; oa:hasSelector/oa:start ?start"
    assert len({visit for visit, _ in rows}) > 1200
    assert sorted(rows) == sorted(
        ask(f"SELECT DISTINCT ?visit ?place WHERE {{ {placed} . {told} }}")
    )
