"""All rows of travels and visits, read before any is mapped."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kg.model.sources import Known
from kg.registers.us_state.corrections import Corrections
from kg.registers.us_state.hsg_rows import Row, Term, read_presidents, read_trips, read_visits
from kg.registers.us_state.xml_rows import Report


@dataclass(frozen=True, slots=True)
class AllRows:
    """The rows of all files of travels and visits. `terms` are those of the presidents."""

    trips: Mapping[Path, list[Row]]
    calls: Mapping[Path, list[Row]]
    terms: tuple[Term, ...]
    report: Report

    @property
    def by_file(self) -> Mapping[Path, list[Row]]:
        return {**self.trips, **self.calls}

    @property
    def stops(self) -> list[Row]:
        return [*chain(*self.trips.values())]

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
    report = Report("survey")
    travels, visits = known.paths.get("travels"), known.paths.get("visits")
    trips = {path: [*read_trips(path, path.name, Report(""))] for path in trip_files(travels)}
    calls = {
        path: [*read_visits(path, path.name, Report(""), corrections)]
        for path in visit_files(visits)
    }
    terms: tuple[Term, ...] = ()
    if travels and (listed := travels / "presidents" / "presidents.xml").exists():
        terms = tuple(read_presidents(listed, listed.name, report))
    return AllRows(trips, calls, terms, report)


def country_labels(known: Known, rows: AllRows) -> Mapping[str, Counter[str]]:
    """The names of all countries that `rows` and the missions of POCOM speak of."""
    labels = rows.labels()
    if pocom := known.paths.get("pocom"):
        for path in pocom.glob("missions-countries/*.xml"):
            labels.setdefault(path.stem, Counter())
    return labels


def trip_files(root: Path | None) -> list[Path]:
    return [] if root is None else sorted(root.glob("*-travels/*.xml"))


def visit_files(root: Path | None) -> list[Path]:
    return [] if root is None else sorted(root.glob("data/*.xml"))
