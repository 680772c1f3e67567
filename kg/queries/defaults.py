"""Whether a graph answers a question, and the values to ask with where none are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.model.rdf import text_of
from kg.model.terms import Terms
from kg.ontology import Ontology
from kg.queries.parameters import Parameter
from kg.queries.saved import SELECT, SavedQuery, among

Known = Mapping[str, Sequence[str]]  # the best known things by the TYPE of their IRIs


def choosing(query: SavedQuery, ontology: Ontology, terms: Terms, known: Known) -> tuple[str, ...]:
    """SPARQL that has a row where the graph answers `query`; the first has the defaults which the
    header of `query` leaves open.

    It is the header's own, or the query itself: what it has most rows for has an answer. That is
    asked of the best `known` things alone at first, as to ask it of all may take a hundred times
    as long.
    """
    examples = query.examples
    left = [each for each in query.parameters if not examples[each.name]]
    best = {each.name: _candidates(each, ontology, known) for each in left if each.type == "iri"}
    few = {name: things for name, things in best.items() if things}
    whole = _choosing(query, left, {}, ontology, terms)
    return (_choosing(query, left, few, ontology, terms), whole) if few else (whole,)


def _candidates(parameter: Parameter, ontology: Ontology, known: Known) -> list[str]:
    kinds = {each.name for each in ontology.subclasses(parameter.of)} if parameter.of else None
    return [
        iri
        for segment, each in sorted(ontology.segments.items())
        if kinds is None or each.name in kinds
        for iri in known.get(segment, ())
    ]


def _choosing(
    query: SavedQuery,
    left: Sequence[Parameter],
    few: Mapping[str, Sequence[str]],
    ontology: Ontology,
    terms: Terms,
) -> str:
    if query.defaults:
        return among(query.defaults, few)
    examples = query.examples
    fixed = {
        each.name: each.term(examples[each.name], terms)
        for each in query.parameters
        if examples[each.name]
    }
    text = among(query.standalone(fixed), few)
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
