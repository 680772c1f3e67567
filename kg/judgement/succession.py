"""When a service ended whose end no source states: at the latest with its holder's death, and, in
an office that one holds at a time, as the next one begins.

Offices that speak for one principal to one recipient are one line, whatever they are called: a
minister is followed by an ambassador. Whether several hold an office at once shows in its dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.judgement.bounds import Span, Told, gathered, span
from kg.model.dates import Date, Day, Edtf, bounds, ordinal
from kg.model.facts import Ref

ROLES = ("Holder", "Office", "Principal", "Recipient", "Dies")
_HANDOVER = 31  # days for which two in one office, as while one takes leave, are no evidence of two
_SEVERAL = 0.25  # of those who follow one another, overlapping: from here on several hold an office


@dataclass(frozen=True, slots=True)
class Service:
    """A time in an office, by what is taken as so."""

    ref: Ref
    bearer: Ref
    line: tuple[Ref, ...]
    span: Span


def ends(told: Sequence[Told]) -> dict[Ref, tuple[Day, Ref]]:
    """The last day that each service without an end can have had, and what says so."""
    died = _deaths(told)
    found: dict[Ref, tuple[Day, Ref]] = {}
    lines: dict[tuple[Ref, ...], list[Service]] = defaultdict(list)
    for service in _services(told):
        lines[service.line].append(service)
        day, start = died.get(service.bearer), service.span.start[0]
        if day and service.span.end[1] is None and not (start and day < start):
            found[service.ref] = day, service.bearer
    for line in lines.values():
        for ref, (day, by) in _successions(line):
            if ref not in found or day < found[ref][0]:
                found[ref] = day, by
    return found


def _services(told: Iterable[Told]) -> Iterator[Service]:
    """Those that have a holder and an office."""
    roles: dict[str, dict[Ref, Ref]] = {role: {} for role in ROLES}
    for subject, role, value, _ in told:
        if role in roles and isinstance(value, Ref):
            roles[role][subject] = value
    for ref, (times, _) in gathered(told).items():
        who, office = roles["Holder"].get(ref), roles["Office"].get(ref)
        if who and office:
            sides = roles["Principal"].get(office), roles["Recipient"].get(office)
            line = tuple(each for each in sides if each)
            yield Service(ref, who, line if len(line) == 2 else (office,), span(times))


def _deaths(told: Iterable[Told]) -> Mapping[Ref, Day]:
    """The last day on which each may have died."""
    found: dict[Ref, Day] = {}
    for subject, role, value, _ in told:
        if role == "Dies" and isinstance(value, (Date, Edtf)) and (day := bounds(value)[1]):
            found[subject] = max(day, found.get(subject, day))
    return found


def _successions(line: Iterable[Service]) -> Iterator[tuple[Ref, tuple[Day, Ref]]]:
    """For each service without an end the day by which the next surely began."""
    dated = sorted(
        (each for each in line if each.span.start[0]),
        key=lambda each: (each.span.start[0], each.span.start[1] or each.span.start[0], each.ref),
    )
    if _held_by_several(dated):
        return
    for at, service in enumerate(dated):
        if service.span.end[1] is not None:
            continue
        after = (
            (later.span.start[1], later.ref)
            for later in dated[at + 1 :]
            if later.span.start[1] and _follows(service, later)
        )
        if first := min(after, default=None):
            yield service.ref, first


def _follows(service: Service, later: Service) -> bool:
    first, last = service.span.start[1], later.span.start[0]
    return first is not None and last is not None and first <= last and service.span != later.span


def _held_by_several(dated: Sequence[Service]) -> bool:
    """Whether those who follow one another by their beginnings often serve side by side."""
    pairs = [(one, two) for one, two in pairwise(dated) if one.bearer != two.bearer]
    return sum(_together(one, two) for one, two in pairs) > _SEVERAL * len(pairs)


def _together(one: Service, two: Service) -> bool:
    """Whether both surely served at once: they began on one day, or one ended well after."""
    if one.span.start == two.span.start:
        return True
    ended, began = one.span.end[0], two.span.start[1]
    return bool(ended and began and ordinal(ended) - ordinal(began) > _HANDOVER)
