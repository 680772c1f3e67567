"""Paths begun at their end: which are, and that the solutions stay the same."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as some
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from kg.store import Graph, Query, table
from kg.store.rewrite import from_ends

PROLOGUE = "PREFIX : <x:> "
NODES, LINKS, GRAPHS = ("a", "b", "c", "d"), ("p", "q", "r"), ("g", "h")


@pytest.mark.parametrize(
    ("block", "turned"),
    [
        ("?v :p/:q+ :a", "_:end0 :q+ :a . ?v :p _:end0"),
        ("?v :p/:q* :a .", "_:end0 :q* :a . ?v :p _:end0 ."),
        ("?v a/<x:p/q+>+ <x:a>", "_:end0 <x:p/q+>+ <x:a> . ?v a _:end0"),
        ("?v ^:p/:r/^:q+ :a", "_:end0 ^:q+ :a . ?v ^:p/:r _:end0"),
        ("?v :r ?w ; :p/:q+ :a ; :r :b", "_:end0 :q+ :a . ?v :r ?w ; :p _:end0 ; :r :b"),
        ("?v :r 1.5, '.' . ?v :p/:q+ :a", "_:end0 :q+ :a . ?v :r 1.5, '.' . ?v :p _:end0"),
        ("?v :r [ :p/:q+ :a ] .", "_:end0 :q+ :a . ?v :r [ :p _:end0 ] ."),
        ("?v :p/:q+ :a FILTER(?v > 1)", "_:end0 :q+ :a . ?v :p _:end0 FILTER(?v > 1)"),
        (
            "OPTIONAL { ?v :p/:q+ :a } ?v :r/:q+ :b",
            "OPTIONAL { _:end0 :q+ :a . ?v :p _:end0 } _:end1 :q+ :b . ?v :r _:end1",
        ),
        ("_:end0 :p/:q+ :a", "_:end1 :q+ :a . _:end0 :p _:end1"),
        ("?v :p/:q+ :a.b . ?w :p/:q+ :a.", "_:end0 :q+ :a.b . _:end1 :q+ :a . "
         "?v :p _:end0 . ?w :p _:end1 ."),
        ("?v :r '?v :p/:q+ :a .' ; # :p/:q+ :a .\n :p/:q+ :a",
         "_:end0 :q+ :a . ?v :r '?v :p/:q+ :a .' ; # :p/:q+ :a .\n :p _:end0"),
    ],
)  # fmt: skip
def test_what_is_turned(block: str, turned: str) -> None:
    """A sequence of links whose last repeats and ends at an IRI, anywhere in its block."""
    rewritten = from_ends(f"SELECT * {{ {block} }}")
    assert " ".join(rewritten.split()) == " ".join(f"SELECT * {{ {turned} }}".split())


@pytest.mark.parametrize(
    "block",
    [
        "?v :p/:q+ ?w",
        "?v :p/:q+ 'a'",
        "?v :p/:q+ :a, :b",
        "?v :p/:q? :a",
        "?v :q+ :a",
        "?v :r|:p/:q+ :a",
        "?v !:p/:q+ :a",
        "?v (:p/:q+) :a",
        "?v :p/(:q|:r)+ :a",
        "(1 2) :p/:q+ :a",
        "FILTER(EXISTS { ?v :p :a } || ?w) ?v :p/:q+ :a",
        "FILTER(?v / :p + :a > 1)",
        "# ?v :p/:q+ :a\n",
        '?v :r \'?v :p/:q+ :a\' , """?v :p/:q+ :a . " ?v :p/:q+ :a ."""',
        "?v :r '?v :p/:q+ :a . ",
        "?v <x:p/q+> :a",
        "?v :p/:q+ :a\\u002e",
        "?v :p/:q+ :a « ?v",
        "?v :·p/:q+ :a",
    ],
)
def test_what_is_left(block: str) -> None:
    """What is not exactly such a path is left as it is, with what only looks like one."""
    query = f"SELECT * {{ {block} }}"
    assert from_ends(query) == query


def _paths() -> some.SearchStrategy[str]:
    link = some.sampled_from([f"{sign}:{each}" for sign in ("", "^") for each in LINKS])
    path = some.recursive(
        link | some.sampled_from(["!:p", "!(:p|^:q)"]),
        lambda inner: some.one_of(
            some.builds("({})/{}".format, inner, link),
            some.builds("{}/{}".format, link, inner),
            some.builds("({})|({})".format, inner, inner),
            some.builds("({}){}".format, inner, some.sampled_from("+*?")),
        ),
        max_leaves=4,
    )
    turned = some.builds("{}/{}{}".format, link, link, some.sampled_from("+*"))
    return some.one_of(turned, some.builds("{}/{}".format, link, turned), path)


def _blocks() -> some.SearchStrategy[str]:
    node = some.sampled_from([f":{each}" for each in NODES])
    variable = some.sampled_from(["?v", "?w"])
    subject = some.one_of(variable, variable, node, some.just("[]"), some.just("_:b0"))
    triple = some.builds("{} {} {}".format, subject, _paths(), some.one_of(node, variable))
    listed = some.builds("{} :p ?w ; {} {}".format, subject, _paths(), node)
    inside = some.builds("{} :r [ {} {} ]".format, subject, _paths(), node)
    first = some.one_of(triple, listed, inside)
    return some.lists(first, min_size=1, max_size=2).map(" . ".join)


def _groups() -> some.SearchStrategy[str]:
    plain = _blocks()
    bare = plain.map(lambda block: block.replace("_:b0", "?b"))  # a label is one block's alone
    return some.one_of(
        plain,
        some.builds("GRAPH ?g {{ {} }}".format, plain),
        some.builds("GRAPH :g {{ {} }} {}".format, plain, bare),
        some.builds("{} OPTIONAL {{ {} }}".format, plain, bare),
        some.builds("{} . ?v :p ?x FILTER EXISTS {{ {} }}".format, plain, bare),
        some.builds("?v :p ?x FILTER NOT EXISTS {{ {} }} {}".format, plain, bare),
        some.builds("{{ SELECT ?v {{ {} }} }} {}".format, plain, bare),
        some.builds("{{ SELECT DISTINCT * {{ {} }} }} {}".format, plain, bare),
        some.builds("{{ {} }} UNION {{ {} }}".format, plain, bare),
        some.builds("{} MINUS {{ {} }}".format, plain, bare),
        some.builds("VALUES ?v {{ :a :b }} {}".format, plain),
    )


def _quads() -> some.SearchStrategy[list[Quad]]:
    def named(names: tuple[str, ...]) -> some.SearchStrategy[NamedNode]:
        return some.sampled_from([NamedNode(f"x:{each}") for each in names])

    graph = some.one_of(named(GRAPHS), some.just(DefaultGraph()))
    quad = some.builds(Quad, named(NODES), named(LINKS), named(NODES), graph)
    return some.lists(quad, max_size=14)


@given(
    quads=_quads(),
    group=_groups(),
    form=some.sampled_from(
        [
            "SELECT *",
            "SELECT ?v",
            "SELECT DISTINCT ?v ?w",
            "SELECT (COUNT(*) AS ?n)",
            "SELECT (COUNT(DISTINCT *) AS ?n)",
            "SELECT (COUNT(?v) AS ?n)",
            "ASK",
        ]
    ),
    union=some.booleans(),
)
@settings(max_examples=400, deadline=None)
def test_the_same_solutions(quads: list[Quad], group: str, form: str, union: bool) -> None:
    """Over any graph and in any group, both texts have the same variables in the same order, and
    each solution as often.
    """
    store = Store()
    store.extend(quads)
    query = f"{PROLOGUE}{form} {{ {group} }}"
    assert _solutions(store, from_ends(query), union) == _solutions(store, query, union)


def _solutions(store: Store, query: str, union: bool) -> Any:
    results = store.query(query, use_default_graph_as_union=union)
    if not isinstance(results, QuerySolutions):
        return bool(results)
    return results.variables, Counter(tuple(map(str, each)) for each in results)


def test_an_error_is_told_of_the_text_that_was_sent(client: FlaskClient) -> None:
    """A path that would be turned, before a fault: line, column and excerpt are the sender's."""
    query = "SELECT * {\n ?v dip:place/dip:within+ <x:y> . FILTER(?v >> 1) }"
    response = client.post("/sparql", data={"query": query})
    assert response.status_code == 400
    assert response.json["line"] == 2
    assert response.json["excerpt"].splitlines()[0] == query.splitlines()[1]


def test_the_endpoint_turns_paths(client: FlaskClient, graph: Graph) -> None:
    """What comes over HTTP is what the engine gives to the text as it was sent."""
    query = "SELECT ?v { ?v dip:place/dip:within* <http://localhost:8000/id/place/russia> }"
    found = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    spelt = (
        "SELECT ?v { ?v dip:place ?m . ?m (dip:within)* <http://localhost:8000/id/place/russia> }"
    )
    rows = sorted(each["v"] for each in table(graph, Query(text=spelt))[1])
    assert rows
    assert sorted(found.text.split()[1:]) == rows
