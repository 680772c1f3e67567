"""All classes with their counts, and all things of one class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal, Term, value_of
from kg.ontology import Class
from kg.ontology.terms import LAST
from kg.store import rows
from web.site import Site
from web.site.asking import ask
from web.site.dates import date, untold
from web.site.holdings import holdings
from web.site.names import Thing
from web.site.paging import Paging
from web.site.tables import Table
from web.site.values import several

SIZE = 100
_PAGES = {"Disagreement": "/disagreements"}  # kinds whose list is a page of its own
_FACETS = {"things": "First letter", "events": "Year", "claims": "How firmly"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A class, with how many things it has. `main` says that the ontology gives it an order."""

    label: str
    main: bool
    definition: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Item:
    """A thing in a list, with its date where it has one."""

    thing: Thing
    when: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow the list."""

    value: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """All that a list shows.

    `facet` names what the facets are; `everything` leads back to the whole list; `previous` and
    `next` are empty at the ends.
    """

    title: str
    definition: str
    term: str
    count: int
    facet: str
    facets: tuple[Facet, ...]
    chosen: str
    everything: str
    items: tuple[Item, ...]
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


def list_page(site: Site, kind: Class, value: str, paging: Paging) -> ListPage:
    """One page of the things of a class. `value` narrows it to one facet, if not empty."""
    form, terms = _form(site, kind), {"class": kind.iri, "value": Literal(value)}
    query = _query(site, kind, value, paging)
    found = rows(site.graph, query)
    names = site.names(str(row["s"]) for row in found)
    links, path = names.links, f"/page/{kind.segment}/"

    def at(facet: str, page: int) -> str:
        given: dict[str, str | int] = {}
        if facet:
            given["facet"] = facet
        if page > 1:
            given["page"] = page
        return links.at(path, **given)

    facets = rows(site.graph, ask("web.lists", f"{form}_facets", site.ontology, **terms))
    previous, following = paging.around(partial(at, value), more=len(found) > SIZE)
    return ListPage(
        title=several(kind),
        definition=kind.definition,
        term=links.to(kind.iri) or "",
        count=site.graph.release.manifest.counts.classes.get(kind.iri, 0),
        facet=_FACETS[form],
        facets=tuple(
            Facet(
                value_of(row["facet"]),
                int(value_of(row["n"])),
                at(value_of(row["facet"]), 1),
                value_of(row["facet"]) == value,
            )
            for row in facets
            if "facet" in row
        ),
        chosen=value,
        everything=at("", 1),
        items=tuple(
            _item(names.thing(iri), date(value_of(row["date"])) if "date" in row else "", row)
            for iri, row in _first_each(found[:SIZE])
        ),
        previous=previous,
        next=following,
        sparql=links.sparql(query),
    )


def table(site: Site, kind: Class, value: str, paging: Paging) -> Table:
    """The same things as rows, with their dates as the data have them."""
    found = rows(site.graph, _query(site, kind, value, paging))
    things = [*_first_each(found[: paging.size])]
    names = site.names(iri for iri, _ in things)
    return Table(
        name=kind.segment,
        columns=(kind.label, "date") if _form(site, kind) == "events" else (kind.label,),
        things=frozenset({kind.label}),
        rows=(
            (_item(names.thing(iri), "", row).thing, *([row["date"]] if "date" in row else ()))
            for iri, row in things
        ),
        more=len(found) > paging.size,
    )


def _form(site: Site, kind: Class) -> str:
    """Which of the queries lists its things."""
    if kind in site.ontology.kinds("Occurrence"):
        return "events"
    return "claims" if kind.iri == str(CLM.Claim) else "things"


def _query(site: Site, kind: Class, value: str, paging: Paging) -> str:
    terms = {"class": kind.iri, "value": Literal(value)}
    return ask(
        "web.lists",
        _form(site, kind),
        site.ontology,
        **terms,
        offset=paging.offset,
        limit=paging.size + 1,
    )


def _first_each(found: Iterable[Mapping[str, Term]]) -> Iterator[tuple[Iri, Mapping[str, Term]]]:
    """One row a thing, though it may have several names or dates."""
    things: dict[Iri, Mapping[str, Term]] = {}
    for row in found:
        things.setdefault(str(row["s"]), row)
    yield from things.items()


def _item(thing: Thing, when: str, row: Mapping[str, Term]) -> Item:
    name = value_of(row["own"]) if "own" in row else thing.label
    return Item(replace(thing, label=name), untold(thing.label, when))
