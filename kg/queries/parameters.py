"""What may be chosen before a saved query runs, and the types that a value may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib.namespace import XSD

from kg.model.errors import ChanceryError
from kg.model.facts import Date
from kg.model.iris import is_absolute, parse_ref
from kg.model.rdf import Literal, Term
from kg.model.terms import Terms


class ParameterError(ChanceryError):
    """A value given for a parameter cannot be used, or a parameter has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing to choose before a query runs.

    `type` is a key of `TYPES`, `of` the name of the class that an `iri` is chosen from. Without a
    `default` a value must be given; `example` is one that has an answer. Those of an `iri` come
    from the graph that is asked (`kg.queries.defaults`).
    """

    name: str
    type: str
    label: str
    of: str = ""
    default: str = ""
    example: str = ""

    def term(self, value: str, terms: Terms) -> Term:
        """`value` as the term that the query wants.

        Raises:
            ParameterError: it is none.
        """
        try:
            return _READERS[self.type](value.strip(), terms)
        except ValueError:
            allowed = TYPES[self.type]
            raise ParameterError(f"{self.name}: found {value!r}; allowed: {allowed}") from None

    def takes(self, value: str, terms: Terms) -> bool:
        """Whether `value` can be given."""
        try:
            return bool(self.term(value, terms))
        except ParameterError:
            return False

    def written(self, value: str, terms: Terms) -> str:
        """The text of a term as a user would give it: the inverse of `term`."""
        if self.type == "iri":
            return value.removeprefix(terms.minter.entity(""))
        if self.type == "concept":
            return next((name for name, iri in terms.iris.items() if iri == value), value)
        return value


def _iri(value: str, terms: Terms) -> Term:
    return value if is_absolute(value) else terms.minter.entity(parse_ref(value))


def _concept(value: str, terms: Terms) -> Term:
    if value not in terms.iris:
        raise ValueError(value)
    return terms.iris[value]


def _date(value: str, _: Terms) -> Term:
    if Date(value).precision != "day":
        raise ValueError(value)
    return Literal(value, str(XSD.date))


def _integer(value: str, _: Terms) -> Term:
    return Literal(str(int(value)), str(XSD.integer))


def _string(value: str, _: Terms) -> Term:
    return Literal(value)


TYPES: Mapping[str, str] = {
    "iri": "TYPE/SLUG, or an absolute IRI",
    "concept": "a concept of the ontology, as in Planned",
    "date": "a date that exists, as YYYY-MM-DD",
    "integer": "a whole number",
    "string": "text",
}
_READERS = {
    "iri": _iri,
    "concept": _concept,
    "date": _date,
    "integer": _integer,
    "string": _string,
}
