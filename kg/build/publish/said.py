"""What a finished store says of what happens, in simple triples, for the tables of a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from rdflib.namespace import DCTERMS, PROV, RDF

from kg.model.namespaces import CLM
from kg.model.rdf import Iri
from kg.ontology import Ontology
from kg.ontology.facets import HAPPENINGS, KIND, SOURCE, STANDING, facets
from kg.ontology.terms import PARTIES
from kg.store.embedded.build_store import BuildStore
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
    """What the store says of what happens.

    `kinds` are happenings with their class, the first by name of several; `status` is what became
    of them, `records` are the rows that tell of anything.
    """

    def __init__(self, store: BuildStore, ontology: Ontology) -> None:
        self._store, self._ontology = store, ontology
        self.relations = tuple(_relations(ontology))
        self.kinds: dict[Iri, Iri] = {}
        for kind in ontology.kinds(*HAPPENINGS):
            for (each,) in store.select(f"SELECT ?s {{ ?s <{RDF.type}> <{kind.iri}> }}"):
                self.kinds.setdefault(each, kind.iri)
        self.status = self.stated("Status")
        self.records = self.grouped(PROV.wasDerivedFrom)

    def pairs(self, *properties: object) -> Iterator[tuple[Iri, str]]:
        """Subjects and objects of properties."""
        for each in properties:
            found = self._store.select(f"SELECT ?s ?o {{ ?s <{each}> ?o }}")
            yield from ((subject, value) for subject, value in found)

    def grouped(self, *properties: object) -> dict[Iri, list[str]]:
        """The values of properties by subject, sorted."""
        found = defaultdict[Iri, list[str]](list)
        for subject, value in self.pairs(*properties):
            found[subject].append(value)
        return {subject: sorted(values) for subject, values in found.items()}

    def stated(self, role: str) -> dict[Iri, list[str]]:
        return self.grouped(*(each.iri for each in self._ontology.playing(role)))

    def said(self) -> Iterator[Said]:
        """All triples that the tables rest on, among them those of things that do not happen."""
        for at, relation in enumerate(self.relations, 1):
            for subject, value in self.pairs(*relation.properties):
                yield Said(relation.role, at, subject, value)
        for role in ("Surroundings", "Territory", "Whole"):
            for subject, values in self.stated(role).items():
                yield from (Said(role, 0, subject, value) for value in values)
        for subject, value in self.pairs(DCTERMS.replaces):
            yield Said(REPLACES, 0, subject, value)
        yield from self._judged()

    def _judged(self) -> Iterator[Said]:
        """The kind, the standing and the sources of each happening."""
        at = {each.name: number for number, each in enumerate(self.relations, 1)}
        occurred, register = str(CLM.Occurred), dict(self.pairs(DCTERMS.isPartOf))
        for each, kind in self.kinds.items():
            yield Said("", at[KIND], each, kind)
            for one in self.status.get(each, [occurred]):
                yield Said("", at[STANDING], each, ACCEPTED if one == occurred else one)
            for row in self.records.get(each, ()):
                if row in register:
                    yield Said("", at[SOURCE], each, register[row])
        documents = {
            each for (each,) in self._store.select(f"SELECT ?s {{ ?s a <{CLM.Document}> }}")
        }
        for each, source, disputed in self._store.select(
            f"SELECT ?s ?o ?d {{ ?c <{RDF.subject}> ?s ; <{CLM.statedIn}> ?o "
            f"OPTIONAL {{ ?c <{CLM.disputed}> ?d }} }}"
        ):
            if each in self.kinds:
                yield Said(
                    "",
                    at[SOURCE],
                    each,
                    source if source in documents else register.get(source, source),
                )
                if disputed == "true":
                    yield Said("", at[STANDING], each, DISPUTED)
        for location in self._ontology.playing("Location"):
            for each, place in self._store.select(
                f"SELECT ?s ?o {{ ?c <{CLM.disputed}> true ; <{RDF.subject}> ?s ; "
                f"<{RDF.predicate}> <{location.iri}> ; <{RDF.object}> ?o }}"
            ):
                yield Said("", at[RIVAL], each, place)


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
