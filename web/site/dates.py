"""Dates as people read them: EDTF of the levels 0 and 1 (docs/sheets.md)."""

from __future__ import annotations

import calendar
import re

CUT = 2_000  # characters of a literal that a page shows; the data has the rest
_MONTHS = tuple(calendar.month_name)  # each look-up there formats a date
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
# More lenient than kg.model.dates, which refuses: what a column holds is shown as far as it can be.
_PLAIN = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?\Z", re.ASCII)
_MOMENT = re.compile(
    r"(?P<year>-?\d{4,9}|-?\d\d[\dX]X|Y-?\d{5,9})(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?"
    r"(?:T(?P<time>\d\d:\d\d)\S*)?(?P<mark>[?~%])?\Z",
    re.ASCII,
)
_OPEN = ("", "..")


def date(text: str) -> str:
    """`2015-05-12` → `12 May 2015`, `1964~` → `about 1964`, `-0043` → `44 BC`; what is no date
    stays as it is.
    """
    first, slash, last = text.partition("/")
    if not slash or "/" in last:
        return _moment(text)
    if first in _OPEN or last in _OPEN:
        return f"until {_moment(last)}" if first in _OPEN else f"from {_moment(first)}"
    return period(first, last)


def period(start: str, end: str | None = None) -> str:
    """Two dates as one: `12-13 May 2015`, with en dashes."""
    if not end or start == end:
        return date(start)
    if not (_PLAIN.match(start) and _PLAIN.match(end)):
        return f"{date(start)} \N{EN DASH} {date(end)}"
    # En dashes, as print has them between numbers; a year that both share is said once.
    if len(start) == len(end) == 10 and start[:7] == end[:7]:
        return f"{int(start[8:])}\N{EN DASH}{date(end)}"
    year = f" {date(start[:4])}"
    if start[:4] == end[:4] and len(start) > 4 and len(end) > 4:
        return f"{date(start).removesuffix(year)} \N{EN DASH} {date(end)}"
    return f"{date(start)} \N{EN DASH} {date(end)}"


def dated(text: str) -> str:
    """A date as a sentence has it: `on 12 May 2015`, `in May 2015`, `in or after May 2015`."""
    first, slash, last = text.partition("/")
    if slash and (first in _OPEN or last in _OPEN):
        bound, side = (last, "before") if first in _OPEN else (first, "after")
        return f"{dated(bound).partition(' ')[0]} or {side} {date(bound)}"
    told = date(text)
    if slash:
        return f"between {date(first)} and {date(last)}"
    if told.startswith("about "):
        return told
    decade = "the " if told.endswith("0s") else ""
    return f"{'on' if told[:1].isdigit() and ' ' in told else 'in'} {decade}{told}"


def lasting(days: int) -> str:
    """How long so many days are, as people say it: `47 days`, `3 years, 11 months`."""
    if days < 60:
        return f"{days} day{'s' if days != 1 else ''}"
    months = int(days / 30.436875 + 0.05)  # the last day of a term is a day short of its month
    told = ((months // 12, "year"), (months % 12, "month"))
    return ", ".join(f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in told if count)


def untold(label: str, when: str) -> str:
    """`when`, unless the label has its year already."""
    return "" if when[-4:] in label else when


def _moment(text: str) -> str:
    match = _MOMENT.match(text)
    if not match:
        return text[:CUT]
    month, day, mark = _month(match["month"] or ""), match["day"] or "", match["mark"]
    parts = [day.lstrip("0") if month and day.isdecimal() else "", month, _year(match["year"])]
    about, doubt = ("about" if mark in ("~", "%") else ""), mark in ("?", "%")
    told = " ".join(filter(None, [about, *parts])) + (f", {match['time']}" if match["time"] else "")
    return f"{told} (uncertain)" if doubt else told


def _month(number: str) -> str:
    known = number.isdecimal() and int(number) < len(_MONTHS)
    return _MONTHS[int(number)] if known else _SEASONS.get(number, "")


def _year(text: str) -> str:
    """An astronomical year as historians count: 0000 is 1 BC."""
    if "X" in text:
        digits = "90" if text[0] == "-" else "09"
        first, last = (_year(text.replace("X", digit)) for digit in digits)
        return f"{first}s" if text.count("X") == 1 and text[0] != "-" else f"{first} to {last}"
    year = int(text.lstrip("Y"))
    return str(year) if year > 0 else f"{1 - year} BC"
