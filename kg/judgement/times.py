"""DifferentDates across properties: an event that is over before it begins, or begins after its
end, where one source gives the one day and another the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

from kg.judgement.found import Found, by_voice, settlers
from kg.judgement.sides import FACT, Side, Sides, rank
from kg.judgement.values import NEVER, span
from kg.judgement.world import Containment, World
from kg.model.dates import Day
from kg.model.facts import Ref

# By role: the first is not after the second.
_ORDER = (("Begins", "Falls"), ("Falls", "Ends"), ("Begins", "Ends"))


def impossible_times(sides: Sides, world: World, _: Containment) -> Iterator[Found]:
    """Where the days of an event, told under several properties, cannot all be so."""
    for subject, by_name in sides.of_subject():
        by_role: dict[str, list[Side]] = defaultdict(list)
        for name in by_name.keys() & world.times.keys() if subject in world.events else ():
            by_role[world.times[name]] += filter(_is_told, by_name[name])
        for earlier, later in _ORDER:
            if met := _meeting(by_role[earlier], by_role[later]):
                yield from by_voice(
                    _found(subject, met, sides, world), sides, partial(_clash, world)
                )


def _is_told(side: Side) -> bool:
    return side.holds and side.mood == FACT and span(side.value) is not None


def _first(side: Side) -> Day:
    return (span(side.value) or NEVER)[0]


def _last(side: Side) -> Day:
    return (span(side.value) or NEVER)[1]


def _meeting(earlier: Sequence[Side], later: Sequence[Side]) -> list[Side]:
    """Those that come after what should come after them, and those others."""
    if not earlier or not later:
        return []
    latest = max(_first(each) for each in earlier)
    soonest = min(_last(each) for each in later)
    return [
        *(each for each in earlier if _first(each) > soonest),
        *(each for each in later if _last(each) < latest),
    ]


def _clash(world: World, held: Sequence[Side]) -> bool:
    """Whether one source alone says what cannot be."""
    by_role: dict[str, list[Side]] = defaultdict(list)
    for each in held:
        by_role[world.times[each.name]].append(each)
    return any(_meeting(by_role[earlier], by_role[later]) for earlier, later in _ORDER)


def _found(subject: Ref, met: Sequence[Side], sides: Sides, world: World) -> Found:
    """A date that a record gives outranks one that only documents give."""
    ranks = {each: rank(each, sides.claims(each), world.decisions) for each in met}
    top = max(ranks.values())
    losers = frozenset(each for each in met if ranks[each] < top)
    left = [each for each in met if each not in losers]
    chosen = () if _clash(world, left) else left
    return Found(
        "DifferentDates",
        subject,
        tuple(sorted({each.name for each in met})),
        tuple(met),
        losers if chosen else frozenset(),
        settlers(chosen, ranks, sides, world.decisions),
    )
