"""The page of an entity: a pure function from what was found, and names for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rdflib.namespace import PROV, XSD

from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal
from web.claims import mentions
from web.claims.contests import Contest
from web.claims.evidence import Evidence, Group, grouped, source_of
from web.claims.reading import claims_query
from web.claims.shown import show
from web.claims.slots import Apart, Aside, Slot, apart, slots
from web.entities import chronicle, neighbours, services
from web.entities import row as rows
from web.entities.gather import Found
from web.entities.matrix import Matrix, matrix
from web.entities.row import Row
from web.entities.schema_org import described
from web.entities.summary import summary
from web.site import Site, incoming
from web.site.citing import Cited, cite
from web.site.dates import period, untold
from web.site.heads import Head, head
from web.site.history import Past, past
from web.site.maps import Map
from web.site.names import Names, Thing
from web.site.sources import independent, tally
from web.site.subject import facts_query
from web.site.values import Words, words


@dataclass(frozen=True, slots=True)
class EntityPage:
    """All that the page of an entity shows.

    Attributes:
        head: links and JSON-LD for machines.
        iri: the entity's name in RDF.
        title: its label.
        kinds: its classes.
        status: what became of an event, None for other things.
        summary: one sentence made from the graph.
        other_names: labels in other languages and spellings.
        slots: accepted and contested values, in the order a person would ask.
        over, bound_by: by when it ended, where its own dates do not tell, and what does.
        contests: what sources tell differently, with every side.
        row: its fields and what came of it, of a row of a register alone.
        matrix: what each source says, None where fewer than two speak.
        apart: plans, opinions, allegations and denials, where no matrix has them.
        before, after: the same actor's events around this one, and the query that says so.
        services: offices held, or holders of an office.
        years: events by year, for whoever or wherever has some.
        company: who was at the same events; where: a map of these.
        incoming: what refers to it, by property.
        same_as, see_also: elsewhere.
        registers: the rows that its facts come from, by register.
        position: latitude and longitude of a place.
        claims, independent, sources: how many claims there are about it, from how many sources that
            have nothing in common, and which kinds those are of.
        facts_query, claims_query: what the sections ran, as addresses of the endpoint.
        citation: how to cite the page.
        past: since which release it stands, and what it said before.
    """

    head: Head
    iri: Iri
    title: Words
    kinds: tuple[Thing, ...]
    status: Thing | None
    summary: str
    other_names: tuple[Words, ...]
    slots: tuple[Slot, ...]
    over: Words | None
    bound_by: tuple[Thing, ...]
    contests: tuple[Contest, ...]
    apart: tuple[Apart, ...]
    row: Row | None
    matrix: Matrix | None
    before: chronicle.Dated | None
    after: chronicle.Dated | None
    around_query: str
    services: services.Services | None
    years: chronicle.Chronicle | None
    company: chronicle.Company | None
    where: Map | None
    incoming: tuple[incoming.Group, ...]
    same_as: tuple[Thing, ...]
    see_also: tuple[Thing, ...]
    registers: tuple[Group, ...]
    position: tuple[str, str] | None
    claims: int
    independent: int
    sources: str
    facts_query: str
    claims_query: str
    citation: Cited
    past: Past | None

    @property
    def disputed(self) -> tuple[Contest, ...]:
        return tuple(each for each in self.contests if each.disputed)


def page(found: Found, names: Names, site: Site, *, together: bool) -> EntityPage:
    subject, links, ontology = found.subject, names.links, names.ontology
    iri = subject.iri
    title = words(names.label(iri) or Literal(names.thing(iri).label))
    row = rows.row(subject, found.recorded, names) if rows.is_row(subject) else None
    if row:
        title = Words(row.source.label)
        own = {n: v for n, v in subject.facts.items() if not rows.is_own(n, links.base)}
        subject = replace(subject, facts=own)
    by = {each.predicate for each in found.references}
    offices = {each.iri for each in ontology.playing("Office")}
    held = services.services(iri, found.services, names, of_office=bool(by & offices))
    listed = (
        (*chronicle.parts(ontology), *chronicle.places(ontology)) if found.happened.total else ()
    )
    listed += services.ends(ontology) if held else ()
    elsewhere = {each.iri for each in listed} | ({str(PROV.wasDerivedFrom)} if row else set())
    aside = Aside(mentions.read(found.mentions, names), found.then, found.rows)
    sentence = summary(found, held, names)
    called = names.thing(iri)
    source = iri if str(CLM.Record) in subject.types else ""
    said_by = {each.source for each in found.claims}.union(subject.records)
    sources = [names.source(each) for each in said_by]
    contests = found.contested.contests({each.iri: show(each, names) for each in found.told}, names)
    differing = {name for each in contests for name in each.properties}
    table = matrix(subject, found.claims, differing, names)
    return EntityPage(
        head=head(
            iri,
            links,
            subject.types,
            site.settings.licence,
            described(subject, title.text, sentence, names, found.doubted),
        ),
        iri=iri,
        title=title,
        kinds=tuple(names.thing(each) for each in subject.types),
        status=names.thing(subject.status) if subject.status else None,
        summary=sentence,
        other_names=tuple(words(each) for each in subject.other_names),
        slots=slots(subject, found.claims, names, aside),
        over=words(Literal(subject.over, str(XSD.date))) if subject.over else None,
        bound_by=tuple(map(names.thing, subject.bound_by)),
        contests=contests,
        apart=() if table else apart(found.claims, names),
        row=row,
        matrix=table,
        before=_dated(found.before, names),
        after=_dated(found.after, names),
        around_query=links.sparql(neighbours.query(subject, ontology) or ""),
        services=held,
        years=chronicle.chronicle(iri, found.happened, names, site.minter),
        company=chronicle.companions(iri, found.happened, names, site.minter, together=together),
        where=chronicle.where(iri, found.happened, links, site.minter),
        incoming=incoming.groups(
            iri,
            found.references,
            names,
            listed=elsewhere,
        ),
        same_as=tuple(names.thing(each) for each in subject.same_as),
        see_also=tuple(names.thing(each) for each in subject.see_also),
        registers=grouped(
            (
                Evidence(source_of(each, found.rows, names), _words(found, each))
                for each in subject.records
            ),
            names,
        ),
        position=subject.position,
        claims=len(found.claims),
        independent=independent(sources, names.sources),
        sources=tally(sources),
        facts_query=links.sparql(facts_query(iri)),
        claims_query=links.sparql(claims_query(iri)),
        citation=cite(site, called.iri, called.label, language=called.language, source=source),
        past=past(site, iri),
    )


def _words(found: Found, record: Iri) -> Words | None:
    told = found.rows.get(record)
    return told.words if told else None


def _dated(event: chronicle.Event | None, names: Names) -> chronicle.Dated | None:
    if event is None:
        return None
    thing = names.thing(event.iri)
    return chronicle.Dated(thing, untold(thing.label, period(event.start, event.end or None)), "")
