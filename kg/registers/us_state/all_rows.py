"""All rows of travels and visits, read before any is mapped, and the places that they name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from kg.model.sources import Known
from kg.registers.us_state.corrections import Corrections
from kg.registers.us_state.gazetteer import Gazetteer
from kg.registers.us_state.hsg_rows import Row, Term, read_presidents, read_trips, read_visits
from kg.registers.us_state.xml_rows import Report


@dataclass(frozen=True, slots=True)
class AllRows:
    """The rows of all files of travels and visits, and the places of the world as they name them.

    `terms` are those of the presidents.
    """

    trips: Mapping[Path, list[Row]]
    calls: Mapping[Path, list[Row]]
    terms: tuple[Term, ...]
    countries: frozenset[str]
    locales: tuple[tuple[str, str], ...]
    gazetteer: Gazetteer
    corrections: Corrections
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


@lru_cache(maxsize=1)
def read_rows(known: Known) -> AllRows:
    """Read the travels and visits that are configured.

    Raises:
        DataError: a file cannot be parsed at all.
    """
    corrections = Corrections.load(known.corrections)
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
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for row in chain(*trips.values(), *calls.values()):
        labels[row.country][row.country_name] += 1
    countries = frozenset(labels)
    if pocom := known.paths.get("pocom"):
        for path in pocom.glob("missions-countries/*.xml"):
            labels.setdefault(path.stem, Counter())
    gazetteer = Gazetteer(known, corrections, labels)
    locales = tuple(sorted({(row.country, row.locale) for row in chain(*trips.values())}))
    gazetteer.locate(locales)
    return AllRows(trips, calls, terms, countries, locales, gazetteer, corrections, report)


def trip_files(root: Path | None) -> list[Path]:
    return [] if root is None else sorted(root.glob("*-travels/*.xml"))


def visit_files(root: Path | None) -> list[Path]:
    return [] if root is None else sorted(root.glob("data/*.xml"))
