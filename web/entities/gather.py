"""The queries of an entity's page: few, bounded, and only those its references call for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.rdf import Iri, Term
from kg.store import rows
from kg.vocab import DIP
from web.asking import ask
from web.claims import reading
from web.claims.reading import Claim
from web.entities import chronicle, incoming, neighbours, tenures
from web.entities import subject as subjects
from web.entities.subject import Subject, kinds
from web.site import Site

LIMIT = 1_000  # triples, and claims, of one entity that a page reads
_PLACE = str(DIP.place)


@dataclass(frozen=True, slots=True)
class Found:
    """What the queries brought, before anything has a name."""

    subject: Subject
    kinds: frozenset[str]
    claims: list[Claim]
    references: tuple[incoming.References, ...]
    tenures: list[tenures.Tenure]
    events: list[chronicle.Event]
    companions: list[dict[str, Term]]
    before: chronicle.Event | None
    after: chronicle.Event | None

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
    facts = rows(graph, facts_query(iri))
    if not facts and not referenced:
        return None
    subject = subjects.read(iri, facts)
    kind = kinds(subject, site.ontology)
    references = incoming.references(graph, site.ontology, iri, kind)
    if not facts and not references:
        return None
    pointing = {each.predicate: each.count for each in references}
    acted = sum(pointing.get(each, 0) for each in chronicle.ROLES - {_PLACE})
    hosted = pointing.get(_PLACE, 0)
    events = 0 < acted + hosted <= chronicle.LIMIT
    held = bool(pointing.keys() & {str(DIP.holder), str(DIP.post)})
    around = neighbours.find(graph, subject) if "Event" in kind else (None, None)
    return Found(
        subject=subject,
        kinds=kind,
        claims=reading.read(rows(graph, claims_query(iri))),
        references=references,
        tenures=tenures.read(rows(graph, tenures.query(iri))) if held else [],
        events=chronicle.read(rows(graph, chronicle.events_query(iri))) if events else [],
        companions=rows(graph, chronicle.companions_query(iri)) if events and acted else [],
        before=around[0],
        after=around[1],
    )
