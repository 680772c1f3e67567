"""Lists and tables to take along, as CSV."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web.site import tables

SOCHI = quote("http://localhost:8000/id/place/sochi", safe="")
PLACE = quote("https://w3id.org/chancery/ns#place", safe="")
VISIT = "/page/visit/kerry-russia-2015-05"
PAGES = {
    "/page/visit/": {"visit", "visit IRI", "date"},
    "/page/person/?facet=P": {"person", "person IRI"},
    "/page/claim/": {"claim", "claim IRI"},
    f"/references?iri={SOCHI}&by={PLACE}": {"name", "name IRI", "kind"},
    "/timeline?type=visit": {"event", "event IRI", "kind", "status", "begins", "ends"},
    "/disagreements?state=settled": {
        "subject",
        "subject IRI",
        "kind",
        "question",
        "value",
        "sources",
    },
    "/search?q=kerry": {"name", "name IRI", "kind", "words", "source"},
    VISIT: {"claim", "subject", "property", "value", "value IRI", "source", "quote", "accepted"},
    "/page/document/csis-kerry-in-russia": {"claim", "value", "value IRI", "quote", "where"},
}
each_page = pytest.mark.parametrize("path", PAGES)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), strict=True))


@each_page
def test_each_list_leads_to_its_table(client: FlaskClient, path: str) -> None:
    """The page has a link to its rows as CSV, which keeps what the page was narrowed by."""
    page = client.get(path, headers={"Accept": "text/html"})
    (address,) = {unescape(each) for each in re.findall(r'<a href="([^"]*format=csv)"', page.text)}
    answer = client.get(address)
    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    assert answer.text.endswith("\r\n")
    found = rows(answer.text)
    assert found
    assert PAGES[path] <= set(found[0])
    for each in found:
        iris = [value for name, value in each.items() if name.endswith(" IRI") and value]
        assert all(re.match(r"https?://", iri) for iri in iris)
    by_accept = client.get(path, headers={"Accept": "text/csv"})
    assert by_accept.text == answer.text
    assert "Accept" in by_accept.vary


@each_page
def test_no_other_format(client: FlaskClient, path: str) -> None:
    """A format that no table has is refused."""
    answer = client.get(f"{path}{'&' if '?' in path else '?'}format=xlsx")
    assert answer.status_code == 400
    assert "allowed: csv, html" in answer.text


def test_a_table_has_the_rows_of_its_page(client: FlaskClient) -> None:
    """What sources say of a visit: the contested place with its passage, and who settles it."""
    found = rows(client.get(f"{VISIT}?format=csv").text)
    moscow = next(each for each in found if each["value"] == "Moscow")
    assert moscow["claim IRI"] == "http://localhost:8000/id/claim/another-reset/9"
    assert moscow["property"] == "place"
    assert moscow["quote"] == "traveled to Moscow"
    assert moscow["where"] == "paragraph 2, characters 65–83"
    assert (moscow["accepted"], moscow["disputed"], moscow["denied"]) == ("no", "yes", "no")


def test_a_long_list_goes_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the limit of one file a Link leads to the next rows; none is missed or twice there."""
    client = app.test_client()
    whole = rows(client.get("/timeline?format=csv").text)
    monkeypatch.setattr(tables, "MOST", 7)
    address, found = "/timeline?format=csv", []
    while address:
        answer = client.get(address)
        found += rows(answer.text)
        match = re.match(r'<([^>]*)>; rel="next"', answer.headers.get("Link", ""))
        address = match[1] if match else ""
    assert len(whole) > 14
    assert found == whole
