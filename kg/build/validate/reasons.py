"""That each accepted triple has a reason which the graph shows: a claim that says so, or a record
from which its subject is derived and which shows it (`kg.model.shown`), or whose evidence names it.

Who asks and who answers stand far apart in the sorted graph, and to look each up in the store takes
a tenth of a second a thousand. So the one pass over the lines keeps what is asked, and the words of
records, in files, and of what answers it, eight bytes a fact.
"""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Self

from rdflib.namespace import DCTERMS, PROV, RDF, SDO

from kg.build.validate.violation import Violation
from kg.model.namespaces import CLM, OA
from kg.model.rdf import Parts
from kg.model.shown import Words
from kg.ontology import Ontology

_MESSAGE = (
    "What is taken as so has a reason: a claim says so, or a record from which the thing comes "
    "shows it, in a field or in what its evidence names."
)
_SUBJECT = itemgetter(0)
_DERIVED, _PART_OF = f"<{PROV.wasDerivedFrom}>", f"<{DCTERMS.isPartOf}>"
_FIELD, _SOURCE, _GIVES = f"<{CLM.field}>", f"<{OA.hasSource}>", f"<{SDO.variableMeasured}>"
_ABOUT, _STATES, _VALUE = f"<{RDF.subject}>", f"<{RDF.predicate}>", f"<{RDF.object}>"
_ANSWERS = {_DERIVED, _PART_OF, _FIELD, _SOURCE, _GIVES, _ABOUT, _STATES, _VALUE}
_ACCEPTED, _EVIDENCE = "/graph/accepted> .\n", "/id/evidence/"
# What evidence has beside what it names.
_SHAPE = {
    f"<{each}>" for each in (RDF.type, OA.hasSelector, OA.exact, OA.start, OA.end, CLM.confidence)
}
# What follows from the rest.
_BOUNDS = ("startEarliest", "startLatest", "endEarliest", "endLatest", "boundBy", "edtf")


@dataclass
class Reasons:
    """Looks at a graph; `violations` are its accepted triples without a reason.

    `folder` holds what need not be remembered.
    """

    folder: Path
    ontology: Ontology
    _places: dict[int, tuple[int, int, str]] = field(default_factory=dict)
    _facts: array[int] = field(default_factory=lambda: array("q"))
    _derived: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        status = (each.iri for each in self.ontology.playing("Status"))
        bounds = (str(CLM[each]) for each in _BOUNDS)
        self._derived = frozenset({_DERIVED, *(f"<{iri}>" for iri in (*bounds, *status))})
        self._rows = (self.folder / "rows").open("w+b")
        self._asked = (self.folder / "asked").open("w+b")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()
        self._asked.close()

    def take(self, lines: Sequence[Parts]) -> None:
        """Look at all lines of some subjects."""
        kept = [
            line
            for line in lines
            if line[1] in _ANSWERS
            or line[2].endswith(_ACCEPTED)
            or (_EVIDENCE in line[0] and line[1] not in _SHAPE)
        ]
        for subject, group in groupby(kept, _SUBJECT):
            self._look_at(subject, [(name, *_term(rest)) for _, name, rest in group])

    def _look_at(self, subject: str, own: list[tuple[str, str, str]]) -> None:
        names = {name for name, _, _ in own}
        sources = [value for name, value, _ in own if name == _DERIVED]
        if _PART_OF in names:
            self._row(subject, own)
        if _ABOUT in names:
            claim = {name: value for name, value, _ in own}
            self._facts.append(hash((claim[_ABOUT], claim.get(_STATES), claim.get(_VALUE))))
        elif _SOURCE in names:
            (source, *_) = (value for name, value, _ in own if name == _SOURCE)
            self._facts.extend(hash((source, value)) for _, value, _ in own)
        self._facts.extend(hash((subject, _GIVES, v)) for name, v, _ in own if name == _GIVES)
        self._facts.extend(hash((subject, _DERIVED, each)) for each in sources)
        told = [
            (name, value)
            for name, value, graph in own
            if graph.endswith("/graph/accepted>") and name not in self._derived
        ]
        if told:
            pickle.dump((subject, sources, told), self._asked)

    def _row(self, subject: str, own: list[tuple[str, str, str]]) -> None:
        """Keep the fields of a record, and which register it is of."""
        fields = [value[1:-1].partition(": ")[2] for name, value, _ in own if name == _FIELD]
        text = "\x00".join(fields).encode()
        register = next((value for name, value, _ in own if name == _PART_OF), "")
        self._places[hash(subject)] = self._rows.tell(), len(text), register
        self._rows.write(text)

    def violations(self) -> Iterator[Violation]:
        facts = frozenset(self._facts)
        self._asked.seek(0)
        while True:
            try:
                subject, sources, told = pickle.load(self._asked)  # noqa: S301 - written above
            except EOFError:
                return
            words, registers = self._read(sources)
            for name, value in told:
                if words.show(value) or hash((subject, name, value)) in facts:
                    continue
                said = [hash((each, value)) for each in (*sources, *registers)]
                said += [hash((value, _DERIVED, each)) for each in sources]
                said += [hash((each, _GIVES, name)) for each in registers]
                if facts.isdisjoint(said):
                    yield _violation(subject, name, value)

    def _read(self, sources: list[str]) -> tuple[Words, set[str]]:
        """What the records show, and the registers that they are of."""
        values: list[str] = []
        registers = set()
        for each in sources:
            if place := self._places.get(hash(each)):
                at, length, register = place
                self._rows.seek(at)
                values += self._rows.read(length).decode().split("\x00")
                registers.add(register)
        return Words(values), registers


def _term(rest: str) -> tuple[str, str]:
    """The value of a line, and its graph."""
    value, _, graph = rest[:-3].rpartition(" ")
    return value, graph


def _violation(subject: str, name: str, value: str) -> Violation:
    shown = value[1 : value.rindex('"')] if value[0] == '"' else value[1:-1]
    return Violation(subject[1:-1], "reasoned", "reasoned", name[1:-1], shown, _MESSAGE)
