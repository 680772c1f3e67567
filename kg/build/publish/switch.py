"""Publishing a finished directory as a release, and taking away those that are not kept.

A release is complete before `build/current` is switched to it, in one rename, so that a reader
sees the old one or the new one and nothing between. After the switch nothing fails the build.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from kg.build.refused import told
from kg.model.errors import ChanceryError
from kg.model.files import exchange
from kg.store.manifest import CHECKSUM, MANIFEST
from kg.store.release import CHANGES, Release
from kg.store.verify import walk

Warn = Callable[[str], None]

LEFT = ".building-"  # how the names of directories begin that are no releases, or not any more
FINISHED = "release"  # in the directory of a build, what becomes its release


def keep_store(finished: Path, target: Path) -> None:
    """Where `target` holds the same release, sound, take its store by hard links.

    The bytes of a store differ from build to build. A process that has the old one open goes on
    finding its files by their names, though their directory was replaced.
    """
    try:
        before = Release.open(target)
        before.verify()
        kept = finished / "kept"
        shutil.copytree(before.store, kept, copy_function=os.link)
        shutil.rmtree(finished / "store")
        kept.rename(finished / "store")
    except (ChanceryError, OSError):
        shutil.rmtree(finished / "kept", ignore_errors=True)


def publish(finished: Path, project: Path, release_id: str, warn: Warn) -> Release:
    """Make the directory `finished` a release of `project` and switch to it, atomically.

    Where a release of that id is there already, `finished` holds that one afterwards.
    """
    releases = project / "build" / "releases"
    target = releases / release_id
    _sync_tree(finished)
    if os.path.lexists(target):
        exchange(finished, target, f"{LEFT}replaced")
    else:
        finished.rename(target)
    _sync(releases)
    link = project / "build" / f".current-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / release_id)
    release = Release.open(target)
    link.rename(project / "build" / "current")
    try:
        _sync(project / "build")
    except OSError as error:
        warn(
            f"{told(error, project / 'build')}; the release is served, but may not outlast a crash"
        )
    return release


def prune(project: Path, keep: int, warn: Warn) -> None:
    """Leave of all but the newest `keep` releases what they were and changed; 0 keeps all whole.

    The current one stays in any case, and so does one that a server holds.
    """
    releases = project / "build" / "releases"
    current = os.path.realpath(project / "build" / "current")
    try:
        found = [each.parent for each in releases.glob(f"[!.]*/{MANIFEST}")]
        whole = sorted(filter(_whole, found), key=_written, reverse=True)
    except OSError as error:
        warn(f"{told(error, releases)}; old releases were not deleted")
        return
    for each in whole[keep or len(whole) :]:
        if os.path.realpath(each) != current:
            _reduce(each, warn)


def _whole(directory: Path) -> bool:
    """Whether it holds more than a pruned release does."""
    return any(not _is_kept(each.name) for each in directory.iterdir())


def _is_kept(name: str) -> bool:
    return name in {MANIFEST, CHECKSUM} or name.startswith(Path(CHANGES).stem)


def _reduce(directory: Path, warn: Warn) -> None:
    """Put in the place of a release, in one step, one that has only the files that are kept of it.

    These are the same files under another name: who holds its manifest holds it as before.
    """
    if _is_held(directory):
        return
    rest = directory.with_name(f"{LEFT}{directory.name}")
    try:
        rest.mkdir()
        for each in directory.iterdir():
            if _is_kept(each.name):
                os.link(each, rest / each.name)
        exchange(rest, directory, f"{LEFT}replaced")
    except OSError as error:
        warn(f"{told(error, directory)}; it stays as it is")
    discard(rest, warn)


def sweep(releases: Path, warn: Warn) -> None:
    """Delete what killed builds left, and replaced releases that no server holds any more."""
    for leftover in sorted(releases.glob(f"{LEFT}*")):
        discard(leftover, warn)


def discard(directory: Path, warn: Warn) -> None:
    """Delete a release or a leftover, unless a server holds it; say so where that fails.

    It is renamed first: what a kill leaves of it is no release, and the next build sweeps it.
    """
    try:
        with ExitStack() as stack:
            for manifest in (directory / MANIFEST, directory / FINISHED / MANIFEST):
                if manifest.exists():
                    held = stack.enter_context(manifest.open("rb"))
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not directory.name.startswith(LEFT):
                directory = directory.rename(directory.with_name(f"{LEFT}{directory.name}"))
            if directory.is_dir() and not directory.is_symlink():
                shutil.rmtree(directory)
            else:
                directory.unlink()
    except BlockingIOError:
        return
    except OSError as error:
        warn(f"{told(error, directory)}; nothing needs {directory}: delete it as its owner")


def _is_held(directory: Path) -> bool:
    with (directory / MANIFEST).open("rb") as manifest:
        try:
            fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _written(release: Path) -> float:
    return (release / MANIFEST).stat().st_mtime


def _sync_tree(root: Path) -> None:
    for folder, _, files in walk(root):
        for name in files:
            _sync(Path(folder) / name)
        _sync(Path(folder))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
