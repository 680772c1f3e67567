"""Feeds of entities: valid Atom, found from the page, one entry a claim."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import feedparser
import pytest
from flask.testing import FlaskClient

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize(
    "path", ["visit/kerry-russia-2015-05", "person/john-kerry", "place/sochi", "state/russia"]
)
def test_a_feed_reader_takes_it(client: FlaskClient, path: str) -> None:
    """feedparser finds no fault, and RFC 4287 §4.1 what it requires; the page leads to it."""
    page = client.get(f"/page/{path}").text
    (address,) = re.findall(
        r'<link rel="alternate" type="application/atom\+xml" href="([^"]*)" title="What', page
    )
    assert address == f"/page/{path}.atom"
    answer = client.get(address)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(answer.data)
    assert not read.bozo
    assert read.version == "atom10"
    assert read.entries
    feed = ET.fromstring(answer.data)
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Chancery"
    for each in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (text,) = [one.text for one in each.findall(f"{ATOM}{name}")]
            assert text
        assert datetime.fromisoformat(each.findtext(f"{ATOM}updated", "")).tzinfo
    assert len({each.id for each in read.entries}) == len(read.entries)
    assert read.feed.links[0].rel == "self"
    for each in read.entries[:5]:
        assert client.get(urlsplit(each.link).path).status_code == 200


def test_entries_are_sentences(client: FlaskClient) -> None:
    """An entry says who says what, how it stands, and where."""
    read = feedparser.parse(client.get("/page/visit/kerry-russia-2015-05.atom").data)
    moscow = next(each for each in read.entries if each.id.endswith("/id/claim/another-reset/9"))
    assert moscow.title.startswith(
        "“Kerry in Russia for another reset” says that John Kerry’s visit"
    )
    assert moscow.title.endswith("Moscow")
    assert moscow.summary == "Contradicted. “traveled to Moscow”, paragraph 2, characters 65–83."
    assert moscow.link == "http://localhost:8000/page/claim/another-reset/9"


def test_nothing_has_no_feed(client: FlaskClient) -> None:
    assert client.get("/page/visit/nothing.atom").status_code == 404
