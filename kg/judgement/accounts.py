"""DifferentAccounts: sources tell one thing differently, though no single value is at stake.

Three rules: they give reasons of which none is the other's or within it; one hopes for or expects
what another holds to be unlikely; one says of a value what the ontology calls incompatible with
what another says of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kg.judgement.found import Found, by_voice
from kg.judgement.sides import FACT, HOPE, PLAN, UNLIKELY, Side, Sides, rank
from kg.judgement.unions import Unions
from kg.judgement.values import Values
from kg.judgement.world import Containment, World
from kg.model.facts import Ref, Value

_KIND = "DifferentAccounts"


def accounts(sides: Sides, world: World, containment: Containment) -> Iterator[Found]:
    """What the three rules find."""
    yield from _reasons(sides, world, containment)
    yield from _doubts(sides, containment)
    yield from _exclusions(sides, world, containment)


class _Reason(NamedTuple):
    """A side that answers why, with the property and the value that say so forwards."""

    name: str
    value: Value
    side: Side


def _reasons(sides: Sides, world: World, containment: Containment) -> Iterator[Found]:
    """Sources whose reasons for one thing have nothing in common: who adds a reason to another's
    gives a longer account, not another one.
    """
    for about, told in _told(sides, world):
        groups = _groups(told, sides, containment)
        if len({groups.find(each.value) for each in told}) > 1:
            given = tuple(dict.fromkeys(each.side for each in told))
            ranks = {each: rank(each, (), world.decisions) for each in given}
            chosen = {groups.find(each.value) for each in told if ranks[each.side] > 0}
            losers = {
                each.side
                for each in told
                if ranks[each.side] < 0 or (chosen and groups.find(each.value) not in chosen)
            }
            yield Found(
                _KIND,
                about,
                tuple(sorted({each.name for each in told})),
                given,
                losers=frozenset(losers),
                settled=tuple(sorted({world.decisions[s.slot].ref for s in given if ranks[s]})),
            )


def _told(sides: Sides, world: World) -> Iterator[tuple[Ref, list[_Reason]]]:
    """For each thing the reasons that are given for it, and so on for each property of which the
    ontology says that its values exclude one another.
    """
    found: dict[tuple[Ref, str], list[_Reason]] = defaultdict(list)
    for (subject, name), held in sides.of_slot.items():
        forward = world.converse.get(name, name)
        group = "" if forward in world.reasons else forward
        if group and group not in world.incompatible.get(group, ()):
            continue
        for side in held:
            if side.holds and side.mood in {FACT, PLAN}:
                if forward == name:
                    found[subject, group].append(_Reason(name, side.value, side))
                elif isinstance(side.value, Ref):
                    found[side.value, group].append(_Reason(forward, subject, side))
    for (about, _), told in found.items():
        yield about, told


def _groups(told: Sequence[_Reason], sides: Sides, containment: Containment) -> Unions:
    """The reasons, joined where one source gives them or one lies within the other."""
    groups = Unions()
    values = {each.value for each in told}
    for each in told:
        groups.join([each.value, *(("by", who) for who in sides.voices(each.side))])
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
