"""Sources: where facts come from. A new data set is one module here and one line in `registry`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from kg.model.facts import Claim, Date, Entity, Fact, Record, Ref


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """A value that a source holds and the graph does not: unreadable, or ignored on purpose.

    Issues are shipped with the release (`issues.jsonl`); nothing is dropped silently. `count`
    says for how many values of the file an issue stands.
    """

    file: str
    line: int
    field: str
    found: str
    reason: str
    count: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What the sheets have settled about a data set.

    `ids` maps raw identifiers, as `(data set, id)`, to the references of the same things;
    `about` says which event or tenure a record records (`record/travels/3568`), `rows`
    what they read in it; `entities` are
    those that the sheets describe, by whose names a source may know them again. `claims` and the
    dates of documents let a source propose which event a row records; `matches` decides it, with
    the records of an event, or none. `paths` says
    where each configured data set lies, `corrections` which file corrects them, if any.
    """

    ids: Mapping[tuple[str, str], Ref] = field(default_factory=dict)
    about: Mapping[Ref, Ref] = field(default_factory=dict)
    rows: Mapping[Ref, Record] = field(default_factory=dict)
    entities: Mapping[Ref, Entity] = field(default_factory=dict)
    claims: Sequence[Claim] = ()
    published: Mapping[Ref, Date] = field(default_factory=dict)
    matches: Mapping[Ref, Sequence[Ref]] = field(default_factory=dict)
    paths: Mapping[str, Path] = field(default_factory=dict)
    corrections: Path | None = None


class Source(Protocol):
    """A data set, read in partitions that share nothing, so that any process can take any."""

    name: str

    def partitions(self) -> Sequence[Path]:
        """The units of work, in a stable order."""
        ...

    def read(self, partition: Path) -> Iterator[Fact | Issue]:
        """The facts of one partition, in the order of its rows, with what could not be read."""
        ...


@runtime_checkable
class Learner(Source, Protocol):
    """A source of which most partitions can be read only when all of its rows have been seen.

    It learns in a process of its own, in steps, and what it learnt is taken in elsewhere.
    """

    def early(self) -> Sequence[Path]:
        """The partitions that can be read with what has been taken in so far."""
        ...

    def learn(self) -> Iterator[Any]:
        """What only shows when all rows are seen together: small, and able to be pickled.

        The learners of a build take as many steps each.
        """
        ...

    def take(self, learnt: Any) -> None:
        """Take in what a step of `learn` gave."""
        ...


class SourceFactory(Protocol):
    """Makes the source whose data lies at `path`."""

    def __call__(self, path: Path, known: Known) -> Source: ...
