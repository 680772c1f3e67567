"""Dates as sources give them, and the days that they may mean.

A `Date` is a day, a month or a year of the Gregorian calendar, for which XML Schema has types. An
`Edtf` is whatever else EDTF (ISO 8601-2:2019) can say at its levels 0 and 1 (`1964~`, `199X`,
`../1945`, `1943-21`, `2015-05-12T15:30:00`), or a date of the Julian calendar. Whoever compares
dates compares their `bounds`.

Years are astronomical, as in XML Schema 1.1 and ISO 8601: 0000 is 1 BCE, -0043 is 44 BCE.

Source: https://www.loc.gov/standards/datetime/ (levels 0 and 1); docs/dates.md explains.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple


class Day(NamedTuple):
    """A day of the proleptic Gregorian calendar. As text it is an `xsd:date`."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04}-{self.month:02}-{self.day:02}"


Bounds = tuple[Day | None, Day | None]  # the earliest and the latest day, both inclusive

_DATE = re.compile(r"(?!-0000)-?\d{4}(?:-[01]\d(?:-\d{2})?)?\Z", re.ASCII)
_MOMENT = re.compile(
    r"(?P<year>(?!-0000)-?\d{4}|-?\d\d[\dX]X|Y-?[1-9]\d{4,8})"
    r"(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?"
    r"(?:(?<=-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?"
    r"|(?P<mark>[?~%]))?\Z",
    re.ASCII,
)
_SEASONS = {"21": 2, "22": 5, "23": 8, "24": 11}  # months after January, as the north counts them
_CYCLE = 146_097  # days of 400 Gregorian years
_JULIAN_MARCH = -307  # the ordinal of 1 March of the year 0 in the Julian calendar


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar date as precisely as its source gives it: a year, a month or a day.

    Source: XML Schema 1.1 part 2, §3.3.9 (date), §3.3.10 (gYearMonth), §3.3.11 (gYear).
    """

    iso: str

    def __post_init__(self) -> None:
        if not _DATE.match(self.iso):
            raise ValueError(f"{self.iso!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
        _moment(self.iso)

    def __lt__(self, other: Date) -> bool:
        return _moment(self.iso) < _moment(other.iso)

    @property
    def precision(self) -> str:
        """`year`, `month` or `day`."""
        return {4: "year", 7: "month", 10: "day"}[len(self.iso.removeprefix("-"))]


@dataclass(frozen=True, slots=True)
class Edtf:
    """What no `Date` can say: an expression of EDTF, in the Julian calendar where `julian`."""

    text: str
    julian: bool = False

    def __post_init__(self) -> None:
        bounds(self)


def read_date(text: str, *, julian: bool = False) -> Date | Edtf:
    """What `text` says: a `Date` where one can say it, else an `Edtf`.

    Raises:
        ValueError: it is no EDTF of level 0 or 1, or there is no such day.
    """
    return Edtf(text, julian) if julian or not _DATE.match(text) else Date(text)


def bounds(value: Date | Edtf) -> Bounds:
    """The first and the last day that a date may mean; None where it is open or unknown.

    "About" (`~`, `%`) moves both by one of what the date counts in: a day, a month, a season, a
    year, ten of `199X`. Doubt (`?`) moves neither: who doubts a date does not say by how much.
    """
    if isinstance(value, Date):
        return _moment(value.iso)
    text, julian = value.text, value.julian
    first, slash, last = text.partition("/")
    if not slash:
        return _moment(text, julian)
    if {first, last} <= {"", ".."} or "T" in text:
        raise ValueError(f"{text!r} is no interval of dates, such as 1964/2008 or ../1945")
    start = None if first in {"", ".."} else _moment(first, julian)[0]
    end = None if last in {"", ".."} else _moment(last, julian)[1]
    if start and end and end < start:
        raise ValueError(f"{text!r} ends before it starts")
    return start, end


def ordinal(day: Day) -> int:
    """Days since 31 December of 1 BCE, as `date.toordinal` counts them; for any year."""
    return _first_of(day.year * 12 + day.month - 1, julian=False) + day.day - 1


def day_before(day: Day) -> Day:
    return _day(ordinal(day) - 1)


@lru_cache(maxsize=1 << 14)  # a day stands in many rows
def _moment(text: str, julian: bool = False) -> tuple[Day, Day]:
    """The bounds of what is no interval."""
    match = _MOMENT.match(text)
    if not match:
        raise ValueError(f"{text!r} is no date of EDTF, such as 1945, 1945-05~, 194X or ../1945")
    since, months = _months(text, match["year"].lstrip("Y"), match["month"])
    about = match["mark"] in {"~", "%"}
    day = match["day"] or "XX"
    if day == "XX":
        since, months = (since - months, months * 3) if about else (since, months)
        first, last = _first_of(since, julian), _first_of(since + months, julian) - 1
    else:
        first = last = _first_of(since, julian) + int(day) - 1
        if months > 1 or not _first_of(since, julian) <= first < _first_of(since + 1, julian):
            raise ValueError(f"{text!r} has no such day")
        first, last = first - about, last + about
    return _day(first), _day(last)


def _months(text: str, year: str, month: str | None) -> tuple[int, int]:
    """How many months after January of the year 0 it begins, and how many it may mean."""
    years = sorted(int(year.replace("X", digit)) for digit in "09")
    since, months = years[0] * 12, (years[1] - years[0] + 1) * 12
    if month is None:
        return since, months
    if "X" in year or not ("01" <= month <= "12" or month in _SEASONS or month == "XX"):
        raise ValueError(f"{text!r} has no such month")
    if month == "XX":
        return since, months
    return (since + _SEASONS[month], 3) if month in _SEASONS else (since + int(month) - 1, 1)


def _first_of(month: int, julian: bool) -> int:
    """The ordinal of the first day of a month that is counted from January of the year 0."""
    if julian:  # reckoned in years that begin in March, so that the leap day comes last
        year, since_march = divmod(month - 2, 12)
        return 365 * year + year // 4 + (153 * since_march + 2) // 5 + _JULIAN_MARCH
    cycles, year = divmod(month // 12 - 1, 400)
    return date(year + 1, month % 12 + 1, 1).toordinal() + cycles * _CYCLE


def _day(number: int) -> Day:
    cycles, rest = divmod(number - 1, _CYCLE)
    found = date.fromordinal(rest + 1)
    return Day(found.year + 400 * cycles, found.month, found.day)
