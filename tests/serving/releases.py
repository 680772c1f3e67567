"""Releases that differ in one triple and in their id, made in no time, for servers to follow."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.store.manifest import CHECKSUM, MANIFEST, File
from kg.store.release import Release
from kg.store.verify import names

SAYS = "SELECT ?id { <urn:release> <urn:id> ?id }"


def variant(release: Release, into: Path, number: int) -> Path:
    """A copy of `release` in the folder `into`, whose id is `number` in 16 digits, and whose graph
    says so, too.
    """
    name = f"{number:016x}"
    made = into / name
    shutil.copytree(release.directory, made)
    store = Store(str(made / "store"))
    entities = NamedNode(f"{release.manifest.base}graph/entities")
    store.add(Quad(NamedNode("urn:release"), NamedNode("urn:id"), Literal(name), entities))
    store.flush()
    del store
    described = replace(release.manifest, id=name)
    for each in (MANIFEST, CHECKSUM):
        (made / each).unlink()
    files = tuple(File.of(made / each, each) for each in sorted(names(made)))
    replace(described, files=files).write(made)
    return made


def switch(project: Path, target: str | Path) -> None:
    """Have `build/current` name another release, as a build does: at one moment."""
    link = project / "build" / "current.new"
    link.symlink_to(target)
    link.replace(project / "build" / "current")
