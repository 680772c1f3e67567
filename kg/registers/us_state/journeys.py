"""Journeys: the stops that one traveller makes without coming home in between.

A row of the travels is a stop in one country. Which gaps between stops are time at home, `gaps.py`
tells. A stop that stands alone is no journey.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kg.model.facts import Date, Ref
from kg.registers.us_state.gaps import Where, days_between, is_one
from kg.registers.us_state.hsg_rows import Row


@dataclass(frozen=True, slots=True)
class Journey:
    """Two stops or more, in the order of travel."""

    stops: tuple[Row, ...]

    @property
    def ref(self) -> Ref:
        """Named after its first stop, which no later row can change."""
        return Ref(f"visit/travels-journey-{self.stops[0].ref.slug.partition('/')[2]}")

    @property
    def start(self) -> Date:
        return self.stops[0].start

    @property
    def end(self) -> Date:
        return max((stop.end for stop in self.stops), key=lambda end: end.iso)


@dataclass(frozen=True, slots=True)
class Journeys:
    """The journeys, and the gaps of which nothing tells whether they are time at home."""

    all: tuple[Journey, ...]
    unsure: tuple[tuple[Row, Row], ...]


def find_journeys(
    rows: Iterable[Row], where: Where, decided: Mapping[tuple[Ref, Ref], bool]
) -> Journeys:
    """Join the stops of each traveller, whatever the order of `rows`.

    `decided` are gaps between two stops of which a person has said whether they are one journey.
    """
    by_traveller: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_traveller[row.who].append(row)
    found: list[list[Row]] = []
    unsure = []
    for who in sorted(by_traveller):
        last: Row | None = None
        for row in sorted(by_traveller[who], key=lambda row: (row.start.iso, row.end.iso, row.ref)):
            one: bool | None = False
            if last is not None:
                days = days_between(date.fromisoformat(last.end.iso), row)
                one = decided.get((last.ref, row.ref), is_one(last, row, days, where))
                if one is None:
                    unsure.append((last, row))
            if one:
                found[-1].append(row)
            else:
                found.append([row])
            # A stop within a longer one does not end the journey.
            if last is None or not one or row.end.iso >= last.end.iso:
                last = row
    return Journeys(tuple(_journeys(found)), tuple(unsure))


def _journeys(found: Iterable[list[Row]]) -> Iterator[Journey]:
    """Those of two stops or more, without the remarks, of which nobody needs more."""
    for stops in found:
        if len(stops) > 1:
            yield Journey(tuple(row._replace(note="") for row in stops))
