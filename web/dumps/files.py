"""The dump files of a release, with sizes and checksums as its manifest has them."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model.sources import Credit
from kg.store.release import Release
from web.site.files import Published, published


@dataclass(frozen=True, slots=True)
class DumpsPage:
    """All that the list of dumps shows: the release, its day, whose data it holds, the files of the
    whole and of each named graph.
    """

    release: str
    built: str
    credits: tuple[Credit, ...]
    whole: tuple[Published, ...]
    graphs: tuple[Published, ...]


def dumps_page(release: Release, root: str) -> DumpsPage:
    """`root` is the path under which this server is mounted."""
    files = [published(each, f"{root}/dumps/") for each in release.manifest.dumps]
    return DumpsPage(
        release=release.id,
        built=release.manifest.day,
        credits=release.manifest.credits,
        whole=tuple(each for each in files if not each.name.startswith("graph-")),
        graphs=tuple(each for each in files if each.name.startswith("graph-")),
    )
