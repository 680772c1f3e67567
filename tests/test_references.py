"""Lists of what refers to a thing: by date, parts before the wholes they make up, as CSV."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from rdflib.namespace import RDF, RDFS

from benchmarks.release import make_release
from kg.model.namespaces import CLM
from kg.model.rdf import Literal, Quad, line
from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import graph_of
from tests.diplomacy import DIP
from web.app import create_app

BASE = "http://localhost:8000/"
DAY = "http://www.w3.org/2001/XMLSchema#date"
STOPS = 150


@pytest.fixture(scope="module", params=[STOPS, 20])
def travels(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[FlaskClient, int]:
    """Somebody's stops, the later ones first in the store's order, of which five make a journey: of
    a hub, and of what is none.
    """
    accepted, entities = f"{BASE}graph/accepted", f"{BASE}graph/entities"
    person, trip = f"{BASE}id/person/envoy", f"{BASE}id/visit/a-journey"
    quads = [
        Quad(person, str(RDF.type), str(DIP.Person), entities),
        Quad(person, str(RDFS.label), Literal("The envoy"), entities),
        Quad(trip, str(RDF.type), str(DIP.Visit), entities),
        Quad(trip, str(RDFS.label), Literal("The journey"), entities),
        Quad(trip, str(DIP.traveller), person, accepted),
        Quad(trip, str(CLM.startEarliest), Literal("1900-01-01", DAY), accepted),
    ]
    for number in range(request.param):
        visit, day = f"{BASE}id/visit/v{number:03}", f"{2000 - number}-05-12"
        quads += [
            Quad(visit, str(RDF.type), str(DIP.Visit), entities),
            Quad(visit, str(RDFS.label), Literal(f"Stop {number}"), entities),
            Quad(visit, str(DIP.traveller), person, accepted),
            Quad(visit, str(CLM.startEarliest), Literal(day, DAY), accepted),
        ]
        if number < 5:
            quads.append(Quad(visit, str(DIP.partOf), trip, accepted))
    work = tmp_path_factory.mktemp("travels")
    nquads = work / "travels.nq"
    nquads.write_text("".join(sorted(f"{line(each)}\n" for each in quads)), "utf-8")
    project = make_release(nquads, work)
    settings = Settings.load(project)
    app = create_app(settings, graph_of(Release.current(project), settings))
    return app.test_client(), request.param


def address(page: str = "") -> str:
    return f"/references?iri={BASE}id/person/envoy&by={DIP.traveller}{page}".replace("#", "%23")


def test_by_date_and_journeys_apart(travels: tuple[FlaskClient, int]) -> None:
    client, stops = travels
    seen: list[str] = []
    following = address()
    while following:
        html = client.get(following, headers={"Accept": "text/html"}).text
        assert f"{stops:,}, by date; and 1 that is made up of others" in html
        seen += re.findall(r'href="/page/visit/([^"]*)"', html.partition("<main")[2])
        found = re.search(r'href="([^"]*)" rel="next"', html)
        following = unescape(found[1]) if found else ""
    assert seen == [*(f"v{number:03}" for number in reversed(range(stops))), "a-journey"]
    assert "Made up of others" in html


def test_as_csv(travels: tuple[FlaskClient, int]) -> None:
    client, stops = travels
    answer = client.get(address("&format=csv"))
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == stops + 1
    assert rows[0]["date"] == f"{2001 - stops}-05-12"
    assert rows[-1]["name"] == "The journey"
