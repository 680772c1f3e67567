"""From sources to lines of N-Quads and to the claims that the judge must see.

One partition is the unit of work: what comes of it shares nothing with another, so that
partitions can be mapped in any process, in any order (DESIGN §10).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from kg.mappers import Mapper
from kg.mappers.record import Slot, record_claims
from kg.model.facts import Claim, Entity, Fact, Record, Ref
from kg.model.rdf import line
from kg.model.sources import Issue


@dataclass(frozen=True, slots=True)
class Harvester:
    """Maps facts, and turns rows that meet a document's claim into claims.

    `slots` are the pairs of subject and property that documents claim something of;
    `functional` are the properties that have one value, `containment` those from a place to the
    one around it; `described` the things of the sheets,
    of which the judge must know whether a row records them.
    """

    mapper: Mapper
    slots: frozenset[Slot]
    functional: frozenset[str]
    containment: frozenset[str]
    described: frozenset[Ref]

    def gather(self, facts: Iterable[Fact | Issue]) -> Harvest:
        """Map one partition."""
        harvest = Harvest()
        for fact in facts:
            if isinstance(fact, Issue):
                harvest.issues.append(fact)
                continue
            harvest.counts[type(fact).__name__.lower()] += 1
            harvest.lines.update(map(line, self.mapper.quads(fact)))
            if isinstance(fact, Claim):
                harvest.claims.append(fact)
            elif isinstance(fact, Entity):
                harvest.take_place(fact, self.containment)
            elif isinstance(fact, Record):
                harvest.rows[_kind(fact)] += 1
                told = {fact.about, *(each.subject for each in fact.statements)}
                harvest.recorded |= told & self.described
                for claim in record_claims(fact, self.slots, self.functional):
                    harvest.claims.append(claim)
                    harvest.lines.update(map(line, self.mapper.quads(claim)))
        return harvest


@dataclass(slots=True)
class Harvest:
    """What came of some facts."""

    lines: set[str] = field(default_factory=set)
    claims: list[Claim] = field(default_factory=list)
    within: dict[Ref, Ref] = field(default_factory=dict)
    recorded: set[Ref] = field(default_factory=set)
    issues: list[Issue] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)

    def take_place(self, entity: Entity, containment: Collection[str]) -> None:
        for subject, name, value in entity.description:
            if name in containment and isinstance(value, Ref):
                self.within[subject] = value

    def absorb(self, other: Harvest) -> None:
        """Take in all but the lines, which go to the sorter as they come."""
        self.claims += other.claims
        self.within |= other.within
        self.recorded |= other.recorded
        self.issues += other.issues
        self.counts += other.counts
        self.rows += other.rows


def _kind(record: Record) -> str:
    """The data set of a row, and its kind where it has one: `travels/secretary`."""
    kinds = (value for name, value in record.fields if name in {"kind", "role"})
    return "/".join([record.dataset, *kinds])
