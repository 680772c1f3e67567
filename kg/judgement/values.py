"""Which values can stand beside one another: the same, one within the other, spans that overlap.

Each question is answered for one value against all at once, never pair by pair.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from kg.judgement.world import Containment
from kg.model.dates import Date, Day, Edtf, bounds
from kg.model.facts import Quantity, Value

Span = tuple[Any, Any]  # the least and the most that a value may mean
Kind = tuple[str, ...]  # of spans that can be compared
_DATES: Kind = ("date",)
NEVER = Day(-999_999_999, 1, 1), Day(999_999_999, 12, 31)  # before the first, after the last day


def span(value: Value) -> tuple[Day, Day] | None:
    """The first and the last day that a date may mean; None for what is no date."""
    if not isinstance(value, Date | Edtf):
        return None
    first, last = bounds(value)
    return first or NEVER[0], last or NEVER[1]


def measured(value: Value) -> tuple[Kind, Span] | None:
    """What a date or a quantity may mean, and with which others it can be compared: 84 votes with
    85 votes, not with 3 abstentions. None for what is no matter of more or less.
    """
    if days := span(value):
        return _DATES, days
    return (value.kind, value.bounds) if isinstance(value, Quantity) else None


class Spans:
    """Some spans of one kind, to be asked how another one lies among them."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.all: Sequence[Span] = sorted(spans)
        self._firsts = [first for first, _ in self.all]
        self._lasts = sorted(last for _, last in self.all)
        # The latest end among the spans up to each, the earliest among those from each on.
        self._reach = list(accumulate((last for _, last in self.all), max))
        self._ends = list(accumulate((last for _, last in reversed(self.all)), min))[::-1]

    def overlapping(self, span: Span) -> int:
        """How many share a point with `span`."""
        first, last = span
        before = bisect_left(self._lasts, first)
        after = len(self._firsts) - bisect_right(self._firsts, last)
        return len(self.all) - before - after

    def finer(self, span: Span) -> bool:
        """Whether one lies within `span` and is not the same."""
        first, last = span
        start = bisect_left(self._firsts, first)
        if start < len(self.all) and self.all[start] < span and first == self._firsts[start]:
            return True
        later = bisect_right(self.all, span)
        return later < len(self.all) and bool(self._ends[later] <= last)

    def cover(self, span: Span) -> bool:
        """Whether `span` lies within one, or is one."""
        begun = bisect_right(self._firsts, span[0])
        return begun > 0 and bool(self._reach[begun - 1] >= span[1])


class Values:
    """Some different values, to be asked how another one fits among them."""

    def __init__(self, values: Iterable[Value], containment: Containment) -> None:
        self._within = containment
        self._all = frozenset(values)
        self._parts: Counter[Value] = Counter(
            above for each in self._all for above in containment.above(each)
        )
        kinds: dict[Kind, list[Span]] = defaultdict(list)
        for each in self._all:
            if found := measured(each):
                kinds[found[0]].append(found[1])
        self._spans = {kind: Spans(spans) for kind, spans in kinds.items()}

    def agreeing(self, value: Value) -> int:
        """How many of them `value` can stand beside and be compared with, itself among them."""
        if found := measured(value):
            return self._spans.get(found[0], _NONE).overlapping(found[1])
        wholes = sum(each in self._all for each in self._within.above(value))
        return (value in self._all) + self._parts[value] + wholes

    def clash(self, value: Value) -> bool:
        """Whether one of them cannot be so where `value` is."""
        return self.agreeing(value) < self._comparable(value)

    def exclude(self, value: Value) -> bool:
        """Whether none of them can be so where `value` is."""
        return self.clash(value) and not self.agreeing(value)

    def _comparable(self, value: Value) -> int:
        found = measured(value)
        return len(self._spans.get(found[0], _NONE).all if found else self._all)

    def finer(self, value: Value) -> bool:
        """Whether one of them says the same as `value`, only more exactly."""
        if found := measured(value):
            return self._spans.get(found[0], _NONE).finer(found[1])
        return self._parts[value] > 0

    def lie_within(self, value: Value) -> bool:
        """Whether one of them is `value`, or lies within it."""
        return value in self._all or self.finer(value)

    def cover(self, value: Value) -> bool:
        """Whether `value` is one of them, or lies within one."""
        if found := measured(value):
            return self._spans.get(found[0], _NONE).cover(found[1])
        return value in self._all or any(each in self._all for each in self._within.above(value))


_NONE = Spans(())
