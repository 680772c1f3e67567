"""A period in the words of a search: `12 May 2015`, `may 2015`, `2010-2016`, `1980s`."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Mapping
from datetime import date

from kg.store.search import fold

_MONTHS = [name.lower() for name in month_name[1:]]
_NUMBERS = {name[:3]: number for number, name in enumerate(_MONTHS, 1)}
_MONTH = "|".join(f"{name}|{name[:3]}" for name in _MONTHS)
_YEAR = r"(?:1[5-9]|20)\d\d"
_SPAN = re.compile(rf"\b(?P<since>{_YEAR})\s*(?:-|–|/|to|until)\s*(?P<until>{_YEAR})\b")
_ISO = re.compile(rf"\b(?P<year>{_YEAR})-(?P<number>\d\d)(?:-(?P<day>\d\d?))?\b")
_DAY = re.compile(rf"\b(?P<day>\d\d?)\.?\s+(?P<month>{_MONTH})\.?,?\s+(?P<year>{_YEAR})\b")
_AMERICAN = re.compile(
    rf"\b(?P<month>{_MONTH})\.?\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>{_YEAR})\b"
)
_OF_A_YEAR = re.compile(rf"\b(?P<month>{_MONTH})\.?,?\s+(?P<year>{_YEAR})\b")
_DECADE = re.compile(rf"\b(?P<decade>{_YEAR[:-2]}0)s\b")
_ALONE = re.compile(rf"\b(?P<year>{_YEAR})\b")
# The first that is there; a year alone comes last.
_PERIODS = (_SPAN, _ISO, _DAY, _AMERICAN, _OF_A_YEAR, _DECADE, _ALONE)


def period(query: str) -> tuple[str, str]:
    """The period that a search names, as an address has it, and the other words; empty, where it
    names none.
    """
    text = fold(query)
    for form in _PERIODS:
        found = form.search(text)
        name = _written(found.groupdict()) if found else ""
        if found and name:
            return name, f"{text[: found.start()]} {text[found.end() :]}".strip()
    return "", query


def _written(found: Mapping[str, str | None]) -> str:
    if since := found.get("since"):
        until = found.get("until") or ""
        return f"{since}/{until}" if since <= until else ""
    if decade := found.get("decade"):
        return f"{decade}s"
    year, month, day = found.get("year") or "", found.get("month"), found.get("day")
    number = found.get("number") or (month and f"{_NUMBERS[month[:3]]:02}")
    if not number:
        return year
    try:
        first = date(int(year), int(number), int(day or 1)).isoformat()
    except ValueError:
        return ""
    return first if day else first[:7]
