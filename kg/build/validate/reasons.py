"""That each accepted triple has a reason which the graph shows: a claim that says so, or a record
from which its subject is derived and which shows it (`kg.model.shown`), or whose evidence names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from rdflib.namespace import DCTERMS, PROV, RDF, SDO

from kg.build.validate.violation import Violation
from kg.model.namespaces import CLM, OA
from kg.model.rdf import Literal, Term
from kg.model.shown import Words
from kg.ontology import Ontology
from kg.store.embedded.build_store import BuildStore

_MESSAGE = (
    "What is taken as so has a reason: a claim says so, or a record from which the thing comes "
    "shows it, in a field or in what its evidence names."
)
_DERIVED, _PART_OF = str(PROV.wasDerivedFrom), str(DCTERMS.isPartOf)
_FIELD, _SOURCE = str(CLM.field), str(OA.hasSource)
_GIVES = str(SDO.variableMeasured)
_SUBJECT, _PREDICATE, _OBJECT = str(RDF.subject), str(RDF.predicate), str(RDF.object)
# What follows from the rest.
_BOUNDS = {
    str(CLM[each])
    for each in ("startEarliest", "startLatest", "endEarliest", "endLatest", "boundBy", "edtf")
}


def unreasoned(store: BuildStore, ontology: Ontology) -> Iterator[Violation]:
    """Each accepted triple without a reason."""
    derived = _BOUNDS | {_DERIVED} | {each.iri for each in ontology.playing("Status")}
    registers = _Registers(store)
    for graph in store.graphs_named("/graph/accepted"):
        for subject, lines in groupby(store.graph_lines(graph), key=lambda line: line[0]):
            told = [(name, value) for _, name, value in lines if name not in derived]
            if told:
                yield from _without(subject, told, store, registers)


def _without(
    subject: str, told: list[tuple[str, Term]], store: BuildStore, registers: _Registers
) -> Iterator[Violation]:
    sources = _Sources(subject, store, registers)
    claims: set[tuple[Term, Term]] | None = None
    for name, value in told:
        if sources.show(name, value):
            continue
        if claims is None:
            stated = (dict(store.about(each)) for each in store.subjects(_SUBJECT, subject))
            claims = {(each.get(_PREDICATE, ""), each.get(_OBJECT, "")) for each in stated}
        if (name, value) not in claims:
            shown = value.value if isinstance(value, Literal) else value
            yield Violation(subject, "reasoned", "reasoned", name, shown, _MESSAGE)


@dataclass
class _Registers:
    """What data sets as a whole give, each looked up once."""

    store: BuildStore
    _known: dict[Term, tuple[set[Term], set[Term]]] = field(default_factory=dict)

    def give(self, register: Term, name: str, value: Term) -> bool:
        if register not in self._known:
            properties = set(self.store.values(str(register), _GIVES))
            self._known[register] = properties, _named(str(register), self.store)
        properties, values = self._known[register]
        return name in properties or value in values


@dataclass
class _Sources:
    """The records from which one thing is derived."""

    subject: str
    store: BuildStore
    registers: _Registers

    def show(self, name: str, value: Term) -> bool:
        """Whether one of them shows it, is of the value too, names it, or its register does."""
        return bool(self.records) and (
            self.words.show(value)
            or (
                isinstance(value, str)
                and not self.records.isdisjoint(self.store.values(value, _DERIVED))
            )
            or value in self.named
            or any(self.registers.give(each, name, value) for each in self.parts)
        )

    @cached_property
    def records(self) -> set[Term]:
        return {*self.store.values(self.subject, _DERIVED)}

    @cached_property
    def words(self) -> Words:
        fields = (value for each in self.records for value in self.store.values(str(each), _FIELD))
        return Words.of(
            value.value.partition(": ")[2] for value in fields if isinstance(value, Literal)
        )

    @cached_property
    def named(self) -> set[Term]:
        return {value for each in self.records for value in _named(str(each), self.store)}

    @cached_property
    def parts(self) -> set[Term]:
        return {value for each in self.records for value in self.store.values(str(each), _PART_OF)}


def _named(source: str, store: BuildStore) -> set[Term]:
    """What evidence in a source says, whatever its words are."""
    found = (store.about(each) for each in store.subjects(_SOURCE, source))
    return {value for said in found for _, value in said}
