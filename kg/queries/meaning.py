"""Which thing a reader means who gives a parameter a name in place of a reference."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.model.iris import is_absolute, is_ref
from kg.model.terms import Terms
from kg.ontology import Ontology
from kg.queries.parameters import Parameter, ParameterError
from kg.queries.saved import SavedQuery
from kg.store.search import Found, Hit, SearchIndex

CHOICES = 8  # things that are offered where a name is not sure
_CLEAR = 5.0  # by how much the first of several must lead to be the one that is meant


class Unclear(ParameterError):
    """A name that nothing has, or several things have: `choices` are those, or what is near.

    `parameter` is the name of the parameter that it was given, `words` say it to a reader.
    """

    def __init__(
        self, parameter: str, value: str, choices: tuple[Hit, ...], listed: str, *, near: bool
    ) -> None:
        if near:
            said = f"nothing here is called {value!r}" + (f"; near: {listed}" if listed else "")
        else:
            said = f"{value!r} may be {listed}"
        super().__init__(f"{parameter}: {said}")
        self.parameter = parameter
        self.choices = choices
        found = "Nothing here is called “{}”." if near else "“{}” may mean several things."
        self.words = found.format(value)


def meant(
    query: SavedQuery, given: Mapping[str, str], index: Path, ontology: Ontology, terms: Terms
) -> dict[str, str]:
    """`given` with a reference for each name: `person/john-kerry` for Kerry.

    Raises:
        Unclear: a name means nothing, or may mean several.
    """
    kinds = {each.name: each for each in query.parameters}
    return {
        name: _meant(kinds[name], value.strip(), index, ontology, terms) if name in kinds else value
        for name, value in given.items()
    }


def _meant(each: Parameter, value: str, index: Path, ontology: Ontology, terms: Terms) -> str:
    if each.type == "concept" and value not in terms.iris:
        named = (iri for iri in terms.iris.values() if _label(ontology, iri) == value.lower())
        return next((each.written(iri, terms) for iri in named), value)
    if each.type != "iri" or not value or is_absolute(value):
        return value
    if is_ref(value) and value.partition("/")[0] in ontology.segments:
        return value
    with SearchIndex.open(index) as tables:
        found = tables.find(value, kinds=segments(each, ontology), claims=False, size=CHOICES)
    return each.written(_one(each, value, found, terms).iri, terms)


def segments(parameter: Parameter, ontology: Ontology) -> list[str]:
    """The TYPEs of what the parameter may be; none, where it may be anything."""
    below = ontology.subclasses(parameter.of) if parameter.of else ()
    return sorted(each.segment for each in below if each.segment)


def _one(each: Parameter, value: str, found: Found, terms: Terms) -> Hit:
    first, second = (*found.hits[:2], None, None)[:2]
    if first and not found.corrected and (not second or first.score - second.score >= _CLEAR):
        return first
    listed = ", ".join(f"{hit.title} ({each.written(hit.iri, terms)})" for hit in found.hits[:3])
    near = not first or bool(found.corrected)
    raise Unclear(each.name, value, found.hits, listed, near=near)


def _label(ontology: Ontology, iri: str) -> str:
    term = ontology.find(iri)
    return term.label.lower() if term else ""
