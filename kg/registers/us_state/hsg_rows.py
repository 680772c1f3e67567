"""Rows of the travels and visits of the Office of the Historian, as plain values.

Every element of a row is a value here, is ignored on purpose, or is reported (see `elements`).
A row without a usable identifier, name or date is quarantined: it is reported, and left out. So is
a row whose identifier another had before it: the first stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from sys import intern
from types import MappingProxyType
from typing import NamedTuple
from xml.etree.ElementTree import Element

from kg.model.facts import Date, Ref
from kg.registers.us_state.corrections import Corrections
from kg.registers.us_state.elements import IGNORED, PRESIDENT, TRIP, VISIT, Table
from kg.registers.us_state.xml_rows import Report, XmlFile, date, identifier, words

Before = Mapping[Ref, str]
NONE_BEFORE: Before = MappingProxyType({})
_FOUND = "where the list was taken from"
_AROUND = MappingProxyType({"source-url": _FOUND, "crawl-dateTime": _FOUND})


class Row(NamedTuple):
    """A stop abroad (`travels`) or a visit to the United States (`visits`).

    `who` is the raw identifier of a traveller, "" in visits; `country` is visited in travels, and
    where the visitor comes from in visits. `note` is the remarks or the description.
    """

    ref: Ref
    who: str
    role: str
    name: str
    start: Date
    end: Date
    country: str
    country_name: str
    locale: str
    note: str


@dataclass(frozen=True, slots=True)
class Term:
    """A president's time in office."""

    number: str
    id: str
    name: str
    birth: Date | None
    death: Date | None
    start: Date
    end: Date | None


def read_trips(
    path: Path, name: str, report: Report, *, before: Before = NONE_BEFORE
) -> Iterator[Row]:
    """The stops of one file of travels.

    `before` tells which other file has a row of the same identifier, where one that is read
    before this has.
    """
    if (file := report.file(path, name, ["trips"])) is None:
        return
    for _, row in _rows(file, "trip", _STOP, before):
        yield row


def read_visits(
    path: Path,
    name: str,
    report: Report,
    corrections: Corrections,
    *,
    before: Before = NONE_BEFORE,
) -> Iterator[Row]:
    """The visits of one file; `name` of a row is its visitor, corrected where a correction says."""
    if (file := report.file(path, name, ["visits"])) is None:
        return
    for visit, row in _rows(file, "visit", _CALL, before):
        right = corrections.value(f"{row.ref.slug}/visitor", row.name)
        if right != row.name:
            file.report(visit, f"{row.name} → {right}", "read as corrections.yaml says", "visitor")
        yield row._replace(who="", role="", name=right)


def read_presidents(path: Path, name: str, report: Report) -> Iterator[Term]:
    """The terms of presidents.xml; those who served apart stand there more than once."""
    if (file := report.file(path, name, ["presidents"])) is None:
        return
    numbers: dict[str, int] = {}
    for element in file.rows("president", _AROUND):
        if not file.account(element, PRESIDENT, IGNORED):
            continue
        start = date(element.find("took-office-date"))
        number, who = identifier(element, "n"), identifier(element.find("id"))
        called = words(element.find("name"))
        if not (start and number and who and called):
            lacking = "left out: no usable @n, id, name or took-office-date"
            file.report(element, who or "a term", lacking)
        elif number in numbers:
            file.report(element, number, _given(f"line {file.line_at(numbers[number])}"), "@n")
        else:
            numbers[number] = file.place
            yield Term(
                number,
                who,
                called,
                date(element.find("birth-year")),
                date(element.find("death-year")),
                start,
                date(element.find("left-office-date")),
            )


@dataclass(frozen=True, slots=True)
class _Columns:
    """The names of elements that differ between the two data sets."""

    dataset: str
    table: Table
    traveller: str
    name: str
    country: str
    locale: str
    note: str


_STOP = _Columns("travels", TRIP, "@who", "name", "country", "locale", "remarks")
_CALL = _Columns("visits", VISIT, "", "visitor", "from", "", "description")


def _rows(
    file: XmlFile, tag: str, columns: _Columns, before: Before
) -> Iterator[tuple[Element, Row]]:
    """The usable rows of a file, each identifier once."""
    seen: dict[Ref, int] = {}
    for element in file.rows(tag, {}):
        if not file.account(element, columns.table, IGNORED):
            continue
        row = _row(file, element, columns)
        if row is None:
            continue
        first = before.get(row.ref)
        if row.ref in seen:
            first = f"line {file.line_at(seen[row.ref])}"
        if first:
            file.report(element, row.ref.slug.partition("/")[2], _given(first), "id")
        else:
            seen[row.ref] = file.place
            yield element, row


def _given(first: str) -> str:
    return f"left out: given before, in {first}"


def _row(file: XmlFile, row: Element, columns: _Columns) -> Row | None:
    raw, who = identifier(row.find("id")), identifier(row, "who")
    start, end = date(row.find("start-date")), date(row.find("end-date"))
    place, name = row.find(columns.country), words(row.find(columns.name))
    nation = identifier(place, "id")
    if not (raw and start and end and nation and name and (who or not columns.traveller)):
        values = {"id": raw, "start-date": start, "end-date": end}
        values |= {columns.country: nation, columns.name: name}
        if columns.traveller:
            values[columns.traveller] = who
        lacking = ", ".join(each for each, value in values.items() if not value)
        file.report(row, raw or "a row", f"left out: no usable {lacking}")
        return None
    if end.iso < start.iso:
        file.report(row, raw, "left out: it ends before it starts")
        return None
    return Row(
        ref=Ref(f"record/{columns.dataset}/{raw}"),
        # What many rows share, they hold once.
        who=intern(who),
        role=intern(row.get("role", "")),
        name=intern(name),
        start=start,
        end=end,
        country=intern(nation),
        country_name=intern(words(place)),
        locale=intern(words(row.find(columns.locale))) if columns.locale else "",
        note=words(row.find(columns.note)),
    )
