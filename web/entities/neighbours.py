"""The events before and after one: those of the same traveller."""

from __future__ import annotations

from kg.rdf import Literal
from kg.store import Graph, rows
from kg.vocab import DIP
from web.asking import ask
from web.entities import chronicle
from web.entities.subject import Subject

_LIMIT = 600  # events of a traveller that are read; who has more is no help in placing one


def find(graph: Graph, subject: Subject) -> tuple[chronicle.Event | None, chronicle.Event | None]:
    """The traveller's last event that started before `subject` did, and the next."""
    travellers = [
        each for each in subject.facts.get(str(DIP.traveller), ()) if isinstance(each, str)
    ]
    starts = [
        each.value for each in subject.facts.get(str(DIP.start), ()) if isinstance(each, Literal)
    ]
    if not travellers or not starts:
        return None, None
    query = ask(__package__ or "", "journeys", traveller=travellers[0], limit=_LIMIT + 1)
    events = [each for each in chronicle.read(rows(graph, query)) if each.start]
    if len(events) > _LIMIT:
        return None, None
    place = (starts[0], subject.iri)
    before = [each for each in events if (each.start, each.iri) < place]
    after = [each for each in events if (each.start, each.iri) > place]
    return (before[0] if before else None), (after[-1] if after else None)
