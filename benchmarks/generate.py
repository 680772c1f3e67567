"""A generated graph of the diplomacy ontology, as canonical N-Quads of any size.

    python -m benchmarks.generate 1000000 > graph.nq

Visits, each recorded by a row of a register; half of them claimed by a document too, and half of
those claims name another city than the record does, so that the graph has contradictions. Some
nodes are hubs: one traveller makes a tenth of the visits, one topic is discussed at every one.
The same size and seed give the same bytes on every machine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from hashlib import sha256
from itertools import chain, count
from random import Random

from rdflib.namespace import RDF, XSD

from kg.model.rdf import line
from kg.model.resources import resource
from kg.ontology import Ontology

BASE = "http://localhost:8000/"
HUB_PERSON, HUB_TOPIC = "person/p0", "topic/t0"
QUADS_PER_VISIT = 38  # with its record and its share of claims: sizes what visits draw on
COUNTRIES, TOPICS = 40, 200
_SYLLABLES = (
    "ka",
    "to",
    "ri",
    "ne",
    "mo",
    "sa",
    "lu",
    "vi",
    "den",
    "ber",
    "gor",
    "sten",
    "ham",
    "ras",
)
_FIRST = date(1950, 1, 1)


def quads(size: int, seed: int = 20150512, base: str = BASE) -> Iterator[str]:
    """Lines of N-Quads: `size` of them, or a few more to finish the last visit."""
    maker = _Maker(size // QUADS_PER_VISIT, Random(seed), base)
    written = 0
    for each in chain(maker.ontology(), maker.entities()):
        yield each
        written += 1
    for number in count():
        if written >= size:
            return
        unit = maker.visit(number)
        written += len(unit)
        yield from unit


class _Maker:
    def __init__(self, visits: int, random: Random, base: str) -> None:
        self.random = random
        self.base = base
        self.people = max(50, visits // 10)
        self.cities = max(80, visits // 50)
        self.documents = max(10, visits // 25)
        self.graphs = {
            name: f"<{base}graph/{name}>"
            for name in ("entities", "accepted", "judgement", "records/generated")
        }
        self.vocabulary = Ontology.load(resource("ontology"))
        self.terms = {"a": f"<{RDF.type}>"}

    def ontology(self) -> Iterator[str]:
        return (line(quad) for quad in self.vocabulary.quads(f"{self.base}graph/ontology"))

    def entities(self) -> Iterator[str]:
        yield from self._entity("dataset/generated", "schema:Dataset", "Generated register")
        for number in range(TOPICS):
            yield from self._entity(f"topic/t{number}", "dip:Topic", self._name(3))
        for number in range(COUNTRIES):
            name = self._name(3)
            yield from self._entity(f"place/land{number}", "dip:Place", name)
            yield from self._entity(f"state/s{number}", "dip:State", name)
        for number in range(self.cities):
            city = f"place/c{number}"
            yield from self._entity(city, "dip:Place", self._name(2))
            yield self._entities(city, "dip:within", self._id(f"place/land{number % COUNTRIES}"))
            yield self._entities(city, "wgs84:lat", self._decimal(-60, 70))
            yield self._entities(city, "wgs84:long", self._decimal(-180, 180))
        for number in range(self.people):
            name = f"{self._name(2)} {self._name(3)}"
            yield from self._entity(f"person/p{number}", "dip:Person", name)
        for number in range(self.documents):
            yield from self._document(number)

    def visit(self, number: int) -> list[str]:
        """A visit, the row that records it, and what a document claims of it."""
        pick = self.random.random
        visit, record = f"visit/v{number}", f"record/generated/{number}"
        traveller = HUB_PERSON if pick() < 0.1 else f"person/p{int(pick() * self.people)}"
        city = int(pick() * self.cities)
        start = _FIRST + timedelta(days=int(pick() * 27_000))
        end = start + timedelta(days=int(pick() * 4))
        label = f"Visit {number} of {start}"
        met = {f"person/p{int(pick() * self.people)}" for _ in range(2)}
        home, rows = self.graphs["accepted"], self.graphs["records/generated"]
        host = f"state/s{city % COUNTRIES}"
        lines = [
            *self._entity(visit, "dip:Visit", label),
            self._quad(visit, "dip:traveller", self._id(traveller), home),
            self._quad(visit, "dip:place", self._id(f"place/c{city}"), home),
            self._quad(visit, "dip:host", self._id(host), home),
            self._quad(visit, "dip:start", _typed(start, "date"), home),
            self._quad(visit, "dip:end", _typed(end, "date"), home),
            self._quad(visit, "dip:status", self._term("clm:Occurred"), home),
            self._quad(visit, "dip:topic", self._id(HUB_TOPIC), home),
            self._quad(visit, "dip:topic", self._id(f"topic/t{1 + number % (TOPICS - 1)}"), home),
            self._quad(visit, "prov:wasDerivedFrom", self._id(record), home),
            *(self._quad(visit, "dip:participant", self._id(each), home) for each in sorted(met)),
            self._quad(record, "a", self._term("clm:Record"), rows),
            self._quad(record, "rdfs:label", f'"Row {number}"@en', rows),
            self._quad(record, "dcterms:identifier", f'"{number}"', rows),
            self._quad(record, "dcterms:isPartOf", self._id("dataset/generated"), rows),
            self._quad(record, "clm:field", f'"locale: c{city}"', rows),
        ]
        if number % 2:
            lines += self._claims(number, visit, record, city)
        return lines

    def _claims(self, number: int, visit: str, record: str, city: int) -> list[str]:
        """The place according to a document and to the record; they agree in half of the cases."""
        document = int(self.random.random() * self.documents)
        start = int(self.random.random() * 9_000)
        evidence, claim = f"evidence/d{document}/{number}", f"claim/d{document}/{number}"
        rival, row = f"claim/generated/{number}/place", f"evidence/generated/{number}/place"
        other = city if number % 4 == 1 else (city + 1) % self.cities
        source = f"<{self.base}graph/document/d{document}>"
        rows = self.graphs["records/generated"]
        lines = [
            *self._claim(claim, visit, other, (f"document/d{document}", evidence, source)),
            *self._claim(rival, visit, city, (record, row, rows)),
            self._quad(row, "a", self._term("clm:Evidence"), rows),
            self._quad(row, "oa:hasSource", self._id(record), rows),
            self._quad(row, "oa:hasSelector", self._id(f"{row}/field"), rows),
            self._quad(f"{row}/field", "a", self._term("clm:FieldSelector"), rows),
            self._quad(f"{row}/field", "rdf:value", '"locale"', rows),
            self._quad(evidence, "a", self._term("clm:Evidence"), source),
            self._quad(evidence, "oa:hasSource", self._id(f"document/d{document}"), source),
            self._quad(evidence, "oa:hasSelector", self._id(f"{evidence}/position"), source),
            self._quad(f"{evidence}/position", "a", self._term("oa:TextPositionSelector"), source),
            self._quad(f"{evidence}/position", "oa:start", _typed(start, "integer"), source),
            self._quad(f"{evidence}/position", "oa:end", _typed(start + 20, "integer"), source),
            self._quad(evidence, "oa:hasSelector", self._id(f"{evidence}/quote"), source),
            self._quad(f"{evidence}/quote", "a", self._term("oa:TextQuoteSelector"), source),
            self._quad(f"{evidence}/quote", "oa:exact", f'"went to {self._name(2)}"', source),
        ]
        return lines + self._judged(visit, {claim: other, rival: city})

    def _judged(self, visit: str, claims: Mapping[str, int]) -> list[str]:
        """The sides that claims take, by the city of each, and that they disagree where they do."""
        home, true = self.graphs["judgement"], _typed("true", "boolean")
        cities = sorted(set(claims.values()))
        sides = {city: f"side/{visit}/place/{city}" for city in cities}
        lines = []
        for city, side in sides.items():
            stating = [claim for claim, other in claims.items() if other == city]
            count = _typed(len(stating), "integer")
            lines += [
                self._quad(side, "a", self._term("clm:Side"), home),
                self._quad(side, "clm:value", self._id(f"place/c{city}"), home),
                self._quad(side, "clm:independentSources", count, home),
                *(self._quad(side, "clm:claim", self._id(claim), home) for claim in stating),
            ]
        if len(cities) > 1:
            node = f"disagreement/{visit}/place"
            lines += [
                self._quad(node, "a", self._term("clm:Disagreement"), home),
                self._quad(node, "clm:kind", self._term("clm:DifferentValues"), home),
                self._quad(node, "clm:about", self._id(visit), home),
                self._quad(node, "clm:onProperty", self._term("dip:place"), home),
                *(self._quad(node, "clm:side", self._id(side), home) for side in sides.values()),
                *(self._quad(claim, "clm:disputed", true, home) for claim in claims),
            ]
        return lines

    def _claim(
        self, claim: str, visit: str, city: int, origin: tuple[str, str, str]
    ) -> Iterator[str]:
        source, evidence, graph = origin
        yield self._quad(claim, "a", self._term("clm:Claim"), graph)
        yield self._quad(claim, "a", self._term("rdf:Statement"), graph)
        yield self._quad(claim, "rdf:subject", self._id(visit), graph)
        yield self._quad(claim, "rdf:predicate", self._term("dip:place"), graph)
        yield self._quad(claim, "rdf:object", self._id(f"place/c{city}"), graph)
        yield self._quad(claim, "clm:statedIn", self._id(source), graph)
        yield self._quad(claim, "clm:modality", self._term("clm:Asserted"), graph)
        yield self._quad(claim, "clm:polarity", _typed("true", "boolean"), graph)
        yield self._quad(claim, "clm:reviewStatus", self._term("clm:Reviewed"), graph)
        yield self._quad(claim, "clm:evidence", self._id(evidence), graph)
        yield self._quad(claim, "dcterms:identifier", f'"{claim.rpartition("/")[2]}"', graph)

    def _document(self, number: int) -> Iterator[str]:
        document, graph = f"document/d{number}", f"<{self.base}graph/document/d{number}>"
        title = f"{self._name(3)} and {self._name(2)}"
        digest = sha256(document.encode()).hexdigest()
        yield self._quad(document, "a", self._term("clm:Document"), graph)
        yield self._quad(document, "rdfs:label", f'"{title}"@en', graph)
        yield self._quad(document, "dcterms:title", f'"{title}"@en', graph)
        yield self._quad(document, "dcterms:rights", '"Generated."@en', graph)
        yield self._quad(document, "schema:sha256", f'"{digest}"', graph)
        yield self._quad(document, "clm:textLength", _typed(10_000, "integer"), graph)

    def _entity(self, ref: str, kind: str, label: str) -> tuple[str, str]:
        return (
            self._entities(ref, "a", self._term(kind)),
            self._entities(ref, "rdfs:label", f'"{label}"@en'),
        )

    def _entities(self, ref: str, predicate: str, value: str) -> str:
        return self._quad(ref, predicate, value, self.graphs["entities"])

    def _quad(self, ref: str, predicate: str, value: str, graph: str) -> str:
        return f"<{self.base}id/{ref}> {self._term(predicate)} {value} {graph} ."

    def _id(self, ref: str) -> str:
        return f"<{self.base}id/{ref}>"

    def _term(self, curie: str) -> str:
        if curie not in self.terms:
            prefix, _, local = curie.partition(":")
            self.terms[curie] = f"<{self.vocabulary.prefixes[prefix]}{local}>"
        return self.terms[curie]

    def _name(self, syllables: int) -> str:
        return "".join(self.random.choices(_SYLLABLES, k=syllables)).capitalize()

    def _decimal(self, low: int, high: int) -> str:
        return _typed(f"{low + (high - low) * self.random.random():.2f}", "decimal")


def _typed(value: object, datatype: str) -> str:
    return f'"{value}"^^<{XSD[datatype]}>'


if __name__ == "__main__":
    sys.stdout.writelines(f"{each}\n" for each in quads(int(sys.argv[1])))
