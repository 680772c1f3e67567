"""Sources: where facts come from. A new data set is one module here and one line in `REGISTRY`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kg.facts import Fact, Ref


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """A value that a source holds and the graph does not: unreadable, or ignored on purpose.

    Issues are shipped with the release (`issues.jsonl`); nothing is dropped silently.
    """

    file: str
    line: int
    field: str
    found: str
    reason: str


class Source(Protocol):
    """A data set, read in partitions that share nothing, so that any process can take any."""

    name: str

    def partitions(self) -> Sequence[Path]:
        """The units of work, in a stable order."""
        ...

    def read(self, partition: Path) -> Iterator[Fact | Issue]:
        """The facts of one partition, in the order of its rows, with what could not be read."""
        ...


class SourceFactory(Protocol):
    """Makes the source that lies at `path`.

    `known` maps the raw identifiers of other data sets, as `(data set, id)`, to the
    references that the sheets gave the same things.
    """

    def __call__(self, path: Path, known: Mapping[tuple[str, str], Ref]) -> Source: ...


REGISTRY: Mapping[str, SourceFactory] = {}
