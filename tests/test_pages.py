"""What pages say: the facts, who states them, where they disagree, how to cite them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.model.settings import Settings
from kg.store import Graph
from kg.store.release import Release
from web.app import create_app

VISIT = "/page/visit/kerry-russia-2015-05"

VOTES = """
@prefix clm: <https://w3id.org/chancery/claims#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix v: <https://example.org/votes#> .
@prefix vann: <http://purl.org/vocab/vann/> .
<https://example.org/votes> a owl:Ontology ;
    dcterms:title "Votes"@en ; dcterms:description "Who votes, and how."@en ;
    vann:preferredNamespacePrefix "v" ;
    vann:preferredNamespaceUri "https://example.org/votes#" .
v:Ballot a owl:Class ; clm:segment "ballot" ; rdfs:label "ballot"@en ;
    skos:definition "A vote of an assembly."@en ;
    skos:example "<id/ballot/budget> a v:Ballot ." .
"""


def text_of(html: str) -> str:
    """A page as its reader sees it: no tags, single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def part(html: str, start: str, end: str) -> str:
    return text_of(html.partition(start)[2].partition(end)[0])


def test_summary(client: FlaskClient) -> None:
    """The first lines say what it is, what became of it and, from the graph, what happened."""
    head = part(client.get(VISIT).text, '<header class="title">', "</header>")
    assert "visit · occurred" in head
    assert "John Kerry met Sergey Lavrov and Vladimir Putin in Sochi, 12 May 2015." in head
    # What draws on others adds nothing, and no row counts as a source.
    counted = "38 claims from 3 independent sources: 3 documents (2 derived), 1 register (1 row)"
    assert counted in head


def test_contested_slot(client: FlaskClient) -> None:
    """Each value of a disputed slot stands with who says it, which is accepted, and why."""
    html = client.get(VISIT).text
    slot = part(html, 'id="contested-where"', "</dl>").partition("Who")[0]
    assert slot.index("Sochi") < slot.index("Moscow") < slot.index("Every side")
    where = part(html, 'id="disagreement/visit/kerry-russia-2015-05/place"', "</dl>")
    sochi, moscow = where.index("Sochi"), where.index("Moscow")
    assert sochi < moscow
    assert "accepted" in where[sochi:moscow]
    assert "“traveled" not in where  # q elements bring their own marks
    assert "is in Sochi" in where[sochi:moscow]
    assert "contradicted" in where[moscow:]
    assert "traveled to Moscow" in where[moscow:]
    why = where.partition("Sochi is taken as so: an official record outranks a document (")[2]
    assert "State Department travel register, row 3568" in why
    assert "/page/document/another-reset#c-9" in html


def test_what_is_no_fact_stands_apart(client: FlaskClient) -> None:
    """Plans and opinions stand last in the matrix, once; without one, as sentences."""
    html = client.get(VISIT).text
    facts = part(html, '<dl class="facts">', "</dl>")
    apart = part(html, ">Not taken as fact</th>", "</table>")
    assert "A breakthrough on Ukraine unlikely" in apart
    assert "A breakthrough on Ukraine" not in facts
    assert html.count("A breakthrough on Ukraine") == 1
    russia = client.get("/page/state/russia").text
    opinion = part(russia, 'id="apart"', "</section>")
    assert "passes on the opinion of Florian Sohnke about Russia" in opinion


def test_matrix(client: FlaskClient) -> None:
    """An event's matrix has a column a source; who does not speak of a property is silent."""
    html = client.get(VISIT).text
    matrix = html.partition('class="matrix cards"')[2].partition("</table>")[0]
    columns = [text_of(each) for each in re.findall(r'<th scope="col">(.*?)</th>', matrix)]
    assert columns[0] == "Property"
    assert columns[1] == "State Department travel register, row 3568"
    assert {"“Kerry in Russia for another reset”", "CSIS (Mankoff, 2015)"} <= set(columns)
    groups = re.findall(r'<th scope="rowgroup"[^>]*>(.*?)</th>', matrix)
    assert groups == ["Where they differ", "What else they state", "Not taken as fact"]
    row = re.search(r'<th scope="row">place</th>(.*?)</tr>', matrix, re.DOTALL)
    assert row
    assert "Moscow ✕" not in text_of(row[1])
    assert "Moscow contradicted" in text_of(row[1])
    assert "silent" in text_of(row[1])


def test_the_registers_words_and_original(client: FlaskClient) -> None:
    """A visit has its row's own sentence as evidence, and the way to where its publisher has it."""
    original = "https://history.state.gov/departmenthistory/travels/secretary/kerry-john-forbes"
    html = client.get(VISIT).text
    assert original in html
    who = part(html, "<dt>Who</dt>", "</div>")
    assert "row 3568 : Met with President Vladimir Putin and Foreign Minister Sergei" in who
    row = client.get("/page/record/travels/3568").text
    assert original in row
    assert part(row, "<h1>", "</h1>") == "State Department travel register, row 3568"
    fields = row.partition('id="fields"')[2].partition("</section>")[0]
    assert re.search(r'<dt>Who</dt>.*?/page/person/john-kerry"', fields, re.DOTALL)
    assert "Start date 12 May 2015" in text_of(fields)
    assert "country-id" not in fields
    assert "John Kerry in Sochi, 12 May 2015" in part(row, 'id="made"', "</section>")


def test_before_and_after(client: FlaskClient) -> None:
    """A visit leads to the traveller's visits before and after it."""
    around = part(client.get(VISIT).text, 'id="around"', "</section>")
    assert "Paris" in around
    assert "Antalya" in around


def test_open_in_sparql(client: FlaskClient) -> None:
    """Each section's query runs as it stands and brings rows."""
    html = client.get("/page/person/john-kerry").text
    links = re.findall(r'href="(/sparql\?[^"]*)"', html)
    assert len(links) >= 5
    for link in links:
        query = parse_qs(urlsplit(unescape(link)).query)["query"][0]
        answer = client.get(
            "/sparql",
            query_string={"query": query},
            headers={"Accept": "application/sparql-results+json"},
        )
        assert answer.status_code == 200
        assert json.loads(answer.data)["results"]["bindings"], query


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("person/john-kerry", "Secretary of State of the United States, 1 February 2013"),
        ("post/us-secretary-of-state", "Latest holder: John Kerry"),
        ("place/sochi", "In Russia. 2 events, 2015."),
        ("person/sergey-lavrov", "Foreign Minister of Russia. "),
        (
            "record/travels/3568",
            "Met with President Vladimir Putin and Foreign Minister Sergei Lavrov.",
        ),
    ],
)
def test_sentences(client: FlaskClient, path: str, sentence: str) -> None:
    """Each kind of thing has a sentence made from the graph."""
    head = part(client.get(f"/page/{path}").text, '<header class="title">', "</header>")
    assert sentence in head


def test_incoming_links(client: FlaskClient) -> None:
    """What refers to a thing is grouped under inverse names, counted, and listed in full."""
    html = client.get("/page/place/russia").text
    incoming = part(html, 'id="incoming"', "</section>")
    assert re.search(r"contains \d+", incoming)
    links = re.findall(r'href="(/references\?[^"]*)"', client.get("/page/person/john-kerry").text)
    page = client.get(unescape(links[0]))
    assert page.status_code == 200
    assert text_of(page.text).count("John Kerry in ") > 10


def test_claim(client: FlaskClient) -> None:
    """A claim's page has the statement, its source and passage, the verdict, and its rivals."""
    text = text_of(client.get("/page/claim/another-reset/9").text)
    assert (
        "“Kerry in Russia for another reset” says that John Kerry’s visit of 12 May 2015 "
        "took place in Moscow"
    ) in text
    assert "No author stated, no date stated, no publisher stated" in text
    assert "Not taken as so: an official record, which outranks a document" in text
    assert "traveled to Moscow" in text
    assert "paragraph 2, characters 65–83" in text
    assert re.search(r"Where Sochi accepted 2 independent sources .* Moscow contradicted", text)


def test_restricted_document(client: FlaskClient) -> None:
    """A restricted document shows quotes and offsets, never its text."""
    html = client.get("/page/document/another-reset").text
    assert "Its text is not ours to publish." in html
    assert "paragraph 2, characters 65–83" in html
    assert 'class="text"' not in html
    starts = [int(each.replace(",", "")) for each in re.findall(r"characters ([\d,]+)–", html)]
    assert starts == sorted(starts)
    assert len(starts) > 50


def test_open_document(client: FlaskClient) -> None:
    """An open document is whole, each passage marked and linked to its claim."""
    html = client.get("/page/document/may-2015").text
    text = html.partition('<div class="text" lang="en" dir="auto">')[2].partition("</div>")[0]
    plain = unescape(re.sub(r"<[^>]+>", "", text))
    assert plain.startswith("May 2015 in diplomacy")
    for anchor in re.findall(r'href="#(of-c-[^"]*)"', text):
        assert f'id="{anchor}"' in html
    tally = part(html, '<ul class="tally">', "</ul>")
    counts = [int(each) for each in re.findall(r"\d+", tally)]
    # It was made from others, who therefore confirm nothing of it.
    assert counts == [34, 0, 21, 0, 13]
    head = part(html, '<header class="title">', "</header>")
    assert "Derived from State Department travel register" in head
    assert "No author stated, no date stated" in head
    assert "also in" in part(html, "took place in", "</li>")


def test_operators_text(app: Flask, release: Release, graph: Graph, shared: object) -> None:
    """Where the operator has a restricted text and says so, it is shown with its passages."""
    from dataclasses import replace  # noqa: PLC0415 - the one test that needs it

    settings = replace(app.config["SETTINGS"], texts=f"{shared}/seeds")
    page = create_app(settings, graph).test_client().get("/page/document/another-reset").text
    assert "Shown from this server’s own copy." in page
    marked = re.search(r'<mark[^>]*id="c-9"[^>]*>(.*?)</mark>', page, re.DOTALL)
    assert marked
    assert text_of(marked[1]).startswith("traveled to Moscow")


def test_home(client: FlaskClient) -> None:
    """The home page shows the contested case, questions, counts and ways to the data."""
    html = client.get("/").text
    case = part(html, 'aria-labelledby="case"', "</section>")
    assert "Sochi" in case
    assert "Moscow" in case
    assert "traveled to Moscow" in case
    assert len(re.findall(r'href="/queries/[a-z-]+"', html)) == 3
    assert re.search(r"\d+ visits", text_of(html))
    dataset = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert dataset
    assert json.loads(dataset[1])["@type"] == "Dataset"


def test_lists(client: FlaskClient, release: Release) -> None:
    """All kinds with their counts; a kind's things by name or year, narrowed by a facet."""
    kinds = text_of(client.get("/browse").text)
    visits = release.manifest.counts.classes["https://w3id.org/chancery/ns#Visit"]
    assert f"Visits {visits}" in kinds
    every = text_of(client.get("/page/visit/").text)
    assert every.index("Abuja") < every.index("Geneva, 12–15 September 2013")
    narrowed = text_of(client.get("/page/visit/?facet=2013").text)
    assert "Abuja" not in narrowed
    assert "Geneva, 12–15 September 2013" in narrowed
    planned = client.get("/page/claim/?facet=Planned")
    assert planned.text.count("/page/claim/") > 5
    assert client.get("/page/visit").headers["Location"] == "/page/visit/"


def test_ontology(client: FlaskClient) -> None:
    """Each term has its definition, example, alignments, count and things that use it."""
    place = text_of(client.get("/ontology/place", headers={"Accept": "text/html"}).text)
    assert "Where the event happens" in place
    assert "what happened here" in place
    assert "dip:place <id/place/sochi>" in place
    assert "schema:location" in place
    assert "John Kerry in Sochi, 12 May 2015" in place or "things that use it" in place.lower()
    assert re.search(r"\d+ triples", place)
    for path in ("Visit", "dcterms:title", "Planned", "ModalityScheme"):
        assert client.get(f"/ontology/{path}", headers={"Accept": "text/html"}).status_code == 200


def test_ontology_of_several_vocabularies(settings: Settings, graph: Graph, tmp_path: Path) -> None:
    """The project's own vocabulary comes first, each other with its header and terms after it."""
    own = tmp_path / "ontology" / "votes.ttl"
    own.parent.mkdir()
    own.write_text(VOTES, "utf-8")
    project = replace(settings, directory=tmp_path, vocabulary="diplomacy")
    votes = create_app(project, graph).test_client()
    page = votes.get("/ontology", headers={"Accept": "text/html"}).text
    heads = ["Votes", "Chancery diplomacy ontology", "Chancery claims", "Terms of other vocab"]
    places = [page.index(f">{each}") for each in heads]
    assert places == sorted(places)
    assert "<h1>Votes</h1>" in page
    assert len(set(re.findall(r'id="([^"]+)"', page))) == page.count(' id="')
    for name in ("Ballot", "v:Ballot", "Visit", "dip:Visit", "clm:Claim", "dcterms:title"):
        assert votes.get(f"/ontology/{name}", headers={"Accept": "text/html"}).status_code == 200
    assert "Who votes, and how." in page
    turtle = votes.get("/ontology/v:Ballot", headers={"Accept": "text/turtle"}).text
    assert turtle.startswith("@prefix")
    assert "v:Ballot a owl:Class" in turtle


def test_a_graph_without_places_has_no_map(
    settings: Settings, graph: Graph, tmp_path: Path
) -> None:
    """Views of time and space are offered where the ontology has dates and places."""
    bare = create_app(replace(settings, directory=tmp_path, vocabulary="none"), graph)
    page = bare.test_client().get("/ontology", headers={"Accept": "text/html"}).text
    assert 'href="/disagreements"' in page
    assert 'href="/map"' not in page
    assert 'href="/timeline"' not in page
    for path in ("/timeline", "/map", "/disagreements", "/sitemap.xml"):
        assert bare.test_client().get(path, headers={"Accept": "text/html"}).status_code == 200


def test_dumps(client: FlaskClient, release: Release) -> None:
    """The list has every file with size and checksum; files come whole or in ranges."""
    listed = client.get("/dumps/", headers={"Accept": "application/json"}).get_json()
    names = {each["name"] for each in listed["whole"]}
    assert {f"chancery.{end}.gz" for end in ("ttl", "nt", "nq", "trig", "jsonld", "rdf")} < names
    assert "chancery.ttl" in names
    assert len(listed["graphs"]) >= 8
    page = client.get("/dumps/", headers={"Accept": "text/html"}).text
    assert listed["whole"][0]["sha256"] in page
    part_ = client.get("/dumps/chancery.ttl", headers={"Range": "bytes=0-6"}, buffered=True)
    assert (part_.status_code, part_.data) == (206, b"@prefix")
    beyond = client.get("/dumps/chancery.ttl", headers={"Range": "bytes=999999999-"}, buffered=True)
    assert beyond.status_code == 416
    whole = client.get("/dumps/chancery.ttl", buffered=True)
    assert whole.content_type == "text/turtle; charset=utf-8"
    assert whole.data == (release.dumps / "chancery.ttl").read_bytes()
    again = client.get(
        "/dumps/chancery.ttl", headers={"If-None-Match": whole.headers["ETag"]}, buffered=True
    )
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/void.ttl", "/.well-known/void"])
def test_void(client: FlaskClient, path: str) -> None:
    """The graph's own description is where crawlers look for it."""
    answer = client.get(path)
    assert answer.content_type == "text/turtle; charset=utf-8"
    assert b"void:sparqlEndpoint" in answer.data


def test_for_crawlers(client: FlaskClient) -> None:
    """robots.txt, sitemaps and the feed are well-formed and name the published base."""
    assert "Sitemap: http://localhost:8000/sitemap.xml" in client.get("/robots.txt").text
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    maps = [each.text or "" for each in index.iterfind("s:sitemap/s:loc", space)]
    assert "http://localhost:8000/sitemap/visit/1.xml" in maps
    visits = ElementTree.fromstring(client.get("/sitemap/visit/1.xml").data)
    pages = [each.text for each in visits.iterfind("s:url/s:loc", space)]
    assert f"http://localhost:8000{VISIT}" in pages
    feed = client.get("/feed.atom")
    assert feed.content_type == "application/atom+xml; charset=utf-8"
    assert ElementTree.fromstring(feed.data).tag == "{http://www.w3.org/2005/Atom}feed"
    assert client.get("/favicon.ico").headers["Location"] == "/static/favicon.svg"
    assert client.get("/sitemap/nothing/1.xml").status_code == 404


def test_every_link_leads_somewhere(client: FlaskClient) -> None:
    """A crawl from the home page, two links deep, finds no broken link."""
    seen: dict[str, int] = {}
    frontier = ["/"]
    for _ in range(2):
        found: set[str] = set()
        for path in frontier:
            html = client.get(path, headers={"Accept": "text/html"}).text
            found.update(unescape(each) for each in re.findall(r'<a [^>]*href="(/[^"]*)"', html))
        frontier = sorted({each.partition("#")[0] for each in found} - seen.keys())
        for path in frontier:
            seen[path] = client.get(
                path, headers={"Accept": "text/html"}, buffered=True
            ).status_code
    assert len(seen) > 100
    assert {path: status for path, status in seen.items() if status != 200} == {}


@pytest.mark.parametrize(
    ("report_to", "scheme"),
    [
        ("mailto:editors@example.org", "mailto"),
        ("https://example.org/new?title={subject}&body={body}", "https"),
    ],
)
def test_errors_can_be_reported(app: Flask, graph: Graph, report_to: str, scheme: str) -> None:
    """Each page leads to where the operator takes reports, with what it shows filled in."""
    path = "/page/claim/another-reset/9"
    assert "Report an error" not in app.test_client().get(path).text
    settings = replace(app.config["SETTINGS"], report_to=report_to)
    client = create_app(settings, graph).test_client()
    for each in (path, "/search?q=a%26b", "/page/nothing/x", "/page/"):
        page = client.get(each, headers={"Accept": "text/html"}).text
        found = re.search(r'<a href="([^"]*)"[^>]*>Report an error</a>', page)
        assert found
        address = urlsplit(unescape(found[1]))
        assert address.scheme == scheme
        (body,) = parse_qs(address.query)["body"]
        assert f"Release: {graph.release.id}" in body
        assert f"Page: http://localhost:8000{each}" in body
        assert ("IRI: http://localhost:8000/id/claim/another-reset/9" in body) == (each == path)
