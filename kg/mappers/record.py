"""A row of a public record: the row in its data set's graph, what it says in the accepted one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from rdflib.namespace import DCTERMS, FOAF, PROV, RDF, RDFS

from kg.mappers.evidence import map_evidence
from kg.model.facts import Claim, Passage, Record, Ref, as_written
from kg.model.iris import slugify
from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal, Quad
from kg.model.terms import Terms

Slot = tuple[Ref, str]
# Looked up once: a namespace checks every name that it is asked for, and rows are many.
_TYPE, _LABEL, _DERIVED = str(RDF.type), str(RDFS.label), str(PROV.wasDerivedFrom)
_REPEATS = str(PROV.alternateOf)
_IDENTIFIER, _PART_OF = str(DCTERMS.identifier), str(DCTERMS.isPartOf)
_WORDS, _PAGE = str(DCTERMS.description), str(FOAF.page)
_RECORD, _FIELD = str(CLM.Record), str(CLM.field)
_OCCURRED, _NAMES, _CONFIDENCE = str(CLM.Occurred), str(CLM.names), str(CLM.confidence)


def map_record(
    record: Record, terms: Terms, events: Collection[str], status: Iri
) -> Iterator[Quad]:
    """The record with its own values, and the event or tenure that it records. Whatever it states
    something of is derived from it, so that each statement leads to it.

    `events` are the types of reference that have a `status`; one that is on record has occurred.
    """
    minter = terms.minter
    accepted = minter.accepted
    graph, node = minter.source_graph(record.ref), minter.entity(record.ref)
    yield Quad(node, _TYPE, _RECORD, graph)
    yield Quad(node, _LABEL, terms.term(record.label), graph)
    yield Quad(node, _IDENTIFIER, Literal(record.ref.slug.partition("/")[2]), graph)
    yield Quad(node, _PART_OF, minter.entity(f"dataset/{record.dataset}"), graph)
    for name, value in record.fields:
        if type(value) is str:
            yield Quad(node, _FIELD, Literal(f"{name}: {value}"), graph)
        else:
            yield Quad(node, _FIELD, Literal(f"{name}: {as_written(value)}"), graph)
            yield Quad(node, minter.field(record.dataset, name), terms.term(value), graph)
    if record.words is not None:
        yield Quad(node, _WORDS, terms.term(record.words), graph)
    if record.page is not None:
        yield Quad(node, _PAGE, record.page, graph)
    if record.repeats is not None:
        yield Quad(node, _REPEATS, minter.entity(record.repeats), graph)
    for subject in {record.about, *(statement.subject for statement in record.statements)}:
        yield Quad(minter.entity(subject), _DERIVED, node, accepted)
        if subject.type in events:
            yield Quad(minter.entity(subject), status, _OCCURRED, accepted)
    for statement in record.statements:
        yield terms.quad(statement, accepted)
    yield from _mentions(record, graph, terms)


def _mentions(record: Record, graph: Iri, terms: Terms) -> Iterator[Quad]:
    """What the prose of each field names, numbered in the order in which it stands there."""
    numbers: Counter[str] = Counter()
    for each in sorted(record.mentions, key=lambda mention: (mention.column, mention.span)):
        numbers[each.column] += 1
        ref = Ref(f"evidence/{record.ref.slug}/{each.column}/{numbers[each.column]}")
        node = terms.minter.entity(ref)
        passage = Passage(each.span, each.words)
        yield from map_evidence(node, record.ref, passage, graph, terms, column=each.column)
        if each.names is not None:
            yield Quad(node, _NAMES, terms.minter.entity(each.names), graph)
        for name, value in each.says:
            yield Quad(node, terms.iris[name], terms.term(value), graph)
        if each.confidence is not None:
            yield Quad(node, _CONFIDENCE, terms.term(each.confidence), graph)


def map_field(dataset: str, name: str, terms: Terms) -> Iterator[Quad]:
    """The property by which records of a data set have what stands in a typed column."""
    minter = terms.minter
    graph, node = minter.graph(f"records/{dataset}"), minter.field(dataset, name)
    yield Quad(node, _TYPE, str(RDF.Property), graph)
    yield Quad(node, _LABEL, Literal(name, language="en"), graph)
    yield Quad(node, str(RDFS.isDefinedBy), minter.entity(f"dataset/{dataset}"), graph)


def record_claims(
    record: Record, slots: Collection[Slot], functional: Collection[str]
) -> Iterator[Claim]:
    """The record's claims, made only where a document claims something of the same slot.

    Ids are `place` for a functional property, `participant/vladimir-putin` for the others.
    """
    columns = dict(record.columns)
    for statement in record.statements:
        subject, name, value = statement
        if (subject, name) not in slots:
            continue
        claim_id = name.replace(":", "-")
        if subject != record.about:
            claim_id += f"/{subject.type}-{subject.slug}"
        if name not in functional:
            last = (
                value.slug if isinstance(value, Ref) else slugify(str(getattr(value, "iso", value)))
            )
            claim_id += f"/{last}"
        yield Claim(source=record.ref, id=claim_id, statement=statement, column=columns.get(name))
