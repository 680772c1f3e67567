"""Places of the full registers: one a town, where it lies today, under all its names."""

from __future__ import annotations

import pytest

from .conftest import Ask

ID = "http://localhost:8000/id/"


def test_no_two_places_are_one(ask: Ask) -> None:
    """No GeoNames identifier stands on two places."""
    assert (
        ask(
            "SELECT ?id WHERE { ?one skos:exactMatch ?id . ?two skos:exactMatch ?id "
            "FILTER(STR(?one) < STR(?two)) }"
        )
        == []
    )


def test_what_was_merged_leads_on(ask: Ask) -> None:
    """A merged IRI says nothing but what replaces it, and nothing refers to it."""
    gone = ask(
        "SELECT ?gone ?kept WHERE { ?gone owl:deprecated true ; dcterms:isReplacedBy ?kept "
        f'FILTER(STRSTARTS(STR(?gone), "{ID}")) }}'
    )
    assert (f"{ID}place/russia/kiev", f"{ID}place/ukraine/kyiv") in gone
    assert (f"{ID}place/mexico/d-f", f"{ID}place/mexico/mexico-city") in gone
    assert len(gone) > 60
    merged = f'?x owl:deprecated true FILTER(STRSTARTS(STR(?x), "{ID}"))'
    assert ask(f"SELECT ?x WHERE {{ {merged} ?other ?property ?x }}") == []
    assert ask(f"SELECT ?x WHERE {{ {merged} ?x rdfs:label ?label }}") == []
    labelled = ask("SELECT ?x { ?x a ?kind ; rdfs:label ?label }")
    assert {kept for _, kept in gone} <= {kept for (kept,) in labelled}


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ("ukraine/kyiv", "ukraine"), ("ukraine/yalta", "ukraine"), ("belarus/minsk", "belarus"),
        ("georgia/tbilisi", "georgia"), ("kazakhstan/almaty", "kazakhstan"),
        ("czech-republic/prague", "czech-republic"), ("croatia/zagreb", "croatia"),
        ("germany/potsdam", "germany"), ("jamaica/kingston", "jamaica"),
    ],
)  # fmt: skip
def test_a_town_lies_where_it_does_today(ask: Ask, place: str, country: str) -> None:
    """Whatever state the row names; and its country is the only one."""
    rows = ask(f"SELECT ?around WHERE {{ <{ID}place/{place}> dip:within+ ?around }}")
    assert rows == [(f"{ID}place/{country}",)]


def test_mexico_is_one(ask: Ask) -> None:
    """The 31 stops in "Mexico, D.F." are in Mexico City, with those that call it so."""
    rows = ask(
        f"SELECT (COUNT(DISTINCT ?visit) AS ?n) WHERE {{ ?visit dip:place "
        f"<{ID}place/mexico/mexico-city> ; prov:wasDerivedFrom/clm:field ?field "
        'FILTER(CONTAINS(?field, "locale: ") && CONTAINS(?field, "D.F.")) }'
    )
    assert rows == [("31",)]


def test_a_name_of_a_town_is_dated(ask: Ask) -> None:
    """Leningrad was a name from 1924 to 1991, and finds St. Petersburg still."""
    rows = ask(
        'SELECT ?place ?start ?end WHERE { ?name dip:nameOf ?place ; rdfs:label "Leningrad"@en ; '
        'dip:start ?start ; dip:end ?end . ?place skos:altLabel "Leningrad"@en }'
    )
    assert rows == [(f"{ID}place/russia/st-petersburg", "1924-01-26", "1991-09-06")]


def test_a_voyage_by_sea_is_one_journey(ask: Ask) -> None:
    """Hoover's stops of 1928 are one journey to Guayaquil, one from Lima."""
    rows = ask(
        "SELECT ?journey (COUNT(?stop) AS ?stops) WHERE { ?stop dip:partOf ?journey ; "
        f"dip:traveller <{ID}person/hoover-herbert-c> ; dip:start ?start "
        'FILTER(STRSTARTS(STR(?start), "1928")) } GROUP BY ?journey ORDER BY ?journey'
    )
    assert [int(stops) for _, stops in rows] == [5, 5]
