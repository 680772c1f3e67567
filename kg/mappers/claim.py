"""A claim and its evidence, in the graph of the source that makes it."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib.namespace import DCTERMS, RDF

from kg.model.facts import Claim, Ref
from kg.model.namespaces import CLM, OA
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
    yield from _evidence(claim, node, graph, terms)


def _evidence(claim: Claim, node: str, graph: str, terms: Terms) -> Iterator[Quad]:
    """Where the claim can be checked: a passage, found again by position or by quotation (Web
    Annotation §4.2.4, §4.2.5), or a record and the field of it that says so.
    """
    evidence = terms.minter.entity(Ref(f"evidence/{claim.source.slug}/{claim.id}"))
    yield Quad(node, CLM.evidence, evidence, graph)
    yield Quad(evidence, RDF.type, CLM.Evidence, graph)
    yield Quad(evidence, OA.hasSource, terms.minter.entity(claim.source), graph)

    def selector(name: str, kind: str) -> tuple[str, tuple[Quad, Quad]]:
        iri = f"{evidence}/{name}"
        found = Quad(evidence, OA.hasSelector, iri, graph), Quad(iri, RDF.type, kind, graph)
        return iri, found

    if claim.column is not None:
        field, quads = selector("field", CLM.FieldSelector)
        yield from quads
        yield Quad(field, RDF.value, Literal(claim.column), graph)
    if claim.span is not None:
        position, quads = selector("position", OA.TextPositionSelector)
        yield from quads
        yield Quad(position, OA.start, terms.term(claim.span.start), graph)
        yield Quad(position, OA.end, terms.term(claim.span.end), graph)
        if claim.paragraph is not None:
            yield Quad(position, CLM.paragraph, terms.term(claim.paragraph), graph)
    if claim.quote is not None:
        quote, quads = selector("quote", OA.TextQuoteSelector)
        yield from quads
        yield Quad(quote, OA.exact, Literal(claim.quote), graph)
