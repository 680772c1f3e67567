"""Dates in labels, as English reference works write them: "12–13 May 2015"."""

from __future__ import annotations

from functools import lru_cache

from kg.model.facts import Date

# Those of `calendar` follow the locale.
_NAMES = """
    January February March April May June July August September October November December"""
_MONTHS = _NAMES.split()


@lru_cache(maxsize=1 << 14)  # a row's dates stand in several labels
def in_words(date: Date) -> str:
    """One date, as precisely as it is known."""
    year, _, rest = date.iso.partition("-")
    month, _, day = rest.partition("-")
    name = _MONTHS[int(month) - 1] if month else ""
    return " ".join(part for part in (str(int(day)) if day else "", name, year) if part)


def span(start: Date, end: Date) -> str:
    """A span, without repeating the month or year that both ends share."""
    if start == end:
        return in_words(start)
    first, last = in_words(start).split(), in_words(end).split()
    shared = 0
    while shared < min(len(first), len(last)) - 1 and first[-1 - shared] == last[-1 - shared]:
        shared += 1
    first = first[: len(first) - shared]
    dash = "–" if len(first) == 1 and len(last) - shared == 1 else " – "
    return f"{' '.join(first)}{dash}{' '.join(last)}"


def date_or_words(text: str) -> Date | str:
    """The date that a column holds, or what stands there instead."""
    try:
        return Date(text)
    except ValueError:
        return text
