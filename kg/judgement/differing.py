"""DifferentValues and DifferentDates: one value is possible, and sources give several.

A visit has one place. Russia and Sochi are no disagreement, as Sochi lies within Russia; Moscow and
Sochi are one. A quantity is one value too, of whatever property. Dates differ where they cannot
overlap: "2013" and "12 September 2013" can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.judgement.found import Found, by_voice, settlers
from kg.judgement.sides import FACT, Side, Sides, rank
from kg.judgement.values import Values, span
from kg.judgement.world import Containment, World
from kg.model.facts import Ref


def differing(sides: Sides, world: World, containment: Containment) -> Iterator[Found]:
    """Where sources give, as facts, values of a functional property that cannot both be so."""

    def clash(held: Sequence[Side]) -> bool:
        return bool(_rivals(held, containment))

    for (subject, name), held in sides.of_slot.items():
        stated = [
            each
            for each in held
            if each.holds and each.mood == FACT and world.is_single(name, each.value)
        ]
        if rivals := _rivals(stated, containment):
            losers, settled = _outranked(rivals, sides, world, containment)
            dated = all(span(each.value) for each in rivals)
            kind = "DifferentDates" if dated else "DifferentValues"
            found = Found(kind, subject, (name,), tuple(rivals), losers, settled)
            yield from by_voice(found, sides, clash)


def _rivals(stated: Sequence[Side], containment: Containment) -> list[Side]:
    if len(stated) < 2:
        return []
    values = Values((each.value for each in stated), containment)
    return [each for each in stated if values.clash(each.value)]


def _outranked(
    rivals: Sequence[Side], sides: Sides, world: World, containment: Containment
) -> tuple[frozenset[Side], tuple[Ref, ...]]:
    """Those that agree with none of the best; and what settles it, where the best agree."""
    ranks = {each: rank(each, sides.claims(each), world.decisions) for each in rivals}
    top = max(ranks.values())
    best = Values((each.value for each in rivals if ranks[each] == top), containment)
    losers = frozenset(
        each
        for each in rivals
        if ranks[each] < 0 or (ranks[each] < top and best.exclude(each.value))
    )
    if _rivals([each for each in rivals if each not in losers], containment):
        return losers, ()
    chosen = [each for each in rivals if ranks[each] in {top, -1}]
    return losers, settlers(chosen, ranks, sides, world.decisions)
