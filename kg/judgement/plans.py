"""ChangedPlan: what was planned, and what became of it.

"Expected before Christmas, but signed on 26 March" contradicts nothing, yet a reader wants to see
both. A plan that is denied has changed too; a hypothesis has not, nor has a hope.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg.judgement.denials import facing
from kg.judgement.found import Found
from kg.judgement.sides import FACT, PLAN, Side, Sides
from kg.judgement.values import Values
from kg.judgement.world import Containment, World


def changed_plans(sides: Sides, world: World, containment: Containment) -> Iterator[Found]:
    """Where a plan meets an outcome that it cannot stand beside."""
    for (subject, name), held in sides.of_slot.items():
        changed = dict.fromkeys(_denied(held, containment))
        single = [each for each in held if world.is_single(name, each.value)]
        changed |= dict.fromkeys(_otherwise(single, containment))
        if changed:
            yield Found("ChangedPlan", subject, (name,), tuple(changed))


def _otherwise(held: Iterable[Side], containment: Containment) -> list[Side]:
    """Plans of one value, of which each outcome is another; and those outcomes."""
    told = [each for each in held if each.holds]
    outcomes = [each for each in told if each.mood == FACT]
    values = Values((each.value for each in outcomes), containment)
    changed = [each for each in told if each.mood == PLAN and values.exclude(each.value)]
    return [*changed, *outcomes] if changed else []


def _denied(held: Mapping[Side, object], containment: Containment) -> Iterator[Side]:
    """Plans and the denial of what was planned; or what was not to be, and was."""
    for planned in (True, False):
        yield from facing(
            [
                each
                for each in held
                if (each.mood, each.holds) in {(PLAN, planned), (FACT, not planned)}
            ],
            containment,
        )
