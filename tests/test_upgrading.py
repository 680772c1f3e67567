"""A project of 0.2.0, as its `kg init` wrote it, is one of today: nothing in it need be changed."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from flask.testing import FlaskClient

from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import graph_of, run_kg
from web.app import create_app

TEXT = """The foreign ministers of Freedonia and Sylvania met in Lakeside on 3 March 2024.
A spokesman said that a treaty would be signed within the year.
"""
ENTITIES = """place/lakeside: {label: Lakeside}
state/freedonia:
  label: Freedonia
  alt: [Freedonien@de]
unnamed-source/spokesman: {label: a spokesman}
meeting/lakeside-2024: {label: "Foreign ministers in Lakeside, March 2024"}
agreement/treaty: {label: Treaty between Freedonia and Sylvania}
"""
SHEET = """document:
  id: example
  title: An example
  rights: CC0, written as an example.
  licence: https://creativecommons.org/publicdomain/zero/1.0/
  text:
    sha256: cfa5bdced34097e17fe2249f5057240455774c634f195da73f0bf5b84a9eb1d6
    length: 145
    file: texts/example.txt
claims:
  - id: 1
    subject: meeting/lakeside-2024
    property: place
    object: place/lakeside
    span: [48, 63]
    quote: met in Lakeside
  - {id: 1-date, subject: meeting/lakeside-2024, property: onDate, value: 2024-03-03,
     span: [64, 79]}
  - {id: 2, subject: agreement/treaty, property: signatory, object: state/freedonia,
     modality: Attributed, speaker: unnamed-source/spokesman, span: [103, 143]}
"""
QUESTION = """#+ title: Who says so?
#+ question: Who states what, how firmly, and in which words?
#+ group: Mine
#+ parameters:
#+   - {name: thing, type: iri, label: Thing, default: meeting/lakeside-2024}

SELECT ?thing ?value ?modality ?quote WHERE {
  ?claim a dip:Claim ; rdf:subject ?thing ; rdf:object ?value ; dip:modality ?modality ;
         dip:polarity true ; dip:statedIn ?document .
  ?document a dip:Document .
  OPTIONAL {
    ?claim dip:evidence ?passage .
    ?passage a dip:TextEvidence ; oa:hasSelector/oa:exact ?quote
  }
  FILTER(?modality = dip:Asserted)
}
ORDER BY ?value
"""
FILES = {
    "kg.toml": 'base = "http://localhost:8000/"\ntitle = "My knowledge graph"\nkeep = 3\n',
    "seeds/entities.yaml": ENTITIES,
    "seeds/documents/example.yaml": SHEET,
    "seeds/texts/example.txt": TEXT,
    "queries/mine.rq": QUESTION,
    # A release of then, of which this is the part that told what it is.
    "build/releases/7983c1e3d34a4f19/manifest.json": json.dumps(
        {
            "id": "7983c1e3d34a4f19",
            "built": "2026-11-22T00:00:00+00:00",
            "versions": {"chancery": "0.2.0"},
        }
    ),
}
ADDRESSES = """
/ /page/ /page/meeting/ /page/meeting/lakeside-2024 /page/document/example /page/claim/example/1
/data/meeting/lakeside-2024.ttl /data/claim/example/1.jsonld /cite/claim/example/1.json
/cite/document/example.bib /describe?iri=http://localhost:8000/id/place/lakeside /disagreements
/dumps/ /feed.atom /graph/document/example /graph/accepted /map /timeline /health /metrics
/ontology /openapi.json /neighbourhood?iri=http://localhost:8000/id/place/lakeside /ontology/Claim
/ontology/Meeting /ontology/dcterms:title /problems/ /queries/ /queries/mine /queries/mine.csv
/queries/contradictions /reconcile /reconcile/suggest/entity?prefix=lake
/reconcile/preview?id=place/lakeside /robots.txt
/references?iri=http://localhost:8000/id/place/lakeside&by=https://w3id.org/chancery/ns%23place
/search?q=lakeside /sitemap.xml /sparql /sparql/terms /void.ttl /.well-known/void /favicon.ico
/id/meeting/lakeside-2024 /id/claim/example/2 /ontology/TextEvidence
/s/ePnktNA5g4mXZ-QDowhqP0rggqVqAQpuDYs
"""


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, checked and built; its last release of then was the current one."""
    root = tmp_path_factory.mktemp("upgraded")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    (root / "build/current").symlink_to("releases/7983c1e3d34a4f19")
    checked = run_kg("check", root)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stderr
    assert "3 claims: no fault" in checked.stdout
    built = run_kg("build", root)
    assert built.returncode == 0, built.stderr
    return root


@pytest.fixture(scope="module")
def client(upgraded: Path) -> FlaskClient:
    settings = Settings.load(upgraded)
    return create_app(settings, graph_of(Release.current(upgraded), settings)).test_client()


def test_a_question_of_then_has_its_answer(upgraded: Path) -> None:
    """Terms that moved or have another name mean those of today."""
    done = run_kg("query", "mine", "-d", upgraded, "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    meeting = "http://localhost:8000/id/meeting/lakeside-2024"
    asserted = "https://w3id.org/chancery/claims#Asserted"
    assert done.stdout.splitlines() == [
        "thing,value,modality,quote",
        f"{meeting},http://localhost:8000/id/place/lakeside,{asserted},met in Lakeside",
        f"{meeting},2024-03-03,{asserted},",
    ]


@pytest.mark.parametrize("address", ADDRESSES.split())
def test_an_address_of_then_answers(client: FlaskClient, address: str) -> None:
    """Whoever linked to it or read from it finds it."""
    with client.get(address, follow_redirects=True) as answer:
        assert answer.status_code == 200
        assert answer.data


def test_a_short_link_of_then_has_its_query(client: FlaskClient) -> None:
    """It was packed by 0.2.0."""
    target = client.get(ADDRESSES.rsplit(maxsplit=1)[-1]).location
    assert "dip:statedIn" in unquote_plus(target)
