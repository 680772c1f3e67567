"""A project's own terms: written once, in Turtle, and then known to all of Chancery."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.build import pipeline
from kg.model.settings import Settings
from kg.ontology import BASE, Ontology
from kg.ontology.project import project_ontology
from kg.store import Graph
from tests.conftest import ROOT, graph_of, run_kg
from web.app import create_app

HEAD = """@prefix chess: <https://example.org/chess#> .
@prefix clm: <https://w3id.org/chancery/claims#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DOCS = (ROOT / "docs" / "vocabulary.md").read_text("utf-8")
FILES = dict(re.findall(r"^`(\S+)`\n```\w+\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL))
SETTINGS = FILES["kg.toml"]


def write(root: Path, old: str = "", new: str = "") -> Path:
    """The project of docs/vocabulary.md, with `new` in place of `old`."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.replace(old, new) if old else text, "utf-8")
    return root


@pytest.fixture(scope="module")
def games(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents that disagree, in terms of the project's own, by the letter of the docs."""
    return write(tmp_path_factory.mktemp("games"))


@pytest.fixture(scope="module")
def graph(games: Path) -> Graph:
    settings = Settings.load(games)
    return graph_of(pipeline.build(settings), settings, project_ontology(settings).prefixes)


@pytest.fixture
def client(games: Path, graph: Graph) -> FlaskClient:
    app = create_app(Settings.load(games), graph)
    app.config["TESTING"] = True
    return app.test_client()


def test_the_project_is_checked(games: Path) -> None:
    """Sheets use the project's terms, and their values are held to its ranges."""
    done = run_kg("check", games)
    assert done.returncode == 0, done.stderr
    assert "3 claims" in done.stdout


def test_pages_know_the_terms(client: FlaskClient) -> None:
    """Entity, list, ontology and search show them without another line."""
    page = client.get("/page/game/final").text
    assert "How long" in page
    assert ">41<" in page.replace(" ", "")
    assert ">43<" in page.replace(" ", "")
    assert client.get("/page/game/").status_code == 200
    for name in ("Game", "moves", "chess:moves", "Draw", "clm:Claim", "Claim"):
        assert client.get(f"/ontology/{name}").status_code == 200, name
    assert "number of moves" in client.get("/ontology").text
    assert "The final" in client.get("/search?q=final").text
    assert client.get("/ontology/Visit").status_code == 404


def test_a_number_that_differs_is_a_disagreement(client: FlaskClient) -> None:
    """A functional property of any vocabulary has one value."""
    page = client.get("/disagreements").text
    assert "The final" in page


def test_dumps_and_queries_have_the_prefix(games: Path, graph: Graph) -> None:
    """What is written in Turtle and asked in SPARQL can use the short names."""
    assert graph.release.id
    asked = re.search(r"```sparql\n(.*?)```\n\n(.*?)\n\n", DOCS, re.DOTALL)
    assert asked is not None
    done = run_kg("query", "-", "-d", games, "--format", "csv", stdin=asked[1])
    assert done.returncode == 0, done.stderr
    rows = [row.strip("| ").split(" | ") for row in asked[2].splitlines()]
    assert list(csv.reader(done.stdout.splitlines())) == [rows[0], *rows[2:]]
    dump = games / "build" / "current" / "dumps" / "chancery.ttl.gz"
    assert b"@prefix chess: <https://example.org/chess#>" in gzip.decompress(dump.read_bytes())


def test_a_misspelt_property_is_refused_with_its_line(tmp_path: Path) -> None:
    """The sheet's author reads what is meant."""
    done = run_kg("check", write(tmp_path, "property: moves", "property: mvoes"))
    assert done.returncode == 1
    assert "herald.yaml:11" in done.stderr
    assert "mvoes" in done.stderr
    assert "did you mean 'moves'?" in done.stderr


def test_a_misspelt_annotation_is_refused_as_the_docs_say(tmp_path: Path) -> None:
    """An annotation that the base lacks would be passed over in silence."""
    done = run_kg("check", write(tmp_path, "clm:segment ", "clm:segmnet "))
    said = re.search(r"```console\n\$ kg check\n(.*?)```", DOCS, re.DOTALL)
    assert said is not None
    assert said[1].splitlines()[1] in done.stderr


@pytest.mark.parametrize(
    ("turtle", "line", "found"),
    [
        ("chess:x a owl:Class .", 7, "chess:x: found no rdfs:label; allowed: one"),
        (
            'chess:x a owl:ObjectProperty ; rdfs:label "x" ; rdfs:range skos:Concept .',
            7,
            "chess:x: found no qb:codeList; allowed: one, for a property with concepts",
        ),
        ('chess:x a skos:Concept ; rdfs:label "x" .', 7, "found no skos:inScheme"),
        (
            'chess:x a owl:DatatypeProperty ; rdfs:label "x" ;\n'
            "rdfs:range xsd:string , xsd:boolean .",
            7,
            "found ranges of 2 kinds; allowed: ranges of one kind",
        ),
        (
            'chess:x a owl:ObjectProperty ; rdfs:label "x" ; rdfs:range chess:Gmae .\n'
            'chess:Game a owl:Class ; rdfs:label "game" .',
            7,
            "rdfs:range chess:Gmae; allowed: a class or a datatype; did you mean chess:Game?",
        ),
        (
            'chess:x a owl:Class ; rdfs:label "x" ; clm:segmnet "x" .',
            7,
            "clm:segmnet; allowed: an annotation of the base; did you mean clm:segment?",
        ),
        (
            'chess:x a owl:Class ; rdfs:label "x" ; clm:eventRole clm:Begin .',
            7,
            "clm:eventRole clm:Begin; allowed: clm:Actor, clm:Affected, clm:Begins",
        ),
        (
            'chess:x a owl:Class ; rdfs:label "x" ; clm:sentence "{Actr} won."@en .',
            7,
            "{Actr} in clm:sentence; allowed: description, events, kind, when, a role or a",
        ),
        (
            'chess:x a owl:DatatypeProperty ; rdfs:label "x" ; clm:sentence "{Actor} won."@en .',
            7,
            "{Actor} in clm:sentence; allowed: object, subject or the role of a class",
        ),
        (
            'chess:x a owl:Class ; rdfs:label "x" ; clm:sentence "won[ in {Location}"@en .',
            7,
            "clm:sentence 'won[ in {Location}'; allowed: braces and brackets that close",
        ),
        ('chess:x a owl:Class ; rdfs:label "x" ; clm:order "high" .', 7, "sh:order 'high'"),
        ('chess:x a owl:Class ; rdfs:label "x" ; clm:segment "A B" .', 7, "clm:segment 'A B'"),
        (
            'chess:x a owl:Class ; rdfs:label "x" ; clm:segment "claim" .',
            7,
            "'claim' of two classes; allowed: a path segment of its own",
        ),
        (
            'chess:names a owl:DatatypeProperty ; rdfs:label "names" .',
            7,
            "the local name 'names' of two terms; allowed: a name of its own",
        ),
        (
            'chess:Record a owl:Class ; rdfs:label "record of wins" .',
            7,
            "the local name 'Record' of two terms; allowed: a name of its own",
        ),
        ('chess:x rdfs:label "x" .', 7, "found no type of a term; allowed: a term is one of"),
        (
            '\n\nchess:x a owl:Class ; rdfs:label "x" ; rdfs:seeAlso [] .',
            9,
            "a blank node; allowed: an IRI: published nodes can be cited",
        ),
        ("\nchess:x a", 8, "allowed: Turtle"),
        ("\nches:x a owl:Class .", 8, 'Prefix "ches:" not bound; allowed: Turtle'),
    ],
)  # fmt: skip
def test_a_faulty_vocabulary_is_named(tmp_path: Path, turtle: str, line: int, found: str) -> None:
    """Each fault has its file, line and term, what was found, and what is allowed."""
    (tmp_path / "ontology").mkdir()
    (tmp_path / "seeds").mkdir()
    (tmp_path / "kg.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "ontology" / "own.ttl").write_text(HEAD + turtle, "utf-8")
    done = run_kg("check", tmp_path)
    assert done.returncode == 1
    assert f"ontology/own.ttl:{line}:" in done.stderr, done.stderr
    assert found in done.stderr


def test_a_role_yields_its_name(tmp_path: Path) -> None:
    """`Party` and `Office` are names that users need; roles are named by annotations alone."""
    own = """chess:Party a owl:Class ; clm:segment "party" ; rdfs:label "party" ;
        clm:eventRole clm:Occurrence ; clm:sentence "{Party} at {Office}."@en .
    chess:Office a skos:Concept ; skos:inScheme chess:ResultScheme ; rdfs:label "office" .
    chess:ResultScheme a skos:ConceptScheme ; rdfs:label "results" .
    chess:guest a owl:ObjectProperty ; rdfs:label "guest" ; clm:eventRole clm:Party ."""
    (tmp_path / "own.ttl").write_text(HEAD + own, "utf-8")
    ontology = Ontology.load(tmp_path, namespaces={"chess": "https://example.org/chess#"})
    for name in ("Party", "Office"):
        mine, theirs = ontology.named(name), ontology.named(f"clm:{name}")
        assert mine
        assert mine.iri == f"https://example.org/chess#{name}"
        assert theirs
        assert theirs.iri == f"https://w3id.org/chancery/claims#{name}"
        assert theirs.name == ontology.names.short(theirs.iri) == f"clm:{name}"
    assert ontology.iris["Office"] == "https://example.org/chess#Office"
    assert [each.name for each in ontology.playing("Party")] == ["guest"]


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ('vocabulary = "chess"', "vocabulary: found 'chess'; allowed: diplomacy, none"),
        ('[namespace]\nprefix = "chess"', "namespace: found {'prefix': 'chess'}"),
        ('[namespace]\nprefix = "c"\niri = "https://x.org/a b#"', "an http(s) IRI"),
        ('[namespace]\nprefix = "c"\niri = "https://x.org/a"', "ends in '#' or '/'"),
    ],
)
def test_a_vocabulary_must_be_named_rightly(tmp_path: Path, settings: str, found: str) -> None:
    """Settings that name no vocabulary are refused with those that do."""
    (tmp_path / "kg.toml").write_text(settings, "utf-8")
    done = run_kg("check", tmp_path)
    assert done.returncode == 2
    assert found in done.stderr


def test_the_base_stands_alone() -> None:
    """The base names nothing of diplomacy, and is whole without it."""
    base = Ontology.load()
    assert [each.prefix for each in base.vocabularies] == ["clm"]
    assert not any("chancery/ns#" in path.read_text("utf-8") for path in BASE.glob("*.ttl"))


def test_the_upgrade_guide_lists_what_moved() -> None:
    """Each term that it names is the base's."""
    guide = (ROOT / "docs" / "upgrading.md").read_text("utf-8")
    sorts = "classes|properties|schemes|modality|status|review"
    rows = re.findall(rf"^\| (?:{sorts}) \|.*$", guide, re.MULTILINE)
    moved = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert len(moved) == 46
    base = Ontology.load()
    assert {f"clm:{name}" for name in moved} <= {base.names.curie(each[0]) for each in base.triples}
