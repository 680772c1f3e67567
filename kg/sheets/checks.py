"""The sheets of a project as one whole, and the faults that only show when they are together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from kg.model.decisions import Decision, Merge, Naming
from kg.model.errors import Problem
from kg.model.facts import Date, Fact, Ref, Statement
from kg.model.faults import faults
from kg.model.nodes import Node
from kg.model.sources import Known
from kg.sheets.document import Sheet
from kg.sheets.entities import DescribedEntity
from kg.sheets.records import RecordSheet


@dataclass(frozen=True, slots=True)
class Sheets:
    """What the sheets of a project say.

    `files` counts them; `matches` gives the records that are said to record an event, `decisions`
    what people decided of disputes, `rulings` of what is one and of whom records name. `notes` are
    lines on what is understood, and better written otherwise.
    """

    documents: tuple[Sheet, ...]
    entities: tuple[DescribedEntity, ...]
    records: tuple[RecordSheet, ...]
    files: int
    matches: Mapping[Ref, tuple[Ref, ...]] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    rulings: tuple[Merge | Naming, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def known(self) -> Known:
        kept = [each for each in self.entities if not each.entity.deprecated]
        return Known(
            ids={key: each.entity.ref for each in kept for key in each.ids},
            about={row.ref: row.about for rows in self.records for row, _ in rows.records},
            rows={row.ref: row for rows in self.records for row, _ in rows.records},
            entities={each.entity.ref: each.entity for each in kept},
            claims=[each.claim for sheet in self.documents for each in sheet.claims],
            published={
                sheet.document.ref: value
                for sheet in self.documents
                for _, name, value in sheet.document.description
                if name == "dcterms:issued" and isinstance(value, Date)
            },
            matches=self.matches,
            rulings=self.rulings,
        )

    @property
    def slots(self) -> frozenset[tuple[Ref, str]]:
        """The pairs of subject and property that documents claim something of."""
        claims = (each.claim for sheet in self.documents for each in sheet.claims)
        return frozenset((claim.statement.subject, claim.statement.property) for claim in claims)

    def facts(self, without: Collection[str] = ()) -> Iterator[Fact]:
        """Entities first, then documents with their claims, then records.

        Rows of the data sets in `without` are left out: their sources give them in full.
        """
        yield from (each.entity for each in self.entities)
        for sheet in self.documents:
            yield sheet.document
            yield from (each.claim for each in sheet.claims)
        for rows in self.records:
            if rows.dataset.ref.slug not in without:
                yield rows.dataset
                yield from (record for record, _ in rows.records)

    def placed(self) -> Iterator[tuple[Fact, str, Node]]:
        """Each fact with its file and its node."""
        for described in self.entities:
            yield described.entity, described.file, described.node
        for rows in self.records:
            yield rows.dataset, rows.reader.file, rows.head
            for record, node in rows.records:
                yield record, rows.reader.file, node
        for sheet in self.documents:
            yield sheet.document, sheet.reader.file, sheet.head
            for each in sheet.claims:
                yield each.claim, sheet.reader.file, each.node


def cross_check(sheets: Sheets) -> Iterator[Problem]:
    """Faults that a value alone does not show, and those between sheets: ids given twice,
    references that lead nowhere or back, cycles.
    """
    yield from _unfit(sheets)
    yield from _duplicates(sheets)
    yield from _shared_ids(sheets)
    yield from _dangling(sheets)
    yield from _outdated(sheets)
    yield from _cycles(sheets)


def _unfit(sheets: Sheets) -> Iterator[Problem]:
    """What no graph can hold or show, by the rules that hold for all facts."""
    for fact, file, node in sheets.placed():
        for name, (found, allowed) in faults(fact):
            own = node.value if isinstance(node.value, dict) else {}
            at = own.get(name.rpartition(":")[2], node)
            yield Problem(file, at.line, f"{node.path}.{name}", found, allowed)


def _duplicates(sheets: Sheets) -> Iterator[Problem]:
    """An id names one thing: a document, an entity, a record, a claim within its document."""
    seen: dict[Ref, tuple[Fact, str, int]] = {}
    for fact, file, node in sheets.placed():
        first, other, line = seen.setdefault(fact.ref, (fact, file, node.line))
        # Rows of one data set may stand in several files, whose heads are then the same.
        shared = fact.ref.type == "dataset" and fact == first
        if fact is not first and not shared:
            allowed = f"each id once; it stands at {other}:{line} too"
            yield Problem(file, node.line, node.path, f"duplicate id {fact.ref!r}", allowed)


def _shared_ids(sheets: Sheets) -> Iterator[Problem]:
    """An identifier of a data set names one entity, so that its rows are about that one."""
    seen: dict[tuple[str, str], DescribedEntity] = {}
    for described in sheets.entities:
        for key in () if described.entity.deprecated else dict.fromkeys(described.ids):
            first = seen.setdefault(key, described)
            if first is not described:
                node = described.node.value["ids"]
                allowed = f"an id that {first.entity.ref} ({first.file}:{first.node.line}) has not"
                yield Problem(described.file, node.line, node.path, ": ".join(key), allowed)


def _dangling(sheets: Sheets) -> Iterator[Problem]:
    """Every reference leads to an entity, a document or a record of some sheet."""
    defined: set[str] = {each.entity.ref for each in sheets.entities}
    defined |= {sheet.document.ref for sheet in sheets.documents}
    defined |= {rows.dataset.ref for rows in sheets.records}
    defined |= {record.ref for rows in sheets.records for record, _ in rows.records}
    defined |= {each.claim.ref for sheet in sheets.documents for each in sheet.claims}
    for file, node, ref in _references(sheets):
        if ref not in defined:
            allowed = "an entity that some sheet describes; add it to entities.yaml"
            yield Problem(file, node.line, node.path, f"unknown entity {ref!r}", allowed)


def _outdated(sheets: Sheets) -> Iterator[Problem]:
    """Nothing refers to a deprecated entity, for a page about it says no more than that it was."""
    gone = {each.entity.ref: each for each in sheets.entities if each.entity.deprecated}
    for file, node, ref in _references(sheets):
        if ref in gone and node is not gone[ref].node:
            values = (each.value for each in gone[ref].entity.description)
            successor = next((each for each in values if isinstance(each, Ref)), None)
            allowed = f"its successor {successor!r}" if successor else "an entity that is in use"
            yield Problem(file, node.line, node.path, f"deprecated entity {ref!r}", allowed)


def _references(sheets: Sheets) -> Iterator[tuple[str, Node, Ref]]:
    for described in sheets.entities:
        yield from _of(described.file, described.node, described.entity.description)
    for sheet in sheets.documents:
        head = sheet.head
        for ref in sheet.document.derived_from:
            yield sheet.reader.file, head, ref
        for statement in sheet.document.description:
            if isinstance(statement.value, Ref):
                yield sheet.reader.file, head, statement.value
        for each in sheet.claims:
            yield from _of(sheet.reader.file, each.node, (each.claim.statement,))
            others = (difference.claim for difference in each.claim.differs_from)
            for ref in (*each.claim.speakers, *each.claim.about, *others):
                yield sheet.reader.file, each.node, ref
    for rows in sheets.records:
        yield from _of(rows.reader.file, rows.head, rows.dataset.description)
        for record, node in rows.records:
            yield rows.reader.file, node, record.about
            yield from _of(rows.reader.file, node, record.statements)


def _of(
    file: str, node: Node, statements: tuple[Statement, ...]
) -> Iterator[tuple[str, Node, Ref]]:
    for subject, _, value in statements:
        yield file, node, subject
        if isinstance(value, Ref):
            yield file, node, value


def _cycles(sheets: Sheets) -> Iterator[Problem]:
    """`within` is a strict order: nothing lies within itself."""
    parents = {each.entity.ref: each for each in sheets.entities}
    for start in sheets.entities:
        path: list[Ref] = [start.entity.ref]
        while (place := parents.get(path[-1])) and place.within:
            path.append(place.within)
            if place.within == start.entity.ref:
                found = " within ".join(path)
                yield Problem(start.file, start.node.line, "within", found, "no cycle")
                break
            if place.within in path[:-1]:
                break
