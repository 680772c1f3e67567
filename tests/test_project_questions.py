"""A project's own questions, and the packaged ones in a project with other documents."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.build import pipeline
from kg.model.settings import Settings
from kg.ontology.project import project_ontology
from kg.queries import project_queries
from kg.store.release import Release
from tests.conftest import ROOT, graph_of, run_kg
from web.app import create_app

HEAD = "#+ title: Who took part?\n#+ question: Who took part in it?\n#+ group: Mine\n"
OWN = (
    HEAD + "#+ parameters:\n#+   - {name: event, class: Event, label: Event}\n"
    "SELECT ?event ?who WHERE { ?event dip:participant ?who } ORDER BY ?who\n"
)


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A new project: one document of its own, none of the seeds."""
    assert run_kg("init", tmp_path / "mykg").returncode == 0
    return tmp_path / "mykg"


def add(project: Path, text: str, name: str = "mine") -> Path:
    path = project / "queries" / f"{name}.rq"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def opened() -> Callable[[Path], FlaskClient]:
    """Opens a project that was built: `opened(project)` is a client of its pages."""

    def open_(project: Path) -> FlaskClient:
        settings = Settings.load(project)
        prefixes = project_ontology(settings).prefixes
        graph = graph_of(Release.current(project), settings, prefixes)
        return create_app(settings, graph).test_client()

    return open_


def test_other_documents(fresh: Path, opened: Callable[[Path], FlaskClient]) -> None:
    """In a project with other documents each question that is offered has an answer, by its own
    names, and no page names a thing that the graph lacks.
    """
    pipeline.build(Settings.load(fresh))
    client = opened(fresh)
    known = set(
        re.findall(r"^(\w[\w-]*/[\w-]+):", (fresh / "seeds/entities.yaml").read_text(), re.M)
    )
    known |= {"document/example"}
    offered, _, apart = client.get("/queries/").text.partition('<details class="more"')
    assert "more have no answer in this release" in apart
    names = re.findall(r'href="/queries/([a-z-]+)"', offered)
    assert {"where-did-they-meet", "what-is-claimed", "passages-in-order"} <= set(names)
    for name in names:
        rows = client.get(f"/queries/{name}.json").get_json()["results"]["bindings"]
        assert rows, name
    for query in json.loads((fresh / "build/current/manifest.json").read_text())["questions"]:
        page = client.get(f"/queries/{query}").text
        assert set(re.findall(r'value="([a-z-]+/[^"]+)"', page)) <= known, query
    for page in ("/queries/", "/", "/sparql", "/openapi.json"):
        assert "kerry" not in client.get(page).text.lower()


def test_packaged_questions_name_no_thing() -> None:
    """No packaged question has a thing for a default; those over registers alone name one."""
    for query in project_queries(Settings(directory=ROOT), project_ontology(Settings())).queries:
        assert not [each for each in query.parameters if each.type == "iri" and each.example]
        assert "<id/" not in query.text or query.sources


def test_own_beside_packaged(fresh: Path, opened: Callable[[Path], FlaskClient]) -> None:
    """A project's question stands beside the packaged ones, or in the place of one of its name."""
    add(fresh, OWN, "who-took-part")
    add(fresh, OWN.replace("Who took part?", "Sources of mine"), "sources")
    assert run_kg("check", fresh).stdout.endswith("; 66 queries fit\n")
    pipeline.build(Settings.load(fresh))
    client = opened(fresh)
    assert client.get("/queries/who-took-part.csv").text == (
        "event,who\r\nhttp://localhost:8000/id/meeting/lakeside-2024,"
        "http://localhost:8000/id/state/freedonia\r\n"
    )
    page = client.get("/queries/").text
    assert "Sources of mine" in page
    assert "How do the sources fare?" not in page
    assert 'href="/queries/documents"' in page
    assert "/queries/who-took-part.json" in client.get("/openapi.json").get_json()["paths"]
    asked = run_kg("query", "who-took-part", "-d", fresh, "--format", "csv").stdout
    assert asked.endswith("/id/state/freedonia\n")
    none = run_kg(
        "query", "who-took-part", "-d", fresh, "--format", "csv", "-p", "event=meeting/none"
    )
    assert none.stdout == "event,who\n"


@pytest.mark.parametrize(
    ("pattern", "term", "near"),
    [
        ("?event dip:palce ?who", "dip:palce", "dip:place"),
        ("?event a dip:Metting ; dip:participant ?who", "dip:Metting", "dip:Meeting"),
        ("?event ^dip:within/(dip:place|dip:palce)* ?who", "dip:palce", "dip:place"),
        ("VALUES ?p { dip:palce } ?event ?p ?who", "dip:palce", "dip:place"),
        ("?event ?p ?who FILTER(?p IN (dip:place, dip:palce))", "dip:palce", "dip:place"),
        ("?event ?p ?who FILTER EXISTS { ?x dip:palce ?who }", "dip:palce", "dip:place"),
        ("?event ?who ?x MINUS { ?event !(dip:palce) ?x }", "dip:palce", "dip:place"),
        (
            "?event <https://w3id.org/chancery/ns#palce> ?who",
            "<https://w3id.org/chancery/ns#palce>",
            "dip:place",
        ),
        ("?event clm:stated ?who", "clm:stated", "clm:statedIn"),
        ("?event skos:prefLable ?who", "skos:prefLable", ""),
        ("?event <http://example.org/x#near> ?who", "<http://example.org/x#near>", ""),
        ("?event a <http://example.org/x#Vote> . ?who ?p 1", "<http://example.org/x#Vote>", ""),
    ],
)
def test_unknown_terms(fresh: Path, pattern: str, term: str, near: str) -> None:
    """What the ontology lacks is refused by check and build alike, as it is written, wherever it
    stands, with file and line.
    """
    add(fresh, f"{HEAD}SELECT ?event ?who WHERE {{\n  # a remark\n  {pattern}\n}}\n")
    checked, built = run_kg("check", fresh), run_kg("build", fresh)
    said = (
        f"queries/mine.rq:6: {term}: found a term that the ontology lacks; "
        "allowed: a term of the project's ontology"
    )
    assert (checked.returncode, built.returncode) == (1, 1)
    assert said in checked.stderr
    assert said in built.stderr
    assert not near or f"; did you mean {near}?" in checked.stderr
    assert not (fresh / "build" / "current").exists()


@pytest.mark.parametrize(
    "pattern",
    [
        "?event skos:exactMatch <http://www.wikidata.org/entity/Q5> ; dip:participant ?who",
        "VALUES ?event { <http://a.example/1> <http://a.example/2> } ?event dip:place ?who",
        "?event dip:place ?who FILTER(STRSTARTS(STR(?who), STR(dip:)) || ?who != <id/place/x>)",
        "?event dip:place <id/place/lakeside> . ?event rdf:_1 ?who",
        "?event dip:place ?who # dip:palce\n  FILTER(?who != 'dip:palce' && STR(?who) != \"a:b\")",
    ],
)
def test_things_are_no_terms(fresh: Path, pattern: str) -> None:
    """A thing of any name may be asked for; what stands in a comment or a string is no term."""
    add(fresh, f"{HEAD}SELECT ?event ?who WHERE {{ {pattern} }}\n")
    assert run_kg("check", fresh).returncode == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "SELECT ?a WHERE {\n  ?a ?b }}\n", "queries/mine.rq:5: column "),
        (HEAD + "\n\nSELECT ?a WHERE {\n  ?a dpi:b ?c }\n", "queries/mine.rq:7: column 6: found "),
        (HEAD + "SELECT ?a WHERE { SERVICE <http://a/> { ?a ?b ?c } }\n", "SERVICE is not"),
        (
            HEAD + "#+ defaults: SELECT ?b WHERE { ?b dip:place ?c }\n" + OWN[len(HEAD) :],
            "queries/mine.rq:4: defaults: found ?b; allowed: parameters: event",
        ),
        (
            HEAD + "#+ defaults: SELECT ?event WHERE { ?event dip:palce ?c }\n" + OWN[len(HEAD) :],
            "dip:palce: found a term that the ontology lacks",
        ),
        (HEAD + "#+ a: " + "[" * 3000 + "\n" + OWN[len(HEAD) :], "allowed: YAML behind '#+'"),
        (HEAD + "#+ a: 2015-02-30\n" + OWN[len(HEAD) :], "found day is out of range for month"),
        (
            OWN.replace("class: Event", "class: Evnt"),
            "queries/mine.rq:5: Evnt: found the class 'Evnt'; "
            "allowed: a class of the project's ontology; did you mean Event?",
        ),
    ],
)
def test_faulty_files(fresh: Path, text: str, said: str) -> None:
    """A file that cannot be asked is refused by check and build, with file and line."""
    add(fresh, text)
    for command in ("check", "build"):
        done = run_kg(command, fresh)
        assert done.returncode == 1
        assert said in done.stderr


def test_spoilt_after_the_build(
    fresh: Path, serving: Callable[..., str], opened: Callable[[Path], FlaskClient],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """A question that was spoilt after the build is left out with a warning; the rest is served."""
    add(fresh, OWN)
    add(fresh, OWN, "other")
    pipeline.build(Settings.load(fresh))
    add(fresh, OWN.replace("WHERE {", "WHERE ("))
    assert serving(fresh)
    client = opened(fresh)
    assert "left out: queries/mine.rq:1: found no SELECT" in caplog.text
    assert client.get("/queries/mine").status_code == 404
    assert client.get("/queries/other").status_code == 200


def test_another_vocabulary(tmp_path: Path) -> None:
    """Without diplomacy's terms, what names them is left out in silence."""
    (tmp_path / "kg.toml").write_text('vocabulary = "none"\n', "utf-8")
    settings = Settings.load(tmp_path)
    found = project_queries(settings, project_ontology(settings))
    names = {each.name for each in found.queries}
    assert not found.problems
    assert {"contradictions", "what-is-claimed", "differing-values"} <= names
    assert not {"itinerary", "agreements", "records-rows"} & names
    assert not [each for each in found.queries if "dip:" in each.text + each.defaults]


def test_endless_question(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that has no end costs a build seconds, and the others keep their defaults."""
    monkeypatch.setattr("kg.build.publish.questions.PATIENCE", 3)
    triples = " ".join(f"?s{each} ?p{each} ?o{each} ." for each in range(9))
    add(fresh, f"{HEAD}SELECT (COUNT(*) AS ?n) WHERE {{ {triples} }}\n", "endless")
    done = run_kg("build", fresh)
    assert done.returncode == 0
    assert "query endless took more than 3 s" in done.stderr
    questions = json.loads((fresh / "build/current/manifest.json").read_text())["questions"]
    assert "endless" not in questions
    assert questions["where-did-they-meet"] == {"visit": "meeting/lakeside-2024"}
