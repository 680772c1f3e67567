"""What sources say of one thing and property, put together by what they say.

A side is one value, affirmed or denied, in one mood: as a fact, as a plan, as a hope, as unlikely.
However many claims meet in a slot, each is on one side, so that all stays linear in claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kg.judgement.world import Slot, World
from kg.model.decisions import Decision
from kg.model.facts import Claim, Ref, Value

FACT, PLAN, HOPE, UNLIKELY = "fact", "plan", "hope", "unlikely"
_MOODS = {
    **dict.fromkeys(("Asserted", "Reported", "Attributed", "Alleged", "Opinion"), FACT),
    **dict.fromkeys(("Planned", "Intended", "Expected"), PLAN),
    "Hoped": HOPE,
    "Unlikely": UNLIKELY,
}
_SUPPOSED = "supposed"
Voice = tuple[Ref, ...]  # a source, and whose words it passes on


class Side(NamedTuple):
    """One value that sources give, or deny, of a thing."""

    subject: Ref
    name: str  # of the property
    value: Value
    holds: bool
    mood: str

    @property
    def slot(self) -> Slot:
        return self.subject, self.name


@dataclass(frozen=True, slots=True)
class Sides:
    """All sides with their claims, by slot.

    `backwards` has the sides of what is said the other way round: that sanctions had a downturn as
    their effect is one side of what caused the downturn.
    """

    of_slot: Mapping[Slot, Mapping[Side, list[Claim]]]
    backwards: Mapping[Side, list[Claim]]

    @classmethod
    def of(cls, claims: Iterable[Claim], world: World, declared: Collection[Ref] = ()) -> Sides:
        """The sides of `claims`. Drafts are on none: who has not been read speaks against nobody.
        Nor, unless a person sets them side by side (`declared`), are evaluations, each its author's
        own, and suppositions ("could", "would", "only if"), against which nothing speaks that
        happens.
        """
        slots: dict[Slot, dict[Side, list[Claim]]] = defaultdict(lambda: defaultdict(list))
        backwards: dict[Side, list[Claim]] = defaultdict(list)
        for claim in claims:
            side = side_of(claim)
            apart = side.mood == _SUPPOSED or side.name in world.evaluating
            if claim.review != "Reviewed" or (apart and claim.ref not in declared):
                continue
            slots[side.slot][side].append(claim)
            if side.name in world.converse and isinstance(side.value, Ref):
                forward = world.converse[side.name]
                turned = Side(side.value, forward, side.subject, side.holds, side.mood)
                backwards[turned].append(claim)
        return cls(slots, backwards)

    def claims(self, side: Side) -> list[Claim]:
        own = self.of_slot.get(side.slot, {}).get(side, [])
        return own + self.backwards.get(side, [])

    def of_subject(self) -> Iterator[tuple[Ref, dict[str, list[Side]]]]:
        """Each thing, with its sides by property."""
        subjects: dict[Ref, dict[str, list[Side]]] = defaultdict(dict)
        for (subject, name), sides in self.of_slot.items():
            subjects[subject][name] = list(sides)
        yield from subjects.items()

    def voices(self, side: Side) -> set[Voice]:
        return {voice(each) for each in self.claims(side)}


def side_of(claim: Claim) -> Side:
    mood = _MOODS.get(claim.modality, _SUPPOSED)
    return Side(*claim.statement, claim.polarity, mood)


def voice(claim: Claim) -> Voice:
    """Who says so: the source, or those whom it quotes."""
    return (claim.source, *claim.speakers)


def rank(side: Side, claims: Iterable[Claim], decisions: Mapping[Slot, Decision]) -> int:
    """How much a side weighs: what a person decided, an official record, a document, and last what
    a person decided against.
    """
    decision = decisions.get(side.slot)
    if decision and decision.statement.value == side.value and side.mood == FACT:
        return 2 if decision.holds == side.holds else -1
    return int(any(each.source.type == "record" for each in claims))
