"""Literals as people read them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import escape
from rdflib.namespace import XSD

from kg.model.namespaces import CLM, EDTF
from kg.model.rdf import Literal
from web.site.dates import CUT, date

_JULIAN = str(CLM.julianDate)
DATES = {*map(str, (XSD.date, XSD.gYearMonth, XSD.gYear, XSD.dateTime)), EDTF, _JULIAN}
_MACHINE = re.compile(r"\d{4}(?:-(?:0\d|1[0-2])(?:-\d\d(?:T\S+)?)?)?\Z", re.ASCII)  # HTML §4.5.14


@dataclass(frozen=True, slots=True)
class Words:
    """A literal, ready to be shown.

    `machine` is the form for `<time datetime>`, empty where the literal is no date; `cut` counts
    the characters that are left out. `href` leads from a date to what else was then.
    """

    text: str
    language: str = ""
    machine: str = ""
    cut: int = 0
    href: str = ""

    def __html__(self) -> str:
        if self.machine:
            told = f'<time datetime="{escape(self.machine)}">{escape(self.text)}</time>'
            return self._linked(told)
        language = f' lang="{escape(self.language)}"' if self.language else ""
        more = f" … {self.cut:,} more characters in the data" if self.cut else ""
        note = f'<span class="note">{more}</span>' if more else ""
        return self._linked(f"<bdi{language}>{escape(self.text)}</bdi>{note}")

    def _linked(self, told: str) -> str:
        return f'<a href="{escape(self.href)}">{told}</a>' if self.href else told


def words(literal: Literal) -> Words:
    if literal.datatype in DATES:
        note = julian(literal)
        machine = literal.value if _MACHINE.match(literal.value) and not note else ""
        return Words(f"{date(literal.value)}{note}", machine=machine)
    if literal.datatype == str(XSD.boolean):
        return Words("yes" if literal.value in ("true", "1") else "no")
    text = literal.value[:CUT]
    return Words(text, literal.language, cut=len(literal.value) - len(text))


def julian(date: Literal) -> str:
    """What is to be said of a date in another calendar than ours."""
    return " (Julian)" if date.datatype == _JULIAN else ""
