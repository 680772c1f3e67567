"""What became of events, as far as the sources tell.

An accepted claim of it decides ("cancelled"). Else an event has occurred where a record has it, or
is of it, or an accepted claim says when or where it was; has not where all that is said of it is
denied; is planned, or hypothetical, where nothing firmer is said of it; and else nothing is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from kg.judgement.world import World
from kg.model.facts import Claim, Concept, Ref

_PLANS = {"Planned", "Expected", "Intended"}
_GUESSES = {"Hoped", "Hypothetical", "Unlikely", "Conditional"}
_DENIED = "denied"


def statuses(
    claims: Iterable[Claim], accepted: Collection[Claim], world: World
) -> Iterator[tuple[Ref, Concept]]:
    """The status of each event that has one to be derived."""
    told = {each.statement.subject for each in accepted if each.statement.property == world.status}
    real = {each.statement.subject for each in accepted}
    placed = {
        each.statement.subject for each in accepted if each.statement.property in world.functional
    }
    moods = _moods(claims, world)
    for event, recorded in sorted(world.events.items()):
        if event in told:
            continue
        if recorded or event in placed:
            yield event, Concept("Occurred")
        elif event not in real and (status := _unreal(moods[event])):
            yield event, Concept(status)


def _moods(claims: Iterable[Claim], world: World) -> dict[Ref, set[str]]:
    """How each event is spoken of: in claims about it, else in those that lead to it."""
    own: dict[Ref, set[str]] = defaultdict(set)
    leading: dict[Ref, set[str]] = defaultdict(set)
    for claim in (each for each in claims if each.review == "Reviewed"):
        mood = claim.modality if claim.polarity else _DENIED
        subject, name, value = claim.statement
        if name not in world.converse:  # doubt about an effect is none about its cause
            own[subject].add(mood)
        # That something does not lead to an event says nothing of the event.
        if isinstance(value, Ref) and value in world.events and claim.polarity:
            leading[value].add(mood)
    return defaultdict(set, leading | own)


def _unreal(moods: Collection[str]) -> str:
    if moods and set(moods) <= {_DENIED}:
        return "DidNotOccur"
    if _PLANS & set(moods):
        return "Planned"
    return "Hypothetical" if _GUESSES & set(moods) else ""
