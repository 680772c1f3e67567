"""Which values can stand beside one another: the same, one within the other, dates that overlap,
counts of different things.

Each question is answered for one value against all at once, never pair by pair.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from kg.judgement.world import Containment
from kg.model.dates import Date, Day, Edtf, bounds
from kg.model.facts import Quantity, Value

_DAWN, _DUSK = Day(-999_999_999, 1, 1), Day(999_999_999, 12, 31)
_TIME = ("time", "")


class Interval(NamedTuple):
    """From where to where a value may lie, both inclusive, on which scale."""

    scale: tuple[str, str]
    first: tuple[int | Decimal, ...]
    last: tuple[int | Decimal, ...]


def interval(value: Value) -> Interval | None:
    """The days that a date may mean, the numbers that a quantity may; None for other values."""
    if isinstance(value, Quantity):
        least, most = value.bounds
        return Interval(value.kind, (least,), (most,))
    if isinstance(value, Date | Edtf):
        first, last = bounds(value)
        return Interval(_TIME, first or _DAWN, last or _DUSK)
    return None


class _Spans:
    """Intervals of one scale."""

    def __init__(self, intervals: Iterable[Interval]) -> None:
        self.all = sorted(intervals)
        self._firsts = [each.first for each in self.all]
        self._lasts = sorted(each.last for each in self.all)
        # The latest end among the spans up to each, the earliest among those from each on.
        self._reach = list(accumulate((each.last for each in self.all), max))
        self._ends = list(accumulate((each.last for each in reversed(self.all)), min))[::-1]

    def overlapping(self, span: Interval) -> int:
        before = bisect_left(self._lasts, span.first)
        after = len(self._firsts) - bisect_right(self._firsts, span.last)
        return len(self.all) - before - after

    def finer(self, span: Interval) -> bool:
        """Whether one of them lies within `span` and is not it."""
        start = bisect_left(self._firsts, span.first)
        if start < len(self.all) and self.all[start] < span and span.first == self._firsts[start]:
            return True
        later = bisect_right(self.all, span)
        return later < len(self.all) and self._ends[later] <= span.last

    def cover(self, span: Interval) -> bool:
        """Whether `span` lies within one of them."""
        begun = bisect_right(self._firsts, span.first)
        return begun > 0 and self._reach[begun - 1] >= span.last


class Values:
    """Some different values, to be asked how another one fits among them."""

    def __init__(self, values: Iterable[Value], containment: Containment) -> None:
        self._within = containment
        self._all = frozenset(values)
        self._parts: Counter[Value] = Counter(
            above for each in self._all for above in containment.above(each)
        )
        scales: dict[tuple[str, str], list[Interval]] = defaultdict(list)
        for span in filter(None, map(interval, self._all)):
            scales[span.scale].append(span)
        self._spans = {scale: _Spans(each) for scale, each in scales.items()}

    def agreeing(self, value: Value) -> int:
        """How many of them `value` can stand beside, itself among them: 84 votes for a motion say
        nothing of the votes against.
        """
        if span := interval(value):
            return sum(
                each.overlapping(span) if scale == span.scale else len(each.all)
                for scale, each in self._spans.items()
            )
        wholes = sum(each in self._all for each in self._within.above(value))
        return (value in self._all) + self._parts[value] + wholes

    def clash(self, value: Value) -> bool:
        """Whether one of them cannot be so where `value` is."""
        return self.agreeing(value) < len(self._all)

    def finer(self, value: Value) -> bool:
        """Whether one of them says the same as `value`, only more exactly."""
        if span := interval(value):
            return span.scale in self._spans and self._spans[span.scale].finer(span)
        return self._parts[value] > 0

    def lie_within(self, value: Value) -> bool:
        """Whether one of them is `value`, or lies within it."""
        return value in self._all or self.finer(value)

    def cover(self, value: Value) -> bool:
        """Whether `value` is one of them, or lies within one."""
        if span := interval(value):
            return span.scale in self._spans and self._spans[span.scale].cover(span)
        return value in self._all or any(each in self._all for each in self._within.above(value))
