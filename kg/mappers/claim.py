"""A claim and its evidence, in the graph of the source that makes it."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib.namespace import DCTERMS, RDF

from kg.mappers.evidence import Passage, map_evidence
from kg.model.facts import Claim, Ref
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
    yield Quad(node, DCTERMS.identifier, Literal(claim.id), graph)
    yield Quad(node, CLM.statedIn, terms.minter.entity(claim.source), graph)
    if claim.speaker is not None:
        yield Quad(node, CLM.attributedTo, terms.minter.entity(claim.speaker), graph)
    yield Quad(node, CLM.modality, terms.term(claim.modality), graph)
    yield Quad(node, CLM.polarity, terms.term(claim.polarity), graph)
    yield Quad(node, CLM.reviewStatus, terms.term(claim.review), graph)
    if claim.confidence is not None:
        yield Quad(node, CLM.confidence, terms.term(claim.confidence), graph)
    if claim.gloss is not None:
        yield Quad(node, CLM.gloss, terms.term(claim.gloss), graph)
    evidence = terms.minter.entity(Ref(f"evidence/{claim.source.slug}/{claim.id}"))
    yield Quad(node, CLM.evidence, evidence, graph)
    place = Passage(claim.column, claim.span, claim.quote, claim.paragraph)
    yield from map_evidence(evidence, claim.source, place, graph, terms)
