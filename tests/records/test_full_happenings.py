"""The tables of what happens over all records, against the raw rows of the registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import pytest

from kg.model.dates import Day
from kg.model.settings import Settings
from kg.store import rows
from kg.store.happenings import Happenings
from kg.store.release import Release
from kg.store.selection import Selection
from tests.conftest import graph_of
from web.app import create_app

VISITS = ("visit", "meeting")
SECRETARY = ("post/us-secretary-of-state",)


@pytest.fixture(scope="module")
def tables(full_release: Release) -> Iterator[Happenings]:
    with Happenings.open(full_release.happenings) as tables:
        yield tables


@pytest.fixture(scope="module")
def trips(shared: Path) -> list[dict[str, str]]:
    """The rows of the secretaries' travels, as their files have them."""
    files = sorted((shared / "data/hsg/travels/secretary-travels").rglob("*.xml"))
    return [
        {**trip.attrib, **{str(field.tag): (field.text or "").strip() for field in trip}}
        for file in files
        for trip in ElementTree.parse(file).iter("trip")
    ]


def test_stops_of_a_traveller_are_the_rows(tables: Happenings, trips: list[dict[str, str]]) -> None:
    """Kerry has as many as the register has rows: journeys are not counted beside their stops."""
    named = Counter(row["who"] for row in trips)
    kerry = Selection(VISITS, (("traveller", ("person/john-kerry",)),))
    assert tables.total(kerry) == named["kerry-john-forbes"] == 348
    assert tables.total(replace(kerry, wholes=True)) > 400


def test_state_that_ended_has_the_stops_on_its_territory(tables: Happenings) -> None:
    """Kyiv in 1972 lay in the Soviet Union, whatever state received; in 1995 it did not."""
    kyiv = Selection(VISITS, (("place", ("place/ukraine/kyiv",)),))
    for first, last, states in (
        (Day(1972, 1, 1), Day(1972, 12, 31), {"state/russia", "state/soviet-union"}),
        (Day(1995, 1, 1), Day(1995, 12, 31), {"state/ukraine"}),
    ):
        then = replace(kyiv, first=first, last=last)
        counted = tables.facets(then, ["country"])["country"]
        assert {each.value.ref for each in counted.values} == states


def test_secretaries_in_turkey(tables: Happenings, trips: list[dict[str, str]]) -> None:
    """Which Secretaries of State went to Turkey, 2010 to 2016: names and dates of the rows."""
    chosen = Selection(
        VISITS,
        (("office", SECRETARY), ("country", ("state/turkey",))),
        Day(2010, 1, 1),
        Day(2016, 12, 31),
    )
    found = sorted(
        (each.records[0].rpartition("/")[2], each.begins[0]) for each in tables.rows(chosen)
    )
    rows = [each for each in trips if each["country"] == "Turkey"]
    assert found == sorted(
        (each["id"], each["start-date"])
        for each in rows
        if each["start-date"] <= "2016-12-31" and each["end-date"] >= "2010-01-01"
    )
    assert [each.times for each in tables.facets(chosen, ["traveller"])["traveller"].values] == [
        6,
        4,
    ]


CHOICES = [
    "",
    "traveller=person/john-kerry",
    "office=post/us-secretary-of-state&country=state/turkey&period=2010-2016",
    "country=state/soviet-union",
    "place=place/ukraine&period=../1999",
    "counterpart=person/sergey-lavrov",
    "representing=state/vietnam",
]


def test_rows_are_those_of_the_query(full_release: Release, full_settings: Settings) -> None:
    """What the explorer's query finds in the graph is what its tables hold, within seconds."""
    graph = graph_of(full_release, full_settings)
    client = create_app(full_settings, graph).test_client()
    for choice in CHOICES:
        page = client.get(f"/visits?{choice}", headers={"Accept": "text/html"}).text
        href = page.partition("/sparql?query=")[2].partition('"')[0].replace("&amp;", "&")
        found = {
            str(row["event"]) for row in rows(graph, dict(parse_qsl(f"query={href}"))["query"])
        }
        listed, at = set[str](), f"/visits?{choice}&format=json"
        while at:
            answer = client.get(at).get_json()
            listed |= {each["iri"] for each in answer["rows"]}
            at = answer["next"] if len(listed) < 500 else ""
        assert listed == found or (len(found) == answer["total"] > 500 and listed < found), choice


def test_countries_that_no_president_visited(tables: Happenings) -> None:
    """Whoever was received nowhere else: Serbia was, as Yugoslavia, and Cuba; Bolivia was not."""
    presidents = Selection(VISITS, (("office", ("post/united-states/president",)),), joined=True)
    never = {each.ref for each in tables.lacking(presidents, "country")}
    assert never >= {"state/bolivia", "state/nepal", "state/tuvalu"}
    assert not never & {"state/serbia", "state/cuba", "state/soviet-union", "state/turkey"}
