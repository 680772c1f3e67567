"""The events of a person, a state or a place: year by year, and whom they were shared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.model.rdf import Iri, Term, value_of
from kg.ontology import Ontology, Property
from web.site.asking import ask
from web.site.charts import Chart, interval, over_time
from web.site.dates import period, untold
from web.site.names import Names, Thing

LIMIT = 600  # events that are read; a thing with more has its list and the timeline instead
LISTED = 12
_PRESENT = ("Actor", "Recipient", "Partner")
_PARTS = (*_PRESENT, "Originator", "Affected", "Party")


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
class Chronicle:
    """`total` events, by year and the latest ones listed; neither where there are many.

    `svg` is the chart by itself.
    """

    total: int
    chart: Chart | None
    svg: str
    latest: tuple[Dated, ...]
    sparql: str
    more: str


@dataclass(frozen=True, slots=True)
class Companion:
    """Someone at the same events, and at how many."""

    thing: Thing
    count: int


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


def chronicle(iri: Iri, happened: int, events: list[Event], names: Names) -> Chronicle | None:
    """None where there is no event; where more `happened` than are read, only how many."""
    if not events and happened <= LIMIT:
        return None
    here = {each.iri for each in places(names.ontology)}
    years = Counter(int(each.start[:4]) for each in events if each.start[:4].isdecimal())
    links = names.links

    def at(first: int | None, last: int | None) -> str:
        return links.at("/timeline", about=iri, period=interval(first, last))

    return Chronicle(
        total=len(events) or happened,
        chart=over_time("Events by year", years, at, "event") if len(years) > 1 else None,
        svg=f"{links.to(iri)}/years.svg",
        latest=tuple(
            Dated(
                names.thing(each.iri),
                untold(names.thing(each.iri).label, period(each.start, each.end)),
                "" if each.role in here else names.term(each.role),
            )
            for each in events[:LISTED]
        ),
        sparql=links.sparql(events_query(iri, names.ontology)),
        more=links.at("/timeline", about=iri),
    )


def companions(found: Iterable[Mapping[str, Term]], names: Names) -> tuple[Companion, ...]:
    return tuple(
        Companion(names.thing(str(row["other"])), int(value_of(row["n"])))
        for row in found
        if "other" in row
    )
