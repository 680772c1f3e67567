"""Reads the tables of what happens that a release carries (`kg.build.publish.happenings`).

A `Selection` is what a reader chooses by: kinds, values of facets, a period. Its happenings are
listed, and counted by each facet and by time.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from kg.model.dates import Bounds
from kg.store.selection import Selection, day_number, day_of, marks, where
from kg.store.tables import Tables

# Days are numbers that read as they sort: 20150512, of 44 BCE -429685. A thing is numbered in the
# order of the names that lists order by, a happening in that of time. `ref` names a thing in
# addresses. `sums` are happenings that are the sum of parts of their own kind, as a journey is of
# its stops; `whole` is what any other is part of. A value is `stated`, or follows from others;
# of the happening 0 are all that a facet can have, whatever has them. `total` has the counts of
# all of some kinds, `land` the territory of states that there are today.
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
CREATE INDEX value_by_thing ON value (thing, facet, happening);
CREATE TABLE total (
    kinds TEXT, facet INTEGER, thing INTEGER, times INTEGER, PRIMARY KEY (kinds, facet, thing)
) WITHOUT ROWID;
CREATE TABLE land (place INTEGER, state INTEGER, PRIMARY KEY (place, state)) WITHOUT ROWID;
CREATE TABLE around (inner INTEGER, outer INTEGER, PRIMARY KEY (inner, outer)) WITHOUT ROWID;
"""
ACCEPTED, DISPUTED = "accepted", "disputed"  # of the facet of standing, beside what became of it

_LONG_AGO = -(10**14)
_THING = (1 << 32) - 1  # the numbers of things, below those of facets
_OF_FACET = (
    "SELECT thing FROM value WHERE happening = 0 "
    "AND facet = (SELECT id FROM facet WHERE name = :facet)"
)
_HAS_FACET = (
    "EXISTS (SELECT 1 FROM value WHERE thing = thing.id "
    "AND facet = (SELECT id FROM facet WHERE name = ?))"
)
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

    @property
    def year(self) -> int | None:
        """The year in which it began, at the earliest."""
        day = self.start[0] or self.start[1]
        return day.year if day else None


class Happenings(Tables):
    """One connection to the tables of one release."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._sets: dict[Selection, str] = {}

    def total(self, chosen: Selection) -> int:
        """How many happenings are chosen."""
        found = self._tables.execute(f"SELECT count(*) FROM {self._chosen(chosen)}")
        return int(found.fetchone()[0])

    def facets(
        self,
        chosen: Selection,
        names: Sequence[str],
        most: int = 10,
        whole: int = 0,
        inside: Mapping[str, str] = MappingProxyType({}),
    ) -> dict[str, Counts]:
        """The `most` frequent values of facets, or all where there are up to `whole`, with how many
        happenings have them; of one that is chosen by, those that there would be without it. Of a
        facet in `inside` those that lie directly in that place, or, where it is empty, in none.
        """
        own = [name for name, _ in chosen.chosen if name in names]
        found = {name: self._count(chosen.without(name), [name]).get(name, []) for name in own}
        found |= self._count(chosen, [name for name in names if name not in own])
        for name, ref in inside.items():
            keep = self._directly_in(ref)
            found[name] = [each for each in found.get(name, []) if keep(each[0])]
        return {name: self._counts(found.get(name, []), most, whole) for name in names}

    def lacking(self, chosen: Selection, facet: str) -> tuple[Value, ...]:
        """What a facet can have, and nothing that is chosen has; in the order of names. A state
        on whose territory of today something chosen was is none of them, whosever it was then.
        """
        among = f"happening IN (SELECT id FROM {self._chosen(chosen)})"
        found = self._tables.execute(
            f"SELECT * FROM thing WHERE id IN ({_OF_FACET}) AND id NOT IN (SELECT thing FROM value "
            f"WHERE facet = (SELECT id FROM facet WHERE name = :facet) AND {among}) "
            "AND NOT ((SELECT role FROM facet WHERE name = :facet) = 'Recipient' AND id IN ("
            f"SELECT land.state FROM value JOIN land ON land.place = value.thing WHERE {among})) "
            "ORDER BY id",
            {"facet": facet},
        )
        return tuple(Value(*row[1:]) for row in found)

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
        way, given = "DESC" if backwards else "ASC", []
        by = f"id {way}"
        if order:
            by = (
                "(SELECT min(thing) FROM value WHERE happening = s.id AND facet = "
                f"(SELECT id FROM facet WHERE name = ?)) {way} NULLS LAST, id"
            )
            given = [order]
        ids = self._tables.execute(
            f"SELECT id FROM {self._chosen(chosen)} AS s ORDER BY {by} LIMIT ? OFFSET ?",
            [*given, size, start],
        )
        return self._happenings([each for (each,) in ids])

    def per_year(self, chosen: Selection) -> dict[int, int]:
        """How many begin in each year, at the earliest; what began before the period, in its first.

        The sum is that of all with a date.
        """
        return self._per(chosen, _YEAR)

    def per_month(self, chosen: Selection) -> dict[int, int]:
        """As `per_year`; May 2015 is 201505."""
        return self._per(chosen, _MONTH)

    def known(self, facet: str, refs: Sequence[str]) -> dict[str, Value]:
        """Those of `refs` that the facet has, by ref."""
        found = self._tables.execute(
            f"SELECT * FROM thing WHERE ref IN ({marks(refs)}) AND {_HAS_FACET}",
            [*refs, facet],
        )
        return {row[1]: Value(*row[1:]) for row in found}

    def values(self, facet: str) -> tuple[Value, ...]:
        """All that a facet can have, in the order of names."""
        found = self._tables.execute(
            f"SELECT * FROM thing WHERE id IN ({_OF_FACET}) ORDER BY id", {"facet": facet}
        )
        return tuple(Value(*row[1:]) for row in found)

    def called(self, facet: str, name: str) -> Value | None:
        """The value of a facet with this name or slug; of several the one that more have."""
        found = self._tables.execute(
            f"SELECT * FROM thing WHERE id IN ({_OF_FACET}) "
            "AND (label = :name COLLATE NOCASE OR ref LIKE :slug ESCAPE '\\') "
            "ORDER BY (SELECT count(*) FROM value WHERE thing = thing.id AND facet = "
            "(SELECT id FROM facet WHERE name = :facet)) DESC, id",
            {"facet": facet, "name": name, "slug": "%/" + re.sub(r"([\\%_])", r"\\\1", name)},
        ).fetchone()
        return Value(*found[1:]) if found else None

    def _directly_in(self, ref: str) -> Callable[[int], bool]:
        """Whether a place lies in the one of that ref, with none between; or in none at all."""
        if not ref:
            lying = {each for (each,) in self._tables.execute("SELECT inner FROM around")}
            return lambda each: each not in lying
        inner = (
            "SELECT inner FROM around JOIN thing ON thing.id = outer WHERE ref = ? AND NOT EXISTS ("
            "SELECT 1 FROM around AS one JOIN around AS other ON other.inner = one.outer "
            "WHERE one.inner = around.inner AND other.outer = around.outer)"
        )
        return {each for (each,) in self._tables.execute(inner, [ref])}.__contains__

    def _chosen(self, chosen: Selection) -> str:
        """The table of the numbers of what is chosen, made once."""
        if chosen not in self._sets:
            name = f"temp.chosen{len(self._sets)}"
            sql, given = where(chosen)
            self._tables.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY)")
            self._tables.execute(f"INSERT INTO {name} {sql}", given)
            self._sets[chosen] = name
        return self._sets[chosen]

    def _per(self, chosen: Selection, unit: str) -> dict[int, int]:
        first = day_number(chosen.first) if chosen.first else _LONG_AGO
        begun = unit.format("max(coalesce(start_earliest, start_latest), ?)")
        found = self._tables.execute(
            f"SELECT {begun}, count(*) FROM {self._chosen(chosen)} JOIN happening USING (id) "
            "WHERE coalesce(start_earliest, start_latest) NOT NULL GROUP BY 1 ORDER BY 1",
            [first],
        )
        return dict(found.fetchall())

    def _count(self, chosen: Selection, names: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """The numbers of values with how many have them, by facet, the most frequent first."""
        facets = f"facet IN (SELECT id FROM facet WHERE name IN ({marks(names)}))"
        kinds = " ".join(chosen.kinds)
        known = self._tables.execute("SELECT 1 FROM total WHERE kinds = ? LIMIT 1", [kinds])
        if chosen == Selection(chosen.kinds, joined=True) and known.fetchone():
            counted = self._tables.execute(
                f"SELECT facet, thing, times FROM total WHERE {facets} AND kinds = ?",
                [*names, kinds],
            ).fetchall()
        else:
            # SQLite would sort all pairs to count them; as text they are counted in half the time.
            # Where most facets are wanted (+), all of a happening are read at once.
            (pairs,) = self._tables.execute(
                f"SELECT group_concat((facet << 32) + thing) FROM {self._chosen(chosen)} AS s "
                f"CROSS JOIN value ON happening = s.id WHERE {'+' * (len(names) > 2)}{facets}",
                names,
            ).fetchone()
            each = Counter(pairs.split(",") if pairs else ()).items()
            counted = [(int(key) >> 32, int(key) & _THING, times) for key, times in each]
        called = dict(self._tables.execute("SELECT id, name FROM facet"))
        found: dict[str, list[tuple[int, int]]] = {}
        for facet, thing, times in sorted(counted, key=lambda each: (-each[2], each[1])):
            found.setdefault(called[facet], []).append((thing, times))
        return found

    def _counts(self, found: list[tuple[int, int]], most: int, whole: int) -> Counts:
        most = len(found) if len(found) <= whole else most
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
