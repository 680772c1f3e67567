"""Solutions keep each term as it is, whatever it holds."""

from __future__ import annotations

import pytest
from rdflib.namespace import XSD

from kg.model.rdf import Literal, Term, text_of
from kg.store import Graph, Query, rows, table

TERMS: tuple[Term, ...] = (
    "http://example.org/ü",
    Literal('tab\t, line\n, return\r, quote", backslash \\ and \\t'),
    Literal("nothing but \\"),
    Literal(""),
    Literal("été", language="fr"),
    Literal("2015-05-12", str(XSD.date)),
    Literal("42", str(XSD.integer)),
    Literal("1.5", str(XSD.decimal)),
    Literal("1E300", str(XSD.double)),
    Literal("INF", str(XSD.double)),
    Literal("true", str(XSD.boolean)),
    Literal("true"),
    Literal("_:b"),
    Literal("<http://example.org/>"),
)


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_terms_come_back_as_they_were_asked(graph: Graph, term: Term) -> None:
    """A term that the query names is the term in its solution."""
    (row,) = rows(graph, f"SELECT ?x {{ VALUES ?x {{ {text_of(term)} }} }}")
    found = row["x"]
    if isinstance(term, Literal) and term.datatype == str(XSD.double):
        # The engine writes its own form of a number.
        assert isinstance(found, Literal)
        assert (float(found.value), found.datatype) == (float(term.value), term.datatype)
    else:
        assert found == term


def test_unbound_variables_are_left_out(graph: Graph) -> None:
    """A variable without a value is in the head, and not in the row."""
    query = "SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (1 UNDEF 2) (UNDEF UNDEF UNDEF) } }"
    names, found = table(graph, Query(text=query))
    assert names == ["a", "b", "c"]
    assert [sorted(row) for row in found] == [["a", "c"], []]
