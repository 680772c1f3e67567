"""Linked-data manners: who asks for what gets it, and validators and neighbours lead on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from kg.build import pipeline
from kg.model.settings import Settings
from kg.store import Graph as Published
from kg.store import Query
from tests.conftest import ROOT, graph_of
from web.app import create_app

LINKED_DATA = ROOT / "docs" / "linked-data.md"
VISIT = "visit/kerry-russia-2015-05"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
    "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)
RDFLIB = "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1"
TYPES = {
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
# Each Accept header with the extension of the data it gets; None is the page.
ACCEPT = [
    ("", "ttl"),
    ("*/*", "ttl"),
    ("text/html", None),
    (FIREFOX, None),
    (CHROMIUM, None),
    (RDFLIB, "rdf"),
    ("text/turtle", "ttl"),
    ("text/*", "ttl"),
    ("application/n-triples", "nt"),
    ("application/n-quads", "nq"),
    ("application/trig", "trig"),
    ("application/ld+json", "jsonld"),
    ("application/json", "jsonld"),
    ("application/rdf+xml", "rdf"),
    ("text/turtle;q=0.5, application/ld+json", "jsonld"),
    ("text/html;q=0.9, text/turtle", "ttl"),
    ("text/turtle;q=0, application/n-triples", "nt"),
    ("application/pdf, text/turtle;q=0.1", "ttl"),
    ("TEXT/TURTLE", "ttl"),
]


@pytest.mark.parametrize(("accept", "extension"), ACCEPT)
def test_id(client: FlaskClient, accept: str, extension: str | None) -> None:
    """An entity's IRI sends each client to the document it asked for, by 303."""
    answer = client.get(f"/id/{VISIT}", headers={"Accept": accept})
    assert answer.status_code == 303
    target = f"/data/{VISIT}.{extension}" if extension else f"/page/{VISIT}"
    assert answer.headers["Location"] == target
    assert "Accept" in answer.vary


@pytest.mark.parametrize("path", ["/graph/document/another-reset", "/ontology", "/ontology/place"])
@pytest.mark.parametrize(("accept", "extension"), ACCEPT)
def test_in_place(client: FlaskClient, path: str, accept: str, extension: str | None) -> None:
    """Graphs and the ontology answer in the format asked for, at one address."""
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200
    wanted = TYPES[extension] if extension else "text/html; charset=utf-8"
    assert answer.content_type == wanted
    assert "Accept" in answer.vary


@pytest.mark.parametrize(
    "path", [f"/id/{VISIT}", "/graph/document/another-reset", "/ontology", "/describe?iri=x:y"]
)
def test_not_acceptable(client: FlaskClient, path: str) -> None:
    """A client that takes nothing on offer is told what there is."""
    answer = client.get(path, headers={"Accept": "application/pdf"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.get_json(force=True)["available"]


@pytest.mark.parametrize("extension", TYPES)
def test_data(client: FlaskClient, extension: str) -> None:
    """Each format says the same triples, and the two with named graphs say which graph."""
    answer = client.get(f"/data/{VISIT}.{extension}")
    assert answer.status_code == 200
    assert answer.content_type == TYPES[extension]
    turtle = Graph().parse(data=client.get(f"/data/{VISIT}.ttl").text, format="turtle")
    formats = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}
    if extension in formats:
        read = Graph().parse(data=answer.text, format=formats[extension])
        assert isomorphic(read, turtle)
    else:
        dataset = Dataset().parse(
            data=answer.text, format="nquads" if extension == "nq" else "trig"
        )
        assert {quad[:3] for quad in dataset.quads()} == set(turtle)
        # Whoever asks the default graph alone, as clients that prefer quads do, finds all of it.
        assert set(dataset.default_graph) == set(turtle)
        assert "http://localhost:8000/graph/document/another-reset" in {
            str(quad[3]) for quad in dataset.quads()
        }


def test_quads_first(app: Flask) -> None:
    """A client that would rather have quads finds the description in the default graph, too."""
    accept = (
        "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
        "application/n-triples;q=0.8,text/turtle;q=0.6"
    )
    client = app.test_client()
    iri = f"http://localhost:8000/id/{VISIT}"
    for path in (f"/describe?iri={iri}", "/graph/accepted", "/ontology/place"):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.content_type == "application/n-quads"
        assert len(Dataset().parse(data=answer.text, format="nquads").default_graph) > 3


def test_json_ld_is_compact(client: FlaskClient) -> None:
    """Keys are the terms of the ontology, values what they are called, and the context says so."""
    document = json.loads(client.get(f"/data/{VISIT}.jsonld").data)
    visit = next(each for each in document["@graph"] if each["@id"].endswith(f"/id/{VISIT}"))
    assert visit["@type"] == "Visit"
    assert visit["place"] == "http://localhost:8000/id/place/sochi"
    assert visit["start"] == {"@type": "xsd:date", "@value": "2015-05-12"}
    assert document["@context"]["place"] == {
        "@id": "https://w3id.org/chancery/ns#place", "@type": "@id",
    }  # fmt: skip


def test_description_is_what_construct_gives(client: FlaskClient, graph: Published) -> None:
    """`/data` gives the triples that the documented CONSTRUCT query gives."""
    documented = re.search(r"```sparql\n(.*?)```", LINKED_DATA.read_text("utf-8"), re.DOTALL)
    assert documented
    answer = graph.answer(Query(text=documented[1], accept=("application/n-triples",)))
    constructed = Graph().parse(data=answer.read().decode(), format="nt")
    described = Graph().parse(data=client.get(f"/data/{VISIT}.nt").text, format="nt")
    assert len(described) > 100
    assert isomorphic(constructed, described)


def test_links_in_headers(client: FlaskClient) -> None:
    """A page's headers name its canonical IRI, its data and its licence (Signposting)."""
    page = client.get(f"/page/{VISIT}")
    link = page.headers["Link"]
    iri = f"http://localhost:8000/id/{VISIT}"
    assert f'<{iri}>; rel="canonical"' in link
    assert f'<{iri}>; rel="cite-as"' in link
    assert f'</data/{VISIT}.ttl>; rel="describedby"; type="text/turtle"' in link
    assert '<https://w3id.org/chancery/ns#Visit>; rel="type"' in link
    assert 'rel="license"' in link
    data = client.get(f"/data/{VISIT}.ttl")
    assert f'</page/{VISIT}>; rel="describes"' not in data.headers["Link"]
    assert f'<{iri}>; rel="describes"' in data.headers["Link"]


def test_head_links_and_jsonld(client: FlaskClient) -> None:
    """A page's head says the same, and describes its subject in schema.org's words."""
    text = client.get(f"/page/{VISIT}").text
    assert f'<link rel="canonical" href="http://localhost:8000/id/{VISIT}">' in text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found
    thing = json.loads(found[1])
    assert thing["@type"] == "Event"
    assert thing["startDate"] == "2015-05-12"
    assert thing["location"] == [{"@id": "http://localhost:8000/id/place/sochi", "name": "Sochi"}]


@pytest.mark.parametrize(
    "path", [f"/page/{VISIT}", f"/data/{VISIT}.ttl", "/", "/ontology", "/dumps/", "/void.ttl"]
)
def test_validators(client: FlaskClient, path: str) -> None:
    """What a client has is not sent again; HEAD sends the headers alone."""
    first = client.get(path)
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == tag


def test_encodings_have_their_own_tags(client: FlaskClient) -> None:
    """A compressed page is another representation (RFC 9110 §8.8.3.3)."""
    plain = client.get(f"/page/{VISIT}")
    zipped = client.get(f"/page/{VISIT}", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in zipped.vary
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert len(zipped.data) < len(plain.data) / 4


def test_browsable_away_from_its_base(settings: Settings, client: FlaskClient) -> None:
    """Links of pages stay on this server, while RDF and citations keep the published base."""
    text = client.get(f"/page/{VISIT}", base_url="http://example.org").text
    hrefs = re.findall(r'<a [^>]*href="([^"]*)"', text)
    assert hrefs
    assert not [each for each in hrefs if each.startswith((settings.base, "http://example.org"))]


def test_browsable_below_a_path(app: Flask) -> None:
    """Where another server mounts the app below a path, its links stay below that."""
    client = app.test_client()
    mounted = client.get(f"/page/{VISIT}", environ_overrides={"SCRIPT_NAME": "/kg"}).text
    assert f'href="/kg/data/{VISIT}.ttl"' in mounted
    assert 'href="/kg/page/place/sochi"' in mounted


@pytest.mark.parametrize(
    ("iri", "location"),
    [
        (f"http://localhost:8000/id/{VISIT}", f"/page/{VISIT}"),
        ("http://localhost:8000/graph/accepted", "/graph/accepted"),
        ("https://w3id.org/chancery/ns#place", "/ontology/place"),
    ],
)
def test_describe_own(client: FlaskClient, iri: str, location: str) -> None:
    """`/describe` sends readers of our own IRIs to their pages."""
    answer = client.get("/describe", query_string={"iri": iri}, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, location)


def test_describe_data(client: FlaskClient) -> None:
    """`/describe` gives the same data as `/data`, by Accept or by `format`."""
    iri = f"http://localhost:8000/id/{VISIT}"
    expected = client.get(f"/data/{VISIT}.nt").data
    by_accept = client.get(
        "/describe", query_string={"iri": iri}, headers={"Accept": "application/n-triples"}
    )
    by_format = client.get("/describe", query_string={"iri": iri, "format": "nt"})
    assert by_accept.data == by_format.data == expected


def test_describe_foreign(client: FlaskClient) -> None:
    """An IRI of another host has a page that shows what refers to it."""
    query = {"iri": "https://sws.geonames.org/491422/"}
    answer = client.get("/describe", query_string=query, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "Sochi" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/page/person/jon-kerry",
        "/data/person/jon-kerry.ttl",
        "/page/claim/another-reset/999",
        "/page/document/nothing",
        "/graph/nothing",
        "/ontology/Nothing",
        "/describe?iri=http://nowhere.example/",
        "/describe?iri=javascript:alert(1)",
        "/describe?iri=not-an-iri",
        "/describe",
        "/page/nothing/",
        "/page/..%2f..%2fetc/passwd",
        "/page/%00",
        "/page/%ff",
        "/page/a%3Eb",
        "/dumps/../manifest.json",
        "/dumps/nothing.ttl",
        "/cite/person/nobody.json",
        "/references?iri=x&by=y",
    ],
)
def test_missing(client: FlaskClient, path: str) -> None:
    """What is not there is 404, for people and for machines."""
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.content_type == "text/html; charset=utf-8"
    problem = client.get(path, headers={"Accept": "application/json"})
    assert (problem.status_code, problem.content_type) == (404, "application/problem+json")


def test_missing_suggests_neighbours(client: FlaskClient) -> None:
    """A misspelt name leads to the right one."""
    problem = client.get("/page/person/jon-kerry", headers={"Accept": "application/json"})
    near = problem.get_json(force=True)["neighbours"]
    assert near[0]["href"] == "/page/person/john-kerry"
    page = client.get("/page/person/jon-kerry", headers={"Accept": "text/html"})
    assert '<a href="/page/person/john-kerry">' in page.text


def test_what_a_sheet_withdraws_is_gone(tmp_path: Path) -> None:
    """A deprecated entity answers 410, names its successor, and no search finds it."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "entities.yaml").write_text(
        "place/sochi: {label: Sochi}\nplace/adler: {label: Adler, replaced_by: place/sochi}\n"
    )
    settings = Settings.load(tmp_path)
    graph = graph_of(pipeline.build(settings), settings)
    client = create_app(settings, graph).test_client()
    gone = client.get("/page/place/adler", headers={"Accept": "text/html"})
    assert gone.status_code == 410
    assert '<a href="/page/place/sochi">' in gone.text
    assert "Sochi" in gone.text
    told = client.get("/page/place/adler", headers={"Accept": "application/json"})
    assert told.status_code == 410
    assert told.get_json(force=True)["neighbours"][0]["label"] == "Sochi"
    found = client.get("/search?q=adler", headers={"Accept": "application/json"})
    assert found.json is not None
    assert found.json["total"] == 0


@pytest.mark.parametrize(
    "path", ["/describe?iri=http://localhost:8000/id/place/sochi", "/graph/accepted?", "/ontology?"]
)
def test_an_unknown_format_is_refused(client: FlaskClient, path: str) -> None:
    """Whatever Accept says; without one, Accept decides."""
    for accept in ("text/turtle", "text/html"):
        answer = client.get(f"{path}&format=docx", headers={"Accept": accept})
        assert answer.status_code == 400
    assert client.get(f"{path}&format=", headers={"Accept": "text/turtle"}).status_code in (
        200,
        303,
    )
