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


@dataclass(frozen=True, slots=True)
class Mapper:
    """Maps any fact.

    `classes` gives the class of each type of reference, `events` the types that are events.
    """

    minter: Minter
    classes: Mapping[str, Iri]
    events: frozenset[str]

    @property
    def terms(self) -> Terms:
        return Terms(self.minter)

    def quads(self, fact: Fact) -> Iterator[Quad]:
        match fact:
            case Entity():
                return map_entity(fact, self.terms, self.classes)
            case Document():
                return map_document(fact, self.terms)
            case Claim():
                return map_claim(fact, self.terms)
            case Record():
                return map_record(fact, self.terms, self.events)
