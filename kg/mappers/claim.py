"""A claim and its evidence, in the graph of the source that makes it."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib.namespace import DCTERMS, PROV, RDF, SKOS

from kg.mappers.evidence import map_evidence
from kg.mappers.quantity import map_quantity
from kg.model.facts import Claim, Passage, Ref
from kg.model.namespaces import CLM
from kg.model.rdf import Literal, Quad
from kg.model.terms import Terms


def map_claim(claim: Claim, terms: Terms) -> Iterator[Quad]:
    """The claim as a reified statement (RDF 1.1 Semantics §D.1) with who, how firmly and where."""
    graph = terms.minter.source_graph(claim.source)
    node = terms.minter.entity(claim.ref)
    subject, predicate, value, _ = terms.quad(claim.statement, graph)
    yield Quad(node, RDF.type, CLM.Claim, graph)
    yield Quad(node, RDF.type, RDF.Statement, graph)
    yield Quad(node, RDF.subject, subject, graph)
    yield Quad(node, RDF.predicate, predicate, graph)
    yield Quad(node, RDF.object, value, graph)
    yield from map_quantity(claim.statement.value, terms)
    yield Quad(node, DCTERMS.identifier, Literal(claim.id), graph)
    yield Quad(node, CLM.statedIn, terms.minter.entity(claim.source), graph)
    for speaker in claim.speakers:
        for said_by in (CLM.attributedTo, PROV.wasAttributedTo):
            yield Quad(node, said_by, terms.minter.entity(speaker), graph)
    yield Quad(node, CLM.modality, terms.term(claim.modality), graph)
    yield Quad(node, CLM.polarity, terms.term(claim.polarity), graph)
    yield Quad(node, CLM.reviewStatus, terms.term(claim.review), graph)
    if claim.confidence is not None:
        yield Quad(node, CLM.confidence, terms.term(claim.confidence), graph)
    if claim.gloss is not None:
        yield Quad(node, DCTERMS.abstract, terms.term(claim.gloss), graph)
    if claim.condition is not None:
        yield Quad(node, SKOS.scopeNote, terms.term(claim.condition), graph)
    if claim.complete:
        yield Quad(node, CLM.complete, terms.term(True), graph)
    for other in claim.about:
        yield Quad(node, CLM.about, terms.minter.entity(other), graph)
    first = f"evidence/{claim.source.slug}/{claim.id}"
    for number, passage in enumerate(claim.passages or (Passage(),), 1):
        evidence = terms.minter.entity(Ref(f"{first}/{number}" if number > 1 else first))
        yield Quad(node, CLM.evidence, evidence, graph)
        yield from map_evidence(evidence, claim.source, passage, graph, terms, column=claim.column)
