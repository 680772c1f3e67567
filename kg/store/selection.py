"""What a reader chooses among what happens, as a query of the tables (`kg.store.happenings`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.model.dates import Day


@dataclass(frozen=True, slots=True)
class Selection:
    """What is chosen; empty fields leave everything in.

    `kinds` are refs of classes. `chosen` has refs of values by facet, of which a happening has one
    of each facet. `first` and `last` are days between which it may have been going on. `about` is
    who had a part in it or where it was; `parties` all had one, or it was in their name. `day` is
    one of any year, 512 for 12 May, on which it surely began; what is `dated` has a day on which it
    is said to begin or to be. What is the sum of parts of its own kind is not counted beside them,
    unless `wholes`; where they are `joined`, nor is a part of another kind beside its whole.
    """

    kinds: tuple[str, ...] = ()
    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    first: Day | None = None
    last: Day | None = None
    about: str = ""
    parties: tuple[str, ...] = ()
    day: int = 0
    dated: bool = False
    wholes: bool = False
    joined: bool = False

    def without(self, facet: str) -> Selection:
        return replace(self, chosen=tuple(each for each in self.chosen if each[0] != facet))


def day_number(day: Day) -> int:
    """A day as the tables have it."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_of(number: int) -> Day:
    """The day that such a number is."""
    return Day(number // 10_000, number // 100 % 100, number % 100)


def where(chosen: Selection) -> tuple[str, list[object]]:
    """The query of the numbers of what is chosen, and its values."""
    tests = list(_tests(chosen))
    text = " AND ".join(each for each, _ in tests) or "1"
    return f"SELECT id FROM happening AS h WHERE {text}", [one for _, some in tests for one in some]


def _tests(chosen: Selection) -> Iterator[tuple[str, Sequence[object]]]:
    """What holds of each that is chosen, with values."""
    kinds = f"IN (SELECT id FROM thing WHERE ref IN ({marks(chosen.kinds)}))"
    if chosen.kinds:
        yield f"kind {kinds}", chosen.kinds
    for name, refs in chosen.chosen:
        yield _having("name = ?", refs), [name, *refs]
    if chosen.about:
        parts = _having("role <> '' AND (stated OR role = 'Location')", (chosen.about,))
        yield parts, [chosen.about]
    for each in chosen.parties:
        parts = "role NOT IN ('', 'Location', 'Office', 'Holder')"
        parts += " AND (stated OR role IN ('Principal', 'Counterpart'))"
        yield _having(parts, (each,)), [each]
    yield from _times(chosen)
    if not chosen.wholes:
        yield "NOT sums", []
    if chosen.joined:
        other = f"NOT w.kind {kinds}" if chosen.kinds else "0"
        yield (
            "(whole IS NULL OR EXISTS (SELECT 1 FROM happening AS w "
            f"WHERE w.id = h.whole AND (w.kind = h.kind OR {other})))",
            chosen.kinds,
        )


def _times(chosen: Selection) -> Iterator[tuple[str, Sequence[object]]]:
    """The same of when it was."""
    if chosen.day:  # the index of such days serves
        yield "start_earliest = start_latest AND start_earliest % 10000 = ?", [chosen.day]
    if chosen.dated:
        yield "begins <> ''", []
    if chosen.first or chosen.last:
        yield "coalesce(start_earliest, start_latest, end_earliest, end_latest) NOT NULL", []
    if chosen.last:
        yield "coalesce(start_earliest <= ?, 1)", [day_number(chosen.last)]
    if chosen.first:
        yield "coalesce(end_latest >= ?, 1)", [day_number(chosen.first)]


def _having(facets: str, refs: Sequence[str]) -> str:
    # In this order, since the index of values begins with facet and thing.
    return (
        "id IN (SELECT happening FROM facet CROSS JOIN thing AS t CROSS JOIN value "
        "ON value.facet = facet.id AND value.thing = t.id "
        f"WHERE {facets} AND t.ref IN ({marks(refs)}))"
    )


def marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
