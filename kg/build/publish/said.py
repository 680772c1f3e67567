"""What a graph says of what happens, in simple triples, for the tables of a release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rdflib.namespace import DCTERMS, PROV, RDF

from kg.build.lines.by_property import ByProperty
from kg.model.namespaces import CLM
from kg.model.rdf import Iri
from kg.ontology import Ontology
from kg.ontology.facets import HAPPENINGS, KIND, SOURCE, STANDING, facets
from kg.ontology.terms import PARTIES
from kg.store.happenings import ACCEPTED, DISPUTED

REPLACES = "replaces"
RIVAL = "rival"  # a place where a source puts what others put elsewhere


class Said(NamedTuple):
    """A triple: what its property is to a happening, the number of its facet, 0 without one."""

    name: str
    facet: int
    subject: Iri
    object: Iri


@dataclass(frozen=True, slots=True)
class Relation:
    """A facet, or a property by which somebody has a part, and the properties to read."""

    name: str
    role: str
    properties: tuple[Iri, ...]


class Account:
    """What a graph says of what happens.

    `kinds` are happenings with their class, the first by name of several; `status` is what became
    of them, `records` are the rows that tell of anything.
    """

    def __init__(self, triples: ByProperty, ontology: Ontology) -> None:
        self._triples, self._ontology = triples, ontology
        self.relations = tuple(_relations(ontology))
        self._documents, self.kinds = set[Iri](), dict[Iri, Iri]()
        order = {kind.iri: place for place, kind in enumerate(ontology.kinds(*HAPPENINGS))}
        for each, kind in triples.pairs(RDF.type):
            if kind == str(CLM.Document):
                self._documents.add(each)
            elif kind in order:
                self.kinds[each] = min(self.kinds.get(each, kind), kind, key=order.__getitem__)
        self.status = self.stated("Status")
        self.records = triples.grouped(PROV.wasDerivedFrom)

    def stated(self, role: str) -> dict[Iri, list[str]]:
        return self._triples.grouped(*(each.iri for each in self._ontology.playing(role)))

    def said(self) -> Iterator[Said]:
        """All triples that the tables rest on, among them those of things that do not happen."""
        for number, relation in enumerate(self.relations, 1):
            for subject, value in self._triples.pairs(*relation.properties):
                yield Said(relation.role, number, subject, value)
        for role in ("Surroundings", "Territory", "Whole"):
            for subject, values in self.stated(role).items():
                yield from (Said(role, 0, subject, value) for value in values)
        for subject, value in self._triples.pairs(DCTERMS.replaces):
            yield Said(REPLACES, 0, subject, value)
        at = {each.name: number for number, each in enumerate(self.relations, 1)}
        yield from self._judged(at)
        yield from self._claimed(at)

    def _judged(self, at: Mapping[str, int]) -> Iterator[Said]:
        """The kind, the standing and the registers of each happening."""
        occurred, register = str(CLM.Occurred), self._registers
        for each, kind in self.kinds.items():
            yield Said("", at[KIND], each, kind)
            for one in self.status.get(each, [occurred]):
                yield Said("", at[STANDING], each, ACCEPTED if one == occurred else one)
            for row in self.records.get(each, ()):
                if row in register:
                    yield Said("", at[SOURCE], each, register[row])

    def _claimed(self, at: Mapping[str, int]) -> Iterator[Said]:
        """What claims are of: their sources, which are disputed, and the rivals of a place."""
        source, said, value, disputed = (
            dict(self._triples.pairs(each))
            for each in (CLM.statedIn, RDF.predicate, RDF.object, CLM.disputed)
        )
        locations = {each.iri for each in self._ontology.playing("Location")}
        for claim, each in self._triples.pairs(RDF.subject):
            if each in self.kinds and claim in source:
                stated = source[claim]
                known = stated if stated in self._documents else self._registers.get(stated, stated)
                yield Said("", at[SOURCE], each, known)
                if disputed.get(claim) == "true":
                    yield Said("", at[STANDING], each, DISPUTED)
            if disputed.get(claim) == "true" and said.get(claim) in locations:
                yield Said("", at[RIVAL], each, value[claim])

    @cached_property
    def _registers(self) -> dict[Iri, Iri]:
        return dict(self._triples.pairs(DCTERMS.isPartOf))


def _relations(ontology: Ontology) -> Iterator[Relation]:
    """Facets first, then who else has a part. Whom they met follows from who takes part."""
    named = set[Iri]()
    for facet in facets(ontology):
        own = tuple(each.iri for each in facet.properties)
        if facet.role == "Partner":
            yield Relation(facet.name, "Counterpart", ())
        else:
            named.update(own)
            yield Relation(facet.name, facet.role, own)
    for each in ontology.playing("Location", "Voice", *PARTIES):
        if each.iri not in named:
            yield Relation(each.curie, each.role, (each.iri,))
    yield Relation(RIVAL, RIVAL, ())
