"""What no rule can see, a person may declare in a sheet; it is shown as declared, with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.judgement.found import Found
from kg.judgement.sides import side_of
from kg.model.facts import Claim, Ref


def declared_claims(claims: Iterable[Claim]) -> frozenset[Ref]:
    """The claims that a declaration speaks of."""
    pairs = ((each.ref, one.claim) for each in claims for one in each.differs_from)
    return frozenset(ref for pair in pairs for ref in pair)


def declared(claims: Iterable[Claim]) -> Iterator[Found]:
    """Each declaration, about the subject of the claim that has it."""
    every = [each for each in claims if each.review == "Reviewed"]
    wanted = declared_claims(every)
    known = {each.ref: each for each in every if each.ref in wanted}
    for claim in every:
        for difference in claim.differs_from:
            if other := known.get(difference.claim):
                names = (claim.statement.property, other.statement.property)
                yield Found(
                    difference.kind,
                    claim.statement.subject,
                    tuple(dict.fromkeys(names)),
                    tuple(dict.fromkeys((side_of(claim), side_of(other)))),
                    reasons=(difference.reason,),
                )
