"""DifferentAccounts: sources tell one thing differently, though no single value is at stake.

Three rules: they give reasons of which none is the other's or within it; one hopes for or expects
what another holds to be unlikely; one says of a value what the ontology calls incompatible with
what another says of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from kg.judgement.found import Found, by_voice
from kg.judgement.sides import FACT, HOPE, PLAN, UNLIKELY, Side, Sides, rank
from kg.judgement.unions import Unions
from kg.judgement.values import Values
from kg.judgement.world import Containment, World
from kg.model.facts import Ref

_KIND = "DifferentAccounts"


def accounts(sides: Sides, world: World, containment: Containment) -> Iterator[Found]:
    """What the three rules find."""
    yield from _reasons(sides, world, containment)
    yield from _doubts(sides, containment)
    yield from _exclusions(sides, world, containment)


def _reasons(sides: Sides, world: World, containment: Containment) -> Iterator[Found]:
    """Sources whose reasons for one thing have nothing in common: who adds a reason to another's
    gives a longer account, not another one.
    """
    for about, told in _told(sides, world):
        groups = _groups(told, sides, containment)
        if len({groups.find(each.value) for each in told}) > 1:
            ranks = {each: rank(each, (), world.decisions) for each in told}
            chosen = {groups.find(each.value) for each in told if ranks[each] > 0}
            losers = (
                each
                for each in told
                if ranks[each] < 0 or (chosen and groups.find(each.value) not in chosen)
            )
            yield Found(
                _KIND,
                about,
                tuple(sorted({each.name for each in told})),
                tuple(told),
                losers=frozenset(losers),
                settled=tuple({world.decisions[each.slot].ref for each in told if ranks[each]}),
            )


def _told(sides: Sides, world: World) -> Iterator[tuple[Ref, list[Side]]]:
    """For each thing the reasons that are given for it, and so on for each property of which the
    ontology says that its values exclude one another.
    """
    found: dict[tuple[Ref, str], dict[Side, None]] = defaultdict(dict)
    for side in chain(chain.from_iterable(sides.of_slot.values()), sides.backwards):
        group = "" if side.name in world.reasons else side.name
        excluding = not group or group in world.incompatible.get(group, ())
        if excluding and side.holds and side.mood in {FACT, PLAN}:
            found[side.subject, group][side] = None
    for (about, _), told in found.items():
        yield about, list(told)


def _groups(told: Sequence[Side], sides: Sides, containment: Containment) -> Unions:
    """The reasons, joined where one source gives them or one lies within the other."""
    groups = Unions()
    values = {each.value for each in told}
    for each in told:
        groups.join([each.value, *(("by", who) for who in sides.voices(each))])
        groups.join([each.value, *(one for one in containment.above(each.value) if one in values)])
    return groups


def _doubts(sides: Sides, containment: Containment) -> Iterator[Found]:
    """What one hopes for or expects, and another holds to be unlikely."""
    for (subject, name), held in sides.of_slot.items():
        doubted = [each for each in held if each.holds and each.mood == UNLIKELY]
        if not doubted:
            continue
        awaited = [each for each in held if each.holds and _is_awaited(each, sides)]
        unlikely = Values((each.value for each in doubted), containment)
        likely = Values((each.value for each in awaited), containment)
        met = [each for each in awaited if unlikely.cover(each.value)]
        met += [each for each in doubted if likely.lie_within(each.value)]
        yield from _among_voices(Found(_KIND, subject, (name,), tuple(met)), sides)


def _is_awaited(side: Side, sides: Sides) -> bool:
    return side.mood == HOPE or (
        side.mood == PLAN and any(each.modality == "Expected" for each in sides.claims(side))
    )


def _among_voices(found: Found, sides: Sides) -> Iterator[Found]:
    """Nothing where there is one voice alone: one may hope against what one expects."""
    yield from by_voice(found, sides, lambda _: False)


def _exclusions(sides: Sides, world: World, containment: Containment) -> Iterator[Found]:
    """One value under two properties of which the ontology says that they exclude one another."""

    def clash(held: Iterable[Side]) -> bool:
        by_name: dict[str, list[Side]] = defaultdict(list)
        for side in held:
            by_name[side.name].append(side)
        one, *others = by_name.values()
        return bool(others and _shared(one, others[0], containment))

    for subject, by_name in sides.of_subject():
        for name, held in by_name.items():
            for other in world.incompatible.get(name, ()):
                if other > name and other in by_name:
                    met = _shared(held, by_name[other], containment)
                    found = Found(_KIND, subject, (name, other), tuple(met))
                    yield from by_voice(found, sides, clash)


def _shared(one: Sequence[Side], other: Sequence[Side], containment: Containment) -> list[Side]:
    """The sides that give a value which the others give too, exactly or less so."""
    facts = [[each for each in held if each.holds and each.mood == FACT] for held in (one, other)]
    values = [Values((each.value for each in held), containment) for held in facts]
    return [
        each
        for held, others in zip(facts, reversed(values), strict=True)
        for each in held
        if others.agreeing(each.value)
    ]
