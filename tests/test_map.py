"""The map: over HTTP, and what it does with places near one another, at its edge, or nowhere."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from web.site.maps import WORLD, Map, Point, View, outline
from web.site.world import countries

BASE = "http://localhost:8000/id/"
PARIS = Point("paris", "Paris", 48.85, 2.35, 215)
VERSAILLES = Point("versailles", "Versailles", 48.80, 2.13, 3)
SYDNEY = Point("sydney", "Sydney", -33.9, 151.2, 1)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return unescape(answer.text)


def drawn(*points: Point, view: View = WORLD, stops: tuple[Point, ...] = ()) -> Map:
    return Map("Votes", view, points, "vote", "/in/{}".format, "/?box={}".format, "/land", stops)


def test_a_contested_place_is_marked_on_both_sides(client: FlaskClient) -> None:
    """Sochi is accepted and Moscow claimed: each mark says so, and both lists lead on."""
    text = page(client, "/map?box=30,40,50,60")
    assert 'aria-label="Sochi: 2 events, 1 of them contested"' in text
    assert 'aria-label="Moscow: 1 event, 1 placed here by a source, not accepted"' in text
    assert text.count('class="ring"') >= 4
    rivals = text.partition('id="rivals"')[2].partition("</section>")[0]
    assert re.findall(r'<bdi lang="en">(.*?)</bdi>', rivals)[0] == "Moscow"
    assert "/page/visit/kerry-russia-2015-05#disagreements" in rivals


def test_the_contested_event_is_listed_where_a_source_puts_it(client: FlaskClient) -> None:
    """The mark of Moscow leads to the event that one source puts there."""
    assert "John Kerry in Sochi" in page(client, f"/timeline?about={BASE}place/moscow")


def test_counts_are_those_of_the_graph(client: FlaskClient) -> None:
    """The query under "Open in SPARQL" counts what the map counts."""
    text = page(client, "/map")
    (query,) = re.findall(r'href="(/sparql\?query=[^"]*)">Open in SPARQL', text)
    answer = client.get(query, headers={"Accept": "application/sparql-results+json"})
    rows = answer.get_json(force=True)["results"]["bindings"]
    counts = {row["place"]["value"].rpartition("/")[2]: row["n"]["value"] for row in rows}
    assert counts
    listed = re.findall(
        r'/page/place/([a-z-]+)"><bdi[^>]*>[^<]*</bdi></a></span> <a [^>]*>(\d+)', text
    )
    assert counts.items() <= dict(listed).items()


def test_what_is_not_placed_is_counted_and_listed(client: FlaskClient) -> None:
    """The count of events without a position leads to the places and events meant."""
    text = page(client, "/map")
    (count,) = re.findall(r'<a href="#unplaced">(\d+) more events cannot be placed', text)
    below = text.partition('id="unplaced"')[2]
    off = sum(map(int, re.findall(r">(\d+) events?</a>", below)))
    (lost,) = re.findall(r"<h3>(\d+) events? at no known place", below) or ["0"]
    assert off + int(lost) == int(count) > 0


def test_places_as_a_table(client: FlaskClient) -> None:
    """Every place with its position and count, as CSV."""
    lines = client.get("/map?format=csv").text.splitlines()
    assert lines[0] == "place,place IRI,latitude,longitude,events"
    assert f"Sochi,{BASE}place/sochi,43.59699,39.72477,2" in lines
    assert any(f"{BASE}place/kennebunkport,,,1" in each for each in lines)


def test_narrowed_to_nothing(client: FlaskClient) -> None:
    """A period without events says so and leads back."""
    assert "No event at a place with a known position fits" in page(client, "/map?period=1815")


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "10,0,-10,20", "-200,0,0,10", "0,0,nan,1"])
@pytest.mark.parametrize("path", ["/map", "/map.svg", "/world.svg"])
def test_a_faulty_box(client: FlaskClient, path: str, box: str) -> None:
    """What is no part of the world is refused, with what is allowed."""
    answer = client.get(path, query_string={"box": box})
    assert answer.status_code == 400
    assert "allowed: west,south,east,north" in answer.get_json()["detail"]


@pytest.mark.parametrize("path", ["/map.svg", "/map.svg?box=30,40,50,60", "/world.svg"])
def test_a_map_is_a_file_of_its_own(client: FlaskClient, path: str) -> None:
    """It is XML with the land in it, and names its source where it stands alone."""
    answer = client.get(path)
    assert answer.content_type == "image/svg+xml; charset=utf-8"
    ElementTree.fromstring(answer.data)
    assert 'class="land"' in answer.text
    assert path == "/world.svg" or re.search(r"release [0-9a-f]{12}", answer.text)


def test_what_is_near_shares_a_mark_that_leads_to_where_it_is_apart() -> None:
    """Paris and Versailles are one mark of the world, and two on the closer map it leads to."""
    world = drawn(PARIS, VERSAILLES, SYDNEY)
    shared, alone = world.marks(1000)
    assert shared.told("vote") == "Paris and 1 other place: 218 votes"
    assert alone.points == (SYDNEY,)
    (closer,) = set(re.findall(r'href="/\?box=([^"]*)"', str(world.svg)))
    for width in (358, 1000):
        near = drawn(PARIS, VERSAILLES, view=View.parse(closer)).marks(width)
        assert [each.points for each in near] == [(PARIS,), (VERSAILLES,)]


def test_places_at_one_spot_are_still_reached() -> None:
    """Where no closer map sets two apart, their mark leads to the closest, whose list has both."""
    twin = Point("twin", "Twin", 48.85, 2.35, 1)
    view = View.around([PARIS, twin])
    (mark,) = drawn(PARIS, twin, view=view).marks(1000)
    assert mark.points == (PARIS, twin)
    assert View.around(mark.points) == view


def test_marks_at_the_edge_are_whole() -> None:
    """A place at the end of the world keeps its mark within the map."""
    text = str(drawn(Point("fiji", "Suva", -18.1, 179.9, 7)).svg)
    layer = text.partition('class="narrow"')[2]
    (across,) = set(re.findall(r'cx="([\d.]+)%"', layer))
    assert float(across) * 3.58 + 10 <= 358


def test_a_country_without_a_place() -> None:
    """Its outline is that of the country in which its known places lie."""
    found = outline([(40.7, -74.0), (41.9, -87.6), (34.1, -118.2)])
    assert found
    shape, (longitude, latitude) = found
    assert -130 < longitude < -60
    assert 25 < latitude < 72
    text = str(drawn(Point("us", "United States", latitude, longitude, 2032, outline=shape)).svg)
    assert "United States, no place in it known: 2,032 votes" in text
    assert outline([(0.0, -140.0)]) is None


def test_journeys_are_arcs() -> None:
    """One arc from each stop to the next."""
    text = str(drawn(PARIS, SYDNEY, stops=(PARIS, SYDNEY, PARIS)).svg)
    (ways,) = re.findall(r'class="way" d="([^"]*)"', text)
    assert ways.count("Q") == 2


def test_land() -> None:
    """Natural Earth's countries are read whole: a capital lies in exactly one."""
    for latitude, longitude in [(48.85, 2.35), (55.75, 37.6), (-15.8, -47.9), (66.0, -172.0)]:
        assert sum(each.holds(longitude, latitude) for each in countries()) == 1
