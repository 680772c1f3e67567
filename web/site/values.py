"""Literals as people read them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

from markupsafe import escape
from rdflib.namespace import XSD

from kg.model.rdf import Literal

CUT = 2_000  # characters of a literal that a page shows; the data has the rest
_DATE = re.compile(r"(-?\d{4,})(?:-(\d\d)(?:-(\d\d))?)?")
_MONTHS = tuple(calendar.month_name)  # each look-up there formats a date
_CALENDAR = {str(XSD.date), str(XSD.gYearMonth), str(XSD.gYear), str(XSD.dateTime)}


@dataclass(frozen=True, slots=True)
class Words:
    """A literal, ready to be shown.

    `machine` is the form for `<time datetime>`, empty where the literal is no date; `cut` counts
    the characters that are left out.
    """

    text: str
    language: str = ""
    machine: str = ""
    cut: int = 0

    def __html__(self) -> str:
        if self.machine:
            return f'<time datetime="{escape(self.machine)}">{escape(self.text)}</time>'
        language = f' lang="{escape(self.language)}"' if self.language else ""
        more = f" … {self.cut:,} more characters in the data" if self.cut else ""
        note = f'<span class="note">{more}</span>' if more else ""
        return f"<bdi{language}>{escape(self.text)}</bdi>{note}"


def words(literal: Literal) -> Words:
    if literal.datatype in _CALENDAR:
        return Words(date(literal.value), machine=literal.value)
    if literal.datatype == str(XSD.boolean):
        return Words("yes" if literal.value in ("true", "1") else "no")
    text = literal.value[:CUT]
    return Words(text, literal.language, cut=len(literal.value) - len(text))


def plural(noun: str) -> str:
    """Several of what the English `noun` names: `votes`, `parties`, `churches`."""
    if re.search(r"[^aeiou]y\Z", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(?:s|x|z|ch|sh)\Z", noun) else f"{noun}s"


def date(iso: str) -> str:
    """`2015-05-12` → `12 May 2015`, `2015-05` → `May 2015`; what is no date stays as it is."""
    match = _DATE.match(iso)
    if not match:
        return iso[:CUT]
    year, month, day = match.groups()
    if not month or not 1 <= int(month) <= 12:
        return year
    return f"{int(day)} {_month(month)} {year}" if day else f"{_month(month)} {year}"


def untold(label: str, when: str) -> str:
    """`when`, unless the label has its year already."""
    return "" if when[-4:] in label else when


def period(start: str, end: str | None) -> str:
    """Two dates as one: `12-13 May 2015`, with en dashes."""
    if not end or start == end:
        return date(start)
    # En dashes, as print has them between numbers; a year that both share is said once.
    if len(start) == len(end) == 10 and start[:7] == end[:7]:
        return f"{int(start[8:])}\N{EN DASH}{date(end)}"
    if start[:4] == end[:4] and len(start) > 4 and len(end) > 4:
        return f"{date(start)[:-5]} \N{EN DASH} {date(end)}"
    return f"{date(start)} \N{EN DASH} {date(end)}"


def _month(number: str) -> str:
    return _MONTHS[int(number)]
