"""What is accepted: asserted, affirmed, reviewed, no evaluation, outranked by nothing, and of what
is said twice the more exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from kg.judgement.values import Values
from kg.judgement.world import Containment, Slot, World, is_plain
from kg.model.facts import Claim, Ref, Value


def acceptable(
    claims: Iterable[Claim], losers: Collection[Ref], world: World, containment: Containment
) -> Iterator[Claim]:
    """The claims whose statements the project takes as so. Among equals all stay."""
    standing = [
        claim
        for claim in claims
        if is_plain(claim)
        and claim.statement.property not in world.evaluating
        and claim.ref not in losers
    ]
    given: dict[Slot, set[Value]] = defaultdict(set)
    for claim in standing:
        subject, name, value = claim.statement
        if world.is_single(name, value):
            given[subject, name].add(value)
    values = {slot: Values(each, containment) for slot, each in given.items() if len(each) > 1}
    for claim in standing:
        subject, name, value = claim.statement
        known = values.get((subject, name))
        # A visit to Sochi is one to Russia, but its place is one place.
        if known is None or not known.finer(value):
            yield claim
