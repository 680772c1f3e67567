"""The releases of a project that are on disk, by what their manifests say of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from kg.model.errors import ChanceryError
from kg.store.history import History
from kg.store.manifest import MANIFEST
from kg.store.release import PUBLISHED, Release

SHORTEST = 12  # digits of an id that citations print


@dataclass(frozen=True, slots=True)
class Releases:
    """The `current` release and those beside it, `all` of them, the newest first; `state` names
    this very set.

    What they hold in files is read when it is asked for: one may be pruned meanwhile.
    """

    current: Release
    all: Sequence[Release]
    state: str

    @classmethod
    def beside(cls, current: Release) -> Self:
        """Those in the same folder; what cannot be read, or is of another version, is left out."""
        found = {current.id: _brief(current)}
        for path in current.directory.parent.glob(f"[!.]*/{MANIFEST}"):
            if path.parent != current.directory:
                try:
                    each = _brief(Release.open(path.parent))
                except ChanceryError:
                    continue
                found.setdefault(each.id, each)
        with History.open(current) as history:
            chain = {each.id: number for number, each in enumerate(history.releases)}
        # Two may have been built within the same second.
        newest = sorted(
            found.values(), key=lambda each: (each.manifest.built, chain.get(each.id, -1), each.id)
        )[::-1]
        told = [(each.id, each.manifest.built, each.pruned) for each in newest]
        state = hashlib.sha256(repr((current.id, told)).encode()).hexdigest()[:16]
        return cls(current, newest, state)

    def find(self, wanted: str) -> Release | None:
        """The release of that id, of which the first `SHORTEST` digits are enough."""
        if len(wanted) < SHORTEST:
            return None
        return next((each for each in self.all if each.id.startswith(wanted)), None)

    def around(self, release: Release) -> tuple[Release | None, Release | None]:
        """The one before it and the one after."""
        at = self.all.index(release)
        before = self.all[at + 1] if at + 1 < len(self.all) else None
        return before, self.all[at - 1] if at else None

    def at(self, moment: str) -> Release:
        """The one that was the newest at `moment`, a time as manifests have it; before all, the
        first (RFC 7089 §4.5.3).
        """
        return next((each for each in self.all if each.manifest.built <= moment), self.all[-1])

    def readable(self) -> Iterator[Path]:
        """What pages need of those that are not served: what is published, and the tables by which
        a choice of theirs is made again; the files and folders there are.
        """
        for each in self.all:
            if each.id != self.current.id:
                paths = (*map(each.directory.joinpath, PUBLISHED), each.happenings)
                yield from filter(Path.exists, paths)
                yield from each.directory.glob("changes-*.jsonl")


def _brief(release: Release) -> Release:
    """Without the longest parts of its manifest, since many are kept in memory."""
    return replace(release, manifest=replace(release.manifest, inputs={}, questions={}))
