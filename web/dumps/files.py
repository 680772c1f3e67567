"""The dump files of a release, with sizes and checksums as its manifest has them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.model.formats import BY_EXTENSION
from kg.model.sources import Credit
from kg.store.manifest import File
from kg.store.release import Release


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One file. `scope` says what of the graph it holds; `size` is in bytes."""

    name: str
    href: str
    scope: str
    format: str
    media_type: str
    size: int
    sha256: str

    @property
    def human_size(self) -> str:
        size, unit = float(self.size), "bytes"
        for unit in ("bytes", "kB", "MB", "GB"):
            if size < 1000 or unit == "GB":
                break
            size /= 1000
        return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"


@dataclass(frozen=True, slots=True)
class DumpsPage:
    """All that the list of dumps shows: the release, its day, whose data it holds, the files of the
    whole and of each named graph.
    """

    release: str
    built: str
    credits: tuple[Credit, ...]
    whole: tuple[DumpFile, ...]
    graphs: tuple[DumpFile, ...]


def dumps_page(release: Release, root: str) -> DumpsPage:
    """`root` is the path under which this server is mounted."""
    files = [_file(each, root) for each in release.manifest.dumps]
    return DumpsPage(
        release=release.id,
        built=release.manifest.day,
        credits=release.manifest.credits,
        whole=tuple(each for each in files if not each.name.startswith("graph-")),
        graphs=tuple(each for each in files if each.name.startswith("graph-")),
    )


def _file(entry: File, root: str) -> DumpFile:
    name = entry.name
    stem, zipped = name.removesuffix(".gz"), name.endswith(".gz")
    extension = Path(stem).suffix.removeprefix(".")
    scope = Path(stem).stem
    return DumpFile(
        name=name,
        href=f"{root}/dumps/{name}",
        scope=scope.removeprefix("graph-") if scope.startswith("graph-") else "the whole graph",
        format=BY_EXTENSION[extension].label + (", gzip" if zipped else ""),
        media_type="application/gzip" if zipped else BY_EXTENSION[extension].media_type,
        size=entry.size,
        sha256=entry.sha256,
    )
