"""The columns of a table, made of what its rows say: which properties, of which types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from rdflib.namespace import RDFS, XSD

from kg.build.publish.tables.subjects import Subject
from kg.model.rdf import Iri, Literal, Term
from kg.ontology import Ontology

Type = OneOf["anyURI", "boolean", "date", "decimal", "integer", "string"]
SEPARATOR = "|"  # between the values of one cell
LABEL = str(RDFS.label)
ROW = ""  # the key of the IRI of the row itself
_LINKS = ">"

_STRING = str(XSD.string)
_TYPES: Mapping[Iri, Type] = {
    **{str(XSD[each]): "integer" for each in ("integer", "nonNegativeInteger", "int", "long")},
    **{str(XSD[each]): "decimal" for each in ("decimal", "double", "float")},
    str(XSD.date): "date",
    str(XSD.boolean): "boolean",
}
# What CSVW, Parquet and data frames take alike: years of four digits, 64 bits.
_PATTERNS: Mapping[Type, re.Pattern[str]] = {
    "boolean": re.compile(r"true|false"),
    "date": re.compile(r"(?!0000)\d{4}-\d\d-\d\d", re.ASCII),
    "decimal": re.compile(r"[+-]?\d{1,300}(\.\d*)?", re.ASCII),
    "integer": re.compile(r"[+-]?\d{1,18}", re.ASCII),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` is the property that it holds; `links` says that it has the IRIs, not what
    they are called. `title` and `description` are for people; in a cell there may be `several`.
    """

    name: str
    key: Iri
    type: Type
    title: str
    description: str
    links: bool = False
    several: bool = False

    @property
    def cell(self) -> str:
        """By what a row has it."""
        return f"{_LINKS}{self.key}" if self.links else self.key


Kept = dict[str, str]  # the cells of a row, by what `Column.cell` says


@dataclass(slots=True)
class Seen:
    """What the values of one property are like, over all rows: the types of its literals, how many
    there are at most, whether there are things that are called something, and other IRIs.
    """

    types: set[Type] = field(default_factory=set)
    most: int = 1
    things: bool = False
    others: bool = False

    @property
    def type(self) -> Type:
        """That of a cell."""
        types: set[Type] = {"decimal"} if self.types == {"integer", "decimal"} else self.types
        one = len(types) == 1 and self.most == 1 and not self.things
        return next(iter(types)) if one else "string"


class Columns:
    """Learns from each row what columns the table needs. `called` tells what a thing is called:
    nothing where it has no name.
    """

    def __init__(self, ontology: Ontology, called: Callable[[Iri], str]) -> None:
        self._ontology, self._called = ontology, called
        self._seen: dict[Iri, Seen] = {}

    def take(self, row: Subject) -> Kept:
        """The cells of a row."""
        cells = {f"{_LINKS}{ROW}": row.iri}
        for key, values in row.values.items():
            seen = self._seen.get(key) or self._seen.setdefault(key, Seen())
            if len(values) > 1:
                shown = [min(values, key=_in_english)] if key == LABEL else values
                seen.most = max(seen.most, len(shown))
                cells[key] = SEPARATOR.join([self._text(each, seen) for each in shown])
                links = SEPARATOR.join([each for each in shown if isinstance(each, str)])
            else:
                cells[key] = self._text(values[0], seen)
                links = values[0] if isinstance(values[0], str) else ""
            if links:
                cells[_LINKS + key] = links
        return cells

    def _text(self, value: Term, seen: Seen) -> str:
        if isinstance(value, str):
            called = self._called(value)
            if called:
                seen.things = True
                return called
            seen.others = True
            return value
        seen.types.add("string" if value.datatype == _STRING else _type(value))
        return value.value

    def made(self, first: Iterable[Iri], titles: Mapping[Iri, str]) -> tuple[Column, ...]:
        """The IRI of the row, its label, then `first`, then all others as the ontology orders them.

        `titles` are of what has a name of its own in this table.
        """
        columns = [Column("iri", ROW, "anyURI", "IRI", "What the row is about.", links=True)]
        keys = [each for each in (LABEL, *first) if each in self._seen]
        keys += sorted(self._seen.keys() - {*keys}, key=self._rank)
        taken = {"iri"}
        for key in keys:
            columns += self._columns(key, titles.get(key, ""), taken)
        return tuple(columns)

    def _columns(self, key: Iri, given: str, taken: set[str]) -> Iterator[Column]:
        term, seen = self._ontology.find(key), self._seen[key]
        title = given or (term.label if term else re.split("[/#]", key)[-1])
        about, several, name = term.definition if term else "", seen.most > 1, _named(title)
        if {name, f"{name}_iri"} & taken:
            name = _named(f"{term.curie if term else key} {len(taken)}")
        taken |= {name, f"{name}_iri"}
        if not seen.types and not seen.things:
            yield Column(name, key, "anyURI", title, about, links=True, several=several)
            return
        yield Column(name, key, seen.type, title, about, several=several)
        if seen.things or seen.others:
            iri = f"{name}_iri"
            yield Column(iri, key, "anyURI", f"{title}: IRI", "", links=True, several=several)

    def _rank(self, key: Iri) -> tuple[bool, int, str]:
        term = self._ontology.find(key)
        return term is None, term.order if term else 0, term.curie if term else key


def _type(value: Literal) -> Type:
    datatype = _TYPES.get(value.datatype, "string")
    pattern = _PATTERNS.get(datatype)
    return datatype if pattern and pattern.fullmatch(value.value) else "string"


def _in_english(value: Term) -> tuple[bool, str]:
    text = value.value if isinstance(value, Literal) else value
    return not isinstance(value, Literal) or value.language != "en", text


def _named(title: str) -> str:
    """A name that needs no quotes in SQL and none in a URI template (CSVW §5.1.2)."""
    name = re.sub(r"\W+", "_", title, flags=re.ASCII).strip("_").lower()
    return name if name[:1].isalpha() else f"column_{name}"
