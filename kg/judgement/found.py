"""A disagreement as a rule finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.judgement.sides import Side, Sides
from kg.judgement.world import Slot
from kg.model.decisions import Decision
from kg.model.facts import Ref, Text

# In the order in which they take the plain IRI of a slot; a second one appends its name.
KINDS = (
    "DifferentValues", "DifferentDates", "Denial", "DifferentLists", "DifferentAccounts",
    "ChangedPlan", "WithinOneSource",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """Sides that cannot all be so, or that do not agree.

    Its IRI has the first of its `properties`. `losers` are the sides that a better one outranks,
    `settled` names what settles it, nothing where it stays open; `agreed` are sides that belong to
    it and are contested by nobody; `reasons` are those of people who declared it.
    """

    kind: str
    about: Ref
    properties: tuple[str, ...]
    sides: tuple[Side, ...]
    losers: frozenset[Side] = frozenset()
    settled: tuple[Ref, ...] = ()
    agreed: frozenset[Side] = frozenset()
    reasons: tuple[Text, ...] = ()

    @property
    def contested(self) -> Iterator[Side]:
        """The sides that are disputed. A plan that changed disputes nothing."""
        if self.kind != "ChangedPlan":
            yield from (each for each in self.sides if each not in self.agreed)


def by_voice(
    found: Found, sides: Sides, clash: Callable[[Sequence[Side]], bool]
) -> Iterator[Found]:
    """The disagreement as one among sources, and as one within each that contradicts itself.

    `clash` tells whether some of the sides cannot stand together.
    """
    own: dict[object, list[Side]] = {}
    for side in found.sides:
        for voice in sides.voices(side):
            own.setdefault(voice, []).append(side)
    if len(own) > 1:
        yield found
    inner = {each: None for held in own.values() if clash(held) for each in held}
    if inner:
        yield replace(found, kind="WithinOneSource", sides=tuple(inner))


def settlers(
    sides: Iterable[Side],
    ranks: Mapping[Side, int],
    held: Sides,
    decisions: Mapping[Slot, Decision],
) -> tuple[Ref, ...]:
    """What outranks the rest: a person's decision, else the records of the best sides."""
    chosen = list(sides)
    decided = {decisions[each.slot].ref for each in chosen if ranks[each] not in (0, 1)}
    if decided:
        return tuple(sorted(decided))
    claims = (claim for each in chosen if ranks[each] for claim in held.claims(each))
    return tuple(sorted({each.source for each in claims if each.source.type == "record"}))


def merged(found: Iterable[Found]) -> list[Found]:
    """One of a kind for each thing and property, in a fixed order."""
    made: dict[tuple[Ref, str, int], Found] = {}
    for each in found:
        key = each.about, each.properties[0], KINDS.index(each.kind)
        before = made.get(key)
        made[key] = _joined(before, each) if before else each
    return [made[key] for key in sorted(made)]


def _joined(one: Found, other: Found) -> Found:
    return replace(
        one,
        properties=tuple(dict.fromkeys(one.properties + other.properties)),
        sides=tuple(dict.fromkeys(one.sides + other.sides)),
        losers=one.losers | other.losers,
        # Settled where both are.
        settled=tuple(sorted({*one.settled, *other.settled}))
        if one.settled and other.settled
        else (),
        agreed=one.agreed & other.agreed,
        reasons=tuple(dict.fromkeys(one.reasons + other.reasons)),
    )
