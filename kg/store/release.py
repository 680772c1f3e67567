"""Releases: immutable directories under `build/releases/`, of which `build/current` names one.

A release is complete before `build/current` is switched to it, in one rename, so that a reader
sees the old one or the new one and nothing between.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from kg.model.errors import ChanceryError

MANIFEST = "manifest.json"


class NoRelease(ChanceryError):
    """Nothing has been built yet, or what was cannot be read any more."""


@dataclass(frozen=True, slots=True)
class Release:
    """One finished release.

    `id` is derived from its content. `manifest` is the parsed `manifest.json`: counts, inputs
    with their hashes, the date of the build and the versions of the programs.
    """

    id: str
    directory: Path
    manifest: dict[str, Any] = field(repr=False, compare=False)

    @property
    def store(self) -> Path:
        return self.directory / "store"

    @property
    def dumps(self) -> Path:
        return self.directory / "dumps"

    @property
    def search(self) -> Path:
        return self.directory / "search.sqlite"

    @property
    def issues(self) -> Path:
        return self.directory / "issues.jsonl"

    def hold(self) -> BinaryIO:
        """Keep the release from being pruned until the file that is returned is closed."""
        manifest = (self.directory / MANIFEST).open("rb")
        fcntl.flock(manifest, fcntl.LOCK_SH)
        return manifest

    @classmethod
    def open(cls, directory: Path) -> Release:
        """Read the release in `directory`.

        Raises:
            NoRelease: it holds none, or a damaged one.
        """
        try:
            manifest = json.loads((directory / MANIFEST).read_text("utf-8"))
            return cls(manifest["id"], directory.resolve(), manifest)
        except FileNotFoundError:
            raise NoRelease(f"{directory} holds no release; run 'kg build' first") from None
        except (KeyError, TypeError, ValueError):
            raise NoRelease(
                f"{directory / MANIFEST} is damaged; 'kg build' makes the release anew"
            ) from None

    @classmethod
    def current(cls, project: Path) -> Release:
        """The release that the project directory serves now.

        Raises:
            NoRelease: nothing was built.
        """
        return cls.open(project / "build" / "current")


def publish(finished: Path, project: Path, release_id: str) -> Release:
    """Make the directory `finished` a release of `project` and switch to it, atomically.

    Where a release of that id is there already, its content is the same and `finished` is left
    to the caller to throw away, unless that one is damaged.
    """
    releases = project / "build" / "releases"
    target = releases / release_id
    try:
        Release.open(target)
    except NoRelease:
        if target.exists():
            _delete(target)
        _sync_tree(finished)
        finished.rename(target)
        _sync(releases)
    link = project / "build" / f".current-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / release_id)
    link.rename(project / "build" / "current")
    _sync(project / "build")
    return Release.current(project)


def prune(project: Path, keep: int) -> None:
    """Delete all but the newest `keep` releases; 0 keeps all.

    The current one stays in any case, and so does one that a server holds.
    """
    releases = project / "build" / "releases"
    current = (project / "build" / "current").resolve()
    manifests = sorted(releases.glob(f"[!.]*/{MANIFEST}"), key=_written, reverse=True)
    for each in manifests[keep or len(manifests) :]:
        if each.parent.resolve() == current:
            continue
        with each.open("rb") as manifest:
            try:
                fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            _delete(each.parent)


def _delete(release: Path) -> None:
    """Renamed first: what a kill leaves of it is no release, and the next build sweeps it."""
    shutil.rmtree(release.rename(release.with_name(f".building-{release.name}")))


def _written(path: Path) -> float:
    return path.stat().st_mtime


def _sync_tree(root: Path) -> None:
    for folder, _, files in os.walk(root):
        for name in files:
            _sync(Path(folder) / name)
        _sync(Path(folder))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
