"""Which rows of a register may record an event that documents claim something of.

A proposal needs the same traveller, times that overlap and places that agree. Its score is the
product of how well times and places fit. Only a proposal that fits well and has no rival is taken;
the others are listed for review, and a `match:` line in a sheet decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.model.facts import Claim, Date, Ref

# A day that both give is certain, a month or a year is less so; the year in which a document was
# published says little of what it tells.
_TIMES = {"day": 1.0, "month": 0.8, "year": 0.5}
_PUBLISHED = {"day": 0.5, "month": 0.4, "year": 0.3}
_SAME_PLACE, _NO_PLACE, _SAME_COUNTRY = 1.0, 0.7, 0.6
THRESHOLD = 0.75
# A proposal is taken only where the next best one is this much worse.
LEAD = 0.2
_WORTH_REVIEW = 0.25


@dataclass(frozen=True, slots=True)
class Stay:
    """What a row says of a visit: who, when, where. `places` holds the locales, or the country."""

    record: Ref
    travellers: tuple[Ref, ...]
    start: Date
    end: Date
    places: tuple[Ref, ...]

    def whose(self, name: str) -> tuple[object, ...]:
        """Who was where, by `name` where nobody is sure who it was."""
        return (*(sorted(self.travellers) or (name,)), *self.places)


@dataclass(frozen=True, slots=True, order=True)
class Proposal:
    """A row that may record an event. `taken` where it is sure enough to be the same."""

    event: Ref
    score: float
    record: Ref
    taken: bool

    def __str__(self) -> str:
        return f"{self.record} ({self.score:.2f})"


def propose(
    claims: Iterable[Claim],
    published: Mapping[Ref, Date],
    stays: Iterable[Stay],
    around: Callable[[Ref], Sequence[Ref]],
) -> Iterator[Proposal]:
    """Proposals for each visit that claims give a traveller, best first.

    `published` are the dates of documents; `around` gives the places around a place, nearest
    first.
    """
    told: dict[Ref, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.polarity and claim.statement.subject.type == "visit":
            told[claim.statement.subject].append(claim)
    wanted = {value for about in told.values() for value in _values(about, "traveller")}
    by_traveller: dict[object, list[Stay]] = defaultdict(list)
    for stay in stays:
        for traveller in wanted.intersection(stay.travellers):
            by_traveller[traveller].append(stay)
    for event, about in sorted(told.items()):
        travellers = {value for value in _values(about, "traveller") if isinstance(value, Ref)}
        near = {stay.record: stay for who in sorted(travellers) for stay in by_traveller[who]}
        scored = sorted(
            (
                (_time(about, published, stay) * _place(about, stay, around), stay.record)
                for stay in near.values()
            ),
            key=lambda each: (-each[0], each[1]),
        )
        kept = [each for each in scored if each[0] >= _WORTH_REVIEW]
        for at, (score, record) in enumerate(kept):
            lead = score - (kept[1][0] if len(kept) > 1 else 0)
            taken = at == 0 and score >= THRESHOLD and lead >= LEAD
            yield Proposal(event, round(score, 2), record, taken)


def _values(claims: Iterable[Claim], name: str) -> Iterator[object]:
    return (claim.statement.value for claim in claims if claim.statement.property == name)


def _time(claims: Sequence[Claim], published: Mapping[Ref, Date], stay: Stay) -> float:
    """How well the times agree: as the best of the claimed dates, else of those of publication."""
    claimed = [
        value
        for name in ("start", "end", "onDate")
        for value in _values(claims, name)
        if isinstance(value, Date)
    ]
    if claimed:
        return max(_TIMES[date.precision] if _overlap(date, stay) else 0 for date in claimed)
    dates = {published[claim.source] for claim in claims if claim.source in published}
    return max((_PUBLISHED[date.precision] for date in dates if _overlap(date, stay)), default=0)


def _overlap(date: Date, stay: Stay) -> bool:
    """Whether a day, month or year has a day of the stay in it (ISO dates sort as text)."""
    size = len(date.iso)
    return stay.start.iso[:size] <= date.iso <= stay.end.iso[:size]


def _place(claims: Sequence[Claim], stay: Stay, around: Callable[[Ref], Sequence[Ref]]) -> float:
    """How well the places agree: the best of the claimed ones."""
    claimed = [value for value in _values(claims, "place") if isinstance(value, Ref)]
    if not claimed:
        return _NO_PLACE
    return max(_agreement(one, other, around) for one in claimed for other in stay.places)


def _agreement(one: Ref, other: Ref, around: Callable[[Ref], Sequence[Ref]]) -> float:
    ours, theirs = [one, *around(one)], [other, *around(other)]
    if one in theirs or other in ours:
        return _SAME_PLACE
    return _SAME_COUNTRY if ours[-1] == theirs[-1] else 0
