"""Where something can be checked: one shape for claims and for what the prose of records names."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib.namespace import RDF, SDO

from kg.model.facts import Passage, Ref
from kg.model.namespaces import CLM, OA
from kg.model.rdf import Iri, Literal, Quad
from kg.model.terms import Terms

# Looked up once: a namespace checks every name that it is asked for, and passages are many.
_TYPE, _VALUE = str(RDF.type), str(RDF.value)
_EVIDENCE, _FIELD, _PARAGRAPH = str(CLM.Evidence), str(CLM.FieldSelector), str(SDO.position)
_SOURCE, _SELECTOR = str(OA.hasSource), str(OA.hasSelector)
_POSITION, _START, _END = str(OA.TextPositionSelector), str(OA.start), str(OA.end)
_QUOTE, _EXACT = str(OA.TextQuoteSelector), str(OA.exact)


def map_evidence(
    node: Iri,
    source: Ref,
    passage: Passage,
    graph: Iri,
    terms: Terms,
    *,
    column: str | None = None,
) -> Iterator[Quad]:
    """The evidence `node` in `source`, which a passage finds again by position or by quotation
    (Web Annotation §4.2.4, §4.2.5), in a record within the field that it names.
    """
    yield Quad(node, _TYPE, _EVIDENCE, graph)
    yield Quad(node, _SOURCE, terms.minter.entity(source), graph)
    span, quote, paragraph = passage
    if column is not None:
        field = f"{node}/field"
        yield Quad(node, _SELECTOR, field, graph)
        yield Quad(field, _TYPE, _FIELD, graph)
        yield Quad(field, _VALUE, Literal(column), graph)
    if span is not None:
        position = f"{node}/position"
        yield Quad(node, _SELECTOR, position, graph)
        yield Quad(position, _TYPE, _POSITION, graph)
        yield Quad(position, _START, terms.term(span.start), graph)
        yield Quad(position, _END, terms.term(span.end), graph)
        if paragraph is not None:
            yield Quad(position, _PARAGRAPH, terms.term(paragraph), graph)
    if quote is not None:
        words = f"{node}/quote"
        yield Quad(node, _SELECTOR, words, graph)
        yield Quad(words, _TYPE, _QUOTE, graph)
        yield Quad(words, _EXACT, Literal(quote), graph)
