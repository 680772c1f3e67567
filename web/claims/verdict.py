"""Whether the project takes a claim as so, and why: what its page says before all else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.claims.contests import Contest, Settler, ground
from web.claims.reading import StatedClaim
from web.claims.shown import Shown
from web.site.standing import ACCEPTED, Family

_SAYS = {
    Family.PLAN: "so it is no fact that it came about",
    Family.ALLEGATION: "so it is left to those who say it",
    Family.OPINION: "so it is a judgement of whoever makes it, and no fact",
    Family.EVALUATION: "so it is a judgement of its source, and never taken as a fact",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sentence without its stop, and what settles it, if something does."""

    text: str
    settlers: tuple[Settler, ...] = ()


def verdict(shown: Shown, modality: str, contests: Sequence[Contest]) -> Verdict:
    """What is to be said of a claim that stands on a side of `contests`."""
    disputes = [each for each in contests if each.disputed]
    settlers = tuple(dict.fromkeys(one for each in disputes for one in each.settlers))
    claim = shown.claim
    if not claim.positive:
        stands = any(one.standing is ACCEPTED for each in disputes for one in each.answers)
        return Verdict(_denial(claim, settlers, stands=stands), settlers)
    if shown.family:
        word = "evaluation" if shown.family is Family.EVALUATION else modality
        changed = "; it came otherwise" if len(disputes) < len(contests) else ""
        return Verdict(f"{word.capitalize()}, {_SAYS[shown.family]}{changed}", settlers)
    if claim.accepted:
        by = settlers if claim.disputed and not claim.open else ()
        return Verdict(_accepted(claim, by), by)
    if claim.disputed and settlers:
        return Verdict(f"Not taken as so: {overruling(settlers)}", settlers)
    return Verdict(_untaken(claim))


def _denial(claim: StatedClaim, settlers: Sequence[Settler], *, stands: bool) -> str:
    """What a source says is not so adds no fact; whether what it denies `stands` is said."""
    if not claim.disputed:
        return "Denied: its source says that this is not so, and no other that it is"
    if claim.open or not settlers:
        return "Denied here and stated elsewhere, by sources of equal rank: it stays, disputed"
    taken = "but taken as so" if stands else "and not taken as so"
    return f"Denied here and stated elsewhere, {taken}: {ground(settlers)}"


def _accepted(claim: StatedClaim, settlers: Sequence[Settler]) -> str:
    if not claim.disputed:
        return "Taken as so"
    if claim.open:
        return "Taken as so beside what speaks against it: sources of equal rank disagree"
    return f"Taken as so, against what contradicts it: {ground(settlers)}"


def _untaken(claim: StatedClaim) -> str:
    if not claim.reviewed:
        return "Not taken as so yet: it waits for review"
    if claim.disputed:
        return "Not taken as so: sources disagree, and nothing settles it"
    return "Not taken over, since a more exact value is known"


def overruling(settlers: Sequence[Settler]) -> str:
    """Why the other side of a settled disagreement is not taken as so."""
    if any(each.author for each in settlers):
        return "a person decided otherwise"
    return "an official record, which outranks a document, says otherwise"
