"""The source `table`: by a mapping, rows become records, entities and statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from kg.model.errors import DataError, Problem
from kg.model.facts import Entity, Fact, Record, Ref, Statement, Text, Url, Value, as_written
from kg.model.iris import is_iri
from kg.model.sources import Found, Issue, Known, Position
from kg.ontology import Ontology
from kg.registers.table.mapping import Column, Described, Table
from kg.registers.table.read_mapping import read_mapping
from kg.registers.table.rows import Part, parts_of, rows_of
from kg.registers.table.templates import Choice, Template, Values, choices
from kg.registers.table.values import BadRow, Parsed, parse, stated

_SHOWN = 20  # bad rows that a refusal lists

First = Mapping[str, int]  # the line on which each id stands first that stands more than once


class TableSource:
    """Partitions are parts of the file. Things that sheets describe keep their words."""

    def __init__(self, name: str, path: Path, known: Known, ontology: Ontology) -> None:
        self.table = read_mapping(path, ontology)
        self.files = (self.table.data,)
        self.survey = IdSurvey(self)
        self._name = name
        self._known = known

    def partitions(self) -> Sequence[Part]:
        return parts_of(self.table)

    def read(self, partition: Part, found: First) -> Iterator[Found]:
        file = self.table.data.name
        if partition.first:
            yield from self._dataset()
            listed = {each.title for each in self.table.cells}
            for each in partition.titles:
                if each not in listed:
                    yield Issue(file, 0, each, "a column", "ignored: the mapping does not name it")
        for taken in self.rows(partition, found):
            yield Position(file, taken.line)
            yield from (Issue(file, taken.line, *each) for each in taken.faults)
            yield from taken.facts

    def rows(self, partition: Part, first: First) -> Iterator[Taken]:
        """What comes of each row."""
        for row in rows_of(self.table, partition):
            try:
                parsed = parse(self.table, row, first)
                facts = tuple(self._facts(parsed))
            except BadRow as bad:
                fault = (bad.field, bad.found, f"left out; allowed: {bad.allowed}")
                yield Taken(row.line, "", (), (fault,))
            else:
                yield Taken(row.line, parsed.key, facts, parsed.faults)

    def _dataset(self) -> Iterator[Fact]:
        table, ref = self.table, Ref(f"dataset/{self._name}")
        described = (
            ("dcterms:publisher", table.publisher),
            ("dcterms:license", table.licence),
            ("foaf:homepage", table.homepage),
        )
        yield Entity(
            ref=ref,
            label=Text(table.title, table.language),
            alt_labels=(Text(table.short, table.language),) if table.short else (),
            description=tuple(
                Statement(ref, name, value) for name, value in described if value is not None
            ),
        )

    def _facts(self, row: Parsed) -> Iterator[Fact]:
        table, values = self.table, row.values
        record = Ref(f"record/{self._name}/{row.key}")
        chosen = next(choices(values, table.about.columns), None)
        about = (
            self._known.ids.get((self._name, row.key))
            or self._known.about.get(record)
            or _reference(table, table.about, chosen)
        )
        words = next(choices(values, table.label.columns), None)
        label = table.label.words(words) if words is not None else f"{table.title}: {row.key}"
        described = [Described(about=table.about, label=Template(label), language=table.language)]
        if any(each.about == table.about for each in table.entities):
            described.clear()
        for each in (*described, *table.entities):
            yield from self._entities(each, values, about)
        told = next(iter(values[table.words]), None) if table.words else None
        yield Record(
            ref=record,
            label=Text(label, table.language),
            about=about,
            statements=tuple(
                dict.fromkeys(
                    Statement(subject, each.property, value)
                    for each in table.columns
                    if each.property
                    for subject, value in _pairs(each, values, about, table)
                )
            ),
            fields=tuple(
                (each.name, value)
                for each in table.cells
                if not each.suppressed
                for value in values[each.name]
            ),
            columns=tuple((each.property, each.name) for each in table.cells if each.property),
            words=Text(as_written(told), table.language) if told is not None else None,
            page=_page(table, values),
        )

    def _entities(self, described: Described, values: Values, about: Ref) -> Iterator[Entity]:
        columns = (*described.about.columns, *described.label.columns)
        for chosen in choices(values, columns):
            own = described.about == self.table.about
            ref = about if own else _reference(self.table, described.about, chosen)
            if ref not in self._known.entities:
                yield Entity(ref=ref, label=Text(described.label.words(chosen), described.language))


class Taken(NamedTuple):
    """What comes of a row: its id, "" where it is left out, its facts, and its faults as field,
    what was found, and the reason.
    """

    line: int
    key: str
    facts: tuple[Fact, ...]
    faults: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class IdSurvey:
    """Whether the table is as good as its mapping asks, and which ids it has more than once."""

    source: TableSource

    def take(self) -> First:
        """Read all rows.

        Raises:
            DataError: more rows are bad than may be.
        """
        table = self.source.table
        seen: dict[str, int] = {}
        first: dict[str, int] = {}
        bad: list[Problem] = []
        rows = left_out = 0
        for partition in self.source.partitions():
            for taken in self.source.rows(partition, {}):
                rows += 1
                again = seen.setdefault(taken.key, taken.line) if taken.key else taken.line
                if again != taken.line:
                    first[taken.key] = again
                if not taken.key or again != taken.line:
                    left_out += 1
                    if len(bad) < _SHOWN:
                        bad += _problems(table, taken, again)
        if left_out > rows * table.bad:
            share = f"at most {table.bad * 100:f} % (maxBad in {table.file})"
            found = f"{left_out} of {rows} rows that cannot be taken"
            raise DataError([Problem(table.data.name, 0, "", found, share), *bad])
        return first


def _problems(table: Table, taken: Taken, again: int) -> Iterator[Problem]:
    if taken.key:
        key, found = ", ".join(table.key), f"{taken.key}, as in line {again}"
        yield Problem(table.data.name, taken.line, key, found, "each id once")
    else:
        for field, found, reason in taken.faults:
            allowed = reason.partition("allowed: ")[2]
            yield Problem(table.data.name, taken.line, field, found, allowed)


def _pairs(column: Column, values: Values, about: Ref, table: Table) -> Iterator[tuple[Ref, Value]]:
    """The subject and the value of each statement that a column makes."""
    own = () if column.value or column.virtual else (column.name,)
    parts = [each for each in (column.about, column.value) if each is not None]
    for chosen in choices(values, [name for each in parts for name in each.columns] + [*own]):
        subject = _reference(table, column.about, chosen) if column.about else about
        value = (
            _reference(table, column.value, chosen)
            if column.value
            else stated(column, chosen.get(column.name), table)
        )
        yield subject, value


def _page(table: Table, values: Values) -> Url | None:
    """Where the publisher shows the row; None where it lacks a column that the address takes."""
    chosen = next(choices(values, table.page.columns), None) if table.page else None
    if table.page is None or chosen is None:
        return None
    quoted = {name: quote(as_written(value)) for name, value in chosen.items()}
    found = table.page.words(quoted)
    return Url(found) if is_iri(found) else None


def _reference(table: Table, template: Template, chosen: Choice | None) -> Ref:
    found = template.ref(chosen, table.identifiers) if chosen is not None else None
    if found is None:
        shown = template.words(chosen) if chosen is not None else "an empty cell"
        raise BadRow(", ".join(template.columns), shown, "letters or digits, for an identifier")
    return found
