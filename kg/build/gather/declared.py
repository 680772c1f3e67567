"""Whether a fact keeps to the ontology: its properties, types and values are declared ones."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.model.facts import (
    Claim,
    Date,
    Document,
    Edtf,
    Entity,
    Fact,
    Quantity,
    Record,
    Ref,
    Statement,
    Text,
)

# `kg.model.facts.Value`; a bool is an int, a Ref a str.
_VALUES = (str, int, Decimal, Date, Edtf, Quantity, Text)
_KINDS = (Entity, Document, Claim, Record)


@dataclass(frozen=True, slots=True)
class Declared:
    """The names of properties and the types of references that the ontology declares."""

    properties: Collection[str]
    types: Collection[str]

    def faults(self, fact: Fact) -> Iterator[tuple[str, str]]:
        """What is found in a fact that may not be there, each with what is allowed."""
        if not isinstance(fact, _KINDS):
            kinds = ", ".join(each.__name__ for each in _KINDS)
            yield f"a {type(fact).__name__} as a fact", f"one of {kinds}, an Issue or a Review"
            return
        yield from self._reference(fact.ref)
        for subject, name, value in _statements(fact):
            if name not in self.properties:
                yield f"the property {name!r}", "one of the ontology" + _near(name, self.properties)
            yield from self._reference(subject)
            if isinstance(value, Ref):
                yield from self._reference(value)
            elif not isinstance(value, _VALUES):
                allowed = (
                    "a Ref, Concept, Url, Text, Date, Edtf, Quantity, Decimal, bool, int or str"
                )
                yield f"{value!r}, a {type(value).__name__}, as value of {name!r}", allowed

    def _reference(self, ref: object) -> Iterator[tuple[str, str]]:
        if not isinstance(ref, Ref):
            yield f"{ref!r}, a {type(ref).__name__}, as a reference", "a Ref"
        elif ref.type not in self.types:
            allowed = "a type that a class of the ontology has" + _near(ref.type, self.types)
            yield f"the type {ref.type!r} of {ref!r}", allowed


def _statements(fact: Fact) -> tuple[Statement, ...]:
    if isinstance(fact, Record):
        named = ((each.names or fact.ref, each.says) for each in fact.mentions)
        said = (Statement(ref, *pair) for ref, says in named for pair in says)
        return (*fact.statements, *said)
    return (fact.statement,) if isinstance(fact, Claim) else fact.description


def _near(name: str, names: Collection[str]) -> str:
    near = difflib.get_close_matches(name, names, 1)
    return f" (did you mean {near[0]!r}?)" if near else ""
