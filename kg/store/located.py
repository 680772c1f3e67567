"""Where what is chosen happens: places with positions, countries without, and what is nowhere.

Reads the tables of `kg.store.happenings`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from json import loads

from kg.store.happenings import Count, Value
from kg.store.selection import Selection, marks, where
from kg.store.tables import Tables

_PLACES = "(SELECT min(id) FROM facet WHERE role = 'Location')"


@dataclass(frozen=True, slots=True)
class Located:
    """`placed` have positions, `others` none, both with how many happen there, the most first.
    `within` are positions of places in those others: latitude and longitude. `nowhere` happen at no
    known place, of which there are `lost`.
    """

    placed: tuple[Count, ...]
    others: tuple[Count, ...]
    within: dict[str, tuple[tuple[float, float], ...]]
    nowhere: tuple[Value, ...]
    lost: int


class Places(Tables):
    """One connection to the tables of one release."""

    def located(self, chosen: Selection, listed: int = 100) -> Located:
        """Where the chosen happen; of those that are nowhere, the first `listed`."""
        sql, given = where(chosen)
        found = self._tables.execute(
            f"WITH s AS MATERIALIZED ({sql}) SELECT thing, count(*), "
            "json_group_array(s.id) FILTER (WHERE thing IS NULL) FROM s "
            f"LEFT JOIN value ON happening = s.id AND facet = {_PLACES} AND stated GROUP BY thing",
            given,
        ).fetchall()
        times = {place: number for place, number, _ in found}
        lost = sorted(each for place, _, some in found if place is None for each in loads(some))
        places = sorted(each for each in times if each is not None)
        things = self._tables.execute(
            f"SELECT * FROM thing WHERE id IN ({marks(places)}) ORDER BY id", places
        )
        counts = [Count(Value(*row[1:]), times[row[0]]) for row in things]
        counts.sort(key=lambda each: -each.times)
        others = tuple(each for each in counts if each.value.latitude is None)
        nowhere = self._tables.execute(
            "SELECT thing.* FROM thing JOIN happening ON thing = thing.id "
            f"WHERE happening.id IN ({marks(lost[:listed])}) ORDER BY happening.id",
            lost[:listed],
        )
        return Located(
            placed=tuple(each for each in counts if each.value.latitude is not None),
            others=others,
            within=self._within([each.value.ref for each in others]),
            nowhere=tuple(Value(*row[1:]) for row in nowhere),
            lost=len(lost),
        )

    def _within(self, refs: Sequence[str]) -> dict[str, tuple[tuple[float, float], ...]]:
        found: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for ref, latitude, longitude in self._tables.execute(
            "SELECT wide.ref, near.latitude, near.longitude FROM thing AS wide "
            "JOIN around ON outer = wide.id JOIN thing AS near ON near.id = inner "
            f"WHERE near.latitude NOT NULL AND wide.ref IN ({marks(refs)}) ORDER BY 1, 2, 3",
            refs,
        ):
            found[ref].append((latitude, longitude))
        return {ref: tuple(positions) for ref, positions in found.items()}
