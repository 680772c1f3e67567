"""Lists by kind: their order, what they are narrowed by, and that counts are what links show."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}


def get(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def things(html: str, kind: str) -> list[str]:
    found = re.findall(rf'class="value"><a href="/page/{kind}/([^"]*)"', html)
    return list(dict.fromkeys(found))


def test_people_stand_by_their_families_names(client: FlaskClient) -> None:
    html = get(client, "/page/person/")
    names = re.findall(r'class="value"><a href="/page/person/[^"]*"><bdi[^>]*>([^<]*)<', html)
    assert names[:3] == ["al-Assad, Bashar", "Bush, George W.", "Clinton, Hillary Rodham"]
    assert [each.casefold() for each in names] == sorted(each.casefold() for each in names)
    assert things(get(client, "/page/person/?facet=K"), "person") == [
        "uhuru-kenyatta",
        "john-kerry",
    ]


@pytest.mark.parametrize("path", ["/page/place/", "/page/visit/", "/page/claim/"])
def test_counts_are_what_their_links_show(client: FlaskClient, path: str) -> None:
    """Of letters and years, and of what the form offers."""
    html = get(client, path)
    links = re.findall(r'<li><a href="([^"]*)"[^>]*><bdi>.*?</a> <span class="count">(\d+)', html)
    assert len(links) > 2
    kind = path.split("/")[2]
    for href, count in links:
        assert f"{count} that fit" in get(client, unescape(href)), href
    for name, choices in re.findall(r'<select name="(\w+)">(.*?)</select>', html, re.DOTALL):
        for value, count in re.findall(r'value="([^"]+)">[^<]*\((\d+)\)', choices):
            found = get(client, f"{path}?{name}={value}")
            assert len(things(found, kind)) == int(count), (name, value)
            assert f'value="{value}" selected' in found


def test_places_by_what_they_lie_in(client: FlaskClient) -> None:
    found = things(get(client, "/page/place/?within=place/russia"), "place")
    assert {"moscow", "sochi"} <= set(found)
    assert "geneva" not in found


@pytest.mark.parametrize("period", ["2010-2013", "2013", "2013-05/2013-09", "201X"])
def test_any_period(client: FlaskClient, period: str) -> None:
    html = get(client, f"/page/visit/?period={period}")
    assert "Geneva, 12–15 September 2013" in html
    assert f'name="period" value="{period}"' in html
    assert ("Abuja" in html) is (period == "201X")


def test_columns_in_peoples_words(client: FlaskClient) -> None:
    """When, what, and what the ontology calls the facets; the same as CSV."""
    html = get(client, "/page/visit/")
    heads = re.findall(r'<th scope="col">([^<]*)', html)
    assert heads[:2] == ["When", "What"]
    assert "Place" in heads
    rows = list(csv.DictReader(io.StringIO(client.get("/page/visit/?format=csv").text)))
    sochi = next(each for each in rows if each["visit IRI"].endswith("kerry-russia-2015-05"))
    assert sochi["date"] == "2015-05-12"
    assert sochi["Place"] == "Sochi"


@pytest.mark.parametrize(
    "path",
    ["/page/visit/?period=once", "/page/visit/?facet=x", "/page/visit/?place=place/nowhere",
     "/page/place/?within=x", "/page/person/?office=x", "/page/visit/?within=place/russia"],
)  # fmt: skip
def test_unknown_values_are_refused(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert "allowed" in answer.get_json()["detail"]
