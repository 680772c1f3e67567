"""The events of a person, a state or a place: year by year, and whom they were shared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from kg.model.iris import Minter
from kg.model.rdf import Iri, Term, value_of
from kg.ontology import Ontology, Property
from kg.ontology.nouns import many
from kg.store.company import Companion, company
from kg.store.happenings import Happening
from kg.store.located import Located, Places
from kg.store.selection import Selection
from web.site import Site
from web.site.asking import ask
from web.site.charts import Chart, Lane, Span, interval, over_time, spans
from web.site.dates import untold
from web.site.happenings import happenings, when
from web.site.links import Links
from web.site.maps import WORLD, Map, Point, View
from web.site.names import Names, Thing

LIMIT = 600  # events that a query under "Open in SPARQL" brings
LISTED = 12
_MOST = 8  # companions
_CROWD = 2_500  # events; of a thing with more, nobody is told who was there most
_PRESENT = ("Actor", "Recipient", "Partner")
_PARTS = (*_PRESENT, "Originator", "Affected", "Party")
_COLUMN = 640  # pixels that a map has
_MARKED = 0.75  # of a year, as one in which they met is drawn


@dataclass(frozen=True, slots=True)
class Event:
    """An event and the part the entity had in it."""

    iri: Iri
    role: Iri
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Dated:
    """An event as a page lists it."""

    event: Thing
    when: str
    role: str


@dataclass(frozen=True, slots=True)
class Happened:
    """What the tables of the release say of somebody or of a place: how many events, how many in
    each year, the latest, who else was at most of them, and where they were. `iris` need names.
    """

    total: int = 0
    years: Mapping[int, int] = field(default_factory=dict)
    latest: tuple[Happening, ...] = ()
    company: tuple[Companion, ...] = ()
    located: Located | None = None
    iris: tuple[Iri, ...] = ()


@dataclass(frozen=True, slots=True)
class Chronicle:
    """`total` events, by year and the latest ones listed. `svg` is the chart by itself."""

    total: int
    chart: Chart | None
    svg: str
    latest: tuple[Dated, ...]
    sparql: str
    more: str


@dataclass(frozen=True, slots=True)
class Met:
    """Someone at the same events, at how many, and the address of those, if they have one."""

    thing: Thing
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Company:
    """Who was at most of the events, and in which years."""

    most: tuple[Met, ...]
    chart: Chart | None
    svg: str
    sparql: str


def parts(ontology: Ontology) -> tuple[Property, ...]:
    """The properties that give somebody a part in an event."""
    return ontology.playing(*_PARTS)


def places(ontology: Ontology) -> tuple[Property, ...]:
    """The properties that say where an event is."""
    return ontology.playing("Location")


def events_query(iri: Iri, ontology: Ontology) -> str:
    found = (*parts(ontology), *places(ontology))
    return ask("web.entities", "events", ontology, entity=iri, parts=found, limit=LIMIT + 1)


def companions_query(iri: Iri, ontology: Ontology) -> str:
    present = ontology.playing(*_PRESENT)
    return ask("web.entities", "companions", ontology, entity=iri, parts=present, limit=LIMIT)


def read(found: Iterable[Mapping[str, Term]]) -> list[Event]:
    """The dated events in `found`, the latest first; an event with two roles once."""
    events: dict[Iri, Event] = {}
    for row in found:
        if "event" in row and "start" in row:
            event = Event(
                str(row["event"]),
                str(row.get("role", "")),
                value_of(row.get("start")),
                value_of(row.get("end")),
            )
            events.setdefault(event.iri, event)
    return sorted(events.values(), key=lambda each: (each.start, each.iri), reverse=True)


def happened(site: Site, iri: Iri, *, met: bool) -> Happened:
    """What the tables say of `iri`; with `met`, who was there, too."""
    own = iri.removeprefix(site.minter.entity(""))
    kinds = site.ontology.kinds("Occurrence", "Conclusion")
    chosen = Selection(tuple(each.segment for each in kinds if each.segment), about=own)
    path = site.graph.release.happenings
    with happenings(site) as tables:
        total = tables.total(chosen)
        if not total:
            return Happened()
        years = tables.per_year(chosen)
        latest = tables.rows(replace(chosen, dated=True), backwards=True, size=LISTED)
    few = company(path, chosen, own, _MOST) if met and total <= _CROWD else ()
    refs = [*(each.thing.ref for each in latest), *(each.value.ref for each in few)]
    iris = tuple(map(site.minter.entity, refs))
    if not met:
        return Happened(total, years, latest, few, None, iris)
    with Places.open(path) as places:
        return Happened(total, years, latest, few, places.located(chosen, 0), iris)


def chronicle(iri: Iri, found: Happened, names: Names, minter: Minter) -> Chronicle | None:
    """None where there is no event."""
    if not found.total:
        return None
    links = names.links

    def at(first: int | None, last: int | None) -> str:
        return links.at("/timeline", about=iri, period=interval(first, last))

    return Chronicle(
        total=found.total,
        chart=over_time("Events by year", found.years, at, "event") if found.years else None,
        svg=f"{links.to(iri)}/years.svg",
        latest=tuple(_dated(each, minter.entity(each.thing.ref), names) for each in found.latest),
        sparql=links.sparql(events_query(iri, names.ontology)),
        more=links.at("/timeline", about=iri),
    )


def _dated(row: Happening, iri: Iri, names: Names) -> Dated:
    thing = names.thing(iri)
    return Dated(thing, untold(thing.label, when(row)), "")


def companions(
    iri: Iri, found: Happened, names: Names, minter: Minter, *, together: bool
) -> Company | None:
    """Who was at most of the events, None where nobody was; `together`: two of them have a page."""
    if not found.company:
        return None
    links, own = names.links, iri.removeprefix(minter.entity(""))
    most = tuple(
        Met(
            thing=names.thing(minter.entity(each.value.ref)),
            count=each.times,
            href=links.at(f"/between/{own}/{each.value.ref}") if together else "",
        )
        for each in found.company
    )
    lanes = [
        Lane(f"{met.thing.label}, {met.count}", tuple(_years(each.years)), met.href)
        for met, each in zip(most, found.company, strict=True)
    ]
    return Company(
        most=most,
        chart=spans("Met most, by year", lanes) if len(found.years) > 1 else None,
        svg=f"{links.to(iri)}/company.svg",
        sparql=links.sparql(companions_query(iri, names.ontology)),
    )


def _years(counts: Mapping[int, int]) -> Iterator[Span]:
    """A mark for each year in which they met, the darker the oftener."""
    most = max(counts.values(), default=1)
    for year, count in counts.items():
        words = f"{year}: {many(count, 'event')}"
        yield Span(year, year + _MARKED, "certain", words, 0.35 + 0.65 * count / most)


def where(iri: Iri, found: Happened, links: Links, minter: Minter) -> Map | None:
    """A map of the places of the events, None where they are fewer than two."""
    placed = found.located.placed if found.located else ()
    points = tuple(
        Point(minter.entity(value.ref), value.label, value.latitude, value.longitude, times)
        for value, times in placed
        if value.latitude is not None and value.longitude is not None
    )
    view = View.around(points)
    land = {} if view == WORLD else {"box": str(view)}
    return (
        Map(
            title="Where events took place",
            view=view,
            points=points,
            noun="event",
            lists=lambda place: links.to(place) or "",
            zoom=lambda closer: links.at("/map", about=iri, box=str(closer)),
            outlines=links.at("/world.svg", **land),
            width=_COLUMN,
        )
        if len(points) > 1
        else None
    )
