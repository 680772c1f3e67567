"""The queries of an entity's page: few, bounded, and only those its references call for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.model.rdf import Iri, Term
from kg.store import rows
from web.claims import reading
from web.claims.reading import Claim
from web.entities import chronicle, incoming, neighbours, tenures
from web.entities import subject as subjects
from web.entities.subject import Subject, kinds
from web.site import Site
from web.site.asking import ask, together
from web.site.diplomacy import DIP
from web.site.names import Called

LIMIT = 1_000  # triples, and claims, of one entity that a page reads
_PLACE = str(DIP.place)


@dataclass(frozen=True, slots=True)
class Found:
    """What the queries brought; `labels` are the names that came with it.

    `happened` is the number of references from events; `events` are they, unless too many.
    """

    subject: Subject
    kinds: frozenset[str]
    claims: list[Claim]
    references: tuple[incoming.References, ...]
    tenures: list[tenures.Tenure]
    happened: int
    events: list[chronicle.Event]
    companions: list[dict[str, Term]]
    before: chronicle.Event | None
    after: chronicle.Event | None
    labels: Mapping[Iri, Called]

    def iris(self) -> Iterator[Iri]:
        """Every IRI that the page needs a name for."""
        yield from self.subject.iris()
        for claim in self.claims:
            yield from claim.iris()
        for reference in self.references:
            yield from reference.subjects
        for tenure in self.tenures:
            yield from filter(None, (tenure.iri, tenure.other))
        shown = self.events[: chronicle.LISTED] if len(self.events) <= chronicle.LIMIT else []
        for event in (*shown, self.before, self.after):
            if event:
                yield event.iri
        yield from (str(row["other"]) for row in self.companions if "other" in row)


def facts_query(iri: Iri) -> str:
    return ask("web.entities", "subject", entity=iri, limit=LIMIT)


def claims_query(iri: Iri) -> str:
    return ask("web.claims", "about", entity=iri, limit=LIMIT)


def gather(site: Site, iri: Iri, *, referenced: bool = False) -> Found | None:
    """What the graph holds of `iri`; None where nothing has it as its subject.

    With `referenced`, something may also just refer to it, as to things of other hosts.
    """
    graph = site.graph
    first = rows(graph, together(facts_query(iri), incoming.query(iri)))
    facts, pointing = _having("graph", first), _having("by", first)
    if not facts and not (referenced and pointing):
        return None
    subject = subjects.read(iri, facts)
    references = incoming.references(graph, iri, pointing)
    counts = {each.predicate: each.count for each in references}
    acted = sum(counts.get(each, 0) for each in chronicle.ROLES - {_PLACE})
    happened = acted + counts.get(_PLACE, 0)
    events = 0 < happened <= chronicle.LIMIT
    # A store in memory looks for claims among all that refers to a hub.
    claimed = incoming.CLAIM in counts or any(each.more for each in references)
    queries = [
        *([claims_query(iri)] if claimed else []),
        *([tenures.query(iri)] if counts.keys() & tenures.OF else []),
        *([chronicle.events_query(iri)] if events else []),
        *([chronicle.companions_query(iri)] if events and acted else []),
    ]
    second = rows(graph, together(*queries)) if queries else []
    known = site.journeys.of(graph.release.id)
    journeys = neighbours.journeys(graph, known, subject)
    before, after = journeys.around(subject)
    return Found(
        subject=subject,
        kinds=kinds(subject, site.ontology),
        claims=reading.read(_having("claim", second)),
        references=references,
        tenures=tenures.read(_having("tenure", second)),
        happened=happened,
        events=chronicle.read(_having("event", second)),
        companions=_having("n", second),
        before=before,
        after=after,
        labels={each.iri: journeys.labels[each.iri] for each in (before, after) if each}
        | {iri: (subject.label, next(iter(subject.types), None))},
    )


def _having(name: str, solutions: list[dict[str, Term]]) -> list[dict[str, Term]]:
    return [each for each in solutions if name in each]
