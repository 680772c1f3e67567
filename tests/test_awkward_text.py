"""Text that formats find hard survives all of them: dumps, read again by other libraries."""

from __future__ import annotations

import gzip
import hashlib
import json
from xml.etree import ElementTree

import pytest
import rdflib

from kg.build import pipeline
from kg.model.namespaces import PREFIXES
from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import graph_of
from web.app import create_app

# An open text is kept to the character, as offsets count in it.
TEXT = (
    "\ufeffOne\r\ntwo\rthree\n\t<&>]]>\"\\\u2028\x85\u00a0\u2067עזה\u2069 😀\u0301\ue000 {} # '''\r"
)
NAME = "<b>&amp; ]]> \"'\\ @x {{7*7}} \u2067עזה\u2069 👩‍🚀 =1+1"
FORMATS = {
    "ttl.gz": "turtle", "nt.gz": "nt", "nq.gz": "nquads", "trig.gz": "trig",
    "jsonld.gz": "json-ld", "rdf.gz": "xml",
}  # fmt: skip


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of one open document and one entity, both with awkward words."""
    directory = tmp_path_factory.mktemp("awkward")
    (directory / "seeds").mkdir()
    raw = TEXT.encode()
    (directory / "seeds" / "t.txt").write_bytes(raw)
    sheet = {
        "document": {
            "id": "d",
            "title": NAME + "@en",
            "rights": "Open",
            "licence": "https://a.org/l",
            "text": {
                "sha256": hashlib.sha256(raw).hexdigest(),
                "length": len(TEXT),
                "file": "t.txt",
            },
        },
        "entities": {"topic/x": {"label": NAME + "@he-Latn", "alt": ["a\tb\nc"], "note": NAME}},
        "claims": [
            {"id": "1", "subject": "topic/x", "property": "assessment", "value": NAME + "@en",
             "span": [0, 4], "quote": "One"}
        ],
    }  # fmt: skip
    (directory / "seeds" / "d.yaml").write_text(json.dumps(sheet, ensure_ascii=False), "utf-8")
    return pipeline.build(Settings.load(directory))


def triples(release: Release, name: str, language: str) -> set[tuple[rdflib.term.Node, ...]]:
    data = gzip.decompress((release.directory / "dumps" / f"chancery.{name}").read_bytes())
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=data, format=language)
    return {(s, p, o) for s, p, o, _ in graph.quads((None, None, None, None))}


@pytest.mark.parametrize("name", FORMATS)
def test_each_dump_says_the_same(awkward: Release, name: str) -> None:
    """rdflib reads the same triples from each format, to the character."""
    found = triples(awkward, name, FORMATS[name])
    literals = {str(o) for _, _, o in found if isinstance(o, rdflib.Literal)}
    assert {TEXT, NAME, "a\tb\nc"} <= literals
    assert found == triples(awkward, "nt.gz", "nt")


def test_rdf_xml_is_xml(awkward: Release) -> None:
    """A parser of XML alone finds it well-formed, and the text in it whole."""
    data = gzip.decompress((awkward.directory / "dumps" / "chancery.rdf.gz").read_bytes())
    assert TEXT in {each.text for each in ElementTree.fromstring(data).iter()}


def test_the_description_of_a_document(awkward: Release) -> None:
    """`/data/….rdf` keeps the text to the character, too."""
    settings = Settings.load(awkward.directory.parents[2])
    graph = graph_of(awkward, settings, PREFIXES)
    answer = create_app(settings, graph).test_client().get("/data/document/d.rdf")
    assert answer.status_code == 200
    assert TEXT in {each.text for each in ElementTree.fromstring(answer.data).iter()}
