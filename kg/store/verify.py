"""Whether the files of a release are still those that its manifest names."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from kg.store.manifest import CHECKSUM, MANIFEST, File, Manifest


def faults(directory: Path, manifest: Manifest, *, contents: bool) -> Iterator[str]:
    """Each file that is missing, changed or none of the release's, with what is the matter.

    Without `contents` only presence and size are looked at, which costs no reading.
    """
    for each in manifest.files:
        if fault := _fault(directory / each.name, each, contents=contents):
            yield f"{directory / each.name} {fault}"
    known = {each.name for each in manifest.files} | {MANIFEST, CHECKSUM}
    for name in sorted(names(directory)):
        if name not in known:
            yield f"{directory / name} is no file of the release"


def names(directory: Path) -> Iterator[str]:
    """Every file below `directory`, and every link, whatever it leads to."""
    for folder, folders, files in walk(directory):
        links = [each for each in folders if (Path(folder) / each).is_symlink()]
        for each in [*files, *links]:
            yield (Path(folder) / each).relative_to(directory).as_posix()


def walk(root: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """As `os.walk`, which leaves out a folder that cannot be read, and says nothing.

    Raises:
        OSError: a folder cannot be read.
    """

    def refuse(error: OSError) -> None:
        raise error

    return os.walk(root, onerror=refuse)


def _fault(path: Path, expected: File, *, contents: bool) -> str:
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            return "is no file any more"
        if found.st_size != expected.size:
            return f"has {found.st_size:,} bytes; the manifest says {expected.size:,}"
        if contents and File.of(path, expected.name) != expected:
            return f"has changed: its SHA-256 is not {expected.sha256}, as the manifest says"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return ""
