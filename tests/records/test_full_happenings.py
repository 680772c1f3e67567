"""The tables of what happens over all records, against the raw rows of the registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kg.model.dates import Day
from kg.store.happenings import Happenings
from kg.store.release import Release
from kg.store.selection import Selection

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
