"""The explorer over HTTP: facets, rows and their query, formats, addresses that can be cited."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.store import Graph, rows
from kg.store.release import Release

KERRY, LAVROV = "person/john-kerry", "person/sergey-lavrov"
SECRETARY = "post/us-secretary-of-state"
FACETS = {
    "traveller": [KERRY, "person/hillary-clinton", "person/vladimir-putin"],
    "office": [SECRETARY],
    "place": ["place/russia", "place/geneva", "place/united-states"],
    "counterpart": [LAVROV, "person/vladimir-putin"],
    "kind": ["visit", "meeting"],
    "source": ["dataset/travels", "document/another-reset", "document/may-2015"],
    "standing": ["accepted", "disputed", "cancelled", "did-not-occur"],
}
PERIODS = ["", "2015", "2015-05", "2010s", "2010-2014", "2014/2015", "../2010", "2013/..", "201X"]
facets = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(of), unique=True) for name, of in FACETS.items()}
)
many = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def page(client: FlaskClient, query: Any = "") -> str:
    response = client.get("/visits", query_string=query, headers={"Accept": "text/html"})
    assert response.status_code == 200, response.text
    return response.text


def data(client: FlaskClient, query: Any = "") -> dict[str, Any]:
    response = client.get("/visits", query_string=query, headers={"Accept": "application/json"})
    assert response.status_code == 200, response.text
    return dict(response.get_json())


def every(client: FlaskClient, query: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of all pages."""
    found: list[dict[str, Any]] = []
    at: str | None = ""
    while at is not None:
        answer = data(client, query) if not at else dict(client.get(at).get_json())
        found += answer["rows"]
        at = answer["next"]
    return found


def query_of(text: str) -> str:
    """The query that a page opens in the editor."""
    href = text.partition("/sparql?query=")[2].partition('"')[0]
    return dict(parse_qsl(f"query={href}".replace("&amp;", "&")))["query"]


@many
@given(chosen=facets, period=st.sampled_from(PERIODS))
def test_rows_are_those_of_the_query(
    client: FlaskClient, graph: Graph, chosen: dict[str, list[str]], period: str
) -> None:
    """What the page lists is what its query finds, with the same labels, whatever is chosen."""
    query = {**chosen, "period": period}
    found = rows(graph, query_of(page(client, query)))
    listed = every(client, query)
    assert sorted(str(row["event"]) for row in found) == sorted(row["iri"] for row in listed)
    labels = {str(row["event"]): row["eventLabel"].value for row in found}
    assert labels == {row["iri"]: row["label"] for row in listed}


@many
@given(
    chosen=facets, period=st.sampled_from(PERIODS), order=st.sampled_from(["date", "-traveller"])
)
def test_address_of_a_choice_leads_to_it(
    client: FlaskClient, release: Release, chosen: dict[str, list[str]], period: str, order: str
) -> None:
    """From an address to a choice and back, it stays the same; it names the release."""
    query = {**chosen, "period": period, "order": order}
    first = data(client, query)
    address = urlsplit(first["permanent"])
    assert dict(parse_qsl(address.query))["release"] == release.id
    again = data(client, address.query)
    assert again == first
    assert {name: sorted(of) for name, of in chosen.items() if of} == {
        name: of for name, of in first["chosen"].items() if name in FACETS
    }


@many
@given(chosen=facets, period=st.sampled_from(PERIODS))
def test_count_of_a_facet_is_what_choosing_it_gives(
    client: FlaskClient, chosen: dict[str, list[str]], period: str
) -> None:
    """Live counts: each value's number is that of the rows when it is chosen instead."""
    counted = data(client, {**chosen, "period": period})["facets"]
    for name in ("traveller", "place", "standing"):
        for each in counted[name][:3]:
            query = {**chosen, "period": period, name: each["value"]}
            assert data(client, query)["total"] == each["count"]


@pytest.mark.parametrize(
    "text", [KERRY, "john-kerry", "John Kerry", "john kerry", "John Forbes Kerry", " John Kerry "]
)
def test_any_name_is_accepted(client: FlaskClient, text: str) -> None:
    """A ref, a slug and each of a person's names choose the same."""
    assert data(client, {"traveller": text})["chosen"] == {"traveller": [KERRY]}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"traveller": "Jon Kery"}, "near: John Kerry (person/john-kerry)"),
        ({"traveller": "nobody at all"}, "allowed: a name or the TYPE/SLUG"),
        ({"period": "20155"}, "EDTF"),
        ({"order": "weight"}, "allowed: date, traveller"),
        ({"by": "weight"}, "allowed: traveller"),
        ({"colour": "blue"}, "colour: no such parameter; allowed: traveller"),
        ({"format": "pdf"}, "allowed: json, csv, html"),
        ({"release": "../etc"}, "the id of a release"),
        ({"page": "0"}, "a whole number"),
    ],
)
def test_what_cannot_be_chosen_is_said(
    client: FlaskClient, query: dict[str, str], told: str
) -> None:
    """400 with what was found, what is allowed, and names that are near."""
    response = client.get("/visits", query_string=query)
    assert response.status_code == 400
    assert told in response.get_json()["detail"]


def test_near_name_is_a_link(client: FlaskClient) -> None:
    """A page offers what may have been meant, and keeps the rest of the choice."""
    asked = {"traveller": "Jon Kery", "period": "2015"}
    response = client.get("/visits", query_string=asked, headers={"Accept": "text/html"})
    assert "/visits?period=2015&amp;traveller=person/john-kerry" in response.text


def test_csv_has_every_row(client: FlaskClient) -> None:
    """A line a row, by Accept and by `format`, with names and IRIs."""
    asked = client.get("/visits", headers={"Accept": "text/csv"})
    lines = list(csv.DictReader(io.StringIO(asked.text)))
    assert asked.text == client.get("/visits?format=csv").text
    assert len(lines) == data(client)["total"]
    (sochi,) = (each for each in lines if each["what (IRI)"].endswith("kerry-russia-2015-05"))
    assert sochi["date"] == "12 May 2015"
    assert sochi["place"] == "Sochi"
    assert set(sochi["counterpart"].split("; ")) == {"Sergey Lavrov", "Vladimir Putin"}
    assert sochi["records"] == "http://localhost:8000/id/record/travels/3568"


def test_address_of_another_release_says_so(client: FlaskClient, release: Release) -> None:
    """The page tells that its rows are another release's, and leads to its own address."""
    text = page(client, {"traveller": KERRY, "release": "0123456789abcdef"})
    assert "made for release <code>0123456789abcdef</code>" in text
    assert f"release={release.id}" in text
    assert "made for release" not in page(client, {"traveller": KERRY, "release": release.id})


def test_choice_can_be_taken_back(client: FlaskClient) -> None:
    """Each value of a choice has a link that leaves the others."""
    text = page(client, {"traveller": KERRY, "place": "place/russia", "period": "2015"})
    assert (
        'href="/visits?place=place/russia&amp;period=2015" aria-label="Without John Kerry"' in text
    )
    assert 'href="/visits?traveller=person/john-kerry&amp;place=place/russia"' in text


def test_places_are_a_hierarchy(client: FlaskClient) -> None:
    """Countries first; within one that is chosen its towns."""
    aside = page(client).partition("<aside")[2]
    assert "place=place/russia" in aside
    assert "place=place/sochi" not in aside
    assert "place=place/sochi" in page(client, {"place": "place/russia"}).partition("<aside")[2]
    drawn = page(client, {"by": "place", "place": "place/russia"})
    assert "Sochi: 2 visits" in drawn


def test_what_a_choice_lacks(client: FlaskClient) -> None:
    """A drawn facet also names what nothing chosen has."""
    text = page(client, {"by": "counterpart", "traveller": KERRY})
    rest = text.partition("None of these")[2].partition("</details>")[0]
    assert "Barack Obama" in rest
    assert "Sergey Lavrov" not in rest
