"""What the project takes as so: acceptance, contradiction, corroboration (DESIGN §2).

A pure function from claims to a judgement. It looks at claims alone, so its cost does not grow
with the rows of public records, of which only those that meet a claim become one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from rdflib.namespace import XSD

from kg.model.facts import Claim, Concept, Ref, Value
from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal, Quad
from kg.model.terms import Terms

Pair = tuple[Claim, Claim]
_TRUE = Literal("true", str(XSD.boolean))


@dataclass(frozen=True, slots=True)
class World:
    """What the judge knows besides the claims.

    `within` gives the place around a place; `derived` the sources that a source draws on;
    `functional` the properties that have one value (`clm:FunctionalClaimProperty`); `events` the
    references whose status is to be told, each with whether a record records it; `status` the
    property that tells it, empty where the vocabulary has none.
    """

    within: Mapping[Ref, Ref]
    derived: Mapping[Ref, tuple[Ref, ...]]
    functional: Collection[str]
    events: Mapping[Ref, bool]
    status: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdicts, in the order of the claims."""

    accepted: tuple[Claim, ...]
    contradictions: tuple[Pair, ...]
    corroborations: tuple[Pair, ...]
    statuses: tuple[tuple[Ref, Concept], ...]


def judge(claims: Iterable[Claim], world: World) -> Judgement:
    """Judge all claims of a graph together."""
    ordered = sorted(claims, key=lambda claim: claim.ref)
    slots: dict[tuple[Ref, str], list[Claim]] = defaultdict(list)
    for claim in ordered:
        # "Unlikely" leans to a denial: it neither affirms a value nor speaks against another.
        if claim.polarity and claim.modality != "Unlikely":
            slots[claim.statement.subject, claim.statement.property].append(claim)
    contradictions: list[Pair] = []
    corroborations: list[Pair] = []
    for (_, name), rivals in slots.items():
        for one, other in combinations(rivals, 2):
            if one.statement.value == other.statement.value:
                if _independent(one.source, other.source, world.derived):
                    corroborations.append((one, other))
            elif name in world.functional and not _compatible(one, other, world.within):
                contradictions.append((one, other))
    outranked = {
        pair[i] for pair in contradictions for i in (0, 1) if _outranks(pair[1 - i], pair[i])
    }
    standing = [
        claim
        for claim in ordered
        if claim.modality == "Asserted"
        and claim.polarity
        and claim.review == "Reviewed"
        and claim not in outranked
    ]
    accepted = tuple(_finest(standing, world))
    statuses = tuple(_statuses(ordered, accepted, world))
    return Judgement(accepted, tuple(contradictions), tuple(corroborations), statuses)


def map_judgement(judgement: Judgement, terms: Terms, status: Iri) -> Iterator[Quad]:
    """The accepted triples, how claims bear on one another, and what became of events."""
    minter, graph = terms.minter, terms.minter.accepted
    for claim in judgement.accepted:
        # What a document says of itself is its own description, so its home is its own graph.
        own = claim.statement.subject == claim.source
        yield terms.quad(claim.statement, minter.source_graph(claim.source) if own else graph)
    for predicate, pairs in (
        (CLM.contradicts, judgement.contradictions),
        (CLM.corroborates, judgement.corroborations),
    ):
        for one, other in pairs:
            yield Quad(minter.entity(one.ref), predicate, minter.entity(other.ref), graph)
            yield Quad(minter.entity(other.ref), predicate, minter.entity(one.ref), graph)
    for claim in {claim for pair in judgement.contradictions for claim in pair}:
        yield Quad(minter.entity(claim.ref), CLM.disputed, _TRUE, graph)
    for event, outcome in judgement.statuses:
        yield Quad(minter.entity(event), status, terms.term(outcome), graph)


def _finest(standing: list[Claim], world: World) -> Iterator[Claim]:
    """Of the values of a functional property, those that no finer one makes superfluous: a visit
    to Sochi is one to Russia, but its place is one place.
    """
    values: dict[tuple[Ref, str], set[Value]] = defaultdict(set)
    for claim in standing:
        if claim.statement.property in world.functional:
            values[claim.statement.subject, claim.statement.property].add(claim.statement.value)
    for claim in standing:
        subject, name, value = claim.statement
        if not any(_coarser(value, other, world.within) for other in values[subject, name]):
            yield claim


def _outranks(one: Claim, other: Claim) -> bool:
    """An official record outranks a document; equals do not outrank one another."""
    return one.source.type == "record" and other.source.type != "record"


def _compatible(one: Claim, other: Claim, within: Mapping[Ref, Ref]) -> bool:
    """Two values of a slot agree where one is the other, only coarser: Russia and Sochi, 2013-09
    and 2013-09-12.
    """
    return _coarser(one.statement.value, other.statement.value, within) or _coarser(
        other.statement.value, one.statement.value, within
    )


def _coarser(whole: Value, part: Value, within: Mapping[Ref, Ref]) -> bool:
    if isinstance(whole, Ref) and isinstance(part, Ref):
        return whole in _above(part, within)
    return str(getattr(part, "iso", "")).startswith(str(getattr(whole, "iso", "\0")) + "-")


def _above(place: Ref, within: Mapping[Ref, Ref]) -> Iterator[Ref]:
    while place in within:
        place = within[place]
        yield place


def _independent(one: Ref, other: Ref, derived: Mapping[Ref, tuple[Ref, ...]]) -> bool:
    """Two sources are independent where neither draws on what the other draws on."""
    return not _lineage(one, derived) & _lineage(other, derived)


def _lineage(source: Ref, derived: Mapping[Ref, tuple[Ref, ...]]) -> set[Ref]:
    """A source and all that it draws on; a record draws on its data set."""
    found: set[Ref] = set()
    todo = [source]
    while todo:
        each = todo.pop()
        if each not in found:
            found.add(each)
            todo += derived.get(each, ())
            if each.type == "record":
                todo.append(Ref("dataset/" + each.slug.partition("/")[0]))
    return found


def _statuses(
    claims: Iterable[Claim], accepted: Collection[Claim], world: World
) -> Iterator[tuple[Ref, Concept]]:
    """Occurred, where a record has it or an accepted claim says when or where; else planned or
    hypothetical, where nothing firmer is claimed of it; else nothing is said.

    An accepted claim of `status` (a summit cancelled) decides by itself.
    """
    told = {
        claim.statement.subject for claim in accepted if claim.statement.property == world.status
    }
    placed = {
        claim.statement.subject
        for claim in accepted
        if claim.statement.property in world.functional
    }
    real = {claim.statement.subject for claim in accepted}
    modalities: dict[Ref, set[str]] = defaultdict(set)
    for claim in claims:
        if claim.polarity:
            modalities[claim.statement.subject].add(claim.modality)
    for event, recorded in sorted(world.events.items()):
        if event in told:
            continue
        if recorded or event in placed:
            yield event, Concept("Occurred")
        elif event in real:
            continue
        elif modalities[event] & {"Planned", "Expected", "Intended"}:
            yield event, Concept("Planned")
        elif modalities[event] & {"Hypothetical", "Unlikely"}:
            yield event, Concept("Hypothetical")
