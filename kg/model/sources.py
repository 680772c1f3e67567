"""Sources: where facts come from, and what the sheets have settled about them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from kg.model.decisions import Merge, Naming
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


@dataclass(frozen=True, slots=True, order=True)
class Review:
    """What a source could not be sure of, for a person to decide. The graph does not state it.

    `kind` is what is unsure: a `mention` of somebody, a `merge` of two, a `match` of an event with
    a row, a `place`, or a word of the source's own. `about` is the record or thing concerned,
    `found` what was found of it and `would_settle` what would decide it, each a sentence;
    `candidates` are what it may be. All are shipped with the release (`review.jsonl`).
    """

    kind: str
    about: Ref
    found: str
    would_settle: str
    candidates: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Credit:
    """Whose data a release holds: a name, its licence, and where it comes from, by their URLs.

    `package` is the Python package that brings it, if any, whose version the manifest names.
    """

    name: str
    licence: str
    url: str
    package: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What the sheets have settled about a data set.

    `ids` maps raw identifiers, as `(data set, id)`, to the references of the same things;
    `about` says which event or tenure a record records (`record/travels/3568`), `rows`
    what they read in it; `entities` are
    those that the sheets describe, by whose names a source may know them again. `claims` and the
    dates of documents let a source propose which event a row records; `matches` decides it, with
    the records of an event, or none. `rulings` are what people decided of things that are one, and
    of whom records name. `paths` says where the data of each configured source lies, by its own
    name and by that of what reads it; `corrections` which file corrects them, if any.
    `leave_out`: a file that cannot be read is reported and left out, rather than stop the build.
    """

    ids: Mapping[tuple[str, str], Ref] = field(default_factory=dict)
    about: Mapping[Ref, Ref] = field(default_factory=dict)
    rows: Mapping[Ref, Record] = field(default_factory=dict)
    entities: Mapping[Ref, Entity] = field(default_factory=dict)
    claims: Sequence[Claim] = ()
    published: Mapping[Ref, Date] = field(default_factory=dict)
    matches: Mapping[Ref, Sequence[Ref]] = field(default_factory=dict)
    rulings: Sequence[Merge | Naming] = ()
    paths: Mapping[str, Path] = field(default_factory=dict)
    corrections: Path | None = None
    leave_out: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """Where the facts after it come from: a line of a file, counted from 1.

    A source may give one before the facts of a row, so that what is wrong with them is reported
    with file and line.
    """

    file: str
    line: int


Found = Fact | Issue | Review | Position


class Source(Protocol):
    """A data set, read in partitions that share nothing, so that any process can take any."""

    def partitions(self) -> Sequence[Any]:
        """The units of work, in a stable order: paths, or other values that can be pickled and
        whose `str` tells a reader which part of the data it is.
        """
        ...

    def read(self, partition: Any) -> Iterable[Found]:
        """The facts of one partition, in the order of its rows, with what could not be read."""
        ...


@runtime_checkable
class Credited(Protocol):
    """A source that says whom to credit for its data."""

    credits: Sequence[Credit]


@runtime_checkable
class Listed(Protocol):
    """A source that reads other files than those at its path."""

    files: Sequence[Path]


class Survey(Hashable, Protocol):
    """A look at all rows, before any is mapped, in a process whose memory is given back.

    Sources whose surveys are equal share one, which is taken once a build.
    """

    def take(self) -> Any:
        """What only shows when all rows are seen together: small, and able to be pickled."""
        ...


@runtime_checkable
class Surveyed(Protocol):
    """A source that is mapped only after a survey, whose result its `read` is given."""

    @property
    def survey(self) -> Survey: ...

    def partitions(self) -> Sequence[Any]: ...

    def read(self, partition: Any, found: Any) -> Iterable[Found]:
        """As `Source.read`, knowing what the survey `found`."""
        ...


class SourceFactory(Protocol):
    """Makes a source, as a class does.

    Of `name` (in `kg.toml`), `path` (of the data), `known` and `ontology` it is given those that
    its signature asks for, and each further option of `kg.toml` by its name.
    """

    def __call__(self, **options: Any) -> Source | Surveyed: ...
