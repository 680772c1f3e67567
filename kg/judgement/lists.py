"""DifferentLists: two sources give a list as whole, and the lists are not the same.

"The United States and the United Nations" against "the United States and the European Union". Only
lists that a sheet calls `complete` are compared: that a source names two does not say that there
were no others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from kg.judgement.found import Found
from kg.judgement.sides import FACT, Side, Sides, Voice, rank, voice
from kg.judgement.world import Containment, World
from kg.model.facts import Value


def differing_lists(sides: Sides, world: World, containment: Containment) -> Iterator[Found]:
    """Where values stand on one closed list and not on another."""
    for (subject, name), held in sides.of_slot.items():
        lists = _closed(sides, [each for each in held if each.holds and each.mood == FACT])
        if len(lists) < 2:
            continue
        on = _on(lists, containment)
        listed = tuple(dict.fromkeys(each for members in lists.values() for each in members))
        agreed = frozenset(each for each in listed if len(on[each.value]) == len(lists))
        if len(agreed) < len(listed):
            ranks = {each: rank(each, (), world.decisions) for each in listed}
            decision = world.decisions.get((subject, name))
            yield Found(
                "DifferentLists",
                subject,
                (name,),
                listed,
                losers=frozenset(each for each in listed if ranks[each] < 0),
                settled=(decision.ref,) if decision and any(ranks.values()) else (),
                agreed=agreed,
            )


def _closed(sides: Sides, held: list[Side]) -> dict[Voice, list[Side]]:
    """The lists that are whole, by who gives them."""
    members: dict[Voice, list[Side]] = defaultdict(list)
    closed: dict[Voice, None] = {}
    for side in held:
        for claim in sides.claims(side):
            members[voice(claim)].append(side)
            if claim.complete:
                closed[voice(claim)] = None
    return {each: members[each] for each in closed}


def _on(lists: Mapping[Voice, list[Side]], containment: Containment) -> Mapping[Value, set[Voice]]:
    """On which lists a value stands, exactly or less so."""
    exactly: dict[Value, set[Voice]] = defaultdict(set)
    part: dict[Value, set[Voice]] = defaultdict(set)
    for who, members in lists.items():
        for side in members:
            exactly[side.value].add(who)
            for above in containment.above(side.value):
                part[above].add(who)
    return {
        each: exactly[each].union(
            part.get(each, ()), *(exactly.get(above, ()) for above in containment.above(each))
        )
        for each in list(exactly)
    }
