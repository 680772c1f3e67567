"""The events before and after one: those of the same traveller."""

from __future__ import annotations

from kg.rdf import Literal
from kg.store import Graph, rows
from kg.vocab import DIP
from web.asking import ask
from web.entities import chronicle
from web.entities.subject import Subject

_LIMIT = 600  # events of a traveller that are read; who has more is no help in placing one


def query(subject: Subject) -> str | None:
    """The query for the visits of the one who makes this visit, None where nobody does."""
    travellers = subject.facts.get(str(DIP.traveller), ())
    first = next((each for each in travellers if isinstance(each, str)), None)
    return first and ask("web.entities", "journeys", traveller=first, limit=_LIMIT + 1)


def find(graph: Graph, subject: Subject) -> tuple[chronicle.Event | None, chronicle.Event | None]:
    """The traveller's last event that started before `subject` did, and the next."""
    asked = query(subject)
    starts = [
        each.value for each in subject.facts.get(str(DIP.start), ()) if isinstance(each, Literal)
    ]
    if asked is None or not starts:
        return None, None
    events = chronicle.read(rows(graph, asked))
    if len(events) > _LIMIT:
        return None, None
    place = (starts[0], subject.iri)
    before = [each for each in events if (each.start, each.iri) < place]
    after = [each for each in events if (each.start, each.iri) > place]
    return (before[0] if before else None), (after[-1] if after else None)
