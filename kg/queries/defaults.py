"""Whether a graph answers a question, and the values to ask with where none are given."""

from __future__ import annotations

from collections.abc import Mapping

from kg.model.rdf import text_of
from kg.model.terms import Terms
from kg.ontology import Ontology
from kg.queries.parameters import Parameter
from kg.queries.saved import SELECT, SavedQuery


def choosing(query: SavedQuery, ontology: Ontology, terms: Terms) -> str:
    """SPARQL that has a row where the graph answers `query`; the first has the defaults which the
    header of `query` leaves open.

    It is the header's own, or the query itself: what it has most rows for has an answer.
    """
    if query.defaults:
        return query.defaults
    examples = query.examples
    left = [each for each in query.parameters if not examples[each.name]]
    fixed = {
        each.name: each.term(examples[each.name], terms)
        for each in query.parameters
        if examples[each.name]
    }
    text = query.standalone(fixed)
    if not left:
        return text
    head = SELECT.search(text)
    start = head.start() if head else 0
    names = " ".join(f"?{each.name}" for each in left)
    kinds = "".join(_of_class(each, ontology) for each in left if each.of)
    return (
        f"{text[:start]}SELECT {names} WHERE {{ {{\n{text[start:]}}} {kinds}}}\n"
        f"GROUP BY {names} ORDER BY DESC(COUNT(*)) {names} LIMIT 1\n"
    )


def values(query: SavedQuery, row: Mapping[str, str], terms: Terms) -> dict[str, str]:
    """A row of `choosing` as a user would give it; what is no value of its type is left out."""
    found = {}
    for each in query.parameters:
        value = row.get(each.name, "") and each.written(row[each.name], terms)
        if value and not each.default and each.takes(value, terms):
            found[each.name] = value
    return found


def _of_class(parameter: Parameter, ontology: Ontology) -> str:
    classes = " ".join(text_of(each.iri) for each in ontology.subclasses(parameter.of))
    return f"FILTER EXISTS {{ ?{parameter.name} a ?kind VALUES ?kind {{ {classes} }} }} "
