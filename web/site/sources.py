"""Sources as readers know them: who made them and when, and of a row, which register has it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal as OneOf

from rdflib.namespace import DCTERMS, FOAF, PROV, RDF, RDFS, SKOS

from kg.model.iris import is_iri
from kg.model.rdf import Iri, Literal, Term
from kg.ontology import Class, Ontology
from kg.store import Graph, rows
from web.site.asking import ask
from web.site.phrases import described

_ACRONYM = re.compile(r"[A-Z][A-Z&.]{1,9}\Z")
_YEAR = re.compile(r"-?\d{4}")
_PERSON = {"http://xmlns.com/foaf/0.1/Person", "https://schema.org/Person"}

Kind = OneOf["document", "derived", "register"]
Values = Mapping[Iri, Sequence[Term]]  # of a thing, by property


@dataclass(frozen=True, slots=True)
class Maker:
    """An author or a publisher: `name` in full, `short` as a chip has it."""

    iri: Iri
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Source:
    """A document, a register, or one `row` of a register.

    `title` is a document's own, and a register's; `short` what a register is called for short.
    `date` is the day, month or year of publication as it stands in the data. What is empty is not
    stated. `original` is the address of the source at its publisher, `origins` are the sources
    that it draws on, `whole` is the register of a row. `language` is that of its title and text.
    """

    iri: Iri
    kind: Kind
    title: str
    language: str = ""
    short: str = ""
    row: str = ""
    authors: tuple[Maker, ...] = ()
    publisher: Maker | None = None
    date: str = ""
    original: Iri = ""
    origins: tuple[Iri, ...] = ()
    href: str = ""
    whole: Iri = ""

    @property
    def label(self) -> str:
        """`CSIS (Mankoff, 2015)`, `State Department travel register, row 3568`."""
        if self.kind == "register":
            return f"{self.register}, row {self.row}" if self.row else self.register
        by, year = _and([each.short for each in self.authors]), self.year
        if self.publisher:
            told = ", ".join(filter(None, (by, year)))
            return f"{self.publisher.short} ({told})" if told else self.publisher.short
        return f"{by or f'“{self.title}”'} ({year})" if year else by or f"“{self.title}”"

    @property
    def register(self) -> str:
        """What the register is called for short, empty for a document."""
        return (self.short or self.title) if self.kind == "register" else ""

    @property
    def year(self) -> str:
        found = _YEAR.match(self.date)
        return found[0] if found else ""

    @property
    def named(self) -> str:
        """How a sentence begins that says what this source says."""
        return f"Row {self.row} of {described(self.register)}" if self.row else self.label

    @property
    def unstated(self) -> tuple[str, ...]:
        """What a reader expects of a document, and nobody says."""
        told = {"author": self.authors, "date": self.date, "publisher": self.publisher}
        return tuple(name for name, value in told.items() if not value)

    def at(self, page: Iri) -> Source:
        """With the address at which its publisher shows it."""
        return replace(self, original=page)

    def of_row(self, iri: Iri, href: str) -> Source:
        """The row `iri` of this register."""
        row = iri.rpartition("/")[2]
        return replace(self, iri=iri, row=row, href=href, whole=self.iri, original="")


def look_up(
    graph: Graph, ontology: Ontology, known: dict[Iri, Source], base: str, iris: Iterable[Iri]
) -> None:
    """Add to `known` the documents and registers among `iris`, in one query for all it lacks."""
    kinds = (f"{base}id/document/", f"{base}id/dataset/")
    wanted = {iri for iri in iris if iri.startswith(kinds) and iri not in known and is_iri(iri)}
    if not wanted:
        return
    found: dict[Iri, dict[Iri, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(graph, ask("web.site", "sources", iris=sorted(wanted))):
        values = found[str(row.get("who") or row["iri"])][str(row["p"])]
        if row["o"] not in values:
            values.append(row["o"])
    made = {iri: _source(iri, found, ontology, kinds[1]) for iri in wanted}
    known.update(made)
    origins = {origin for each in made.values() for origin in each.origins}
    look_up(graph, ontology, known, base, origins)


def independent(sources: Iterable[Source], known: Mapping[Iri, Source]) -> int:
    """How many of `sources` have nothing in common, as docs/judgement.md counts: rows of one
    register, what one publisher publishes, and what draws on another, count once.
    """
    counted: set[Iri] = set()
    number = 0
    found = {ends(each, known) for each in sources}
    for each in sorted(found, key=lambda each: (len(each), sorted(each))):
        if counted.isdisjoint(each):
            counted |= each
            number += 1
    return number


def ends(source: Source, known: Mapping[Iri, Source]) -> frozenset[Iri]:
    """The publishers of what a source goes back to."""
    seen, last, todo = set[Iri](), set[Iri](), [source.whole or source.iri]
    while todo:
        iri = todo.pop()
        if iri not in seen:
            seen.add(iri)
            each = known.get(iri)
            todo += each.origins if each else ()
            if not each or not each.origins:
                last.add(each.publisher.iri if each and each.publisher else iri)
    return frozenset(last or {min(seen)})


def tally(sources: Iterable[Source]) -> str:
    """`3 documents (1 derived), 1 register (34 rows)`."""
    found = list({each.iri: each for each in sources}.values())
    documents = [each for each in found if each.kind != "register"]
    registers = {each.whole or each.iri for each in found if each.kind == "register"}
    rows = sum(bool(each.row) for each in found)
    derived = sum(each.kind == "derived" for each in documents)
    told = [
        _count(len(documents), "document") + (f" ({derived} derived)" if derived else ""),
        _count(len(registers), "register") + (f" ({_count(rows, 'row')})" if rows else ""),
    ]
    return ", ".join(each for each, many in zip(told, (documents, registers), strict=True) if many)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def _source(iri: Iri, found: Mapping[Iri, Values], ontology: Ontology, register: str) -> Source:
    values = found.get(iri, {})
    label, origins = (
        _label(values),
        tuple(sorted(map(str, values.get(str(PROV.wasDerivedFrom), ())))),
    )
    publishers, authors = (
        tuple(_maker(str(each), found, ontology) for each in sorted(values.get(name, ()), key=str))
        for name in (str(DCTERMS.publisher), str(DCTERMS.creator))
    )
    document: Kind = "derived" if origins else "document"
    return Source(
        iri=iri,
        kind="register" if iri.startswith(register) else document,
        title=label.value if label else iri.rpartition("/")[2],
        language=next(iter(_texts(values, DCTERMS.language)), label.language if label else ""),
        short=min(_texts(values, SKOS.altLabel), key=len, default=""),
        authors=authors,
        publisher=publishers[0] if publishers else None,
        date=min(_texts(values, DCTERMS.issued), default=""),
        original=min(map(str, values.get(str(FOAF.homepage), ())), default=""),
        origins=origins,
    )


def _maker(iri: Iri, found: Mapping[Iri, Values], ontology: Ontology) -> Maker:
    values = found.get(iri, {})
    label = _label(values)
    name = label.value if label else iri.rpartition("/")[2]
    if _is_person(values, ontology):
        return Maker(iri, name, name.rpartition(" ")[2])
    acronyms = [each for each in _texts(values, SKOS.altLabel) if _ACRONYM.match(each)]
    return Maker(iri, name, min(acronyms, key=len, default=name))


def _is_person(values: Values, ontology: Ontology) -> bool:
    kinds = (ontology.find(str(each)) for each in values.get(str(RDF.type), ()))
    return any(
        alignment.target in _PERSON
        for each in kinds
        if isinstance(each, Class)
        for above in ontology.above(each.name)
        for alignment in above.alignments
    )


def _label(values: Values) -> Literal | None:
    labels = [each for each in values.get(str(RDFS.label), ()) if isinstance(each, Literal)]
    return min(labels, key=lambda each: (each.language != "en", each), default=None)


def _texts(values: Values, name: object) -> list[str]:
    return sorted(each.value for each in values.get(str(name), ()) if isinstance(each, Literal))


def _and(names: Sequence[str]) -> str:
    if len(names) > 3:
        return f"{names[0]} et al."
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
