"""The file of what a release changed, and the table by which it is found, carried on from release
to release. Neither is part of what a release is (DESIGN §5): both rest on the one before.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from kg.build.publish.changes import compare
from kg.build.publish.switch import Warn
from kg.model.errors import ChanceryError
from kg.model.iris import Minter
from kg.model.rdf import Iri
from kg.store.changes import Change
from kg.store.history import SCHEMA, changes_of
from kg.store.manifest import MANIFEST, File
from kg.store.release import CHANGES, HISTORY, Release

_AT_ONCE = 10_000  # rows


def predecessor(project: Path, warn: Warn) -> Release | None:
    """The release that another would follow: the current one, or else the newest, of which all is
    there that a comparison needs.
    """
    build = project / "build"
    current = next(_opened([build / "current"]), None)
    if current and comparable(current):
        return current
    found = list(_opened([each.parent for each in (build / "releases").glob(f"[!.]*/{MANIFEST}")]))
    found.sort(key=lambda each: (each.manifest.built, each.id), reverse=True)
    before = next(filter(comparable, found), None)
    if (build / "current").exists():
        told = f"what changed is told since {before.id}" if before else "what changed is not told"
        warn(f"the current release is damaged, or of another version of Chancery; {told}")
    return before


def _opened(directories: Iterable[Path]) -> Iterator[Release]:
    for each in directories:
        with suppress(ChanceryError):
            yield Release.open(each)


def comparable(release: Release) -> bool:
    """Whether all is there, as it was built, that tells what another one changed."""
    needed = {f"dumps/{release.quads.name}", release.history.name, CHANGES}
    return release.quads.exists() and _is_sound(release, needed)


def _is_sound(release: Release, names: Collection[str]) -> bool:
    try:
        return all(
            File.of(release.directory / each.name, each.name) == each
            for each in release.manifest.files
            if each.name in names
        )
    except (OSError, ChanceryError):
        return False


def tell_changes(before: Release | None, graph: Path, minter: Minter, finished: Path) -> None:
    """Write what the sorted lines in `graph` change, and carry the history on."""
    table = finished / HISTORY
    if before and before.history.exists():
        shutil.copyfile(before.history, table)
    with (
        closing(sqlite3.connect(table, isolation_level=None)) as database,
        (finished / CHANGES).open("wb") as output,
    ):
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        database.executescript(SCHEMA)
        database.execute("BEGIN")
        if before:
            _follow(before, minter, database)
            found = compare(before.quads, before.manifest.base, graph, minter, graph.parent)
            _write(found, output, database)
        database.execute("COMMIT")


def enter(finished: Path, target: Path, before: Release | None, described: Iterable[Iri]) -> str:
    """Add the release that will be `target` to its history, with what its sheets describe. Gives
    when it was built: one that was there before keeps the time, and what it says that it changed.
    """
    earlier = next(_opened([target]), None)
    if before and before.id == target.name:  # nothing changed
        _keep_changes(before, finished)
        if before.history.exists():
            shutil.copyfile(before.history, finished / HISTORY)
        return before.manifest.built
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with closing(sqlite3.connect(finished / HISTORY, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("BEGIN")
        added = "INSERT INTO release SELECT coalesce(max(number), 0) + 1, ?, ? FROM release"
        number = database.execute(added, (target.name, now)).lastrowid
        database.execute("DELETE FROM described")
        rows = ((each,) for each in sorted(described))
        database.executemany("INSERT INTO described VALUES (?)", rows)
        database.execute("COMMIT")
    if earlier is None:
        return now
    if earlier.changes.exists() and _is_sound(earlier, {CHANGES}):  # it comes once more
        (finished / CHANGES).rename(finished / changes_of(number or 0))
        _keep_changes(earlier, finished)
    return earlier.manifest.built


def _keep_changes(release: Release, finished: Path) -> None:
    for each in release.directory.glob("changes*.jsonl"):
        shutil.copyfile(each, finished / each.name)


def _follow(before: Release, minter: Minter, database: sqlite3.Connection) -> None:
    """Begin with the release before where it has no history; what moved has its new names."""
    if not before.history.exists():
        told = (before.id, before.manifest.built)
        database.execute("INSERT INTO release VALUES (1, ?, ?)", told)
    base = before.manifest.base
    if base != minter.base:
        for moved in ("event SET iri", "event SET source", "described SET iri"):
            column = moved.rpartition(" ")[2]
            database.execute(
                f"UPDATE {moved} = ? || substr({column}, ?) WHERE substr({column}, 1, ?) = ?",
                (minter.base, len(base) + 1, len(base), base),
            )


def _write(found: Iterator[Change], output: BinaryIO, database: sqlite3.Connection) -> None:
    """A change a line, and where it is told; `tally` counts them."""
    (number,) = database.execute("SELECT max(number) + 1 FROM release").fetchone()
    tally = Counter[tuple[str, str, Iri]]()
    start = 0
    while some := list(islice(found, _AT_ONCE)):
        rows = []
        for each in some:
            line = each.line().encode() + b"\n"
            output.write(line)
            told = (each.kind, each.what, each.iri, each.source)
            rows.append((number, start, len(line), *told))
            start += len(line)
            tally[each.kind, each.what, each.source] += 1
        database.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    database.executemany(
        "INSERT INTO tally VALUES (?, ?, ?, ?, ?)",
        ((number, *each, times) for each, times in sorted(tally.items())),
    )
