"""Search: what is found, by which words, and how the answer looks."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.namespace import RDFS, SDO, SKOS

from kg.build.lines.words import Words
from kg.build.publish.search_index import build_index
from kg.model.iris import Minter
from kg.model.namespaces import CLM, OA
from kg.model.rdf import Literal, Quad, line
from kg.store.release import Release
from kg.store.search import Found, SearchIndex
from tests.diplomacy import DIP, ONTOLOGY

MINTER = Minter("http://example.org/")
PERSON, CLAIM, DOCUMENT = (
    MINTER.entity(name) for name in ("person/jose", "claim/paper/1", "document/paper")
)


def quads() -> list[Quad]:
    graph = MINTER.entities
    return [
        Quad(PERSON, str(RDFS.label), Literal("José Álvarez", language="es"), graph),
        Quad(PERSON, str(RDFS.label), Literal("Joseph Alvarez", language="en"), graph),
        Quad(PERSON, str(SKOS.altLabel), Literal("Хосе", language="ru"), graph),
        Quad(DOCUMENT, str(RDFS.label), Literal("A paper", language="en"), graph),
        Quad(DOCUMENT, str(SDO.text), Literal('The envoy said "never"\nagain.'), graph),
        Quad(CLAIM, str(CLM.statedIn), DOCUMENT, graph),
        Quad(CLAIM, str(DIP.place), PERSON, graph),
        Quad(MINTER.entity("evidence/paper/1/quote"), str(OA.exact), Literal("said never"), graph),
    ]


def indexed(said: Iterable[Quad], path: Path) -> int:
    """Index what is said, in that order; tell how many entries there are."""
    heard = path.with_suffix(".words")
    with Words(heard, MINTER.entity(""), ONTOLOGY.playing("Holder", "Office")) as words:
        words.take([line(each).split(" ", 2) for each in said])
    return build_index(heard, path, MINTER, ONTOLOGY)


def find(path: Path, query: str, **narrowed: object) -> Found:
    with SearchIndex.open(path) as index:
        return index.find(query, **narrowed)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "search.sqlite"
    assert indexed(quads(), path) == 3
    return path


@pytest.mark.parametrize(
    "query", ["jose alvarez", "JOSÉ", "álvarez", "alva", "хосе", "joseph al", "Alvarez, José"]
)
def test_names_are_found(small: Path, query: str) -> None:
    """A person is found by each name, whatever its case and accents, and by a beginning."""
    (hit,) = find(small, query).hits
    assert (hit.iri, hit.kind, hit.title) == (PERSON, "person", "Joseph Alvarez")
    assert hit.other_names == ("José Álvarez", "Хосе")


@pytest.mark.parametrize("query", ["alvares", "alvrez", "alvraez", "allvarez", "joze alvares"])
def test_misspelt_names_are_found(small: Path, query: str) -> None:
    """A letter that is wrong, missing, swapped or double is forgiven, and the answer says so."""
    found = find(small, query)
    assert [hit.iri for hit in found.hits] == [PERSON]
    assert "alvarez" in found.corrected


def test_a_known_word_is_not_corrected(small: Path) -> None:
    """What is found as it is written stays as it is."""
    assert find(small, "paper").corrected == ""


def test_claims_by_their_quotes(small: Path) -> None:
    """A claim without a gloss is called by its quote, and belongs to its document."""
    found = find(small, "never")
    assert {hit.iri for hit in found.hits} == {CLAIM, DOCUMENT}
    claim = next(hit for hit in found.hits if hit.iri == CLAIM)
    assert (claim.title, claim.source, claim.source_title) == ("“said never”", DOCUMENT, "A paper")


def test_open_texts_with_the_passage(small: Path) -> None:
    """A hit in a text shows its surroundings, the match apart from the rest."""
    (hit,) = find(small, "envoy").hits
    assert hit.snippet == ("The ", "envoy", ' said "never"\nagain.')


def test_narrowing(small: Path) -> None:
    """A kind, a source and leaving out claims each narrow the hits."""
    assert [hit.iri for hit in find(small, "never", kinds=["document"]).hits] == [DOCUMENT]
    assert [hit.iri for hit in find(small, "never", source=DOCUMENT).hits] == [CLAIM]
    with SearchIndex.open(small) as index:
        assert [hit.iri for hit in index.find("never", claims=False).hits] == [DOCUMENT]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(query=st.text(max_size=200))
def test_any_text_is_a_query(small: Path, query: str) -> None:
    """No text is a syntax error of the engine below."""
    assert find(small, query).total >= 0


@pytest.mark.parametrize("query", ['"', "NEAR(a b)", "title:x", "a AND", "*", "-", "{a} : b", "\0"])
def test_syntax_of_the_engine_is_plain_text(small: Path, query: str) -> None:
    """Operators of FTS5 are words like others."""
    assert find(small, query).hits == ()


def test_same_graph_same_bytes(tmp_path: Path) -> None:
    """The index does not depend on the order of the lines, nor on the seed of hashes."""
    script = (
        "import sys; from pathlib import Path; from tests.test_search import *\n"
        "indexed(quads()[:: int(sys.argv[2])], Path(sys.argv[1]))"
    )
    found = set()
    for seed, step in (("0", "1"), ("1", "1"), ("2", "-1")):
        path = tmp_path / f"{seed}.sqlite"
        subprocess.run(
            [sys.executable, "-c", script, str(path), step],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        found.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(found) == 1


def test_release_carries_the_index(release: Release) -> None:
    """A build's index knows the seeds, their other names and their passages."""
    for query in ("Sochi", "Sotchi", "Сочи"):
        assert find(release.search, query).hits[0].iri.endswith("/id/place/sochi")
    assert find(release.search, "traveled to Moscow").hits[0].kind == "claim"
    # A claim's second passage has no page of its own.
    hits = find(release.search, "the use of chlorine bombs").hits
    assert hits
    assert all(each.source for each in hits if each.kind == "claim")


def test_json(client: FlaskClient) -> None:
    """The JSON answer has each hit with its IRI, its page and its kind."""
    response = client.get("/search?q=sochi&type=place", headers={"Accept": "application/json"})
    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert "Accept" in response.headers["Vary"]
    assert response.get_json() == {
        "query": "sochi",
        "corrected": "",
        "total": 1,
        "more": False,
        "leads": [],
        "hits": [
            {
                "iri": "http://localhost:8000/id/place/sochi",
                "url": "/page/place/sochi",
                "label": "Sochi",
                "type": "place",
                "kind": "place",
                "names": ["Sotchi", "Сочи"],
                "snippet": "",
                "source": None,
            }
        ],
        "types": [{"value": "place", "count": 1}],
        "sources": [],
    }


def test_page_says_what_it_corrected(client: FlaskClient) -> None:
    """The page for people says which spelling it searched for instead."""
    page = client.get("/search?q=lavrof", headers={"Accept": "text/html"}).text
    assert "<b>lavrov</b>" in page
    assert 'href="/page/person/sergey-lavrov"' in page


def test_page_without_hits(client: FlaskClient) -> None:
    """A page without hits says so and leads on."""
    page = client.get("/search?q=zzzzqqqq", headers={"Accept": "text/html"}).text
    assert "Nothing in this graph has these words" in page


def test_hostile_query_is_inert(client: FlaskClient) -> None:
    """Markup in a query stays text."""
    page = client.get("/search?q=<script>alert(1)</script>", headers={"Accept": "text/html"}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("given", ["type=nothing", "source=nothing", "source=%20"])
def test_narrowed_by_nothing(client: FlaskClient, given: str) -> None:
    """A kind or a source that there cannot be is refused, with what is allowed."""
    response = client.get(f"/search?q=kerry&{given}")
    assert response.status_code == (400 if "nothing" in given else 200)
    assert ("allowed: " in response.text) == ("nothing" in given)
