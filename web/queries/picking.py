"""The parameters of a question as fields of its sentence, with the names of what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.model.rdf import Iri
from kg.queries import Parameter, SavedQuery
from kg.queries.meaning import Unclear, meant
from kg.queries.saved import SLOT
from web.site import Site
from web.site.dates import date


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter in the form, with the value that is in it: a name, wherever it is sure.

    `said` is the value as the sentence says it. `picked` where it is one of many things.
    """

    parameter: Parameter
    value: str
    said: str
    picked: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A thing that a name may mean; `href` asks with it."""

    label: str
    kind: str
    also: tuple[str, ...]
    href: str


def fields(here: Site, query: SavedQuery, given: Mapping[str, str]) -> dict[str, Field]:
    """The fields by name. `given` are references, or what a reader typed that is none."""
    values = {
        each.name: given.get(each.name, "").strip() or each.default for each in query.parameters
    }
    things: dict[str, Iri] = {}
    for each in query.parameters:
        if each.type == "iri" and each.takes(values[each.name], here.terms):
            things[each.name] = str(each.term(values[each.name], here.terms))
    names = here.names(things.values())
    found = {}
    for each in query.parameters:
        value = said = values[each.name]
        if each.name in things:
            said = names.thing(things[each.name]).label
            value = said if _is_sure(here, query, each, said, value) else value
        elif each.type == "concept" and value in here.terms.iris:
            said = names.term(here.terms.iris[value])
        elif each.type == "date" and value:
            said = date(value)
        found[each.name] = Field(each, value, said, picked=each.type == "iri")
    return found


def parts(query: SavedQuery, found: Mapping[str, Field]) -> list[str | Field]:
    """The sentence, as words and fields in turn; without one, the fields."""
    split = SLOT.split(query.sentence)
    if not query.sentence:
        return list(found.values())
    return [found[part] if at % 2 else part for at, part in enumerate(split)]


def choices(
    here: Site, query: SavedQuery, given: Mapping[str, str], unclear: Unclear
) -> tuple[Choice, ...]:
    """What may be meant."""
    links, entities = here.links(), here.minter.entity("")
    return tuple(
        Choice(
            hit.title,
            kind.label if (kind := here.ontology.segments.get(hit.kind)) else hit.kind,
            hit.other_names[:3],
            links.at(
                f"/queries/{query.name}",
                **{**given, unclear.parameter: hit.iri.removeprefix(entities)},
            ),
        )
        for hit in unclear.choices
    )


def _is_sure(here: Site, query: SavedQuery, each: Parameter, name: str, value: str) -> bool:
    """Whether the name leads back to the thing, so that it can stand in its field."""
    try:
        found = meant(
            query, {each.name: name}, here.graph.release.search, here.ontology, here.terms
        )
    except Unclear:
        return False
    return found[each.name] == value
