"""From sources to lines of N-Quads and to the claims that the judge must see.

One partition is the unit of work: what comes of it shares nothing with another, so that
partitions can be mapped in any process, in any order (DESIGN §10).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.build.gather.contributed import Reading
from kg.build.gather.declared import Declared
from kg.judgement.bounds import Told
from kg.mappers import Mapper
from kg.mappers.reading import few, map_reading, unshown
from kg.mappers.record import Slot, record_claims
from kg.mappers.voices import Voices
from kg.model.errors import Problem
from kg.model.facts import Claim, Document, Entity, Fact, Record, Ref, Statement, Value
from kg.model.faults import faults
from kg.model.rdf import Quad, line
from kg.model.sources import Credit, Issue, Review

_MOST_PROBLEMS = 50  # of one partition


@dataclass(frozen=True, slots=True)
class Harvester:
    """Maps facts, and turns rows that meet a document's claim into claims.

    `slots` are the pairs of subject and property that documents claim something of;
    `functional` are the properties that have one value, `containment` those from a place to the
    one around it, `attending` those from a visit to what it was for or part of; `voices` tells who
    speaks; `described` are the things of the sheets, of which the judge must know whether a row
    records them; `roles` are those by which it knows when a thing was, by property.
    """

    mapper: Mapper
    declared: Declared
    slots: frozenset[Slot]
    functional: frozenset[str]
    containment: frozenset[str]
    attending: frozenset[str]
    voices: Voices
    described: frozenset[Ref]
    roles: Mapping[str, str]

    def gather(self, reading: Reading, write: Callable[[Iterable[str]], None]) -> Harvest:
        """Map one partition; its lines go to `write` as they come, some more than once."""
        harvest = Harvest()
        for fact in reading:
            if isinstance(fact, Issue):
                harvest.issues.append(fact)
            elif isinstance(fact, Review):
                harvest.reviews.append(fact)
            elif wrong := [*self.declared.faults(fact)] or [*_unfit(fact)]:
                harvest.refuse(reading, wrong)
            elif isinstance(fact, Record) and (first := harvest.records.get(fact.ref)):
                harvest.refuse(reading, [_again(fact.ref, first)])
            else:
                write(map(line, self._quads(fact, harvest, reading)))
        return harvest

    def _quads(self, fact: Fact, harvest: Harvest, reading: Reading) -> Iterator[Quad]:
        harvest.counts[type(fact).__name__.lower()] += 1
        yield from self.mapper.quads(fact)
        if isinstance(fact, Claim):
            harvest.claims.append(fact)
            for claim in self.voices.claims(fact):
                harvest.claims.append(claim)
                yield from self.mapper.quads(claim)
        elif isinstance(fact, Entity | Document):
            harvest.take_description(fact, self.containment)
            harvest.told += self.told(fact.description, described=True)
        elif isinstance(fact, Record):
            harvest.records[fact.ref] = (reading.file, reading.line)
            harvest.rows[_kind(fact)] += 1
            harvest.told += self.told(fact.statements)
            harvest.typed |= {
                (fact.dataset, name) for name, each in fact.fields if type(each) is not str
            }
            told = {fact.about, *(each.subject for each in fact.statements)}
            attended = {each[2] for each in fact.statements if each[1] in self.attending}
            harvest.recorded |= self.described & {*told, *attended}
            for statement in unshown(fact, self.mapper.terms):
                read = [*map_reading(fact, statement, self.mapper.terms)]
                yield from read
                if not read and (statement.subject, statement.property) not in self.slots:
                    slot = fact.dataset, statement.property
                    harvest.read[slot] = few(harvest.read.get(slot, set()) | {statement.value})
            for claim in record_claims(fact, self.slots, self.functional):
                harvest.claims.append(claim)
                yield from self.mapper.quads(claim)

    def told(self, statements: Iterable[Statement], *, described: bool = False) -> Iterator[Told]:
        """Those that tell when a thing was."""
        for subject, name, value in statements:
            if role := self.roles.get(name):
                yield Told(subject, role, value, described)


@dataclass(slots=True)
class Harvest:
    """What came of some facts, but for their lines. `typed` are columns with values of a type;
    `read` has what data sets give of a property though no row shows it.
    """

    claims: list[Claim] = field(default_factory=list)
    within: dict[Ref, Ref] = field(default_factory=dict)
    publishers: dict[Ref, Ref] = field(default_factory=dict)
    recorded: set[Ref] = field(default_factory=set)
    typed: set[tuple[str, str]] = field(default_factory=set)
    read: dict[tuple[str, str], set[Value]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    problems: dict[tuple[str, str], Problem] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    records: dict[Ref, tuple[str, int]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    credits: tuple[Credit, ...] = ()

    def take_description(self, fact: Entity | Document, containment: Collection[str]) -> None:
        """Note what a thing lies within, and who publishes a source."""
        for subject, name, value in fact.description:
            if isinstance(value, Ref):
                if name in containment:
                    self.within[subject] = value
                elif name == "dcterms:publisher":
                    self.publishers[subject] = value

    def refuse(self, reading: Reading, faults: Iterable[tuple[str, str]]) -> None:
        """Note where a mistake stands first, as it may stand in every row."""
        for fault in faults:
            if fault not in self.problems and len(self.problems) < _MOST_PROBLEMS:
                self.problems[fault] = reading.problem(*fault)

    def absorb(self, other: Harvest) -> None:
        self.claims += other.claims
        self.within |= other.within
        self.publishers |= other.publishers
        self.recorded |= other.recorded
        self.typed |= other.typed
        for slot, values in other.read.items():
            self.read[slot] = few(self.read.get(slot, set()) | values)
        self.told += other.told
        self.issues += other.issues
        self.reviews += other.reviews
        for ref in self.records.keys() & other.records.keys():
            found, allowed = _again(ref, self.records[ref])
            problem = Problem(*other.records[ref], "", found, allowed)
            self.problems.setdefault((found, allowed), problem)
        self.records |= other.records
        self.problems = {**other.problems, **self.problems}
        self.counts += other.counts
        self.rows += other.rows


def _again(ref: Ref, first: tuple[str, int]) -> tuple[str, str]:
    """That two rows are one record, which would merge all that they say."""
    file, line = first
    place = f"{file}:{line}" if line else file
    return f"the record {ref!r} again", f"each identifier once; it stands in {place} too"


def _unfit(fact: Fact) -> Iterator[tuple[str, str]]:
    """What no graph can hold or show, with what is allowed."""
    return ((f"{found} as {field}", allowed) for field, (found, allowed) in faults(fact))


def _kind(record: Record) -> str:
    """The data set of a row, and its kind where it has one: `travels/secretary`."""
    kinds = (str(value) for name, value in record.fields if name in {"kind", "role"})
    return "/".join([record.dataset, *kinds])
