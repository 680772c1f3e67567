"""Rows that stand twice in a register: one stop or one visit, told in two rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable

from kg.model.facts import Ref
from kg.registers.us_state.hsg_rows import Row

Whose = Callable[[Row], Hashable]


def repeated(rows: Iterable[Row], whose: Whose) -> dict[Ref, Ref]:
    """The later rows, each with the first that records the same; `whose` tells who was where.

    Nobody comes twice to a place on one day and stays for more than that, or for one errand. Two
    rows of one day with two errands are two stops: there was another between them.
    """
    groups: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        groups[whose(row), row.country, row.start.iso].append(row)
    found: dict[Ref, Ref] = {}
    for group in groups.values():
        first, *others = sorted(group, key=lambda row: (len(row.ref), row.ref))
        found |= {row.ref: first.ref for row in others if _one(first, row)}
    return found


def _one(first: Row, later: Row) -> bool:
    stayed = first.start != first.end and later.start != later.end
    return stayed or not first.who or first.note.partition(".")[0] == later.note.partition(".")[0]


def event_of(row: Ref) -> Ref:
    """What a row of travels or visits is about, where no sheet knows it."""
    dataset, _, raw = row.slug.partition("/")
    return Ref(f"visit/{dataset}-{raw}")
