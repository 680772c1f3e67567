"""The events before and after one: those of the same traveller."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from kg.model.rdf import Iri
from kg.store import Graph, rows
from web.entities import chronicle
from web.entities.subject import Subject
from web.site.asking import ask
from web.site.diplomacy import DIP
from web.site.names import Called, called

_LIMIT = 1_000  # events of a traveller that are read; who has more is no help in placing one


@dataclass(frozen=True, slots=True)
class Journeys:
    """One traveller's events, the first one first, and their names."""

    events: tuple[chronicle.Event, ...]
    labels: Mapping[Iri, Called]

    def around(self, event: Subject) -> tuple[chronicle.Event | None, chronicle.Event | None]:
        """The last that began before `event`, and the next after."""
        place = (event.start, event.iri)
        here = bisect_left(self.events, place, key=_place)
        after = here
        while after < len(self.events) and _place(self.events[after]) <= place:
            after += 1
        return (
            self.events[here - 1] if here else None,
            self.events[after] if after < len(self.events) else None,
        )


_NONE = Journeys((), {})


def query(subject: Subject) -> str | None:
    """The query for the visits of the one who makes this visit, None where nobody does."""
    traveller = _traveller(subject)
    return traveller and ask("web.entities", "journeys", traveller=traveller, limit=_LIMIT + 1)


def journeys(graph: Graph, known: dict[Iri, Journeys], subject: Subject) -> Journeys:
    """The visits of the one who makes this visit; `known` are those of travellers met before."""
    traveller, asked = _traveller(subject), query(subject)
    if traveller is None or asked is None or not subject.start:
        return _NONE
    if traveller not in known:
        known[traveller] = _read(graph, asked)
    return known[traveller]


def _read(graph: Graph, asked: str) -> Journeys:
    found = rows(graph, asked)
    events = tuple(reversed(chronicle.read(found)))
    if len(events) > _LIMIT:
        return _NONE
    return Journeys(events, called({**row, "iri": row["event"]} for row in found))


def _traveller(subject: Subject) -> Iri | None:
    travellers = subject.facts.get(str(DIP.traveller), ())
    return next((each for each in travellers if isinstance(each, str)), None)


def _place(event: chronicle.Event) -> tuple[str, Iri]:
    return event.start, event.iri
