"""Saved queries: each is asked of the seeds' graph and gives exactly its expected rows."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kg.model.errors import DataError
from kg.model.iris import Minter
from kg.model.rdf import Literal, Term
from kg.model.settings import Settings
from kg.model.terms import Terms
from kg.queries import ParameterError, SavedQuery, project_queries, read_query
from kg.store import Graph, Query
from tests.diplomacy import ONTOLOGY

ROOT = Path(__file__).parent.parent
EXPECTED = Path(__file__).parent / "queries"
# Queries over the full public records are tested with them.
SETTINGS = Settings(directory=ROOT)
QUERIES = [
    each
    for each in project_queries(SETTINGS, ONTOLOGY).queries
    if not each.name.startswith("records-")
]
# A default is chosen from the graph, so the exact answers are those to values of their own.
ASKED: dict[str, dict[str, str]] = yaml.safe_load((EXPECTED / "asked.yaml").read_text("utf-8"))
TERMS = Terms(Minter("http://localhost:8000/"), ONTOLOGY.iris)
GROUPS = {
    "Where sources disagree",
    "Who says so",
    "Plans and opinions",
    "What happened",
    "Documents and passages",
}

each_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)


def ask(graph: Graph, settings: Settings, text: str, **bindings: Term) -> str:
    query = Query(text=text, accept=("text/csv",), bindings=bindings, base=settings.base)
    return graph.answer(query).read().decode().replace("\r\n", "\n")


@each_query
def test_answer(query: SavedQuery, graph: Graph, settings: Settings) -> None:
    """The rows of a query are those of `tests/queries/NAME.csv`."""
    expected = (EXPECTED / f"{query.name}.csv").read_text("utf-8")
    assert expected.count("\n") > 1, "a question without an answer shows nothing"
    assert (
        ask(graph, settings, query.text, **query.bind(ASKED.get(query.name, {}), TERMS)) == expected
    )


@each_query
def test_standalone(query: SavedQuery, graph: Graph, settings: Settings) -> None:
    """The query with its values written in, as the editor shows it, has the same answer."""
    bindings = query.bind(ASKED.get(query.name, {}), TERMS)
    whole = ask(graph, settings, query.standalone(bindings))
    assert whole == ask(graph, settings, query.text, **bindings)


@each_query
def test_header(query: SavedQuery) -> None:
    """A query asks a question in plain words and stands under one of few headings."""
    assert query.question.endswith("?")
    assert query.group in GROUPS
    assert len(query.title) <= 50


def test_at_least_twenty_questions() -> None:
    """The seeds' graph is asked at least 20 questions, none twice, and no answer is left over."""
    assert len(QUERIES) >= 20
    assert len({each.question for each in QUERIES}) == len(QUERIES)
    assert {each.name for each in QUERIES} == {path.stem for path in EXPECTED.glob("*.csv")}


@pytest.mark.parametrize(
    ("date", "holder"),
    [
        ("2009-03-06", "Hillary Clinton"),
        ("2013-01-31", "Hillary Clinton"),
        ("2013-02-01", "John Kerry"),
    ],
)
def test_parameters_change_the_answer(
    date: str, holder: str, graph: Graph, settings: Settings
) -> None:
    """Another date gives another holder; on the day of a handover it is the successor."""
    query = next(each for each in QUERIES if each.name == "office-holder-on-a-date")
    given = {"post": "post/us-secretary-of-state", "date": date}
    answer = ask(graph, settings, query.text, **query.bind(given, TERMS))
    assert answer.splitlines()[1].split(",")[2] == holder
    assert answer.count("\n") == 2


HEAD = "#+ title: T\n#+ question: Q?\n#+ group: G\n"
BODY = "SELECT ?who WHERE { ?who a dip:Person }\n"


EXAMPLES = {
    "iri": "person/john-kerry",
    "concept": "Planned",
    "date": "2015-05-12",
    "integer": "3",
    "string": "words",
}


def parameter(kind: str) -> str:
    """The header of a query whose one parameter has no default."""
    return (
        f"#+ parameters:\n#+ - {{name: who, type: {kind}, label: L, example: {EXAMPLES[kind]}}}\n"
    )


def saved(folder: Path, text: str) -> SavedQuery:
    (folder / "a-query.rq").write_text(text, "utf-8")
    return read_query(folder / "a-query.rq", SETTINGS, ONTOLOGY)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            BODY,
            "a-query.rq:1: found no header; allowed: lines of '#+' with title, question and group",
        ),
        (
            "#+ title: T\n#+ question: Q?\n" + BODY,
            "a-query.rq:1: group: found None; allowed: a line of text",
        ),
        (
            HEAD + "#+ colour: red\n" + BODY,
            "a-query.rq:4: colour: found the key 'colour'; "
            "allowed: title, question, group, parameters",
        ),
        (HEAD + "#+ a: [\n" + BODY, "a-query.rq:5: found expected the node content"),
        (
            HEAD + "ASK { ?who a dip:Person }\n",
            "a-query.rq:1: found no SELECT … WHERE { below the header; allowed: a SELECT query",
        ),
        (
            HEAD
            + "#+ parameters:\n#+ - {name: when, type: date, label: L, default: 2015-05-12}\n"
            + BODY,
            "a-query.rq:5: when: found ?when not among the columns; "
            "allowed: a variable that SELECT names",
        ),
        (
            HEAD + "#+ parameters:\n#+ - {name: who, type: agent, label: L, default: x}\n" + BODY,
            "a-query.rq:5: who: found the type 'agent'; "
            "allowed: iri, concept, date, integer, string",
        ),
        (
            HEAD + "#+ parameters:\n#+ - {name: who, type: iri}\n" + BODY,
            "a-query.rq:5: who: found name, type; allowed: a label",
        ),
        (
            HEAD + "#+ parameters:\n#+ - {name: who, type: date, label: L, default: soon}\n" + BODY,
            "a-query.rq:5: who: found 'soon'; allowed: a date that exists, as YYYY-MM-DD",
        ),
        (
            HEAD + "#+ parameters: who\n" + BODY,
            "a-query.rq:4: parameters: found 'who'; allowed: a list of mappings",
        ),
    ],
)
def test_bad_header(tmp_path: Path, text: str, problem: str) -> None:
    """A header that cannot be used is refused with file, line, what was found, what is allowed."""
    with pytest.raises(DataError) as raised:
        saved(tmp_path, text)
    assert problem in str(raised.value)


def test_bad_bytes(tmp_path: Path) -> None:
    """A file that is not UTF-8 is refused by name."""
    (tmp_path / "a-query.rq").write_bytes((HEAD + BODY).encode() + b"# \xff\n")
    with pytest.raises(DataError) as raised:
        read_query(tmp_path / "a-query.rq", SETTINGS, ONTOLOGY)
    assert "a-query.rq:1: found a byte that is not UTF-8; allowed: UTF-8" in str(raised.value)


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Every fault of every file is named in one run."""
    (tmp_path / "queries").mkdir()
    for name in ("one.rq", "Two.rq"):
        (tmp_path / "queries" / name).write_text("#+ title: T\n" + BODY, "utf-8")
    with pytest.raises(DataError) as raised:
        project_queries(Settings(directory=tmp_path), ONTOLOGY).refuse()
    assert len(raised.value.problems) == 5


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("iri", "person/john-kerry", "http://localhost:8000/id/person/john-kerry"),
        ("iri", "https://example.org/a", "https://example.org/a"),
        ("concept", "Planned", "https://w3id.org/chancery/claims#Planned"),
        ("date", "2015-05-12", Literal("2015-05-12", "http://www.w3.org/2001/XMLSchema#date")),
        ("integer", "12", Literal("12", "http://www.w3.org/2001/XMLSchema#integer")),
        ("string", '"} #', Literal('"} #')),
    ],
)
def test_types(tmp_path: Path, kind: str, value: str, term: Term) -> None:
    """A value becomes a term of its parameter's type."""
    query = saved(tmp_path, HEAD + parameter(kind) + BODY)
    assert query.bind({"who": value}, TERMS) == {"who": term}


IRI = "TYPE/SLUG, or an absolute IRI"
DATE = "a date that exists, as YYYY-MM-DD"


@pytest.mark.parametrize(
    ("kind", "value", "allowed"),
    [
        ("iri", "john kerry", IRI),
        ("iri", "http://a/> } #", IRI),
        ("concept", "Plannned", "a concept of the ontology, as in Planned"),
        ("date", "2015-02-30", DATE),
        ("date", "2015-02", DATE),
        ("integer", "many", "a whole number"),
    ],
)
def test_bad_values(tmp_path: Path, kind: str, value: str, allowed: str) -> None:
    """A value that cannot be used is refused with what is allowed instead."""
    query = saved(tmp_path, HEAD + parameter(kind) + BODY)
    with pytest.raises(ParameterError) as raised:
        query.bind({"who": value}, TERMS)
    assert str(raised.value) == f"who: found {value!r}; allowed: {allowed}"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "who: found no value; allowed: text, for example words"),
        ({"who": " "}, "who: found no value; allowed: text, for example words"),
        ({"whom": "x"}, "whom: no parameter of a-query; allowed: who"),
    ],
)
def test_missing_and_unknown_values(tmp_path: Path, given: dict[str, str], message: str) -> None:
    """A parameter without a default must be given, and no other may be."""
    query = saved(tmp_path, HEAD + parameter("string") + BODY)
    with pytest.raises(ParameterError) as raised:
        query.bind(given, TERMS)
    assert str(raised.value) == message
