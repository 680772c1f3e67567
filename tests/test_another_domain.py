"""Another domain, whole: its pages say what its own ontology says, and no word of diplomacy."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from kg.build import pipeline
from kg.model.settings import Settings
from kg.ontology.project import project_ontology
from tests.conftest import graph_of
from web.app import create_app

SETTINGS = """title = "Matches"
vocabulary = "none"
[namespace]
prefix = "ball"
iri = "https://example.org/ball#"
"""
ONTOLOGY = """@prefix ball: <https://example.org/ball#> .
@prefix clm: <https://w3id.org/chancery/claims#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ball:Match a owl:Class ; clm:segment "match" ; clm:eventRole clm:Occurrence ; clm:order 1 ;
    rdfs:label "match"@en ; skos:definition "A game of two clubs."@en ;
    skos:closeMatch schema:SportsEvent ;
    clm:sentence "{Actor} {played|will play} {Partner}[ at {Location}][, {when}]."@en .

ball:Ground a owl:Class ; clm:segment "ground" ; clm:eventRole clm:Site ; clm:order 2 ;
    rdfs:label "ground"@en ; skos:definition "Where matches are played."@en .

ball:Club a owl:Class ; clm:segment "club" ;
    rdfs:label "club"@en ; skos:definition "Who plays."@en .

ball:home a owl:ObjectProperty , clm:ClaimProperty ;
    rdfs:label "home club"@en ; clm:question "Clubs"@en ; clm:order 2 ; clm:eventRole clm:Actor ;
    rdfs:domain ball:Match ; rdfs:range ball:Club .

ball:guest a owl:ObjectProperty , clm:ClaimProperty ;
    rdfs:label "guest club"@en ; clm:question "Clubs"@en ; clm:order 3 ; clm:eventRole clm:Partner ;
    rdfs:domain ball:Match ; rdfs:range ball:Club .

ball:venue a owl:ObjectProperty , clm:FunctionalClaimProperty ;
    rdfs:label "venue"@en ; clm:question "Pitch"@en ; clm:order 4 ; clm:eventRole clm:Location ;
    rdfs:domain ball:Match ; rdfs:range ball:Ground .

ball:day a owl:DatatypeProperty , clm:FunctionalClaimProperty ;
    rdfs:label "day of play"@en ; clm:question "Day"@en ; clm:order 1 ; clm:eventRole clm:Falls ;
    rdfs:domain ball:Match ; schema:rangeIncludes xsd:date , xsd:gYearMonth , xsd:gYear .
"""
ENTITIES = """
match/final: {label: The final}
ground/north: {label: North Park, lat: 52.1, long: 5.1}
ground/south: {label: South Park, lat: 51.1, long: 5.2}
club/reds: {label: Reds}
club/blues: {label: Blues}
"""
TEXT = "The Reds met the Blues at {0} Park on 3 May 2020."
SHEET = """document:
  id: {1}
  title: {1}
  rights: CC0
  licence: https://creativecommons.org/publicdomain/zero/1.0/
  text: {{sha256: {2}, length: {3}, file: {1}.txt}}
claims:
  - {{id: 1, subject: match/final, property: home, object: club/reds,
     span: [0, 8], quote: The Reds}}
  - {{id: 2, subject: match/final, property: guest, object: club/blues,
     span: [13, 22], quote: the Blues}}
  - {{id: 3, subject: match/final, property: venue, object: ground/{0},
     span: [23, 36], quote: {4}}}
  - {{id: 4, subject: match/final, property: day, value: 2020-05-03,
     span: [37, 50], quote: on 3 May 2020}}
"""
# Words that a page of another domain has no use for.
FOREIGN = re.compile(
    r"\b(diploma\w*|visit\w*|ambassador\w*|travell\w*|treat(y|ies)|signator\w*|sanction\w*|embass\w*"
    r"|tenure\w*|summit\w*|delegat\w*|secretar\w*|minister\w*|agreements?|utterances?|Kerry"
    r"|Russia\w*|dip:|chancery/ns#)\b|>(state|person|post)s?<|/(state|person|post)/",
    re.IGNORECASE,
)
ADDRESSES = [
    "/", "/page/", "/page/match/", "/page/ground/", "/page/document/", "/page/claim/",
    "/page/match/final", "/page/ground/north", "/page/club/reds", "/page/document/times",
    "/page/claim/times/3", "/timeline", "/timeline?type=match&period=2020", "/map",
    "/map?about=http://localhost:8000/id/ground/north", "/disagreements",
    "/disagreements?type=match&period=2020", "/search?q=final", "/queries/", "/sparql", "/ontology",
    "/ontology/Match", "/ontology/venue", "/ontology/Begins", "/ontology/RoleScheme",
    "/ontology/Asserted", "/ontology/prov:wasDerivedFrom", "/ontology/dcterms:abstract",
    "/dumps/", "/graph/accepted", "/sitemap.xml",
    "/neighbourhood?iri=http://localhost:8000/id/match/final",
]  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Two documents that disagree on where a match was, in terms of the project's own."""
    root = tmp_path_factory.mktemp("matches")
    for folder in ("ontology", "seeds/documents"):
        (root / folder).mkdir(parents=True)
    (root / "kg.toml").write_text(SETTINGS, "utf-8")
    (root / "ontology/ball.ttl").write_text(ONTOLOGY, "utf-8")
    (root / "seeds/entities.yaml").write_text(ENTITIES, "utf-8")
    for name, ground in (("times", "north"), ("mail", "south")):
        text = TEXT.format(ground.capitalize())
        digest, quote = hashlib.sha256(text.encode()).hexdigest(), text[23:36]
        (root / f"seeds/{name}.txt").write_text(text, "utf-8")
        sheet = SHEET.format(ground, name, digest, len(text), quote)
        (root / f"seeds/documents/{name}.yaml").write_text(sheet, "utf-8")
    settings = Settings.load(root)
    prefixes = project_ontology(settings).prefixes
    app = create_app(settings, graph_of(pipeline.build(settings), settings, prefixes))
    app.config["TESTING"] = True
    return app.test_client()


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_word_of_diplomacy(client: FlaskClient, address: str) -> None:
    """Each kind of page answers, and is about matches alone."""
    answer = client.get(address, headers={"Accept": "text/html, application/json;q=0.5"})
    assert answer.status_code == 200
    said = {found[0] for found in FOREIGN.finditer(answer.text)}
    assert not said


def test_the_page_says_what_the_ontology_says(client: FlaskClient) -> None:
    """Sentence, questions, type and dates come from the annotations."""
    page = client.get("/page/match/final").text
    assert "Reds played Blues at North Park or South Park (disputed), 3 May 2020." in page
    questions = re.findall(r"<dt>(.*?)</dt>", page)
    assert questions == ["Day", "Clubs", "Pitch"]
    assert '"@type": "SportsEvent"' in page
    assert "Sources of equal rank disagree" in page


def test_views_draw_what_plays_a_role(client: FlaskClient) -> None:
    """An occurrence with a day is on the timeline, its place on the map, its dispute listed."""
    assert "The final" in client.get("/timeline?period=2020").text
    assert "North Park" in client.get("/map").text
    assert "The final" in client.get("/disagreements").text
    assert "3 May 2020" in client.get("/page/club/reds").text
