"""One page of the things that refer to an entity by one property, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.model.rdf import Iri, Term, value_of
from kg.store import rows
from kg.store.references import ReferenceLists, Referring, ordered, query
from web.site import Site, incoming
from web.site.dates import date, untold
from web.site.names import Names, Thing
from web.site.paging import Paging
from web.site.tables import Table

SIZE = 100


@dataclass(frozen=True, slots=True)
class Reference:
    """Who refers, and when that was where its name does not tell."""

    thing: Thing
    day: str
    when: str


@dataclass(frozen=True, slots=True)
class ReferencesPage:
    """`name` is the property read backwards. `wholes` are made up of others in the list, and come
    after these; of `total` things so many are `whole`. What is too much to count has no `total`.
    `previous` and `next` are empty at the ends.
    """

    about: Thing
    name: str
    parts: tuple[Reference, ...]
    wholes: tuple[Reference, ...]
    total: int
    whole: int
    first: int
    more: bool
    previous: str
    next: str
    sparql: str

    @property
    def table(self) -> Table:
        """The same rows as CSV."""
        listed = (*self.parts, *self.wholes)
        return Table(
            name="references",
            columns=("name", "kind", "date"),
            rows=((each.thing, each.thing.kind, each.day) for each in listed),
            things=frozenset({"name"}),
            more=self.more,
        )


def references_page(site: Site, iri: Iri, by: Iri, paging: Paging) -> ReferencesPage:
    """One page of the list."""
    found, total, whole = _found(site, iri, by, paging)
    size = paging.size
    things = [each.iri for each in found]
    names = site.names([iri, *things])
    links = names.links
    more = len(found) > size
    previous, following = paging.around(
        lambda page: links.at("/references", iri=iri, by=by, page=page), more=more
    )
    wholes = [each.iri for each in site.ontology.playing("Whole")]
    return ReferencesPage(
        about=names.thing(iri),
        name=incoming.inverse(by, names),
        parts=tuple(_reference(each, names) for each in found[:size] if not each.whole),
        wholes=tuple(_reference(each, names) for each in found[:size] if each.whole),
        total=total,
        whole=whole,
        first=paging.offset + 1,
        more=more,
        previous=previous,
        next=following,
        sparql=links.sparql(query(iri, by, wholes, size)),
    )


def _found(site: Site, iri: Iri, by: Iri, paging: Paging) -> tuple[list[Referring], int, int]:
    """One more than the page has, and how many there are, and how many of them are wholes: of a hub
    from the lists of the release, of others from the graph, in whose order a thing of another host
    has them where they are many.
    """
    start, size = paging.offset, paging.size + 1
    with ReferenceLists.open(site.graph.release.search) as lists:
        total, whole = lists.counts(iri, by)
        if total:
            return lists.page(iri, by, start, size), total, whole
    wholes = [each.iri for each in site.ontology.playing("Whole")]
    asked = rows(site.graph, query(iri, by, wholes, incoming.READ + 1))
    every = ordered(
        (str(row["s"]), _text(row, "day"), _text(row, "label"), str(row.get("whole", "")))
        for row in asked
    )
    if len(every) <= incoming.READ:
        return every[start : start + size], len(every), sum(each.whole for each in every)
    listed = incoming.sample(site.graph, iri, by, start, size)
    return [Referring(each, "", False) for each in listed], 0, 0


def _text(row: Mapping[str, Term], name: str) -> str:
    return value_of(row[name]) if name in row else ""


def _reference(each: Referring, names: Names) -> Reference:
    thing = names.thing(each.iri)
    return Reference(thing, each.day, untold(thing.label, date(each.day)) if each.day else "")
