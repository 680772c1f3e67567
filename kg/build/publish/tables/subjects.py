"""The sorted lines of a graph, read subject by subject from any point, none of which is held."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from kg.model.rdf import Iri, Literal, Term

_BLOCK = 1 << 18  # bytes that are read at once
_MET = 1 << 14  # lines that are kept of those that a search meets, as each begins alike


class Subject(NamedTuple):
    """A subject and what is said of it, by property, in the order of the lines."""

    iri: Iri
    values: dict[Iri, list[Term]]


class Subjects:
    """The subjects of a file of sorted N-Quads."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = file.seek(0, 2)
        self._keys: dict[str, Iri] = {}
        self._met = lru_cache(_MET)(self._line_from)

    def within(self, beginning: Iri) -> Iterator[Subject]:
        """Those whose IRIs begin so, in the order of the file."""
        opening, current = f"<{beginning}", ""
        values: dict[Iri, list[Term]] = {}
        for line in self._lines(opening.encode()):
            subject, predicate, rest = line.split(" ", 2)
            if subject != current:
                if values:
                    yield Subject(current[1:-1], values)
                if not subject.startswith(opening):
                    return
                current, values = subject, {}
            key = self._keys.get(predicate) or self._keys.setdefault(predicate, predicate[1:-1])
            if key in values:
                values[key].append(_term(rest))
            else:
                values[key] = [_term(rest)]
        if values:
            yield Subject(current[1:-1], values)

    def has(self, beginning: str) -> bool:
        """Whether a line begins so."""
        start = beginning.encode()
        return self._met(self._position(start))[1].startswith(start)

    def _lines(self, beginning: bytes) -> Iterator[str]:
        """From the first line that is not before `beginning` to the end."""
        at = self._met(self._position(beginning))[0]
        size = 1 << 12  # as a search may want few lines
        while True:
            self._file.seek(at)
            block = self._file.read(size) + self._file.readline()
            if not block:
                return
            at += len(block)
            yield from block.decode().split("\n")[:-1]
            size = _BLOCK

    def _position(self, beginning: bytes) -> int:
        """The least one from which on no line begins that is before `beginning`."""
        low, high = 0, self._size
        while low < high:
            middle = (low + high) // 2
            if self._met(middle)[1] >= beginning or not self._met(middle)[1]:
                high = middle
            else:
                low = middle + 1
        return low

    def _line_from(self, position: int) -> tuple[int, bytes]:
        """The first line that begins at `position` or after it, and where it does."""
        self._file.seek(max(position - 1, 0))
        if position:
            self._file.readline()
        return self._file.tell(), self._file.readline()


def _term(rest: str) -> Term:
    """The object at the start of `rest`, behind which are its graph and the dot."""
    if rest.startswith("<"):
        return rest[1 : rest.index(">")]
    end = rest.rindex('"')
    text = rest[1:end]
    if "\\" in text:
        text = json.loads(rest[: end + 1])  # canonical N-Quads escapes as JSON does
    match rest[end + 1]:
        case "^":
            return Literal(text, rest[end + 4 : rest.index(">", end)])
        case "@":
            return Literal(text, language=rest[end + 2 : rest.index(" ", end)])
        case _:
            return Literal(text)
