"""A thing with more references than a page reads: exact counts, complete lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient
from rdflib.namespace import RDF, RDFS

from benchmarks.release import make_release
from kg.model.rdf import Literal, Quad, line
from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import graph_of
from tests.diplomacy import DIP
from web.app import create_app

BASE = "http://localhost:8000/"
VISITS = 1_250
ELSEWHERE = "http://example.org/all"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Every visit is to one place, two of them are about it, and all tell of one web page."""
    place = f"{BASE}id/place/hub"
    quads = [
        Quad(place, str(RDF.type), str(DIP.Place), f"{BASE}graph/entities"),
        Quad(place, str(RDFS.label), Literal("The hub", language="en"), f"{BASE}graph/entities"),
    ]
    for number in range(VISITS):
        visit = f"{BASE}id/visit/v{number}"
        quads += [
            Quad(visit, str(RDF.type), str(DIP.Visit), f"{BASE}graph/entities"),
            Quad(visit, str(RDFS.label), Literal(f"Visit {number}"), f"{BASE}graph/entities"),
            Quad(visit, str(DIP.place), place, f"{BASE}graph/accepted"),
            Quad(visit, str(RDFS.seeAlso), ELSEWHERE, f"{BASE}graph/entities"),
        ]
        if number < 2:
            quads.append(Quad(visit, str(DIP.topic), place, f"{BASE}graph/accepted"))
    work = tmp_path_factory.mktemp("hub")
    nquads = work / "hub.nq"
    nquads.write_text("".join(sorted(f"{line(each)}\n" for each in quads)), "utf-8")
    project = make_release(nquads, work)
    settings = Settings.load(project)
    return create_app(settings, graph_of(Release.current(project), settings)).test_client()


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_counts(hub: FlaskClient) -> None:
    """A hub's references are counted to the last, the frequent and the rare."""
    text = _words(hub.get("/page/place/hub").text)
    assert "what happened here 1,250" in text
    assert "discussed in 2 " in text
    assert "1,250 events; all on the timeline" in text


def test_counts_of_foreign_things(hub: FlaskClient) -> None:
    """What no release counts, a thing of another host, is said to have at least so many."""
    html = hub.get("/describe", query_string={"iri": ELSEWHERE}, headers={"Accept": "text/html"})
    assert "at least 101" in _words(html.text)


def test_complete_list(hub: FlaskClient) -> None:
    """Its list, page after page, holds every reference once."""
    address = next(
        unescape(each)
        for each in re.findall(r'href="(/references[^"]*)"', hub.get("/page/place/hub").text)
        if "place" in each.rpartition("by=")[2]
    )
    seen: list[str] = []
    pages = 0
    while address:
        html = hub.get(address).text
        seen += re.findall(r'href="/page/visit/(v\d+)"', html)
        following = re.search(r'href="([^"]*)" rel="next"', html)
        address = unescape(following[1]) if following else ""
        pages += 1
    assert pages == 13
    assert sorted(seen) == sorted(f"v{number}" for number in range(VISITS))


def test_its_neighbourhood_stays_readable(hub: FlaskClient) -> None:
    """Some of each property are drawn, and the rest are counted and lead to their list."""
    graph = hub.get("/neighbourhood", query_string={"iri": f"{BASE}id/place/hub"}).get_json()
    assert len(graph["nodes"]) == 25
    assert {"place", "topic"} <= {each["label"] for each in graph["edges"]}
    (rest,) = graph["rest"]
    drawn = sum(each["label"] == "place" for each in graph["edges"])
    assert rest["count"] == VISITS - drawn
    assert hub.get(rest["url"]).status_code == 200
