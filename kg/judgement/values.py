"""Which values can stand beside one another: the same, one within the other, dates that overlap.

Each question is answered for one value against all at once, never pair by pair.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate

from kg.judgement.world import Containment
from kg.model.dates import Date, Day, Edtf, bounds
from kg.model.facts import Value

Interval = tuple[Day, Day]
_DAWN, _DUSK = Day(-999_999_999, 1, 1), Day(999_999_999, 12, 31)


def interval(value: Value) -> Interval | None:
    """The first and the last day that a date may mean; None for what is no date."""
    if not isinstance(value, Date | Edtf):
        return None
    first, last = bounds(value)
    return first or _DAWN, last or _DUSK


class Values:
    """Some different values, to be asked how another one fits among them."""

    def __init__(self, values: Iterable[Value], containment: Containment) -> None:
        self._within = containment
        self._all = frozenset(values)
        self._parts: Counter[Value] = Counter(
            above for each in self._all for above in containment.above(each)
        )
        spans = sorted(span for each in self._all if (span := interval(each)))
        self._spans = spans
        self._firsts = [first for first, _ in spans]
        self._lasts = sorted(last for _, last in spans)
        # The latest end among the spans up to each, the earliest among those from each on.
        self._reach = list(accumulate((last for _, last in spans), max))
        self._ends = list(accumulate((last for _, last in reversed(spans)), min))[::-1]

    def agreeing(self, value: Value) -> int:
        """How many of them `value` can stand beside, itself among them."""
        span = interval(value)
        if span:
            first, last = span
            before = bisect_left(self._lasts, first)
            after = len(self._firsts) - bisect_right(self._firsts, last)
            return len(self._spans) - before - after
        wholes = sum(each in self._all for each in self._within.above(value))
        return (value in self._all) + self._parts[value] + wholes

    def clash(self, value: Value) -> bool:
        """Whether one of them cannot be so where `value` is."""
        return self.agreeing(value) < len(self._all)

    def finer(self, value: Value) -> bool:
        """Whether one of them says the same as `value`, only more exactly."""
        span = interval(value)
        if span is None:
            return self._parts[value] > 0
        first, last = span
        start = bisect_left(self._firsts, first)
        if start < len(self._spans) and self._spans[start] < span and first == self._firsts[start]:
            return True
        later = bisect_right(self._spans, span)
        return later < len(self._spans) and self._ends[later] <= last

    def lie_within(self, value: Value) -> bool:
        """Whether one of them is `value`, or lies within it."""
        return value in self._all or self.finer(value)

    def cover(self, value: Value) -> bool:
        """Whether `value` is one of them, or lies within one."""
        span = interval(value)
        if span is None:
            return value in self._all or any(
                each in self._all for each in self._within.above(value)
            )
        begun = bisect_right(self._firsts, span[0])
        return begun > 0 and self._reach[begun - 1] >= span[1]
