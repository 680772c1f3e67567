"""Denial: one source says so, another that it is not so.

Who denies a place denies what lies within it: "not in Washington" speaks against "in the White
House", while "not in the White House" leaves Washington standing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from kg.judgement.found import Found, by_voice, settlers
from kg.judgement.sides import FACT, Side, Sides, rank
from kg.judgement.values import Values
from kg.judgement.world import Containment, World


def denials(sides: Sides, world: World, containment: Containment) -> Iterator[Found]:
    """Where a statement and its denial meet, both made as facts."""

    def clash(held: Sequence[Side]) -> bool:
        return bool(facing(held, containment))

    for (subject, name), held in sides.of_slot.items():
        facts = [each for each in held if each.mood == FACT]
        if met := facing(facts, containment):
            ranks = {each: rank(each, sides.claims(each), world.decisions) for each in met}
            losers = frozenset(_losers(ranks, containment))
            left = [each for each in met if each not in losers]
            chosen = () if clash(left) else left + [each for each in losers if ranks[each] < 0]
            settled = settlers(chosen, ranks, sides, world.decisions)
            found = Found("Denial", subject, (name,), tuple(met), losers, settled)
            yield from by_voice(found, sides, clash)


def facing(held: Sequence[Side], containment: Containment) -> list[Side]:
    """The sides that affirm what others deny, and those others."""
    if all(each.holds for each in held):
        return []
    denied = Values((each.value for each in held if not each.holds), containment)
    stated = Values((each.value for each in held if each.holds), containment)
    return [
        each
        for each in held
        if (denied.cover(each.value) if each.holds else stated.lie_within(each.value))
    ]


def _losers(ranks: Mapping[Side, int], containment: Containment) -> Iterator[Side]:
    """Those that a better one speaks against."""
    for level, holds in product(set(ranks.values()), (True, False)):
        equal = {each for each, rank in ranks.items() if rank == level and each.holds is holds}
        better = (each for each, rank in ranks.items() if rank > level and each.holds is not holds)
        yield from equal.intersection(facing([*equal, *better], containment))
