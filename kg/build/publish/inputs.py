"""What a build reads: the hash of each file, and the commit of each folder that has one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from kg.model.errors import naming
from kg.model.settings import Settings
from kg.model.sources import Listed
from kg.store.verify import walk

_FOLDERS = ("ontology", "queries", "seeds")  # of a project (DESIGN §1)


def inputs(settings: Settings, sources: Mapping[str, object]) -> dict[str, str]:
    """The SHA-256 of each file of the project and of its sources, by name.

    The files of a source have names that begin with `sources/NAME/`, wherever they lie; so has its
    code, where that stands beside `kg.toml`.
    """
    found = {}
    for name in _FOLDERS:
        for path in _files(settings.directory / name):
            found[path.relative_to(settings.directory).as_posix()] = _digest(path)
    for name, root in _places(settings).items():
        found |= {f"{name}/{inside}": _digest(path) for inside, path in _within(root)}
    for name, source in sources.items():
        files = source.files if isinstance(source, Listed) else ()
        found |= {f"sources/{name}/{each.name}": _digest(each) for each in files}
    for name, options in settings.sources.items():
        module = options.get("use", "").partition(":")[0].partition(".")[0]
        for root in (settings.directory / f"{module}.py", settings.directory / module):
            if module and root.exists():
                found |= {f"sources/{name}/{at}": _digest(path) for at, path in _within(root)}
    return dict(sorted(found.items()))


def commits(settings: Settings) -> dict[str, str]:
    """The Git commit that is checked out where the project (`.`) and each source lies."""
    places = {".": settings.directory, **_places(settings)}
    found = {name: commit(path) for name, path in places.items()}
    return {name: each for name, each in found.items() if each}


def _places(settings: Settings) -> dict[str, Path]:
    return {
        f"sources/{name}": settings.source_path(name)
        for name, options in sorted(settings.sources.items())
        if "path" in options
    }


def commit(directory: Path) -> str:
    """The commit of the Git work tree that holds `directory`; empty where there is none.

    Read from its files (gitrepository-layout(5)), so that Git need not be installed.
    """
    real = Path(os.path.realpath(directory))
    for folder in (real, *real.parents):
        try:
            git = folder / ".git"
            if git.is_file():  # a further work tree, or a submodule
                git = folder / git.read_text("utf-8").removeprefix("gitdir:").strip()
            return _resolved(git, (git / "HEAD").read_text("utf-8").strip())
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, UnicodeDecodeError):
            return ""
    return ""


def _resolved(git: Path, head: str) -> str:
    if not head.startswith("ref: "):
        return head
    name = head.removeprefix("ref: ")
    shared = git / "commondir"
    common = git / shared.read_text("utf-8").strip() if shared.exists() else git
    if (common / name).is_file():
        return (common / name).read_text("utf-8").strip()
    if not (common / "packed-refs").is_file():
        return ""  # nothing was committed yet
    packed = (line.split() for line in (common / "packed-refs").read_text("utf-8").splitlines())
    return next((words[0] for words in packed if words[1:] == [name]), "")


def _files(root: Path) -> Iterator[Path]:
    """Every file below `root` but hidden ones, such as those of Git and of editors."""
    for folder, folders, files in walk(root) if root.is_dir() else ():
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(files):
            path = Path(folder) / name
            if not name.startswith(".") and path.is_file():
                yield path


def _within(root: Path) -> Iterator[tuple[str, Path]]:
    if root.is_file():
        yield root.name, root
    for path in _files(root):
        yield path.relative_to(root).as_posix(), path


def _digest(path: Path) -> str:
    with naming(path), path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
