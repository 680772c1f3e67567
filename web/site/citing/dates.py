"""Dates of EDTF as CSL has them (CSL-JSON, "date-variable"), and as BibTeX and RIS do."""

from __future__ import annotations

import re
from typing import Any

from web.site.dates import date

_MOMENT = re.compile(
    r"(?P<year>-?\d{4}|Y-?\d{5,9})(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?(?:T\S*)?"
    r"(?P<mark>[?~%])?\Z",
    re.ASCII,
)
_SEASONS = range(21, 25)


def csl_date(text: str) -> dict[str, Any]:
    """`2015-05-12` → `{"date-parts": [[2015, 5, 12]]}`; what date-parts cannot say is a literal,
    in the words of our pages.
    """
    first, slash, last = text.partition("/")
    if not slash:
        return _single(first) or {"literal": date(text)}
    start, end = _single(first), _single(last)
    if not start or not end or "season" in start | end:
        return {"literal": date(text)}  # open ends too, over which citeproc-js stumbles
    doubt = {"circa": True} if "circa" in start | end else {}
    return {"date-parts": start["date-parts"] + end["date-parts"], **doubt}


def _single(text: str) -> dict[str, Any]:
    """One date; empty where it is none, or leaves digits of its year open."""
    match = _MOMENT.match(text)
    if not match:
        return {}
    year = int(match["year"].lstrip("Y"))
    parts = [year if year > 0 else year - 1]  # CSL counts as historians do: -1 is 1 BC
    month, day = match["month"] or "", match["day"] or ""
    doubt = {"circa": True} if match["mark"] else {}
    if month.isdecimal() and int(month) in _SEASONS:
        return {"date-parts": [parts], "season": int(month) - 20, **doubt}
    if month.isdecimal():
        parts += [int(month), *([int(day)] if day.isdecimal() else [])]
    return {"date-parts": [parts], **doubt}


def year_of(text: str) -> str:
    """The year of a date that has one after Christ, for formats that know no other."""
    found = re.match(r"\d{4}(?![\dX])", text)
    return found[0] if found and found[0] != "0000" else ""


def ris_date(text: str) -> str:
    """`YYYY/MM/DD/other`, as RIS has it (tag DA): what no calendar date says is "other"."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    if found and year_of(text) and int(found[2] or 1) <= 12:
        return "/".join([*(each or "" for each in found.groups()), ""])
    return f"{year_of(text)}///{date(text)}"
