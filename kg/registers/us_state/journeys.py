"""Journeys: the stops that one traveller makes without coming home in between.

A row of the travels is a stop in one country. Stops belong to one journey where the next begins
at most one day after all earlier ones have ended: 77 of 100 stops begin on the day the last
ended or the day after, and the gaps beyond spread evenly. A stop that stands alone is no journey.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from kg.model.facts import Date, Ref
from kg.registers.us_state.hsg_rows import Row

MAX_GAP = 1


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
        return max(stop.end for stop in self.stops)


def find_journeys(rows: Iterable[Row]) -> Iterator[Journey]:
    """Join the stops of each traveller, whatever the order of `rows`."""
    by_traveller: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_traveller[row.who].append(row)
    for who in sorted(by_traveller):
        stops: list[Row] = []
        ended = date.min
        for row in sorted(by_traveller[who], key=lambda row: (row.start, row.end, row.ref)):
            if stops and (_day(row.start) - ended).days > MAX_GAP:
                yield from _journey(stops)
                stops = []
            ended = max(ended, _day(row.end)) if stops else _day(row.end)
            stops.append(row)
        yield from _journey(stops)


def _journey(stops: list[Row]) -> Iterator[Journey]:
    if len(stops) > 1:
        yield Journey(tuple(stops))


def _day(moment: Date) -> date:
    return date.fromisoformat(moment.iso)
