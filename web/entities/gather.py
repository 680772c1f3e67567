"""The queries of an entity's page: few, bounded, and only those its references call for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Term
from kg.store import Graph, rows
from web.claims import reading
from web.claims.contests import Contested, about_query
from web.claims.evidence import Row, read_rows, told_query
from web.claims.mentions import mentions_query
from web.claims.reading import StatedClaim, claims_query
from web.entities import chronicle, neighbours, row, services
from web.entities.then import called_then
from web.site import Site, incoming
from web.site import subject as subjects
from web.site.asking import together
from web.site.names import Called
from web.site.subject import Subject, facts_query


@dataclass(frozen=True, slots=True)
class Found:
    """What the queries brought; `labels` are the names that came with it, `told` the claims on the
    sides of what is `contested`, `rows` what its records tell, `mentions` what their prose says of
    its values, `then` what the values were called when it was; `recorded` is what it records,
    being a row itself.

    `happened` is what the tables say of events that it had a part in, or that were there.
    """

    subject: Subject
    claims: list[StatedClaim]
    contested: Contested
    told: list[StatedClaim]
    mentions: list[dict[str, Term]]
    rows: Mapping[Iri, Row]
    recorded: list[dict[str, Term]]
    then: Mapping[Iri, str]
    references: tuple[incoming.References, ...]
    services: list[services.Service]
    happened: chronicle.Happened
    before: chronicle.Event | None
    after: chronicle.Event | None
    labels: Mapping[Iri, Called]

    @property
    def doubted(self) -> frozenset[tuple[Iri, Term]]:
        """What is accepted, by property, though sources dispute it and nothing settles that."""
        told = (each for each in self.claims if each.contested and each.accepted)
        return frozenset((each.predicate, each.object) for each in told)

    def iris(self) -> Iterator[Iri]:
        """Every IRI that the page needs a name for."""
        yield from (self.subject.iri, *self.subject.iris(), *self.contested.iris())
        for claim in (*self.claims, *self.told):
            yield from claim.iris()
        for reference in self.references:
            yield from reference.subjects
        for service in self.services:
            yield from filter(None, (service.iri, service.other))
        for event in filter(None, (self.before, self.after)):
            yield event.iri
        yield from self.happened.iris
        yield from (str(each[name]) for each in self.recorded for name in ("made", "value"))


def gather(site: Site, iri: Iri, *, referenced: bool = False) -> Found | None:
    """What the graph holds of `iri`; None where nothing has it as its subject.

    With `referenced`, something may also just refer to it, as to things of other hosts.
    """
    graph, ontology = site.graph, site.ontology
    first = rows(graph, together(facts_query(iri), incoming.query(iri)))
    facts, pointing = _having("graph", first), _having("by", first)
    if not facts and not (referenced and pointing):
        return None
    subject = subjects.read(iri, facts, ontology)
    references = incoming.references(graph, iri, pointing)
    counts = {each.predicate: each.count for each in references}
    acted = sum(counts.get(each.iri, 0) for each in chronicle.parts(ontology))
    there = sum(counts.get(each.iri, 0) for each in chronicle.places(ontology))
    served = any(each.iri in counts for each in services.ends(ontology))
    # A store in memory looks for claims among all that refers to a hub.
    claimed = incoming.CLAIM in counts or any(each.more for each in references)
    queries = [
        *([claims_query(iri)] if claimed else []),
        *([about_query(iri)] if str(CLM.about) in counts else []),
        *([mentions_query(subject.records)] if subject.records else []),
        *([told_query(subject.records)] if subject.records else []),
        *([row.query(iri)] if row.is_row(subject) else []),
        *([services.query(iri, ontology)] if served else []),
    ]
    second = rows(graph, together(*queries)) if queries else []
    claims, contested = reading.read(_having("claim", second)), Contested.read(_having("s", second))
    journeys = neighbours.journeys(site, subject)
    before, after = journeys.around(subject)
    return Found(
        subject=subject,
        claims=claims,
        contested=contested,
        told=_told(graph, contested, claims),
        mentions=_having("named", second),
        rows=read_rows(_having("told", second)),
        recorded=_having("made", second),
        then=called_then(site, subject),
        references=references,
        services=services.read(_having("service", second)),
        happened=chronicle.happened(site, iri, met=acted > 0)
        if acted or there
        else chronicle.Happened(),
        before=before,
        after=after,
        labels={each.iri: journeys.labels[each.iri] for each in (before, after) if each}
        | {iri: (subject.label, next(iter(subject.types), None))},
    )


def _told(graph: Graph, contested: Contested, claims: list[StatedClaim]) -> list[StatedClaim]:
    """The claims on the sides of what is contested: most are about the thing, and read already."""
    wanted = set(contested.claims())
    known = [each for each in claims if each.iri in wanted]
    if lacking := wanted.difference(each.iri for each in known):
        known += reading.read(rows(graph, reading.these_query(sorted(lacking))))
    return known


def _having(name: str, solutions: list[dict[str, Term]]) -> list[dict[str, Term]]:
    return [each for each in solutions if name in each]
