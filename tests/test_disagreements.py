"""The list of disagreements: what it can be narrowed by, its order, its JSON, its feed."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from kg.store.release import Release

BASE = "http://localhost:8000/id/"
VISIT = f"{BASE}visit/kerry-russia-2015-05"
PLACE = "disagreement/visit/kerry-russia-2015-05/place"
DENIED = "disagreement/visit/obama-france-2014-06/participant"
POST = "disagreement/person/jeffrey-mankoff/positionHeld"
JSON = {"Accept": "application/json"}
ATOM = "{http://www.w3.org/2005/Atom}"


def listed(client: FlaskClient, **query: str) -> list[str]:
    answer = client.get("/disagreements", query_string=query, headers=JSON)
    assert answer.status_code == 200, answer.text
    return [each["iri"].removeprefix(BASE) for each in answer.json["disagreements"]]


def page(client: FlaskClient, **query: str) -> str:
    return client.get("/disagreements", query_string=query, headers={"Accept": "text/html"}).text


def test_all_are_listed_and_open_ones_first(client: FlaskClient, release: Release) -> None:
    everything = listed(client)
    kind = "https://w3id.org/chancery/claims#Disagreement"
    assert len(everything) == release.manifest.counts.classes[kind]
    still_open = listed(client, state="open")
    assert everything == [*still_open, *listed(client, state="settled")]
    assert still_open
    assert PLACE in listed(client, state="settled")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "Denial"}, [DENIED]),
        ({"kind": "WithinOneSource"}, [POST]),
        ({"kind": "ChangedPlan"}, []),
        ({"about": VISIT, "state": "settled"}, [PLACE]),
        ({"about": f"{BASE}person/jeffrey-mankoff"}, [POST]),
        ({"period": "2014-06", "type": "visit"}, [DENIED]),
        ({"period": "2016-2020"}, []),
        ({"period": "1800/1900"}, []),
    ],
)
def test_narrowed(client: FlaskClient, query: dict[str, str], found: list[str]) -> None:
    assert listed(client, **query) == found


@pytest.mark.parametrize("period", ["2015", "2010s", "2010-2016", "2015-05-12", "201X", "2015/.."])
def test_any_period(client: FlaskClient, period: str) -> None:
    assert PLACE in listed(client, period=period)


@pytest.mark.parametrize(
    "query", ["kind=Quarrel", "state=ajar", "type=x", "source=CSIS", "about=Kerry", "period=once"]
)
def test_unknown_values_are_refused(client: FlaskClient, query: str) -> None:
    for path in ("/disagreements", "/disagreements.atom"):
        answer = client.get(f"{path}?{query}", headers=JSON)
        assert answer.status_code == 400
        assert "allowed" in answer.json["detail"]


def test_counts_are_what_their_links_show(client: FlaskClient) -> None:
    """Each link of the margin leads to as many disagreements as it says, with what is chosen."""
    for query in ({}, {"state": "open"}, {"about": VISIT}):
        aside = page(client, **query).partition("<aside")[2]
        links = re.findall(
            r'<li><a href="([^"]*)"[^>]*>.*?</a> <span class="count">(\d+)</span>', aside
        )
        assert len(links) > 5
        for href, count in links:
            found = client.get(unescape(href), headers=JSON).json["disagreements"]
            assert len(found) == int(count), href


def test_each_side_has_its_passage_and_the_rule(client: FlaskClient) -> None:
    """Both passages, links to both claims and to the subject, what decides, in a sentence."""
    html = page(client, kind="DifferentValues")
    article = html.partition("<article")[2].partition("</article>")[0]
    sochi, moscow = article.split('<section class="side')[1:3]
    assert "is in Sochi" in sochi
    assert 'href="/page/claim/csis-kerry-in-russia/' in sochi
    assert "traveled to Moscow" in moscow
    assert 'href="/page/claim/another-reset/9"' in moscow
    assert 'href="/page/visit/kerry-russia-2015-05"' in article
    assert "Values of a property that has one" in article
    assert "an official record outranks a document" in article


def test_the_form_keeps_what_the_address_says(client: FlaskClient) -> None:
    """Whatever works in the address is in the form, so that pressing its button loses nothing."""
    query = {"about": f"{BASE}person/john-kerry", "state": "settled", "period": "2015"}
    form = page(client, **query).partition('<form class="filters"')[2].partition("</form>")[0]
    assert f'<option value="{BASE}person/john-kerry" selected>' in form
    assert '<option value="settled" selected>' in form
    assert 'name="period" value="2015"' in form


def test_the_feed_is_valid(client: FlaskClient) -> None:
    """RFC 4287 §4.1.1, §4.1.2: what a feed and an entry must have, and have once."""
    answer = client.get("/disagreements.atom?state=settled")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.data)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(listed(client, state="settled"))
    for each in (feed, *entries):
        for name in ("id", "title", "updated"):
            (text,) = [one.text for one in each.findall(f"{ATOM}{name}")]
            assert text
        assert datetime.fromisoformat(each.findtext(f"{ATOM}updated", "")).tzinfo
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    relations = {each.get("rel"): each.get("href", "") for each in feed.findall(f"{ATOM}link")}
    assert relations["self"].endswith("/disagreements.atom?state=settled")
    assert relations["alternate"].endswith("/disagreements?state=settled")
    assert len({each.findtext(f"{ATOM}id") for each in entries}) == len(entries)
    (place,) = (each for each in entries if "Where" in each.findtext(f"{ATOM}title", ""))
    assert "Moscow (contradicted)" in place.findtext(f"{ATOM}summary", "")
    link = place.find(f"{ATOM}link")
    assert link is not None
    address, _, anchor = link.get("href", "").removeprefix("http://localhost:8000").partition("#")
    assert f'id="{anchor}"' in client.get(address, headers={"Accept": "text/html"}).text
