"""The one pass over the sorted lines of a graph, in which everybody who counts looks at it.

To split a line costs as much as to look at it, so it is done once. Observers are given many
subjects at a time: what they count, they can count in C.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from kg.model.rdf import Parts


class Observer(Protocol):
    """Looks at a graph."""

    def take(self, lines: Sequence[Parts]) -> None:
        """Look at all lines of some subjects, in their order."""
        ...


def observed(blocks: Iterable[list[str]], *observers: Observer) -> Iterator[list[str]]:
    """Show sorted lines, of which each has its newline, to the observers, and hand them on."""
    for lines in whole_subjects(blocks):
        parts = [line.split(" ", 2) for line in lines]
        for each in observers:
            each.take(parts)
        yield lines


def whole_subjects(blocks: Iterable[list[str]]) -> Iterator[list[str]]:
    """The lines in blocks that end where a subject does."""
    kept: list[str] = []
    for block in blocks:
        lines = kept + block
        subject, _, _ = lines[-1].partition(" ")
        end = bisect_left(lines, f"{subject} ")
        kept = lines[end:]
        if end:
            yield lines[:end]
    if kept:
        yield kept
