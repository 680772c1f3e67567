"""States that ended, and the traps of the register of officers, in the full registers."""

from __future__ import annotations

import pytest

from .conftest import Ask

ID = "http://localhost:8000/id/"
RECORD = f"{ID}record/pocom"
ENVOY = "envoy-extraordinary-minister-plenipotentiary"


@pytest.mark.parametrize(
    ("place", "day", "state"),
    [
        ("ukraine/kyiv", "1972-05-29", "soviet-union"), ("ukraine/kyiv", "2015-02-05", "ukraine"),
        ("moscow", "1988-05-29", "soviet-union"), ("moscow", "2013-05-07", "russia"),
        ("czech-republic/prague", "1990-11-17", "czechoslovakia"),
        ("czech-republic/prague", "1912-01-01", "austria-hungary"),
        ("croatia/zagreb", "1970-09-30", "yugoslavia"),
        ("serbia/belgrade", "2003-01-01", "serbia-and-montenegro"),
        ("germany/potsdam", "1985-06-01", "german-democratic-republic"),
        ("germany/potsdam", "1998-05-13", "germany"),
        ("vietnam/ho-chi-minh-city", "1969-07-30", "vietnam-south"),
        ("vietnam/hanoi", "1973-02-10", "vietnam-north"),
        ("vietnam/hanoi", "2000-11-16", "vietnam"),
        ("syria/damascus", "1960-01-01", "united-arab-republic"),
        ("turkey/ankara", "1910-01-01", "ottoman-empire"), ("seoul", "1883-05-20", "joseon"),
        ("seoul", "2015-05-18", "korea-south"), ("germany/bonn", "1972-01-01", "germany"),
    ],
)  # fmt: skip
def test_the_state_of_a_place_on_a_day(ask: Ask, place: str, day: str, state: str) -> None:
    """The state that lasted then; of today's, those that had not yet followed it stay away."""
    date = f'"{day}"^^xsd:date'
    lasted = (
        "OPTIONAL {{ ?{0} dip:start ?{0}Start }} OPTIONAL {{ ?{0} dip:end ?{0}End }} "
        f"FILTER(COALESCE(?{{0}}Start <= {date}, true) && COALESCE({date} <= ?{{0}}End, true))"
    )
    rows = ask(
        f"SELECT DISTINCT ?state WHERE {{ <{ID}place/{place}> dip:within* ?around . "
        f"?state dcterms:spatial ?around . {lasted.format('state')} FILTER NOT EXISTS {{ "
        f"?state dcterms:replaces+ ?former . ?former dcterms:spatial ?there . "
        f"<{ID}place/{place}> dip:within* ?there . "
        f"{lasted.format('former')} }} }}"
    )
    assert rows == [(f"{ID}state/{state}",)]


def test_west_germany_did_not_end(ask: Ask) -> None:
    """The Federal Republic has its name still, and is no former state."""
    assert ask(f"SELECT ?end WHERE {{ ?x dip:nameOf <{ID}state/germany> ; dip:end ?end }}") == []
    assert ask(f"SELECT ?end WHERE {{ <{ID}state/germany> dip:end ?end }}") == []


def test_joseon_is_not_south_korea(ask: Ask) -> None:
    """The ministers of 1883 to 1905 were sent to Korea; posts of before lead there."""
    rows = ask(
        "SELECT DISTINCT ?state WHERE { ?tenure dip:post/dip:host ?state ; dip:start ?start ; "
        'prov:wasDerivedFrom/clm:field "territory-id: korea" '
        'FILTER(STR(?start) < "1910") }'
    )
    assert rows == [(f"{ID}state/joseon",)]
    gone = "post/minister-resident-consul-general/korea-south"
    assert ask(f"SELECT ?new WHERE {{ <{ID}{gone}> dcterms:isReplacedBy ?new }}") == [
        (f"{ID}post/minister-resident-consul-general/joseon",)
    ]


@pytest.mark.parametrize(
    "row",
    ["affa-1956-ridd", "affa-1959-dowl", "secr--schu", "secr--mora", "gene-2008-betr",
     "ml-1960-vill-01"],
)  # fmt: skip
def test_what_was_never_taken_up_is_no_tenure(ask: Ask, row: str) -> None:
    """Declined, not commissioned, no oath taken, the country gone: a record about the person."""
    rows = ask(f"SELECT ?about WHERE {{ ?about prov:wasDerivedFrom <{RECORD}/{row}> }}")
    assert [about.startswith(f"{ID}person/") for (about,) in rows] == [True]


@pytest.mark.parametrize(
    ("row", "first"), [("tr-2014-bass-01", "2014-10-20"), ("larg-2001-tayl", "2001-07-13")]
)
def test_a_tenure_that_stands_twice(ask: Ask, row: str, first: str) -> None:
    """One tenure with both rows, of which the second is flagged."""
    rows = ask(
        f"SELECT ?tenure ?start WHERE {{ <{RECORD}/{row}.2> prov:alternateOf <{RECORD}/{row}> . "
        f"?tenure prov:wasDerivedFrom <{RECORD}/{row}> , <{RECORD}/{row}.2> ; dip:start ?start }}"
    )
    assert rows == [(f"{ID}tenure/{row}", first)]


@pytest.mark.parametrize(
    ("post", "day", "holders"),
    [
        (f"{ENVOY}/united-kingdom", "1848-01-01", ["George Bancroft"]),
        (f"{ENVOY}/france", "1869-05-01", ["John Adams Dix"]),
        ("second-assistant-secretary", "1880-01-01", ["William Hunter"]),
        ("minister-resident-consul-general/romania", "1891-01-01", ["Archibald Loudon Snowden"]),
        ("ambassador-e-p/estonia", "2007-03-01", []),
    ],
)  # fmt: skip
def test_slips_of_a_year(ask: Ask, post: str, day: str, holders: list[str]) -> None:
    """What other rows contradict is read as corrections.yaml says."""
    rows = ask(
        f"SELECT DISTINCT ?name WHERE {{ ?tenure dip:post <{ID}post/{post}> ; dip:start ?start ; "
        "dip:holder/rdfs:label ?name ; dip:end ?end "
        f'FILTER(?start <= "{day}"^^xsd:date && "{day}"^^xsd:date <= ?end) }}'
    )
    assert [name for (name,) in rows] == holders


def test_a_role_at_several_organizations_is_several_posts(ask: Ask) -> None:
    """Chargés of nine organizations hold nine posts, none of which has a state as host."""
    rows = ask(
        "SELECT ?post (COUNT(?tenure) AS ?n) WHERE { ?tenure dip:post ?post FILTER("
        f'STRSTARTS(STR(?post), "{ID}post/charge-daffaires-ad-interim/repr")) '
        "FILTER NOT EXISTS { ?post dip:host ?state } } GROUP BY ?post"
    )
    assert sorted(int(n) for _, n in rows) == [1] * 8 + [2]
