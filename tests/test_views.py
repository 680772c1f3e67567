"""Disagreements, timeline, map and neighbourhood over HTTP."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from web.site.period import Period

BASE = "http://localhost:8000/id/"
TRAVELS = f"{BASE}dataset/travels"
RESET = f"{BASE}document/another-reset"


def read(client: FlaskClient, path: str, **query: str) -> str:
    """The text of a page, without tags and doubled spaces."""
    response = client.get(path, query_string=query, headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    main = response.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def test_disagreement_shows_each_answer_and_who_gives_it(client: FlaskClient) -> None:
    """Sochi is accepted with two sources, Moscow contradicted with one, and the page says why."""
    page = read(client, "/disagreements")
    sochi, moscow = (
        page.index("Sochi ✓ accepted" if "✓" in page else "Sochi accepted"),
        page.index("Moscow contradicted"),
    )
    assert sochi < moscow
    assert "is in Sochi" in page[sochi:moscow]
    assert "3568" in page[sochi:moscow]
    assert "traveled to Moscow" in page[moscow:]
    assert "Kerry in Russia for another reset" in page[moscow:]
    assert "an official record outranks a document" in page[moscow:]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"source": RESET}, True),
        ({"source": TRAVELS}, True),
        ({"source": f"{BASE}document/may-2015"}, False),
        ({"type": "visit"}, True),
        ({"type": "meeting"}, False),
        ({"period": "2015-05"}, True),
        ({"period": "2014"}, False),
        ({"about": f"{BASE}person/john-kerry"}, True),
        ({"about": f"{BASE}person/barack-obama"}, False),
        ({"page": "2"}, False),
    ],
)
def test_disagreements_narrowed(client: FlaskClient, query: dict[str, str], found: bool) -> None:
    """Source, kind, period, participant and page each leave the dispute in or out."""
    assert ("traveled to Moscow" in read(client, "/disagreements", **query)) is found


@pytest.mark.parametrize(
    ("query", "events"),
    [
        ({"period": "2013-05"}, ["John Kerry in Moscow"]),
        ({"period": "2015-05-12"}, ["John Kerry in Sochi"]),
        ({"period": "2013-2014"}, ["John Kerry in Moscow"]),
        ({"period": "2014/.."}, ["John Kerry in Sochi"]),
        ({"period": "2009/2013"}, ["John Kerry in Moscow", "Hillary Clinton in Geneva"]),
        ({"period": "2015-05-32"}, None),
        ({"period": "2016-2010"}, None),
        ({"about": f"{BASE}place/sochi"}, ["John Kerry in Sochi"]),
        ({"source": TRAVELS, "period": "2009"}, ["Hillary Clinton in Geneva"]),
        ({"type": "agreement"}, ["Minsk II"]),
    ],
)
def test_timeline(client: FlaskClient, query: dict[str, str], events: list[str] | None) -> None:
    """The events of a period, a place, a data set, a kind; what is no period is refused."""
    if events is None:
        response = client.get("/timeline", query_string=query)
        assert response.status_code == 400
        assert "allowed: 2010s, 2015, 2015-05, 2010-2016" in response.get_json()["detail"]
        return
    page = read(client, "/timeline", **query)
    for event in events:
        assert event in page
    assert "Kennebunkport" not in page


def test_timeline_draws_what_is_known(client: FlaskClient) -> None:
    """A month is drawn as a stretch of its length and as uncertain; a day as a day."""
    drawn = client.get("/timeline?period=2013", headers={"Accept": "text/html"}).text
    lanes = drawn.partition('class="lanes"')[2]
    assert lanes.count('class="uncertain"') == 3
    (attack,) = re.findall(r"Chemical attack.*?<rect ([^>]*)>", lanes, re.DOTALL)
    assert f'x="{100 * 212 / 365:.3f}%"' in attack
    assert f'width="{100 * 31 / 365:.3f}%"' in attack
    assert 'class="uncertain"' in attack
    (stop,) = re.findall(r"Kerry in Moscow.*?<rect ([^>]*)>", lanes, re.DOTALL)
    assert 'class="certain"' in stop
    assert f'width="{100 * 2 / 365:.3f}%"' in stop


def test_tenure_without_an_end_is_open(client: FlaskClient) -> None:
    """What has a beginning and no end says so, in words and in the drawing."""
    page = client.get("/timeline?type=tenure", headers={"Accept": "text/html"}).text
    for line in page.partition('class="lanes"')[2].split("<li")[1:]:
        assert ("no end stated" in line) == ('class="open"' in line)


def test_neighbourhood(client: FlaskClient) -> None:
    """The graph of an event holds what is accepted: Sochi and the people, never Moscow."""
    event = f"{BASE}visit/kerry-russia-2015-05"
    response = client.get("/neighbourhood", query_string={"iri": event})
    assert response.status_code == 200
    graph = response.get_json()
    assert graph["focus"] == event
    assert graph["more"] is False
    labels = {node["label"] for node in graph["nodes"]}
    assert {"Sochi", "John Kerry", "Sergey Lavrov", "Vladimir Putin"} <= labels
    assert "Moscow" not in labels
    assert {"source": event, "target": f"{BASE}place/sochi", "label": "place"} in graph["edges"]
    nodes = {node["id"] for node in graph["nodes"]}
    assert all({edge["source"], edge["target"]} <= nodes for edge in graph["edges"])


@pytest.mark.parametrize(
    ("iri", "query", "found"),
    [
        ("visit/kerry-russia-2015-05", {"type": "place"}, {"Sochi"}),
        (
            "visit/kerry-russia-2015-05",
            {"source": f"{BASE}document/may-2015"},
            {"Sergey Lavrov"},
        ),
        ("place/sochi", {"period": "2014"}, set()),
        (
            "place/sochi",
            {"type": "visit", "period": "2015-05"},
            {"John Kerry in Sochi, 12 May 2015"},
        ),
        ("place/sochi", {"type": "visit", "source": TRAVELS}, {"John Kerry in Sochi, 12 May 2015"}),
    ],
)
def test_neighbourhood_narrowed(
    client: FlaskClient, iri: str, query: dict[str, str], found: set[str]
) -> None:
    """Kind, period and source of the link each choose among the neighbours."""
    graph = client.get("/neighbourhood", query_string={"iri": BASE + iri, **query}).get_json()
    assert {node["label"] for node in graph["nodes"] if node["id"] != BASE + iri} == found


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/neighbourhood", 400, "allowed: an absolute IRI"),
        ("/neighbourhood?iri=javascript:alert(1)", 404, "links"),
        (f"/neighbourhood?iri={BASE}person/nobody", 404, "with nothing"),
        ("/timeline?type=nonsense", 400, "allowed: "),
        ("/timeline?source=nonsense", 400, "allowed: an absolute IRI"),
        ("/map?about=x%3E%20.%20%3Fs", 400, "allowed: an absolute IRI"),
        ("/disagreements?period=20155", 400, "allowed: 2010s"),
    ],
)
def test_faulty_requests(client: FlaskClient, path: str, status: int, detail: str) -> None:
    """What cannot be read is refused as a problem that says what is allowed."""
    response = client.get(path)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert detail in response.get_json()["detail"]


@pytest.mark.parametrize("path", ["/disagreements", "/timeline", "/map"])
def test_each_view_shows_its_query(client: FlaskClient, path: str) -> None:
    """The query under "Open in SPARQL" is the one that was run, and it answers."""
    page = client.get(path, headers={"Accept": "text/html"}).text
    (href,) = re.findall(r'href="(/sparql\?query=[^"]*)">Open in SPARQL', page)
    answer = client.get(unescape(href), headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200
    assert answer.get_json(force=True)["results"]["bindings"]


@pytest.mark.parametrize(
    ("name", "first", "days"),
    [
        ("2015", "2015-01-01", 365),
        ("2010s", "2010-01-01", 3652),
        ("2016-02", "2016-02-01", 29),
        ("2015-05-12", "2015-05-12", 1),
        ("2015-2016", "2015-01-01", 365 + 366),
    ],
)
def test_days_of_a_period(name: str, first: str, days: int) -> None:
    """A period stands for each day in it, of whatever precision it is."""
    begin, end = Period.parse(name).days or (1, 1)
    assert (date.fromordinal(begin).isoformat(), end - begin) == (first, days)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("", [""]),
        ("2010s", ["", "2010s"]),
        ("2015", ["", "2010s", "2015"]),
        ("2015-05", ["", "2010s", "2015", "2015-05"]),
        ("2010/2016", ["", "2010/2016"]),
    ],
)
def test_periods_nest(name: str, path: list[str]) -> None:
    """Each period knows those around it."""
    assert [each.name for each in Period.parse(name).path] == path


def test_timeline_opens_with_the_latest(client: FlaskClient) -> None:
    """Of all time the newest events come first; in a period the earliest."""
    page = read(client, "/timeline")
    assert page.index("John Kerry in Sochi") < page.index("Hillary Clinton in Geneva")
    page = read(client, "/timeline", period="2009/2015")
    assert page.index("Hillary Clinton in Geneva") < page.index("John Kerry in Sochi")
