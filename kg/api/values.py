"""Terms of RDF as values of Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from rdflib.namespace import XSD

from kg.model.rdf import Literal, Term


class Iri(str):
    """What names a thing, as a str.

    >>> Iri("http://localhost:8000/id/place/sochi").local
    'sochi'
    """

    __slots__ = ()

    @property
    def local(self) -> str:
        """Its last part."""
        return self.rstrip("/#").replace("#", "/").rpartition("/")[2]


class Text(str):
    """Words, as a str that knows its `language`; empty where none is given."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str = "") -> Text:
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # of a str with more
        return str(self), self.language


Value = Iri | Text | str | int | float | Decimal | bool | date | datetime

_WHOLE = ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")
_READ: Mapping[str, Callable[[str], Value]] = {
    **{str(XSD[each]): int for each in _WHOLE},
    str(XSD.boolean): lambda text: text in ("true", "1"),
    str(XSD.date): date.fromisoformat,
    str(XSD.dateTime): datetime.fromisoformat,
    str(XSD.decimal): Decimal,
    str(XSD.double): float,
    str(XSD.float): float,
}


def value_of(term: Term) -> Value:
    """`term` in Python. What has no type there, as a year or a day before Christ, stays a str.

    >>> value_of(Literal("2015-05-12", "http://www.w3.org/2001/XMLSchema#date"))
    datetime.date(2015, 5, 12)
    >>> value_of(Literal("-0044-03-15", "http://www.w3.org/2001/XMLSchema#date"))
    '-0044-03-15'
    >>> value_of(Literal("Сочи", language="ru")).language
    'ru'
    """
    if not isinstance(term, Literal):
        return Iri(term)
    if term.language:
        return Text(term.value, term.language)
    read = _READ.get(term.datatype)
    try:
        return read(term.value) if read else term.value
    except (ValueError, InvalidOperation):
        return term.value
