"""When things began and ended at the earliest and at the latest, by the dates taken as so.

Derived beside what is stated, so that a query compares days however much is known of a date.
docs/dates.md has the rules, with examples.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rdflib.namespace import XSD

from kg.model.dates import Bounds, Date, Day, Edtf, bounds
from kg.model.facts import Ref, Value
from kg.model.iris import Minter
from kg.model.namespaces import CLM, EDTF
from kg.model.rdf import Literal, Quad

# The roles (`clm:eventRole`) whose values tell when a thing was. What is attested on a day, as
# where a record names the bearer of an office, had begun by then and not yet ended.
TIMES = ("Begins", "Ends", "Falls", "FirstAttested", "LastAttested")
OPEN: Bounds = (None, None)
_DATE = str(XSD.date)
_PROPERTIES = tuple(
    str(each) for each in (CLM.startEarliest, CLM.startLatest, CLM.endEarliest, CLM.endLatest)
)

Times = Mapping[str, Sequence[Date | Edtf]]  # what is taken as so, by role


class Told(NamedTuple):
    """A value that is taken as so, by the role that its property plays, and in which graph.

    `described` where the thing's own description has it, rather than the accepted graph.
    """

    subject: Ref
    role: str
    value: Value
    described: bool = False


class Span(NamedTuple):
    """The days between which a thing began, and those between which it ended."""

    start: Bounds
    end: Bounds


def span(times: Times) -> Span:
    """The bounds of a thing. Where several values stand, as among equal sources that disagree, they
    span all of them.
    """
    falls = _around(times.get("Falls", ()))
    start = _around(times["Begins"]) if "Begins" in times else falls
    end = _around(times["Ends"]) if "Ends" in times else OPEN if "Begins" in times else falls
    seen, still = _around(times.get("FirstAttested", ())), _around(times.get("LastAttested", ()))
    return Span((start[0], start[1] or seen[1]), (end[0] or still[0], end[1]))


def expression(times: Times) -> str:
    """The time of a thing as one expression of EDTF, where a stated date has no other type; ""
    where none can say it: sources that disagree, an interval within an interval.
    """
    values = [value for role in TIMES for value in times.get(role, ())]
    if not any(isinstance(value, Edtf) and "T" not in value.text for value in values):
        return ""
    said = {role: _gregorian(found[0]) if len(found) == 1 else "" for role, found in times.items()}
    if times.keys() == {"Falls"}:
        return said["Falls"]
    first, last = (said.get(role, "").partition("T")[0] for role in ("Begins", "Ends"))
    return f"{first}/{last}" if (first or last) and "/" not in first + last else ""


def map_bounds(
    told: Iterable[Told], bound: Mapping[Ref, tuple[Day, Ref]], minter: Minter
) -> Iterator[Quad]:
    """The bounds of all things, in the graph where their dates stand.

    `bound` gives a service without an end the last day that it can have had, and what says so.
    """
    for subject, (times, described) in gathered(told).items():
        graph = minter.entities if described else minter.accepted
        node = minter.entity(subject)
        start, end = span(times)
        if subject in bound:
            last, by = bound[subject]
            end = (end[0], last)
            yield Quad(node, str(CLM.boundBy), minter.entity(by), graph)
        for name, day in zip(_PROPERTIES, (*start, *end), strict=True):
            if day is not None:
                yield Quad(node, name, Literal(str(day), _DATE), graph)
        if edtf := expression(times):
            yield Quad(node, str(CLM.edtf), Literal(edtf, EDTF), graph)


def gathered(told: Iterable[Told]) -> dict[Ref, tuple[Times, bool]]:
    """The dates of each thing, and whether only its own description has them."""
    found: dict[Ref, dict[str, list[Date | Edtf]]] = defaultdict(dict)
    accepted: set[Ref] = set()
    for subject, role, value, described in told:
        if role in TIMES and isinstance(value, (Date, Edtf)):
            values = found[subject].setdefault(role, [])
            if value not in values:
                values.append(value)
            if not described:
                accepted.add(subject)
    return {subject: (times, subject not in accepted) for subject, times in found.items()}


def _around(values: Sequence[Date | Edtf]) -> Bounds:
    """The bounds of all values together; open on a side where one of them is."""
    each = [bounds(value) for value in values]
    first = [earliest for earliest, _ in each if earliest]
    last = [latest for _, latest in each if latest]
    return (
        min(first) if first and len(first) == len(each) else None,
        max(last) if last and len(last) == len(each) else None,
    )


def _gregorian(value: Date | Edtf) -> str:
    """The expression; of a Julian one the day, or the days, that it may mean."""
    if isinstance(value, Date):
        return value.iso
    if not value.julian:
        return value.text
    earliest, latest = bounds(value)
    if earliest == latest:
        return str(earliest)
    return f"{earliest or '..'}/{latest or '..'}"
