"""A row of a register as people read it: its fields by readable names, and what came of it here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib.namespace import DCTERMS, FOAF

from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal, Term, value_of
from web.site.asking import ask
from web.site.dates import date
from web.site.names import Names, Thing, readable
from web.site.sources import Source
from web.site.subject import Subject
from web.site.values import Words, words

LIMIT = 200  # statements of what a row records that its page reads
_OWN = (str(CLM.field), str(FOAF.page), str(DCTERMS.isPartOf))
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what stands there, and the thing that it stands for, where that is known."""

    name: str
    shown: Words
    thing: Thing | None


@dataclass(frozen=True, slots=True)
class Row:
    """`words` is its own sentence, `register` what it is a row of; `made` are the things that it
    records.
    """

    source: Source
    register: Thing
    words: Words | None
    fields: tuple[Field, ...]
    made: tuple[Thing, ...]


def query(record: Iri) -> str:
    """The query for what a row records; its solutions alone have `made`."""
    return ask("web.entities", "recorded", record=record, limit=LIMIT)


def is_row(subject: Subject) -> bool:
    return str(CLM.Record) in subject.types


def is_own(name: Iri, base: str) -> bool:
    """Whether a property of a row stands among its fields, or at its head."""
    return name in _OWN or name.startswith(f"{base}id/field/")


def row(subject: Subject, found: Iterable[Mapping[str, Term]], names: Names) -> Row:
    solutions = list(found)
    source = names.source(subject.iri)
    told = next(iter(subject.description), None)
    page = next((str(each) for each in subject.facts.get(str(FOAF.page), ())), "")
    fields = [
        (name, text)
        for each in subject.facts.get(str(CLM.field), ())
        for name, _, text in [value_of(each).partition(": ")]
        if not told or text != told.value
    ]
    return Row(
        source=source.at(page),
        register=names.thing(source.whole),
        words=words(told) if told else None,
        fields=tuple(_fields(fields, _known(solutions, names))),
        made=tuple(names.thing(each) for each in dict.fromkeys(str(r["made"]) for r in solutions)),
    )


def _fields(fields: list[tuple[str, str]], known: Mapping[str, Thing]) -> Iterator[Field]:
    """In the order of their names; an identifier gives its link to the field that it is of."""
    texts = dict(fields)
    for name, text in sorted(fields):
        whole = re.sub(r"-id\Z", "", name)
        if whole != name and whole in texts:
            continue
        thing = known.get(texts.get(f"{name}-id", text)) or known.get(text)
        label = readable(whole)
        yield Field(label[:1].upper() + label[1:], _shown(text), thing)


def _shown(text: str) -> Words:
    return Words(date(text), machine=text) if _DAY.match(text) else words(Literal(text))


def _known(found: Iterable[Mapping[str, Term]], names: Names) -> dict[str, Thing]:
    """What a field may stand for: by its name, the end of its IRI, or its id in a register."""
    known: dict[str, Thing] = {}
    for each in found:
        thing = names.thing(str(each["value"]))
        raw = value_of(each.get("id")).partition(":")[2]
        for told in (raw, thing.iri.rpartition("/")[2], thing.label):
            known.setdefault(told, thing)
    known.pop("", None)
    return known
