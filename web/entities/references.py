"""One page of the things that refer to an entity by one property."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.rdf import Iri
from web.claims.sentences import said
from web.site import Site, incoming
from web.site.names import Thing
from web.site.paging import Paging
from web.site.tables import Table

SIZE = 100


@dataclass(frozen=True, slots=True)
class ReferencesPage:
    """`name` is the property read backwards; `previous` and `next` are empty at the ends."""

    about: Thing
    name: str
    things: tuple[Thing, ...]
    first: int
    previous: str
    next: str
    sparql: str


def table(site: Site, iri: Iri, by: Iri, paging: Paging) -> Table:
    """The same things as rows."""
    found = list(incoming.sample(site.graph, iri, by, paging.offset, paging.size + 1))
    names = site.names(found)
    things = [names.thing(each) for each in found[: paging.size]]
    return Table(
        name="references",
        columns=("name", "kind"),
        things=frozenset({"name"}),
        rows=((each, each.kind) for each in things),
        more=len(found) > paging.size,
    )


def references_page(site: Site, iri: Iri, by: Iri, paging: Paging) -> ReferencesPage:
    found = list(incoming.sample(site.graph, iri, by, paging.offset, SIZE + 1))
    names = site.names([iri, *found], said(site, found))
    links = names.links

    previous, following = paging.around(
        lambda page: links.at("/references", iri=iri, by=by, page=page), more=len(found) > SIZE
    )
    return ReferencesPage(
        about=names.thing(iri),
        name=incoming.inverse(by, names),
        things=tuple(names.thing(each) for each in found[:SIZE]),
        first=paging.offset + 1,
        previous=previous,
        next=following,
        sparql=links.sparql(incoming.listing(iri, by, paging.offset, SIZE)),
    )
