"""Count assertions: a build that lost most of its triples lost a source, not a few facts."""

from __future__ import annotations

from pathlib import Path

from kg.model.errors import ReleaseRefused
from kg.store.release import Damaged, NoRelease, Release

_KEPT = 0.5  # share of the last release's triples that a new one must have


def refuse_losses(triples: int, previous: Release | None) -> None:
    """Compare the number of triples of a build with that of the last release.

    Raises:
        ReleaseRefused: there are none, or fewer than half of the last release's.
    """
    if not triples:
        raise ReleaseRefused("The graph is empty: no sheet and no source stated anything.")
    before = previous.manifest.counts.triples if previous else 0
    if triples < before * _KEPT:
        raise ReleaseRefused(
            f"The graph has {triples:,} triples; the last release had {before:,}. If that is "
            "meant, remove build/current and build again."
        )


def served(project: Path) -> Release | None:
    """The release of which a new one may not have lost half, if there is one."""
    try:
        return Release.current(project)
    except (NoRelease, Damaged):
        return None
