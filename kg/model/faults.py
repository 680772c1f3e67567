"""What a fact may not hold, whoever made it: a sheet, a table, a source of one's own.

Whether its property and its types are declared is for the ontology to say; here is what no graph
can hold or show.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from kg.model import limits
from kg.model.facts import (
    Claim,
    Concept,
    Date,
    Document,
    Edtf,
    Entity,
    Fact,
    Quantity,
    Record,
    Ref,
    Text,
    Url,
    Value,
)
from kg.model.iris import is_absolute, is_ref
from kg.model.texts import Fault, fault_in_prose, fault_in_words, is_language


class FieldFault(NamedTuple):
    """A fault of a fact: in which of its fields, or of which property's value."""

    field: str
    fault: Fault


def faults(fact: Fact) -> Iterator[FieldFault]:
    """All that is wrong with a fact, by field."""
    for field, value, most in _values(fact):
        if fault := fault_in(value, most):
            yield FieldFault(field, fault)
    if isinstance(fact, Document) and (fault := fault_in_prose(fact.text or "")):
        yield FieldFault("text", fault)


def fault_in(value: Value, most: int = limits.WORDS) -> Fault | None:
    """What is wrong with one value; words may have `most` characters."""
    # The commonest first: a build asks this of every value.
    if isinstance(value, Ref):
        if len(value) <= limits.REF and is_ref(value):
            return None
        return Fault(_short(value), f"TYPE/SLUG of at most {limits.REF} characters")
    if isinstance(value, Text):
        if is_language(value.language):
            return fault_in_words(value.value, most)
        return Fault(_short(value.language), "a language tag (BCP 47), such as ru or zh-Hant")
    if isinstance(value, Url):
        if len(value) <= limits.IRI and is_absolute(value):
            return None
        return Fault(_short(value), f"an http(s) IRI of at most {limits.IRI} characters")
    if isinstance(value, (Concept, Date, Edtf, bool)):
        return None
    if isinstance(value, Quantity):
        return fault_in_number(value.number) or fault_in(Text(str(value), value.language), most)
    if isinstance(value, str):
        return fault_in_words(value, most)
    return fault_in_number(value)


def fault_in_number(number: Decimal | int) -> Fault | None:
    """Whether the store can hold a number; an exponent can stand for a billion digits."""
    if isinstance(number, int):
        return None if abs(number) < 10**limits.DIGITS else _too_long("a whole number")
    if not number.is_finite():
        return Fault(str(number), "a decimal number")
    exponent = number.as_tuple().exponent
    if number.adjusted() >= limits.DIGITS or not -limits.DIGITS <= int(exponent) <= limits.DIGITS:
        return _too_long("a decimal number")
    return None


def _values(fact: Fact) -> Iterator[tuple[str, Value, int]]:
    """The values of a fact, each with its field and the most characters of it."""
    match fact:
        case Entity():
            yield "label", fact.label, limits.NAME
            yield from (("alt", name, limits.NAME) for name in fact.alt_labels)
            statements = fact.description
        case Document():
            yield "title", fact.label, limits.NAME
            yield "language", Text("-", fact.language), limits.NAME
            yield from (("derived_from", ref, limits.REF) for ref in fact.derived_from)
            statements = fact.description
        case Claim():
            statements = (fact.statement,)
            yield from (("speakers", each, limits.REF) for each in fact.speakers)
            yield from (("about", each, limits.REF) for each in fact.about)
            yield "gloss", fact.gloss or Text("-"), limits.WORDS
            yield "if", fact.condition or Text("-"), limits.WORDS
            for passage in fact.passages:
                yield "quote", "-" if passage.quote is None else passage.quote, limits.NAME
            for other, _, reason in fact.differs_from:
                yield "differs_from", other, limits.REF
                yield "differs_from", reason, limits.WORDS
        case Record():
            yield "label", fact.label, limits.NAME
            yield "about", fact.about, limits.REF
            for name, value in fact.fields:
                yield "fields", name, limits.NAME
                yield name, value, limits.WORDS
            for mention in fact.mentions:
                yield mention.column, mention.words, limits.NAME
                yield "names", mention.names or fact.ref, limits.REF
            statements = fact.statements
    yield "id", fact.ref, limits.REF
    for subject, name, value in statements:
        yield "subject", subject, limits.REF
        yield name, value, limits.WORDS


def _short(value: str) -> str:
    return repr(value if len(value) <= 80 else value[:77] + "…")


def _too_long(kind: str) -> Fault:
    return Fault("a number out of range", f"{kind} of at most {limits.DIGITS} digits on a side")
