"""Periods that a reader can zoom through: all time, a decade, a year, a month; or any EDTF."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from rdflib.namespace import XSD
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from kg.model.dates import Bounds, Day, bounds, ordinal, read_date
from kg.model.rdf import Literal
from web.site.dates import date as shown

_DECADE = re.compile(r"(\d{3})0s\Z", re.ASCII)
_YEARS = re.compile(r"(\d{4})\s*[-\N{EN DASH}]\s*(\d{4})\Z", re.ASCII)
_ZOOMED = re.compile(r"(\d{3})(?:0s|\d(-\d\d)?)\Z", re.ASCII)
_BEFORE, _AFTER = Day(-999_999_999, 1, 1), Day(999_999_999, 12, 31)  # any that EDTF can write


@dataclass(frozen=True)
class Period:
    """What a reader wrote: EDTF, `2010s` or `2010-2016`; nothing is all time."""

    name: str = ""

    @classmethod
    def parse(cls, name: str) -> Period:
        """Read a period.

        Raises:
            ValueError: `name` is none.
        """
        period = cls(name)
        try:
            period.bounds  # noqa: B018 - reads the name
        except ValueError:
            allowed = "2010s, 2015, 2015-05, 2010-2016 or any other date or interval of EDTF"
            raise ValueError(f"found {name!r}; allowed: {allowed}") from None
        return period

    @classmethod
    def read(cls, given: MultiDict[str, str], name: str = "period") -> Period:
        """The period in a request's parameter of this name; all time where there is none.

        Raises:
            BadRequest: it cannot be read.
        """
        try:
            return cls.parse(given.get(name, "").strip())
        except ValueError as error:
            raise BadRequest(f"{name}: {error}") from error

    @cached_property
    def bounds(self) -> Bounds:
        """Its first and its last day, None where it is open."""
        text = _YEARS.sub(r"\1/\2", _DECADE.sub(r"\1X", self.name))
        return bounds(read_date(text)) if text else (None, None)

    @property
    def label(self) -> str:
        return shown(_YEARS.sub(r"\1/\2", self.name)) if self.name else "All"

    @property
    def first(self) -> Literal:
        """Its first day, as one to compare with."""
        return Literal(str(self.bounds[0] or _BEFORE), str(XSD.date))

    @property
    def last(self) -> Literal:
        """Its last day, likewise."""
        return Literal(str(self.bounds[1] or _AFTER), str(XSD.date))

    @property
    def path(self) -> tuple[Period, ...]:
        """The periods around it, the widest first, and itself."""
        zoomed = _ZOOMED.match(self.name)
        around = []
        if zoomed and not self.name.endswith("s"):
            around = [f"{zoomed[1]}0s", *([self.name[:4]] if zoomed[2] else [])]
        return tuple(map(Period, dict.fromkeys(["", *around, self.name])))

    @property
    def days(self) -> tuple[int, int] | None:
        """Its first day and the one after its last, as ordinals; None where one is open."""
        first, last = self.bounds
        return (ordinal(first), ordinal(last) + 1) if first and last else None


ALL = Period()
