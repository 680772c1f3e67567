"""One page of the things that refer to an entity by one property."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.rdf import Iri
from web.site import Site, incoming
from web.site.names import Thing

SIZE = 100


@dataclass(frozen=True, slots=True)
class ReferencesPage:
    """`name` is the property read backwards; `previous` and `next` are None at the ends."""

    about: Thing
    name: str
    things: tuple[Thing, ...]
    first: int
    previous: str | None
    next: str | None
    sparql: str


def references_page(site: Site, iri: Iri, by: Iri, number: int) -> ReferencesPage:
    offset = (number - 1) * SIZE
    found = list(incoming.sample(site.graph, iri, by, offset, SIZE + 1))
    names = site.names([iri, *found])
    links = names.links

    def at(page: int) -> str:
        return links.at("/references", iri=iri, by=by, page=page)

    return ReferencesPage(
        about=names.thing(iri),
        name=incoming.inverse(by, names),
        things=tuple(names.thing(each) for each in found[:SIZE]),
        first=offset + 1,
        previous=at(number - 1) if number > 1 else None,
        next=at(number + 1) if len(found) > SIZE else None,
        sparql=links.sparql(incoming.listing(iri, by, offset, SIZE)),
    )
