"""What two graphs say otherwise, found in their sorted lines.

Most of two releases is the same, and that two stretches are equal is seen in C. So to compare costs
little more than to read, and memory holds a block of each.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from rdflib.namespace import OWL, PROV, RDF

from kg.build.lines.observe import whole_subjects
from kg.model.iris import Minter
from kg.model.namespaces import CLM

Lines = list[str]
_BLOCK = 1 << 22  # characters of each graph that are held at once
_SMALL = 64  # lines that are compared one by one
_DEPRECATED = f" <{OWL.deprecated}> "
_SETTLED, _ABOUT, _PROPERTY = (f" <{CLM[n]}> " for n in ("settledBy", "about", "onProperty"))
_DERIVED = f" <{PROV.wasDerivedFrom}> "
_STATEMENT = tuple(f" <{RDF[each]}> " for each in ("subject", "predicate", "object"))
_SELECTOR = re.compile(r"/(?:position|quote|field)\Z")
_NUMBER = re.compile(r"/[0-9]+\Z")


def read_lines(source: IO[str]) -> Iterator[Lines]:
    """The lines of an open file, in blocks of whole subjects."""
    return whole_subjects(iter(lambda: source.readlines(_BLOCK), []))


def aligned(one: Iterator[Lines], other: Iterator[Lines]) -> Iterator[tuple[Lines, Lines]]:
    """The blocks of both, cut so that each pair holds the same stretch of subjects."""
    left, right = next(one, []), next(other, [])
    while left and right:
        # A space follows a subject, and "!" follows a space.
        end = min(left[-1].partition(" ")[0], right[-1].partition(" ")[0]) + "!"
        ours, theirs = bisect_left(left, end), bisect_left(right, end)
        yield left[:ours], right[:theirs]
        left, right = left[ours:] or next(one, []), right[theirs:] or next(other, [])
    while left:
        yield left, []
        left = next(one, [])
    while right:
        yield [], right
        right = next(other, [])


def differing(one: Lines, other: Lines) -> Iterator[tuple[set[str], set[str]]]:
    """The lines that only one of two sorted stretches has, with those that only the other has."""
    if one == other:
        return
    if len(one) + len(other) <= _SMALL or not one or not other:
        ours, theirs = set(one), set(other)
        yield ours - theirs, theirs - ours
        return
    longer = max(one, other, key=len)
    pivot = longer[len(longer) // 2]
    mine, yours = bisect_left(one, pivot), bisect_left(other, pivot)
    yield from differing(one[:mine], other[:yours])
    yield from differing(one[mine:], other[yours:])


@dataclass(frozen=True, slots=True)
class Comparison:
    """Tells what differs by the thing that it is of, as lines that a sorter brings together: those
    that were (`-`) and those that are (`+`), what became of the thing (`!`), and which source
    states a fact about it (`~`).
    """

    minter: Minter

    def of(self, one: Iterator[Lines], other: Iterator[Lines]) -> Iterator[Lines]:
        """Each line is the thing, a tab, what kind of line it is, and its words."""
        meta = f" <{self.minter.meta}> .\n"
        for before, now in aligned(one, other):
            found: Lines = []
            for gone, new in differing(before, now):
                for sign, lines in (("-", gone), ("+", new)):
                    found += (f"{sign}{each}" for each in lines if not each.endswith(meta))
            subjects = {each[1:].partition(" ")[0] for each in found}
            told = [f"{self._owner(each[1:])}\t{each[:-1]}" for each in found]
            for each in subjects:
                told += self._told(each, _lines_of(each, before), _lines_of(each, now))
            yield [each for each in told if not each.startswith("\t")]

    def _owner(self, line: str) -> str:
        """The thing whose words a line is: a claim's are those of its evidence, a record's those of
        what its prose names. What sides a statement has is no word of anybody, but counted.
        """
        subject = line[1 : line.index(">")]
        start = self.minter.entity("")
        if subject.startswith(f"{start}side/"):
            return ""
        if not subject.startswith(f"{start}evidence/"):
            return subject
        node = _SELECTOR.sub("", subject.removeprefix(f"{start}evidence/"))
        whole = _NUMBER.sub("", node)
        if f" <{self.minter.graph('records/')}" in line and whole != node:
            return f"{start}record/{whole.rpartition('/')[0]}"
        return f"{start}claim/{whole if '/' in whole else node}"

    def _told(self, subject: str, before: Lines, now: Lines) -> Iterator[str]:
        """What became of a subject, and what it says of others, where it is a claim."""
        iri = subject[1:-1]
        about, named = (_object(each, before, now) for each in (_ABOUT, _PROPERTY))
        derived = (_object(_DERIVED, each) for each in (before, now))
        yield "\t".join((iri, f"!{_state(before)}", _state(now), about, named, *derived))
        if iri.startswith(self.minter.entity("claim/")):
            for lines in (before, now):
                spoken = [_object(each, lines) for each in _STATEMENT]
                if all(spoken) and lines:
                    of, *said = spoken
                    graph = lines[0].rsplit(" ", 2)[1]
                    yield f"{of[1:-1]}\t~{' '.join(said)}\t{graph[1:-1]}"


def _lines_of(subject: str, lines: Lines) -> Lines:
    return lines[bisect_left(lines, f"{subject} ") : bisect_left(lines, f"{subject}!")]


def _state(lines: Lines) -> str:
    """What a subject is in a graph: nothing, gone (as its description says), live or settled."""
    if any(_DEPRECATED in each for each in lines):
        return "gone"
    if any(_SETTLED in each for each in lines):
        return "settled"
    return "live" if lines else ""


def _object(predicate: str, *graphs: Lines) -> str:
    """The first object of a predicate, as it is written."""
    for lines in graphs:
        for each in lines:
            _, found, rest = each.partition(predicate)
            if found:
                return rest.rpartition(" <")[0]
    return ""
