"""Full text inside SPARQL: what it finds, where it may stand, and how it is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as some

from kg.model.namespaces import SPOKEN
from kg.model.rdf import Literal, text_of
from kg.store import Graph, rows
from kg.store.release import Release
from kg.store.search import fold
from tests.conftest import run_kg

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


SCORED = 'SELECT ?score { (?s ?score) text:query ("sochi" 3) } ORDER BY DESC(?score)'


def ask(client: FlaskClient, query: str) -> list[dict[str, str]]:
    answer = client.get("/sparql", query_string={"query": query})
    assert answer.status_code == 200, answer.text
    found = answer.get_json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def slugs(found: list[dict[str, str]], name: str = "s") -> set[str]:
    return {row[name].partition("/id/")[2] for row in found if name in row}


def test_words(client: FlaskClient) -> None:
    """Things whose label has the words, the nearest first, with score and literal."""
    found = ask(client, 'SELECT * { (?s ?score ?said) text:query (rdfs:label "kerry sochi") }')
    assert "visit/kerry-russia-2015-05" in slugs(found)
    assert {"s", "score", "said"} == found[0].keys()
    assert all("Sochi" in row["said"] and float(row["score"]) > 0 for row in found)
    scores = [float(row["score"]) for row in ask(client, SCORED)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("pattern", "slug"),
    [
        ('?s text:query "Sochi"', "place/sochi"),
        ('?s text:query ("сочи"@ru)', "place/sochi"),
        ("?s text:query 'soch*'", "place/sochi"),
        ('?s <http://jena.apache.org/text#query> ("sochi" 5)', "place/sochi"),
        ('?s text:query "sochi" ; a dip:Place', "place/sochi"),
        ('?s a dip:Place ; text:query "sochi"', "place/sochi"),
        ('?s a dip:Place ; text:query "sochi" ; rdfs:label ?name .', "place/sochi"),
        ('(?s) text:query """sochi""" FILTER(CONTAINS(STR(?s), "place"))', "place/sochi"),
        ('?s a dip:Place OPTIONAL { ?s text:query "zzz" } ?s text:query "sochi"', "place/sochi"),
        ('{ SELECT ?s { ?s text:query "sochi" } }', "place/sochi"),
        ('{ ?s text:query "sochi" } UNION { ?s text:query "geneva" }', "place/geneva"),
        ('GRAPH <http://localhost:8000/graph/entities> { ?s text:query "sochi" }', "place/sochi"),
        ('?s a dip:Place FILTER EXISTS { ?s text:query "sochi" }', "place/sochi"),
        ('?e dip:place ?s . ?s text:query (skos:altLabel "Sotchi") .', "place/sochi"),
        (r'?q text:query (oa:exact "\"is in Sochi\"") . ?v oa:hasSelector ?q . ?s clm:evidence ?v',
         "claim/csis-kerry-in-russia/1"),
    ],
)  # fmt: skip
def test_places(client: FlaskClient, pattern: str, slug: str) -> None:
    """It stands wherever a triple may."""
    found = slugs(ask(client, f"SELECT ?s {{ {pattern} }}"))
    if slug.startswith("claim"):
        assert any(each.startswith("claim/csis") for each in found)
    else:
        assert slug in found
    starred = ask(client, f"SELECT * {{ {pattern} }}")
    assert slugs(starred) == found
    assert not any(name.startswith("text") for row in starred for name in row)


def test_a_graph_has_its_own_literals(client: FlaskClient) -> None:
    """A graph that does not say the words finds nothing, nor does a dataset without it."""
    inside = "GRAPH <http://localhost:8000/graph/judgement> { ?s text:query 'sochi' }"
    assert ask(client, f"SELECT ?s {{ {inside} }}") == []
    sent = {
        "query": 'SELECT ?s { ?s text:query "sochi" }',
        "default-graph-uri": "http://localhost:8000/graph/judgement",
    }
    answer = client.get("/sparql", query_string=sent)
    assert answer.get_json()["results"]["bindings"] == []


def test_what_a_construct_makes_is_left_alone(client: FlaskClient) -> None:
    """In a template, and as data, it is a property like others."""
    made = 'CONSTRUCT { ?s text:query "x" } WHERE { ?s text:query "sochi" ; a dip:Place }'
    text = client.get(
        "/sparql", query_string={"query": f"PREFIX text: <http://jena.apache.org/text#> {made}"}
    )
    assert text.text.endswith('place/sochi> text:query "x" .\n')
    assert ask(client, "SELECT ?p { VALUES ?p { text:query } }") == [
        {"p": "http://jena.apache.org/text#query"}
    ]


@pytest.mark.parametrize(
    ("query", "place", "says"),
    [
        ("SELECT * {\n ?s text:query ?x }", (2, 16), "takes words"),
        ('SELECT * { ?s text:query ("x" "y") }', (1, 31), "takes words"),
        ('SELECT * { ?s text:query "x"^^xsd:string }', (1, 29), "takes words"),
        ("SELECT * { ?s text:query (rdfs:label) }", (1, 26), "takes words"),
        ('SELECT * { ?s text:query* "x" }', (1, 15), "no path"),
        ('SELECT * { ?s ^text:query "x" }', (1, 16), "no path"),
        ('SELECT * { <a:b> text:query "x" }', (1, 12), "variables"),
        ('SELECT * { (?a ?b ?c ?d) text:query "x" }', (1, 12), "variables"),
        ('SELECT * { (?a ?a) text:query "x" }', (1, 12), "variables"),
        ('SELECT * { ?s text:query (dcterms:title "x") }', (1, 27), "knows the words of"),
        ('SELECT * { ?s text:query ("x" 100000) }', (1, 31), "10000"),
        ('SELECT * { ?s text:query ("x" 0) }', (1, 31), "10000"),
        ('SELECT * { ?s text:query "x", "y" }', (1, 29), "one pattern"),
        ('SELECT * { (?s ?n) text:query "x" ; a ?c }', (1, 12), "no other predicate"),
        ('CONSTRUCT WHERE { ?s text:query "x" }', (1, 22), "CONSTRUCT"),
    ],
)  # fmt: skip
def test_refusals(client: FlaskClient, query: str, place: tuple[int, int], says: str) -> None:
    """What is no pattern is 400, with what is and where it went wrong."""
    answer = client.get("/sparql", query_string={"query": query})
    problem = answer.get_json(force=True)
    assert (answer.status_code, problem["type"].rpartition("/")[2]) == (400, "query-syntax")
    assert says in problem["detail"]
    assert (problem["line"], problem["column"]) == place


def test_other_faults_are_told_as_ever(client: FlaskClient) -> None:
    """The place of a fault elsewhere is that in the text that was sent."""
    query = 'SELECT * {\n ?s text:query "x" .\n ?s }'
    problem = client.get("/sparql", query_string={"query": query}).get_json(force=True)
    assert problem["line"] in (2, 3)  # the clause at fault, or where it shows
    many = " ".join(f'?s{i} text:query "x" .' for i in range(9))
    answer = client.get("/sparql", query_string={"query": f"SELECT * {{ {many} }}"})
    assert answer.status_code == 400
    assert "up to 8" in answer.get_json(force=True)["detail"]
    answer = client.get("/sparql", query_string={"query": 'SELECT * { ?s text:query "\\u0041" }'})
    assert answer.status_code == 400


def test_an_answer_is_kept_and_described(client: FlaskClient) -> None:
    """Its ETag holds for the release; the service description names the property."""
    sent = {"query": 'SELECT ?s { ?s text:query "sochi" }'}
    first = client.get("/sparql", query_string=sent)
    again = client.get(
        "/sparql", query_string=sent, headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    described = client.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert re.search(r"sd:propertyFeature\s+<http://jena.apache.org/text#query>", described)


def test_on_the_command_line(release: Release, project: Path) -> None:
    """`kg query` knows it, too, in its confined process."""
    query = 'SELECT ?s { ?s text:query "sochi" ; a dip:Place }'
    done = run_kg("query", "-", "-d", project, "--format", "csv", stdin=query)
    assert (done.returncode, done.stdout.split()) == (
        0,
        ["s", "http://localhost:8000/id/place/sochi"],
    )


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


WORDS = some.sampled_from(
    ["kerry", "Russia", "in", "is in", "сочи", "Genève", "2015", "may", "of the", "syr*", "zz", "’"]
)


@settings(max_examples=120, deadline=None)
@given(some.lists(WORDS, min_size=1, max_size=3), some.sampled_from(SPOKEN), some.booleans())
def test_all_that_say_it(graph: Graph, words: list[str], of: str, phrases: bool) -> None:
    """Just those literals of the property that have each word, or each phrase."""
    asked = [f'"{each}"' if phrases and "*" not in each else each for each in words]
    own = 'STRSTARTS(STR(?s), "http://localhost:8000/id/")'
    spoken = text_of(Literal(" ".join(asked)))
    found = rows(graph, f"SELECT ?s ?l {{ (?s ?x ?l) text:query (<{of}> {spoken} 10000) }}")
    said = rows(graph, f"SELECT ?s ?l {{ ?s <{of}> ?l FILTER({own}) }}")

    parts = words if phrases else [part for each in words for part in each.split()]
    tests = [f" {plain(each)}{'' if each.endswith('*') else ' '}" for each in parts if plain(each)]

    def has(literal: object) -> bool:
        assert isinstance(literal, Literal)
        return bool(tests) and all(each in f" {plain(literal.value)} " for each in tests)

    def keys(some_rows: list[dict[str, object]]) -> list[tuple[object, object]]:
        return sorted(((row["s"], row["l"]) for row in some_rows), key=repr)

    assert keys(found) == keys([row for row in said if has(row["l"])])  # type: ignore[arg-type]
