"""Periods of the calendar that a reader can zoom through: all, a decade, a year, a month."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from web.site.dates import date as shown

_NAME = re.compile(r"(\d{3})0s\Z|(\d{4})(?:-(0[1-9]|1[0-2]))?\Z")


@dataclass(frozen=True, slots=True)
class Period:
    """A decade (`2010s`), a year (`2015`), a month (`2015-05`), or all time (empty)."""

    name: str = ""

    @classmethod
    def parse(cls, name: str) -> Period:
        """Read a period.

        Raises:
            ValueError: `name` is none.
        """
        if name and not _NAME.match(name):
            raise ValueError(f"found {name!r}; allowed: 2010s, 2015 or 2015-05")
        return cls(name)

    @property
    def label(self) -> str:
        if not self.name:
            return "All"
        return self.name if self.name.endswith("s") else shown(self.name)

    @property
    def first(self) -> str:
        """The least text of a date in it, as ISO 8601 writes dates."""
        return self.name.removesuffix("s")

    @property
    def last(self) -> str:
        """A text above each date in it and below each date after it."""
        if not self.name:
            return "~"
        return (self.name[:3] if self.name.endswith("s") else self.name) + "~"

    @property
    def parent(self) -> Period | None:
        if not self.name:
            return None
        if len(self.name) == 7:
            return Period(self.name[:4])
        return Period() if self.name.endswith("s") else Period(f"{self.name[:3]}0s")

    @property
    def path(self) -> tuple[Period, ...]:
        """The periods around it, the widest first, and itself."""
        return (*self.parent.path, self) if self.parent else (self,)

    @property
    def days(self) -> tuple[int, int]:
        """Its first day and the one after its last, as ordinals of the proleptic calendar."""
        if self.name.endswith("s"):
            year = int(self.first)
            return _day(year, 1), _day(min(year + 10, 9999), 1)
        return span(self.name)

    def bins(self) -> Iterator[Period]:
        """The next finer periods in it; none of all time and none of a month."""
        if self.name.endswith("s"):
            yield from (Period(f"{self.name[:3]}{digit}") for digit in range(10))
        elif len(self.name) == 4:
            yield from (Period(f"{self.name}-{month:02}") for month in range(1, 13))


def span(iso: str) -> tuple[int, int]:
    """The days that an ISO date of any precision may mean: the first, and the one after the last.

    Raises:
        ValueError: it is no date.
    """
    year, month, day = (int(part) for part in (*iso[:10].split("-"), "0", "0")[:3])
    if not month:
        return _day(year, 1), _day(year + 1, 1)
    first = _day(year, month)
    if day:
        return date(year, month, day).toordinal(), date(year, month, day).toordinal() + 1
    return first, first + calendar.monthrange(year, month)[1]


def _day(year: int, month: int) -> int:
    return date(year, month, 1).toordinal() if year <= 9999 else date.max.toordinal()


ALL = Period()
