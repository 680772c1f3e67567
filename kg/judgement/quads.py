"""A judgement as quads: accepted triples, and the nodes that say what is disputed and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from rdflib.namespace import DCTERMS, RDF, SDO, XSD

from kg.judgement.found import Found
from kg.judgement.judge import Judgement, Weighed
from kg.judgement.sides import Side
from kg.judgement.world import Slot
from kg.model.decisions import Decision
from kg.model.facts import Concept, Text, as_written
from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal, Quad
from kg.model.terms import Terms

_TRUE, _FALSE = (Literal(each, str(XSD.boolean)) for each in ("true", "false"))


def map_judgement(
    judgement: Judgement, decisions: Mapping[Slot, Decision], terms: Terms, status: Iri
) -> Iterator[Quad]:
    """What is accepted and what became of events, in `graph/accepted`; the rest in
    `graph/judgement`.
    """
    minter = terms.minter
    for claim in judgement.accepted:
        # What a document says of itself is its own description, so its home is its own graph.
        own = claim.statement.subject == claim.source
        yield terms.quad(
            claim.statement, minter.source_graph(claim.source) if own else minter.accepted
        )
    for event, outcome in judgement.statuses:
        yield Quad(minter.entity(event), status, terms.term(outcome), minter.accepted)
    for weighed in judgement.sides:
        yield from _side(weighed, terms)
    for claim in judgement.disputed:
        yield Quad(minter.entity(claim.ref), CLM.disputed, _TRUE, minter.judgement)
    taken: set[Iri] = set()
    for found in judgement.disagreements:
        yield from _disagreement(found, _node(found, taken, terms), terms)
    for decision in decisions.values():
        yield from _decision(decision, terms)


def _side(weighed: Weighed, terms: Terms) -> Iterator[Quad]:
    side, graph = weighed.side, terms.minter.judgement
    node = _side_node(side, terms)
    yield Quad(node, RDF.type, CLM.Side, graph)
    yield Quad(node, CLM.value, terms.term(side.value), graph)
    if not side.holds:
        yield Quad(node, CLM.polarity, _FALSE, graph)
    for claim in weighed.claims:
        yield Quad(node, CLM.claim, terms.minter.entity(claim.ref), graph)
    number = Literal(str(weighed.independent), str(XSD.integer))
    yield Quad(node, CLM.independentSources, number, graph)


def _side_node(side: Side, terms: Terms) -> Iri:
    """Named by what it says, so that it keeps its name whatever else is claimed."""
    value = side.value
    how = value.language if isinstance(value, Text) else str(getattr(value, "julian", ""))
    said = (type(value).__name__, as_written(value), how, str(side.holds), side.mood)
    digest = sha256("\0".join(said).encode()).hexdigest()[:12]
    return terms.minter.entity(f"side/{side.subject}/{_plain(side.name)}/{digest}")


def _node(found: Found, taken: set[Iri], terms: Terms) -> Iri:
    iri = terms.minter.entity(f"disagreement/{found.about}/{_plain(found.properties[0])}")
    if iri in taken:
        return f"{iri}/{found.kind}"
    taken.add(iri)
    return iri


def _disagreement(found: Found, node: Iri, terms: Terms) -> Iterator[Quad]:
    minter, graph = terms.minter, terms.minter.judgement
    yield Quad(node, RDF.type, CLM.Disagreement, graph)
    yield Quad(node, CLM.kind, terms.term(Concept(found.kind)), graph)
    yield Quad(node, CLM.about, minter.entity(found.about), graph)
    for name in found.properties:
        yield Quad(node, CLM.onProperty, terms.iris[name], graph)
    for side in found.sides:
        yield Quad(node, CLM.side, _side_node(side, terms), graph)
    for each in found.settled:
        yield Quad(node, CLM.settledBy, minter.entity(each), graph)
    for reason in found.reasons:
        yield Quad(node, DCTERMS.description, terms.term(reason), graph)


def _decision(decision: Decision, terms: Terms) -> Iterator[Quad]:
    """Who decided, when and why, whether or not sources still disagree."""
    graph = terms.minter.judgement
    yield Quad(terms.minter.entity(decision.ref), RDF.type, SDO.ChooseAction, graph)
    yield from (terms.quad(each, graph) for each in decision.told)


def _plain(name: str) -> str:
    return name.replace(":", "-")
