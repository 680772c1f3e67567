"""Mappers: pure functions from facts to quads, one module a kind of fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.mappers.claim import map_claim
from kg.mappers.document import map_document
from kg.mappers.entity import map_entity
from kg.mappers.record import map_record
from kg.model.facts import Claim, Document, Entity, Fact, Record
from kg.model.iris import Minter
from kg.model.rdf import Iri, Quad
from kg.model.terms import Terms
from kg.ontology import Ontology, Property


@dataclass(frozen=True, slots=True)
class Mapper:
    """Maps any fact.

    `classes` gives the class of each type of reference, `events` the types that have a status,
    which the property `status` states.
    """

    terms: Terms
    classes: Mapping[str, Iri]
    events: frozenset[str]
    status: Iri

    @classmethod
    def of(cls, ontology: Ontology, minter: Minter) -> Mapper:
        """The mapper to the terms of `ontology`, under the IRIs of `minter`."""
        status = status_property(ontology)
        return cls(
            terms=Terms(minter, ontology.iris),
            classes={segment: each.iri for segment, each in ontology.segments.items()},
            events=event_types(ontology) if status else frozenset(),
            status=status.iri if status else "",
        )

    def quads(self, fact: Fact) -> Iterator[Quad]:
        match fact:
            case Entity():
                return map_entity(fact, self.terms, self.classes)
            case Document():
                return map_document(fact, self.terms)
            case Claim():
                return map_claim(fact, self.terms)
            case Record():
                return map_record(fact, self.terms, self.events, self.status)


def event_types(ontology: Ontology) -> frozenset[str]:
    """The types of reference (`visit`, `meeting`, …) whose instances happen."""
    return frozenset(each.segment for each in ontology.kinds("Occurrence") if each.segment)


def status_property(ontology: Ontology) -> Property | None:
    """The property that says what became of an event, where the vocabulary has one."""
    return next(iter(ontology.playing("Status")), None)
