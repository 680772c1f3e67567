"""All classes with their counts, and all things of one class."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kg.ontology import Class
from kg.ontology.facets import facets as offered
from kg.ontology.nouns import several
from kg.ontology.terms import LAST
from kg.store.lists import CENTURY, FIRST, ROLES
from web.lists.found import Counted, Row, happening, listed
from web.site import Site
from web.site.holdings import holdings
from web.site.paging import Paging
from web.site.period import Period
from web.site.tables import Table

SIZE = 50
_PAGES = {"Disagreement": "/disagreements"}  # kinds whose list is a page of its own


@dataclass(frozen=True, slots=True)
class Kind:
    """A class, with how many things it has. `main` says that the ontology gives it an order."""

    label: str
    main: bool
    definition: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: what stands in addresses, its name, how many have it, where it leads."""

    value: str
    label: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow the list, `chosen` where it does."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """All that a list shows.

    `first` cuts a long list by letter or year, `facets` and, of what has dates, the `period` narrow
    it; `everything` leads back to the whole list, `explorer` to where more can be chosen.
    `previous` and `next` are empty at the ends.
    """

    title: str
    definition: str
    term: str
    action: str
    dated: bool
    first: Facet
    facets: tuple[Facet, ...]
    period: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    wholes: int
    everything: str
    explorer: str
    previous: str
    next: str
    sparql: str


def kinds_page(site: Site) -> tuple[Kind, ...]:
    """The classes that have things: those that the ontology orders first."""
    counts, links = holdings(site).counts, site.links()
    kinds = (
        each
        for each in site.ontology.classes.values()
        if each.segment and each.iri in counts and "Evidence" not in each.lineage
    )
    return tuple(
        Kind(
            several(each),
            each.order < LAST,
            each.definition,
            counts[each.iri],
            links.at(_PAGES.get(each.name, f"/page/{each.segment}/")),
        )
        for each in sorted(kinds, key=lambda each: (each.order, each.name))
    )


def list_page(site: Site, kind: Class, given: MultiDict[str, str], paging: Paging) -> ListPage:
    """One page of the things of a class that have what the parameters say.

    Raises:
        BadRequest: one of them cannot be read.
    """
    dated, period, chosen = happening(site, kind), Period.read(given), _chosen(site, given)
    found = listed(site, kind, chosen, period, paging)
    links, path = site.links(), f"/page/{kind.segment}/"
    kept = {**chosen, **({"period": period.name} if dated and period.name else {})}

    def at(**changed: str) -> str:
        return links.at(path, **{name: each for name, each in {**kept, **changed}.items() if each})

    def facet(each: Counted) -> Facet:
        value = chosen.get(each.name, "")
        choices = (
            Choice(one, label, n, at(**{each.name: one}), one == value)
            for one, label, n in each.values
        )
        return Facet(each.name, each.title, tuple(choices), value)

    previous, following = paging.around(
        lambda page: at(page=str(page) if page > 1 else ""),
        more=paging.offset + paging.size < found.total,
    )
    return ListPage(
        title=several(kind),
        definition=kind.definition,
        term=links.to(kind.iri) or "",
        action=links.at(path),
        dated=dated,
        first=facet(found.first),
        facets=tuple(facet(each) for each in found.facets),
        period=period.name,
        columns=found.columns,
        rows=found.rows,
        total=found.total,
        wholes=0 if kept else holdings(site).wholes.get(kind.iri, 0),
        everything=links.at(path) if kept else "",
        explorer=links.at(f"/{kind.explorer}", kind=kind.segment) if kind.explorer else "",
        previous=previous,
        next=following,
        sparql=links.sparql(found.query),
    )


def table(site: Site, kind: Class, given: MultiDict[str, str], paging: Paging) -> Table:
    """The same things as rows, with their dates as the data have them."""
    found = listed(site, kind, _chosen(site, given), Period.read(given), paging)
    dated = happening(site, kind)
    return Table(
        name=kind.segment,
        columns=(kind.label, *(("date",) if dated else ()), *found.columns),
        things=frozenset({kind.label}),
        rows=(
            (
                each.thing,
                *((each.date,) if dated else ()),
                *("; ".join(one.label for one in some) for some in each.values),
            )
            for each in found.rows
        ),
        more=paging.offset + paging.size < found.total,
    )


def _chosen(site: Site, given: MultiDict[str, str]) -> dict[str, str]:
    """The values of facets among the parameters; empty ones leave everything in."""
    names = {FIRST, CENTURY, *ROLES, *(each.name for each in offered(site.ontology))}
    return {name: value for name, value in given.items() if name in names and value}
