"""The rows of each table of a release: of every kind of thing, of claims, of each register."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from rdflib.namespace import PROV, RDF, SDO, XSD

from kg.build.publish.tables.subjects import Subject, Subjects
from kg.model.iris import Minter
from kg.model.namespaces import CLM, OA
from kg.model.rdf import Iri, Literal, Term, text_of, value_of
from kg.ontology import Class, Ontology
from kg.ontology.nouns import several

_TOLD_ELSEWHERE = {"Evidence", "Side", "ChooseAction", "QuantitativeValue", "Record"}
_PASSAGE = tuple(map(str, (OA.exact, OA.start, OA.end, RDF.value)))
_LEFT_OUT = {str(PROV.wasAttributedTo), str(SDO.text)}  # said again, and as long as a document
_TEXT = "#text"  # of a column whose typed values are not as the register has them
KIND = str(RDF.type)
_FIELD, _DISPUTED, _EVIDENCE = map(str, (CLM.field, CLM.disputed, CLM.evidence))
_STATEMENT = tuple(map(str, (RDF.subject, RDF.predicate, RDF.object)))


@dataclass(frozen=True, slots=True)
class Table:
    """What a table holds: the subjects whose IRIs begin with one of `beginnings` and that are of
    one of the classes `kinds`. `shape` makes of what is said of one what its row says; `first`
    are the columns before others, `titles` those that it names itself.
    """

    name: str
    title: str
    description: str
    beginnings: tuple[Iri, ...]
    kinds: Mapping[Iri, str]
    shape: Callable[[Subject], None]
    first: tuple[Iri, ...] = ()
    titles: Mapping[Iri, str] = field(default_factory=dict)

    def rows(self, subjects: Subjects) -> Iterator[Subject]:
        """Its rows, in the order of their IRIs; one that was withdrawn has no class."""
        for beginning in self.beginnings:
            for each in subjects.within(beginning):
                types = [iri for iri in each.values.pop(KIND, ()) if iri in self.kinds]
                if types:
                    if len(self.kinds) > 1:
                        each.values[KIND] = [Literal(self.kinds[str(types[0])])]
                    for key in _LEFT_OUT & each.values.keys():
                        del each.values[key]
                    self.shape(each)
                    yield each


def tables_of(ontology: Ontology, minter: Minter, subjects: Subjects) -> Iterator[Table]:
    """Every table that a release may have; those without rows among them."""
    for kind in sorted(ontology.segments.values(), key=lambda each: each.name):
        if kind.name in _TOLD_ELSEWHERE or _has_above(kind, ontology):
            continue
        own, claim = ontology.names.owns(kind.iri), kind.iri == str(CLM.Claim)
        below = [each for each in ontology.subclasses(kind.name) if each.segment and own]
        yield Table(
            name=_slug(several(kind)),
            title=several(kind),
            description=kind.definition,
            beginnings=tuple(sorted(minter.entity(f"{each.segment}/") for each in below or [kind])),
            kinds={each.iri: each.label for each in below or [kind]},
            shape=_Claims(minter, subjects) if claim else _as_it_is,
            first=_first(minter) if claim else (KIND,),
            titles={
                KIND: "kind",
                minter.accepted: "accepted",
                **({_PASSAGE[3]: "field"} if claim else {}),
            },
        )


def register_of(dataset: str, ontology: Ontology, minter: Minter) -> Table:
    """The rows of one register, each as it has them."""
    record = ontology.classes["Record"]
    fields = _Fields(minter, dataset)
    return Table(
        name=f"records-{dataset}",
        title=f"{several(record)} of {dataset}",
        description=record.definition,
        beginnings=(minter.entity(f"record/{dataset}/"),),
        kinds={record.iri: record.label},
        shape=fields,
        titles=fields.titles,
    )


def _has_above(kind: Class, ontology: Ontology) -> bool:
    """Whether a class of a vocabulary here stands above it, in whose table its things are. Above
    most stand classes that others made, such as an agent.
    """
    above = (each for each in ontology.above(kind.name) if each is not kind)
    return any(each.segment and ontology.names.owns(each.iri) for each in above)


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _as_it_is(row: Subject) -> None:
    """A row says all that is said of its subject."""


def _first(minter: Minter) -> tuple[Iri, ...]:
    """What a claim says, whether it is so, in which words, and where they stand."""
    judged = (minter.accepted, _DISPUTED, str(CLM.modality), str(CLM.polarity))
    return (*_STATEMENT, *judged, *_PASSAGE, str(CLM.statedIn))


@dataclass(frozen=True, slots=True)
class _Claims:
    """Adds to a claim whether it is accepted, and its passage: where it has several, the words of
    all, and where the first stands.
    """

    minter: Minter
    subjects: Subjects

    def __call__(self, row: Subject) -> None:
        values = row.values
        subject, predicate, value = (values[each][0] for each in _STATEMENT)
        triple = " ".join(map(text_of, (subject, predicate, value)))
        accepted = self.subjects.has(f"{triple} <")
        values[self.minter.accepted] = [_boolean(accepted)]
        values.setdefault(_DISPUTED, [_boolean(False)])
        quotes: list[str] = []
        for evidence in map(str, values.get(_EVIDENCE, ())):
            for part in self.subjects.within(f"{evidence}/"):
                if part.iri.rpartition("/")[0] == evidence:
                    quotes += map(value_of, part.values.get(_PASSAGE[0], ()))
                    for key in _PASSAGE[1:]:
                        if found := part.values.get(key):
                            values.setdefault(key, found)
        if quotes:
            values[_PASSAGE[0]] = [Literal(" … ".join(quotes))]


@dataclass(frozen=True, slots=True)
class _Fields:
    """Gives each field of a row a column; `titles` are what the register calls them."""

    minter: Minter
    dataset: str
    titles: dict[Iri, str] = field(default_factory=dict)
    keys: dict[str, Iri] = field(default_factory=dict)

    def __call__(self, row: Subject) -> None:
        stated: dict[Iri, list[Term]] = {}
        for each in row.values.pop(_FIELD, ()):
            name, _, text = value_of(each).partition(": ")
            key = self.keys.get(name)
            if key is None:
                key = self.keys[name] = self.minter.field(self.dataset, name)
                self.titles[key] = name
            stated.setdefault(key, []).append(Literal(text))
        for key, values in stated.items():
            typed = row.values.get(key)
            if typed is None:
                row.values[key] = values
            elif [*map(value_of, typed)] != [*map(value_of, values)]:
                self.titles.setdefault(key + _TEXT, f"{self.titles[key]} text")
                row.values[key + _TEXT] = values


def _boolean(value: bool) -> Literal:
    return Literal("true" if value else "false", str(XSD.boolean))
