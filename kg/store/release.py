"""Releases: immutable directories under `build/releases/`, of which `build/current` names one."""

from __future__ import annotations

import fcntl
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from kg.model.errors import ChanceryError
from kg.store.manifest import CHECKSUM, MANIFEST, File, Manifest
from kg.store.verify import faults

CRATE, CITATION = "ro-crate-metadata.json", "CITATION.cff"
CHANGES, HISTORY = "changes.jsonl", "history.sqlite"
# What anybody may have of a release: the rest is how this server reads it.
PUBLISHED = (
    MANIFEST, CHECKSUM, CHANGES, CRATE, CITATION, "dumps", "tables", "void.ttl"
)  # fmt: skip
SCHEMA = "csv-metadata.json"  # beside the tables, which it describes (CSVW)
SPREADSHEET = "-spreadsheet.csv"  # how the names end of tables that spreadsheets open


class NoRelease(ChanceryError):
    """Nothing has been built yet."""


class Damaged(ChanceryError):
    """A release whose files are not those that its manifest names."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Release:
    """One finished release.

    `id` hashes what it was made from.
    """

    id: str
    directory: Path
    manifest: Manifest = field(repr=False, compare=False)

    @property
    def store(self) -> Path:
        return self.directory / "store"

    @property
    def dumps(self) -> Path:
        return self.directory / "dumps"

    @property
    def quads(self) -> Path:
        """The dump that has the graph's sorted lines."""
        return self.dumps / "chancery.nq.gz"

    @property
    def tables(self) -> Path:
        return self.directory / "tables"

    @property
    def search(self) -> Path:
        return self.directory / "search.sqlite"

    @property
    def happenings(self) -> Path:
        return self.directory / "happenings.sqlite"

    @property
    def issues(self) -> Path:
        return self.directory / "issues.jsonl"

    @property
    def review(self) -> Path:
        """What is not sure, a line each; a release of an earlier version has no such file."""
        return self.directory / "review.jsonl"

    @property
    def changes(self) -> Path:
        """What it changed, a line each; a release of an earlier version has no such file."""
        return self.directory / CHANGES

    @property
    def history(self) -> Path:
        """What befell things up to it; a release of an earlier version has no such file."""
        return self.directory / HISTORY

    @property
    def published(self) -> tuple[File, ...]:
        """Those of the files that its manifest names, which anybody may have."""
        return tuple(
            each for each in self.manifest.files if each.name.partition("/")[0] in PUBLISHED
        )

    @property
    def pruned(self) -> bool:
        """Whether it has kept no more than what it says of itself and what it changed."""
        return not self.dumps.is_dir() and not self.store.is_dir()

    def hold(self) -> BinaryIO:
        """Keep the release from being deleted until the file that is returned is closed."""
        manifest = (self.directory / MANIFEST).open("rb")
        fcntl.flock(manifest, fcntl.LOCK_SH)
        return manifest

    def verify(self) -> None:
        """Read every file.

        Raises:
            Damaged: with a line for each file that is missing, changed or not the release's.
        """
        if self.pruned:
            raise Damaged(f"release {self.id} was pruned: what it was and changed is left of it")
        if found := list(faults(self.directory, self.manifest, contents=True)):
            raise Damaged("\n".join([*found, f"'kg build' makes release {self.id} anew"]))

    def require(self, *, contents: bool) -> None:
        """As `verify`, for who would serve it; without `contents` nothing is read.

        Raises:
            Damaged: in one line.
        """
        if found := list(faults(self.directory, self.manifest, contents=contents)):
            more = f", and {len(found) - 1} files more are damaged" if found[1:] else ""
            raise Damaged(f"{found[0]}{more}; 'kg build' makes the release anew")

    @classmethod
    def open(cls, directory: Path) -> Release:
        """Read the release in `directory`.

        Raises:
            NoRelease: it holds none, or one of another version of Chancery.
            Damaged: its manifest is not the one that was written.
        """
        directory = Path(os.path.realpath(directory))
        try:
            text = (directory / MANIFEST).read_bytes()
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not directory.is_dir():
                raise NoRelease(f"{directory} holds no release; run 'kg build' first") from None
            raise Damaged(
                f"{directory / MANIFEST} cannot be read ({error.strerror}); 'kg build' makes the "
                "release anew"
            ) from None
        written = _checksum(directory / CHECKSUM)
        if written is not None and written != f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n":
            raise Damaged(
                f"{directory / MANIFEST} is not what {CHECKSUM} beside it says; "
                "'kg build' makes the release anew"
            )
        try:
            manifest = Manifest.parse(text)
        except ValueError as error:
            raise NoRelease(
                f"{directory / MANIFEST} is none of this version of Chancery ({error}); "
                "'kg build' makes the release anew"
            ) from None
        if written is None:
            raise Damaged(f"{directory / CHECKSUM} is missing; 'kg build' makes the release anew")
        return cls(manifest.id, directory, manifest)

    @classmethod
    def current(cls, project: Path) -> Release:
        """The release that the project directory serves now.

        Raises:
            NoRelease: nothing was built.
            Damaged: its manifest is not the one that was written.
        """
        return cls.open(project / "build" / "current")


def current_file(project: Path) -> tuple[int, int]:
    """What identifies the manifest of the release that the project serves now: another build has
    another one, of the same id too.

    Raises:
        OSError: it serves none.
    """
    status = (project / "build" / "current" / MANIFEST).stat()
    return status.st_dev, status.st_ino


def _checksum(path: Path) -> str | None:
    try:
        return path.read_text("ascii", "replace")
    except FileNotFoundError:
        return None
