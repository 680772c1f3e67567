"""Reads the tables of what happens that a release carries (`kg.build.publish.happenings`).

A `Selection` is what a reader chooses by: kinds, values of facets, a period. Its happenings are
listed, and counted by each facet and by time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from kg.model.dates import Bounds
from kg.store.selection import Selection, day_number, day_of, marks, where

# Days are numbers that read as they sort: 20150512, of 44 BCE -429685. A thing is numbered in the
# order of the names that lists order by, a happening in that of time. `ref` names a thing in
# addresses. `sums` are happenings that are the sum of parts of their own kind, as a journey is of
# its stops; `whole` is what any other is part of. A value is `stated`, or follows from others;
# of the happening 0 are all that a facet can have, whatever has them.
SCHEMA = """
CREATE TABLE thing (
    id INTEGER PRIMARY KEY, ref TEXT, iri TEXT, label TEXT, language TEXT,
    latitude REAL, longitude REAL
);
CREATE INDEX thing_by_ref ON thing (ref);
CREATE TABLE happening (
    id INTEGER PRIMARY KEY, thing INTEGER, kind INTEGER, status INTEGER,
    start_earliest INTEGER, start_latest INTEGER, end_earliest INTEGER, end_latest INTEGER,
    begins TEXT, ends TEXT, lasting INTEGER, records TEXT, whole INTEGER, sums INTEGER
);
CREATE INDEX happening_by_thing ON happening (thing);
CREATE INDEX happening_by_day ON happening (start_earliest % 10000)
    WHERE start_earliest = start_latest;
CREATE TABLE facet (id INTEGER PRIMARY KEY, name TEXT, role TEXT);
CREATE TABLE value (
    happening INTEGER, facet INTEGER, thing INTEGER, stated INTEGER,
    PRIMARY KEY (happening, facet, thing)
) WITHOUT ROWID;
CREATE INDEX value_by_thing ON value (facet, thing, happening);
CREATE TABLE around (inner INTEGER, outer INTEGER, PRIMARY KEY (inner, outer)) WITHOUT ROWID;
"""
ACCEPTED, DISPUTED = "accepted", "disputed"  # of the facet of standing, beside what became of it

_FAR = 10**12
_YEAR = "(({} + 100000000) / 10000 - 10000)"  # which cuts toward zero below it
_MONTH = "(({} + 100000000) / 100 - 1000000)"


class Value(NamedTuple):
    """A thing that something is chosen by; in degrees of WGS 84 where it lies, if it is a place."""

    ref: str
    iri: str
    label: str
    language: str
    latitude: float | None
    longitude: float | None


class Count(NamedTuple):
    """How many happenings have a value."""

    value: Value
    times: int


class Counts(NamedTuple):
    """Values of a facet that a selection has, the most frequent first; it has `number` of them."""

    values: tuple[Count, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Happening:
    """One row. `start` and `end` are its bounds, `begins` and `ends` its dates as they are stated;
    `lasting` says that the first is a beginning. `records` are refs of the rows that tell of it,
    `values` what it is chosen by, by facet.
    """

    thing: Value
    kind: Value
    status: Value | None
    start: Bounds
    end: Bounds
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    lasting: bool
    records: tuple[str, ...]
    values: dict[str, tuple[Value, ...]]


class Happenings:
    """One connection to the tables of one release."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._tables = connection

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Happenings]:
        """Open the tables at `path`. They never change, so neither locks nor checks are needed."""
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            yield cls(connection)
        finally:
            connection.close()

    def total(self, chosen: Selection) -> int:
        """How many happenings are chosen."""
        sql, given = where(chosen)
        return int(self._tables.execute(f"SELECT count(*) FROM ({sql})", given).fetchone()[0])

    def facets(self, chosen: Selection, names: Sequence[str], most: int = 10) -> dict[str, Counts]:
        """The values of facets with how many happenings have them: of one that is chosen by, those
        that there would be without it.
        """
        own = [name for name, _ in chosen.chosen if name in names]
        found = {name: self._count(chosen.without(name), [name]).get(name, []) for name in own}
        found |= self._count(chosen, [name for name in names if name not in own])
        return {name: self._counts(found.get(name, []), most) for name in names}

    def rows(
        self,
        chosen: Selection,
        *,
        order: str = "",
        backwards: bool = False,
        start: int = 0,
        size: int = 50,
    ) -> tuple[Happening, ...]:
        """Happenings in order of time, or of the names of their values of the facet `order`."""
        sql, given = where(chosen)
        way = "DESC" if backwards else "ASC"
        by = f"id {way}"
        if order:
            by = (
                "(SELECT min(thing) FROM value WHERE happening = s.id AND facet = "
                f"(SELECT id FROM facet WHERE name = ?)) {way} NULLS LAST, id"
            )
            given = [*given, order]
        ids = self._tables.execute(
            f"SELECT id FROM ({sql}) AS s ORDER BY {by} LIMIT ? OFFSET ?", [*given, size, start]
        )
        return self._happenings([each for (each,) in ids])

    def per_year(self, chosen: Selection) -> dict[int, int]:
        """How many may have been going on in each year; what has no end, in those it began in."""
        return self._per(chosen, _YEAR)

    def per_month(self, chosen: Selection) -> dict[int, int]:
        """As `per_year`; May 2015 is 201505."""
        return self._per(chosen, _MONTH)

    def known(self, facet: str, refs: Sequence[str]) -> dict[str, Value]:
        """Those of `refs` that the facet has, by ref."""
        found = self._tables.execute(
            "SELECT * FROM thing "
            f"WHERE ref IN ({marks(refs)}) AND EXISTS (SELECT 1 FROM value WHERE thing = thing.id "
            "AND facet = (SELECT id FROM facet WHERE name = ?))",
            [*refs, facet],
        )
        return {row[1]: Value(*row[1:]) for row in found}

    def _per(self, chosen: Selection, unit: str) -> dict[int, int]:
        sql, given = where(chosen)
        since = unit.format("coalesce(start_earliest, start_latest)")
        until = unit.format("coalesce(end_latest, start_latest, start_earliest)")
        step = 10_000 if unit is _YEAR else 100
        least = day_number(chosen.first) // step if chosen.first else -_FAR
        most = day_number(chosen.last) // step if chosen.last else _FAR
        found: dict[int, int] = {}
        for first, last, times in self._tables.execute(
            f"SELECT {since}, {until}, count(*) FROM ({sql}) AS s JOIN happening USING (id) "
            "WHERE coalesce(start_earliest, start_latest) NOT NULL GROUP BY 1, 2 ORDER BY 1, 2",
            given,
        ):
            for each in range(max(first, least), min(last, most) + 1):
                if unit is _YEAR or 1 <= each % 100 <= 12:
                    found[each] = found.get(each, 0) + times
        return dict(sorted(found.items()))

    def _count(self, chosen: Selection, names: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """The numbers of values with how many have them, by facet, the most frequent first."""
        sql, given = where(chosen)
        found: dict[str, list[tuple[int, int]]] = {}
        for name, thing, times in self._tables.execute(
            f"WITH s AS MATERIALIZED ({sql}) SELECT name, thing, count(*) AS times "
            "FROM s CROSS JOIN value ON happening = s.id JOIN facet ON facet.id = facet "
            f"WHERE name IN ({marks(names)}) GROUP BY facet, thing ORDER BY times DESC, thing",
            [*given, *names],
        ):
            found.setdefault(name, []).append((thing, times))
        return found

    def _counts(self, found: list[tuple[int, int]], most: int) -> Counts:
        values = self._values([thing for thing, _ in found[:most]])
        return Counts(
            tuple(Count(values[thing], times) for thing, times in found[:most]), len(found)
        )

    def _values(self, ids: Sequence[int]) -> dict[int, Value]:
        found = self._tables.execute(f"SELECT * FROM thing WHERE id IN ({marks(ids)})", ids)
        return {row[0]: Value(*row[1:]) for row in found}

    def _happenings(self, ids: Sequence[int]) -> tuple[Happening, ...]:
        values: dict[int, dict[str, list[int]]] = {each: {} for each in ids}
        for each, name, thing in self._tables.execute(
            "SELECT happening, name, thing FROM value JOIN facet ON facet.id = facet "
            f"WHERE happening IN ({marks(ids)}) AND (stated OR role IN ('Office', 'Principal')) "
            "ORDER BY happening, facet, thing",
            ids,
        ):
            values[each].setdefault(name, []).append(thing)
        rows = self._tables.execute(
            "SELECT id, thing, kind, status, begins, ends, lasting, records, start_earliest, "
            f"start_latest, end_earliest, end_latest FROM happening WHERE id IN ({marks(ids)})",
            ids,
        ).fetchall()
        wanted = {thing for of in values.values() for some in of.values() for thing in some}
        wanted |= {thing for row in rows for thing in row[1:4] if thing is not None}
        names = self._values(sorted(wanted))
        made = {row[0]: _happening(row, values[row[0]], names) for row in rows}
        return tuple(made[each] for each in ids)


def _happening(
    row: Sequence[Any], values: dict[str, list[int]], names: dict[int, Value]
) -> Happening:
    _, thing, kind, status, begins, ends, lasting, records, *bounds = row
    days = [None if each is None else day_of(each) for each in bounds]
    return Happening(
        thing=names[thing],
        kind=names[kind],
        status=names.get(status),
        start=(days[0], days[1]),
        end=(days[2], days[3]),
        begins=tuple(begins.split()),
        ends=tuple(ends.split()),
        lasting=bool(lasting),
        records=tuple(records.split()),
        values={name: tuple(names[each] for each in some) for name, some in values.items()},
    )
