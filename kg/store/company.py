"""Who was at what happened, and when: for the page of somebody or of a place.

Reads the tables of `kg.store.happenings`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kg.store.happenings import Value
from kg.store.selection import Selection, marks, where
from kg.store.tables import connect

# The roles of who is there, and of the facet that says who met whom.
_PRESENT = "('Actor', 'Partner', 'Counterpart')"
_YEAR = "(start_earliest + 100000000) / 10000 - 10000"


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody at the same happenings: at how many, and at how many in each year."""

    value: Value
    times: int
    years: dict[int, int]


def company(path: Path, chosen: Selection, own: str, most: int) -> tuple[Companion, ...]:
    """Those who are at most of the chosen happenings, but for `own`, a ref."""
    sql, given = where(chosen)
    times = Counter[int]()
    years: dict[int, Counter[int]] = defaultdict(Counter)
    with closing(connect(path)) as tables:
        found = tables.execute(
            f"WITH s AS MATERIALIZED ({sql}) SELECT v.thing, {_YEAR}, count(DISTINCT s.id) "
            "FROM s JOIN happening USING (id) CROSS JOIN value AS v ON v.happening = s.id "
            f"WHERE v.facet IN (SELECT id FROM facet WHERE role IN {_PRESENT}) GROUP BY 1, 2",
            given,
        )
        for thing, year, number in found:
            times[thing] += number
            if year is not None:
                years[thing][year] += number
        values = {
            row[0]: Value(*row[1:])
            for row in tables.execute(
                f"SELECT * FROM thing WHERE ref <> ? AND id IN ({marks([*times])})", [own, *times]
            )
        }
    ordered = sorted(values, key=lambda each: (-times[each], each))[:most]
    return tuple(
        Companion(values[each], times[each], dict(sorted(years[each].items()))) for each in ordered
    )
