"""Rows of the travels and visits of the Office of the Historian, as plain values.

Every element of a row is a value here, is ignored on purpose, or is reported (see `IGNORED` and
the `mapped` sets). A row whose dates cannot be read is quarantined: it is reported, and left out.
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
from kg.registers.us_state.xml_rows import Report, XmlFile, words

Unsure = Mapping[Ref, tuple[str, ...]]
NONE: Unsure = MappingProxyType({})
_CLERICAL = "who edited the row and when, not what it records"
IGNORED = {
    "created-by": _CLERICAL,
    "created-datetime": _CLERICAL,
    "created-date": _CLERICAL,
    "last-modified-by": _CLERICAL,
    "last-modified-datetime": _CLERICAL,
    "last-modified-date": _CLERICAL,
}
_TRIP = "@role @who id role name start-date end-date country country/@id locale remarks"
_VISIT = "id start-date end-date visitor from from/@id description description/em"
_PRESIDENT = """
    @n id name birth-year death-year death-year/@still-alive took-office-date left-office-date
    left-office-date/@still-in-office"""
TRIP, VISIT, PRESIDENT = (frozenset(each.split()) for each in (_TRIP, _VISIT, _PRESIDENT))


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


def read_trips(path: Path, name: str, report: Report, unsure: Unsure = NONE) -> Iterator[Row]:
    """The stops of one file of travels. `unsure` are the names of a row that stay unresolved."""
    file = XmlFile.read(path, name, report)
    for trip in file.root:
        file.account(trip, TRIP, IGNORED)
        row = _row(file, trip, _STOP)
        if row is not None:
            _report_unsure(file, trip, unsure.get(row.ref, ()))
            yield row


def read_visits(
    path: Path, name: str, report: Report, corrections: Corrections, unsure: Unsure = NONE
) -> Iterator[Row]:
    """The visits of one file; `name` of a row is its visitor, corrected where a correction says."""
    file = XmlFile.read(path, name, report)
    for visit in file.root:
        file.account(visit, VISIT, IGNORED)
        row = _row(file, visit, _CALL)
        if row is not None:
            right = corrections.value(f"{row.ref.slug}/visitor", row.name)
            if right != row.name:
                file.report(
                    visit, f"{row.name} → {right}", "read as corrections.yaml says", "visitor"
                )
            _report_unsure(file, visit, unsure.get(row.ref, ()))
            yield row._replace(who="", role="", name=right)


def read_presidents(path: Path, name: str, report: Report) -> Iterator[Term]:
    """The terms of presidents.xml; those who served apart stand there more than once."""
    file = XmlFile.read(path, name, report)
    for element in file.root:
        if element.tag != "president":
            report.ignored[element.tag, "where the list was taken from"] += 1
            continue
        file.account(element, PRESIDENT, IGNORED)
        start = file.date(element.find("took-office-date"))
        number, who = file.identifier(element, "n"), file.identifier(element.find("id"))
        if not (start and number and who):
            file.report(element, who or "a term", "left out: no usable @n, id or took-office-date")
            continue
        yield Term(
            number,
            who,
            words(element.find("name")),
            file.date(element.find("birth-year")),
            file.date(element.find("death-year")),
            start,
            file.date(element.find("left-office-date")),
        )


def _report_unsure(file: XmlFile, row: Element, names: tuple[str, ...]) -> None:
    for each in names:
        file.report(row, each, "a name that could be several people's", "people")


@dataclass(frozen=True, slots=True)
class _Columns:
    """The names of elements that differ between the two data sets."""

    dataset: str
    traveller: str
    name: str
    country: str
    locale: str
    note: str


_STOP = _Columns("travels", "@who", "name", "country", "locale", "remarks")
_CALL = _Columns("visits", "", "visitor", "from", "", "description")


def _row(file: XmlFile, row: Element, columns: _Columns) -> Row | None:
    raw, who = file.identifier(row.find("id")), file.identifier(row, "who")
    start, end = file.date(row.find("start-date")), file.date(row.find("end-date"))
    place = row.find(columns.country)
    nation = file.identifier(place, "id")
    if not (raw and start and end and nation and (who or not columns.traveller)):
        values = {"id": raw, "start-date": start, "end-date": end, columns.country: nation}
        if columns.traveller:
            values[columns.traveller] = who
        missing = ", ".join(name for name, value in values.items() if not value)
        file.report(row, raw or "a row", f"left out: no usable {missing}")
        return None
    if end.iso < start.iso:
        file.report(row, raw, "left out: it ends before it starts")
        return None
    return Row(
        ref=Ref(f"record/{columns.dataset}/{raw}"),
        # What many rows share, they hold once.
        who=intern(who),
        role=intern(row.get("role", "")),
        name=intern(words(row.find(columns.name))),
        start=start,
        end=end,
        country=intern(nation),
        country_name=intern(words(place)),
        locale=intern(words(row.find(columns.locale))) if columns.locale else "",
        note=words(row.find(columns.note)),
    )
