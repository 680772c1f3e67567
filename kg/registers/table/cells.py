"""Cells as typed values, by the datatypes of CSVW.

Source: Metadata Vocabulary for Tabular Data §5.11.1 (built-in datatypes), Model for Tabular Data
§6.4.2 to §6.4.8 (formats).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType

from kg.model.facts import Date, Text, Url, Value
from kg.model.iris import is_iri, is_slug
from kg.model.texts import fault_in_words

# The fields of a date's pattern (Unicode TR35, as §6.4.4 takes them) as regular expressions.
_FIELDS = MappingProxyType(
    {
        "yyyy": r"(?P<year>\d{4})",
        "MM": r"(?P<month>\d{2})",
        "M": r"(?P<month>\d{1,2})",
        "dd": r"(?P<day>\d{2})",
        "d": r"(?P<day>\d{1,2})",
    }
)
_PATTERN = re.compile("yyyy|MM|M|dd|d|[^A-Za-z]")


class BadCell(Exception):
    """A cell that its column does not allow; the text says what is allowed."""


@dataclass(frozen=True, slots=True)
class Datatype:
    """What stands in a column: `base` is a built-in datatype, `format` its notation.

    A number's format is its decimal character and its grouping character.
    """

    base: str = "string"
    format: str | tuple[str, str] = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    def value(self, text: str, language: str) -> Value:
        """The value of a cell that is not empty.

        Raises:
            BadCell: it is none of this datatype.
        """
        return BASES[self.base](text, self, language)


def _string(text: str, kind: Datatype, language: str) -> Value:
    if fault := fault_in_words(text):
        raise BadCell(fault.allowed)
    if kind.format and not re.fullmatch(str(kind.format), text):
        raise BadCell(f"text of the format {kind.format}")
    return Text(text, language) if language else text


def _number(text: str, kind: Datatype, _: str) -> Decimal:
    mark, group = kind.format if isinstance(kind.format, tuple) else (".", "")
    plain = text.replace(group, "") if group else text
    try:
        number = Decimal(plain.replace(mark, ".") if mark != "." else plain)
    except InvalidOperation:
        raise BadCell(f"a number of the datatype {kind.base}") from None
    if not number.is_finite() or "_" in plain:
        raise BadCell(f"a number of the datatype {kind.base}")
    least, most = kind.minimum, kind.maximum
    if (least is not None and number < least) or (most is not None and number > most):
        bounds = [f"at least {least}"] * (least is not None) + [f"at most {most}"] * (
            most is not None
        )
        raise BadCell(f"a number of {' and '.join(bounds)}")
    return number


def _integer(text: str, kind: Datatype, language: str) -> int:
    number = _number(text, kind, language)
    if number != number.to_integral_value():
        raise BadCell("a whole number")
    return int(number)


def _boolean(text: str, kind: Datatype, _: str) -> bool:
    yes, _, no = str(kind.format or "true|false").partition("|")
    allowed = (
        {yes: True, no: False}
        if kind.format
        else {"true": True, "1": True, "false": False, "0": False}
    )
    if text not in allowed:
        raise BadCell(f"{yes} or {no}")
    return allowed[text]


def _date(text: str, kind: Datatype, _: str) -> Date:
    pattern = str(kind.format or _DEFAULTS[kind.base])
    match = date_pattern(pattern).fullmatch(text)
    if not match:
        raise BadCell(f"a date as {pattern}")
    parts = match.groupdict()
    iso = "-".join(parts[name].zfill(2) for name in ("year", "month", "day") if name in parts)
    try:
        return Date(iso)
    except ValueError as error:
        raise BadCell(f"a date that exists, as {pattern} ({error})") from None


def _url(text: str, _kind: Datatype, _: str) -> Url:
    if not is_iri(text):
        raise BadCell("an absolute http(s) IRI")
    return Url(text)


def _token(text: str, _kind: Datatype, _: str) -> str:
    if not is_slug(text):
        raise BadCell("an identifier of letters, digits, '.', '_' and '-'")
    return text


@lru_cache
def date_pattern(pattern: str) -> re.Pattern[str]:
    """The regular expression of a date's format.

    Raises:
        ValueError: the format has other fields than year, month and day.
    """
    fields = _PATTERN.findall(pattern)
    if "".join(fields) != pattern or "yyyy" not in fields:
        raise ValueError(pattern)
    return re.compile("".join(_FIELDS.get(each, re.escape(each)) for each in fields), re.ASCII)


_DEFAULTS = {"date": "yyyy-MM-dd", "gYearMonth": "yyyy-MM", "gYear": "yyyy"}
BASES: Mapping[str, Callable[[str, Datatype, str], Value]] = MappingProxyType(
    {
        "string": _string,
        "integer": _integer,
        "decimal": _number,
        "number": _number,
        "double": _number,
        "float": _number,
        "boolean": _boolean,
        "date": _date,
        "gYearMonth": _date,
        "gYear": _date,
        "anyURI": _url,
        "NMTOKEN": _token,
    }
)
