"""All rows of travels and visits, read before any is mapped."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kg.model.facts import Ref
from kg.model.sources import Known
from kg.registers.us_state.corrections import Corrections
from kg.registers.us_state.hsg_rows import Row, Term, read_presidents, read_trips, read_visits
from kg.registers.us_state.xml_rows import Report


@dataclass(frozen=True, slots=True)
class AllRows:
    """The rows of all files of travels and visits. `terms` are those of the presidents.

    `before` gives the rows of a file that are left out, for a file before it has one of the same
    identifier, and the name of that file.
    """

    trips: Mapping[Path, list[Row]]
    calls: Mapping[Path, list[Row]]
    terms: tuple[Term, ...]
    before: Mapping[Path, Mapping[Ref, str]]
    report: Report

    @property
    def by_file(self) -> Mapping[Path, list[Row]]:
        return {**self.trips, **self.calls}

    @property
    def stops(self) -> list[Row]:
        return [*chain(*self.trips.values())]

    @property
    def visits(self) -> list[Row]:
        return [*chain(*self.calls.values())]

    @property
    def all(self) -> list[Row]:
        return [*chain(*self.by_file.values())]

    @property
    def locales(self) -> tuple[tuple[str, str], ...]:
        """The pairs of a country and a locale field."""
        return tuple(sorted({(row.country, row.locale) for row in self.stops}))

    def labels(self) -> dict[str, Counter[str]]:
        """How often each country identifier goes by which name."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.all:
            found[row.country][row.country_name] += 1
        return found


def read_rows(known: Known, corrections: Corrections) -> AllRows:
    """Read the travels and visits that are configured.

    Raises:
        DataError: a file cannot be parsed at all.
    """
    report = Report("survey", known.leave_out)
    # What is wrong with a row is reported when its file is mapped.
    unheard = Report("", known.leave_out)
    travels, visits = known.paths.get("travels"), known.paths.get("visits")
    trips = {path: [*read_trips(path, name, unheard)] for path, name in trip_files(travels)}
    calls = {
        path: [*read_visits(path, name, unheard, corrections)] for path, name in visit_files(visits)
    }
    terms: tuple[Term, ...] = ()
    if travels and (listed := travels / "presidents" / "presidents.xml").exists():
        terms = tuple(read_presidents(listed, "travels/presidents/presidents.xml", report))
    before = {**_before(trips), **_before(calls)}
    return AllRows(_once(trips, before), _once(calls, before), terms, before, report)


def _before(files: Mapping[Path, list[Row]]) -> dict[Path, dict[Ref, str]]:
    """The rows of each file whose identifier stands in a file before it, with that file's name."""
    first: dict[Ref, Path] = {}
    found: dict[Path, dict[Ref, str]] = defaultdict(dict)
    for path, rows in files.items():
        for row in rows:
            if first.setdefault(row.ref, path) != path:
                found[path][row.ref] = f"{first[row.ref].parent.name}/{first[row.ref].name}"
    return found


def _once(
    files: Mapping[Path, list[Row]], before: Mapping[Path, Mapping[Ref, str]]
) -> dict[Path, list[Row]]:
    """The rows that are the first of their identifier."""
    return {
        path: [row for row in rows if row.ref not in before.get(path, ())]
        for path, rows in files.items()
    }


def country_labels(known: Known, rows: AllRows) -> Mapping[str, Counter[str]]:
    """The names of all countries that `rows` and the missions of POCOM speak of."""
    labels = rows.labels()
    if pocom := known.paths.get("pocom"):
        for path in pocom.glob("missions-countries/*.xml"):
            labels.setdefault(path.stem, Counter())
    return labels


def trip_files(root: Path | None) -> list[tuple[Path, str]]:
    """The files of travels in their order, each with what a reader calls it."""
    return _files(root, "travels", "*-travels/*.xml")


def visit_files(root: Path | None) -> list[tuple[Path, str]]:
    """The files of visits, likewise."""
    return _files(root, "visits", "data/*.xml")


def _files(root: Path | None, register: str, where: str) -> list[tuple[Path, str]]:
    paths = sorted(root.glob(where)) if root else []
    return [(path, f"{register}/{path.parent.name}/{path.name}") for path in paths]
