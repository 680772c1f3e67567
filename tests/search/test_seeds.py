"""What people type leads to the right thing first, on the seeds."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.search.score import HERE, Search, ask, labelled
from web.search.periods import period


@pytest.mark.parametrize("search", labelled(HERE / "seeds.tsv"), ids=lambda each: each.query)
def test_first(app: Flask, search: Search) -> None:
    """The right thing stands first."""
    (placed,) = ask(app.test_client(), [search])
    assert placed.rank == 1, placed.found


def test_leads_stand_on_the_page(app: Flask) -> None:
    """Leads stand before the hits, with how much they list, and lead on."""
    client = app.test_client()
    page = client.get("/search?q=kerry+2015", headers={"Accept": "text/html"}).text
    assert re.search(r'href="/visits\?traveller=person(?:/|%2F)john-kerry&amp;period=2015">', page)
    found = client.get("/search?q=kerry+2015", headers={"Accept": "application/json"}).get_json()
    for each in found["leads"]:
        assert client.get(each["url"]).status_code == 200
    narrowed = client.get("/search?q=kerry+2015&names=1", headers={"Accept": "application/json"})
    assert narrowed.get_json()["leads"] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2015-05-12", ("2015-05-12", "")),
        ("12 May 2015", ("2015-05-12", "")),
        ("May 12th, 2015", ("2015-05-12", "")),
        ("12. mai 2015", ("2015", "12. mai")),
        ("kerry in may 2015", ("2015-05", "kerry in")),
        ("turkey 2010-2016", ("2010/2016", "turkey")),
        ("turkey 2016–2010", ("2016", "turkey  –2010")),
        ("the 1980s", ("1980s", "the")),
        ("31 February 2015", ("2015-02", "31")),
        ("2015-13-45", ("2015", "-13-45")),
        ("row 3568", ("", "row 3568")),
        ("", ("", "")),
    ],
)
def test_periods(text: str, found: tuple[str, str]) -> None:
    """A period in words; a day that is none is the month or the year that is left of it."""
    assert period(text) == found
