"""A document's description of itself, in its own graph."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, SDO

from kg.model.facts import Document, Text
from kg.model.namespaces import CLM
from kg.model.rdf import Literal, Quad
from kg.model.terms import Terms


def map_document(document: Document, terms: Terms) -> Iterator[Quad]:
    """The head of a document; its text too, where the licence is open."""
    graph = terms.minter.source_graph(document.ref)
    subject = terms.minter.entity(document.ref)
    yield Quad(subject, RDF.type, CLM.Document, graph)
    yield Quad(subject, RDFS.label, terms.term(document.label), graph)
    yield Quad(subject, DCTERMS.language, Literal(document.language), graph)
    yield Quad(subject, SDO.sha256, Literal(document.sha256), graph)
    yield Quad(subject, CLM.textLength, terms.term(document.length), graph)
    for origin in document.derived_from:
        yield Quad(subject, PROV.wasDerivedFrom, terms.minter.entity(origin), graph)
    for statement in document.description:
        yield terms.quad(statement, graph)
    if document.text is not None:
        yield Quad(subject, SDO.text, terms.term(Text(document.text, document.language)), graph)
