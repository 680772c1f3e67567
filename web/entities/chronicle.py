"""The events of a person, a state or a place: year by year, and whom they were shared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from kg.model.rdf import Iri, Term, value_of
from kg.ontology import Ontology, Property
from web.site.asking import ask
from web.site.dates import period, untold
from web.site.names import Names, Thing

LIMIT = 600  # events that are read; a thing with more has its list and the timeline instead
LISTED = 12
_PRESENT = ("Actor", "Recipient", "Partner")
_PARTS = (*_PRESENT, "Originator", "Affected", "Party")
# Of the drawing, in its own units; at the narrowest, a year takes most of the last.
_WIDTH, _HEIGHT, _WIDEST, _LABEL = 640, 64, 24, 72


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
class Bar:
    """A year's bar; positions are units of the drawing. `label` is empty where years are dense."""

    year: int
    count: int
    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class Chronicle:
    """`total` events, their years as bars, the latest ones listed; neither where there are many."""

    total: int
    bars: tuple[Bar, ...]
    latest: tuple[Dated, ...]
    sparql: str
    more: str

    width = _WIDTH
    base = _HEIGHT


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
    bars = _bars(years) if max(years, default=0) - min(years, default=0) > 2 else ()
    return Chronicle(
        total=len(events) or happened,
        bars=bars,
        latest=tuple(
            Dated(
                names.thing(each.iri),
                untold(names.thing(each.iri).label, period(each.start, each.end)),
                "" if each.role in here else names.term(each.role),
            )
            for each in events[:LISTED]
        ),
        sparql=names.links.sparql(events_query(iri, names.ontology)),
        more=names.links.at("/timeline", about=iri),
    )


def companions(found: Iterable[Mapping[str, Term]], names: Names) -> tuple[Companion, ...]:
    return tuple(
        Companion(names.thing(str(row["other"])), int(value_of(row["n"])))
        for row in found
        if "other" in row
    )


def _bars(years: Counter[int]) -> tuple[Bar, ...]:
    first, last, top = min(years), max(years), max(years.values())
    pitch = min(_WIDEST, _WIDTH / (last - first + 1))
    step = ceil(_LABEL / pitch)
    return tuple(
        Bar(
            year=year,
            count=years[year],
            x=round((year - first) * pitch, 1),
            y=round(_HEIGHT - _HEIGHT * years[year] / top, 1),
            width=round(pitch * 0.8, 1),
            height=round(_HEIGHT * years[year] / top, 1),
            label=str(year) if (year - first) % step == 0 else "",
        )
        for year in range(first, last + 1)
    )
