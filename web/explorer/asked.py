"""The query that gives the rows of a choice: what the tables were made by, asked of the graph."""

from __future__ import annotations

import re

from kg.model.rdf import Iri, Literal
from kg.ontology.facets import KIND, SOURCE, STANDING, Facet
from kg.store.happenings import ACCEPTED, DISPUTED
from web.explorer.choice import Choice
from web.site import Site
from web.site.asking import ask

_MARK = re.compile(r"^# (chosen|period|served|standings)\n", re.MULTILINE)
_OF_ROLES = {
    "Office": "office", "Principal": "principal", "Partner": "partner", "Recipient": "recipient",
    "Location": "location",
}  # fmt: skip


def chosen_query(site: Site, choice: Choice) -> str:
    """A SELECT of the same happenings as the page has, in order of time."""
    kinds = [each.iri for each in choice.explorer.classes]
    parts = [
        _pattern(site, facet, choice.of(facet.name), kinds)
        for facet in choice.explorer.facets
        if choice.of(facet.name)
    ]
    period = ""
    if choice.period.name:
        period = _ask(site, "period", first=choice.period.first, last=choice.period.last)
    query = ask("web.explorer", "chosen", site.ontology, kinds=kinds)
    return _filled(query, chosen="".join(parts), period=period)


def _pattern(site: Site, facet: Facet, refs: tuple[str, ...], kinds: list[Iri]) -> str:
    if facet.name == STANDING:
        return _standing(site, refs, kinds)
    values = [_iri(site, facet, each) for each in refs]
    if facet.name in (KIND, SOURCE):
        return _ask(site, facet.name, values=values)
    if name := _OF_ROLES.get(facet.role):
        pattern = _ask(site, name, values=values)
        return _filled(pattern, served=_ask(site, "served"))
    return _ask(site, "direct", values=values, properties=[each.iri for each in facet.properties])


def _standing(site: Site, refs: tuple[str, ...], kinds: list[Iri]) -> str:
    concepts = [_concept(site, each) for each in refs if each not in (ACCEPTED, DISPUTED)]
    more = _ask(site, "accepted", kinds=kinds) if ACCEPTED in refs else ""
    more += _ask(site, "disputed") if DISPUTED in refs else ""
    return _filled(_ask(site, "standing", values=concepts), standings=more)


def _iri(site: Site, facet: Facet, ref: str) -> Iri:
    if facet.name == KIND:
        return site.ontology.segments[ref].iri
    return _concept(site, ref) if "/" not in ref else site.minter.entity(ref)


def _concept(site: Site, ref: str) -> Iri:
    """The concept that an address names: `did-not-occur`."""
    name = ref.replace("-", "")
    found = (each.iri for each in site.ontology.vocabulary.values() if each.name.lower() == name)
    return next(found, site.minter.entity(ref))


def _ask(site: Site, name: str, **terms: Literal | Iri | list[Iri]) -> str:
    return ask("web.explorer", name, site.ontology, **terms)


def _filled(query: str, **parts: str) -> str:
    """`query` with parts at their marks."""
    return _MARK.sub(lambda mark: parts.get(mark[1], mark[0]), query)
