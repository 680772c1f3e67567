"""What the project takes as so, what is disputed, who agrees, and why (DESIGN §2).

A pure function from claims to a judgement, linear in claims: they are put together by slot and by
value, and no two claims are ever compared. It looks at claims alone, so its cost does not grow with
the rows of public records, of which only those that meet a claim become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.judgement.acceptance import acceptable
from kg.judgement.accounts import accounts
from kg.judgement.declared import declared, declared_claims
from kg.judgement.denials import denials
from kg.judgement.differing import differing
from kg.judgement.found import Found, merged
from kg.judgement.lists import differing_lists
from kg.judgement.plans import changed_plans
from kg.judgement.sides import FACT, PLAN, Side, Sides
from kg.judgement.sources import Sources
from kg.judgement.statuses import statuses
from kg.judgement.times import impossible_times
from kg.judgement.world import Containment, World
from kg.model.decisions import Decision
from kg.model.facts import Claim, Concept, Ref

_RULES = (differing, impossible_times, denials, differing_lists, accounts, changed_plans)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A side with its claims, and how many independent sources they come from."""

    side: Side
    claims: tuple[Claim, ...]
    independent: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdicts, each in a fixed order."""

    accepted: tuple[Claim, ...]
    disagreements: tuple[Found, ...]
    sides: tuple[Weighed, ...]
    disputed: tuple[Claim, ...]
    statuses: tuple[tuple[Ref, Concept], ...]
    idle: tuple[Decision, ...]  # that decide nothing, as no source states such a value


def judge(claims: Iterable[Claim], world: World) -> Judgement:
    """Judge all claims of a graph together."""
    ordered = sorted(claims, key=lambda claim: claim.ref)
    containment = Containment.of(ordered, world)
    sides = Sides.of(ordered, world, declared_claims(ordered))
    by_rule = (each for rule in _RULES for each in rule(sides, world, containment))
    found = merged([*by_rule, *declared(ordered)])
    losers = {one.ref for each in found for side in each.losers for one in sides.claims(side)}
    accepted = tuple(acceptable(ordered, losers, world, containment))
    contested = dict.fromkeys(side for each in found for side in each.contested)
    return Judgement(
        accepted=accepted,
        disagreements=tuple(found),
        sides=tuple(_weighed(sides, found, Sources(world.derived, world.publishers))),
        disputed=tuple(claim for side in contested for claim in sides.claims(side)),
        statuses=tuple(statuses(ordered, accepted, world)),
        idle=tuple(each for each in world.decisions.values() if not _is_stated(each, sides)),
    )


def _is_stated(decision: Decision, sides: Sides) -> bool:
    held = sides.of_slot.get(decision.slot, ())
    return any(side.value == decision.statement.value and side.mood == FACT for side in held)


def _weighed(sides: Sides, found: Iterable[Found], sources: Sources) -> Iterator[Weighed]:
    """The sides of disagreements, and those that several sources share."""
    shared = (
        side
        for held in sides.of_slot.values()
        for side, claims in held.items()
        if side.mood in {FACT, PLAN} and len({each.source for each in claims}) > 1
    )
    for side in dict.fromkeys([*shared, *(side for each in found for side in each.sides)]):
        claims = sides.claims(side)
        yield Weighed(side, tuple(claims), sources.independent(claims))
