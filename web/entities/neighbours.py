"""The events before and after one: those of the same actor."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from kg.model.rdf import Iri
from kg.ontology import Ontology
from kg.store import Graph, rows
from web.entities import chronicle
from web.site import Site
from web.site.asking import ask
from web.site.names import Called, called
from web.site.subject import Subject

_LIMIT = 1_000  # events of an actor that are read; who has more is no help in placing one


@dataclass(frozen=True, slots=True)
class Journeys:
    """One actor's events, the first one first, and their names."""

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


def query(subject: Subject, ontology: Ontology) -> str | None:
    """The query for the events of the one who acts in this one, None where nobody does."""
    actor = _actor(subject, ontology)
    return actor and ask("web.entities", "journeys", ontology, actor=actor, limit=_LIMIT + 1)


def journeys(site: Site, subject: Subject) -> Journeys:
    """The events of the one who acts in this one; those of actors met before are kept."""
    actor, asked = _actor(subject, site.ontology), query(subject, site.ontology)
    if actor is None or asked is None or not subject.start:
        return _NONE
    known = site.memory(Journeys, 2_000).of(site.graph.release.id)
    if actor not in known:
        known[actor] = _read(site.graph, asked)
    return known[actor]


def _read(graph: Graph, asked: str) -> Journeys:
    found = rows(graph, asked)
    events = tuple(reversed(chronicle.read(found)))
    if len(events) > _LIMIT:
        return _NONE
    return Journeys(events, called({**row, "iri": row["event"]} for row in found))


def _actor(subject: Subject, ontology: Ontology) -> Iri | None:
    acting = subject.of(ontology.playing("Actor"))
    return next((each for each in acting if isinstance(each, str)), None)


def _place(event: chronicle.Event) -> tuple[str, Iri]:
    return event.start, event.iri
