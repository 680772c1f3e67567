"""Reads the history that a release carries (made by `kg.build.publish.history`): since which
release each claim and entity stands, what it said before, and what was withdrawn.

The table has what happened to whom in which release, and where in that release's `changes.jsonl`
it is told. So it stays small, and no release repeats what another says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from kg.model.rdf import Iri
from kg.store.changes import Change, Kind, What
from kg.store.release import CHANGES, Release
from kg.store.tables import connect

_KINDS = "('added', 'withdrawn', 'changed')"  # what befalls a thing itself, not facts about it


class ReleaseRef(NamedTuple):
    """A release of the chain that led to this one, and when it was built (ISO 8601)."""

    id: str
    built: str


@dataclass(frozen=True, slots=True)
class Event:
    """A change with the release that made it, and the one before, the last to say otherwise."""

    at: ReleaseRef
    last: ReleaseRef
    change: Change


class Count(NamedTuple):
    """How many changes of a kind a release made."""

    kind: Kind
    what: What
    source: Iri
    times: int


class History:
    """One connection to the history of one release."""

    def __init__(self, connection: sqlite3.Connection, releases: Path) -> None:
        self._tables = connection
        self._releases = releases
        told = connection.execute("SELECT number, id, built FROM release ORDER BY number")
        self._chain = {number: ReleaseRef(*each) for number, *each in told}

    @classmethod
    @contextmanager
    def open(cls, release: Release) -> Iterator[History]:
        """The history of a release; one of an earlier version has none, and so nothing to tell.

        Nor is any told in the moment in which another build of the same release has taken its place
        and who serves may not open that yet.
        """
        try:
            tables = connect(release.history) if release.history.exists() else _empty()
        except sqlite3.OperationalError:
            tables = _empty()
        with closing(tables):
            yield cls(tables, release.directory.parent)

    @property
    def releases(self) -> Sequence[ReleaseRef]:
        """The releases that led to this one, the first one first, this one last."""
        return tuple(self._chain.values())

    def since(self, iri: Iri) -> ReleaseRef | None:
        """The release since which it stands without a break, of what this release has; None where
        nothing is known of any release.
        """
        asked = "SELECT max(release) FROM event WHERE iri = ? AND kind = 'added'"
        (found,) = self._tables.execute(asked, [iri]).fetchone()
        return self._chain.get(found or min(self._chain, default=0))

    def before(self, iri: Iri, size: int = 20) -> Sequence[Event]:
        """The last corrections of a thing, the latest first: what it said till then is
        `change.before` instead of `change.after`.
        """
        asked = f"{_EVENTS} WHERE iri = ? AND kind = 'changed' ORDER BY release DESC LIMIT ?"
        return tuple(map(self._event, self._tables.execute(asked, [iri, size])))

    def withdrawn(self, iri: Iri) -> Event | None:
        """When it was withdrawn, with all that the last release said of it; None where it was not.

        A reason or a successor may have been told later than that, or of the document that a claim
        was withdrawn with.
        """
        found: Event | None = None
        for each in self.events(iri):
            if each.change.kind != "withdrawn":
                found = None
            elif found is None:
                found = each
            else:
                found = Event(found.at, found.last, _told(found.change, each.change))
        if found and not found.change.reason and found.change.what == "claim":
            whole = self.withdrawn(found.change.source)
            if whole:
                found = Event(found.at, found.last, _told(found.change, whole.change))
        return found

    def events(self, iri: Iri) -> Sequence[Event]:
        """All that happened to a thing itself, in order."""
        asked = f"{_EVENTS} WHERE iri = ? AND kind IN {_KINDS} ORDER BY release, start"
        return tuple(map(self._event, self._tables.execute(asked, [iri])))

    def counts(self, release: str = "") -> Sequence[Count]:
        """How many changes a release of the chain made, by kind and source; default: this one."""
        asked = (
            "SELECT kind, what, source, times FROM tally WHERE release = ? "
            "ORDER BY what, kind, source"
        )
        return tuple(Count(*each) for each in self._tables.execute(asked, [self._number(release)]))

    def changes(
        self,
        release: str = "",
        *,
        kind: str = "",
        what: str = "",
        source: str = "",
        start: int = 0,
        size: int = 100,
    ) -> Sequence[Change]:
        """Some of the changes that a release of the chain made, in the order of its file."""
        chosen = {"kind": kind, "what": what, "source": source}
        given = {name: value for name, value in chosen.items() if value}
        where = "".join(f" AND {name} = ?" for name in given)
        asked = f"{_EVENTS} WHERE release = ?{where} ORDER BY start LIMIT ? OFFSET ?"
        values = [self._number(release), *given.values(), size, start]
        return tuple(self._event(each).change for each in self._tables.execute(asked, values))

    def _number(self, release: str) -> int:
        numbers = {each.id: number for number, each in self._chain.items()}
        return numbers.get(release, 0) if release else max(self._chain, default=0)

    def _event(self, row: tuple[int, Kind, What, Iri, Iri, int, int]) -> Event:
        release, kind, what, iri, source, start, length = row
        at, last = self._chain[release], self._chain[release - 1]
        folder = self._releases / at.id
        own = folder / changes_of(release)
        try:
            with (own if own.exists() else folder / CHANGES).open("rb") as lines:
                lines.seek(start)
                change = Change.parse(lines.read(length))
        except (OSError, ValueError):
            return Event(at, last, Change(kind, what, iri, source))
        # Whatever happened to the file, nothing is told of another thing.
        same = (change.kind, change.what) == (kind, what) and iri.endswith(_slug(change.iri))
        return Event(at, last, change if same else Change(kind, what, iri, source))


_EVENTS = "SELECT release, kind, what, iri, source, start, length FROM event"
# `start` and `length` are bytes of the `changes.jsonl` of the release of that number; `described`
# has what its sheets describe and claim.
SCHEMA = """
CREATE TABLE IF NOT EXISTS release (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, built TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS event (
    release INTEGER, start INTEGER, length INTEGER, kind TEXT, what TEXT, iri TEXT, source TEXT,
    PRIMARY KEY (release, start)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS event_by_iri ON event (iri);
CREATE TABLE IF NOT EXISTS tally (
    release INTEGER, kind TEXT, what TEXT, source TEXT, times INTEGER,
    PRIMARY KEY (release, kind, what, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS described (iri TEXT PRIMARY KEY) WITHOUT ROWID;
"""


def changes_of(number: int) -> str:
    """The file with what a release changed as the one of that number, where it was there before."""
    return CHANGES.replace(".", f"-{number}.")


def _slug(iri: Iri) -> str:
    """What an address has beside the base, which may have been another then."""
    return iri.rpartition("/id/")[2]


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    return connection


def _told(first: Change, later: Change) -> Change:
    """What was withdrawn, with what was told of it later."""
    return replace(
        first,
        successor=later.successor or first.successor,
        reason=later.reason or first.reason,
    )
