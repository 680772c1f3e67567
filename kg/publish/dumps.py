"""Dumps: the whole graph in each format, and one file a named graph, with sizes and hashes.

All are made from the release's sorted N-Quads. The gzip header carries no name and no time
(RFC 1952 §2.3.1), so that the same graph gives the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.store.load import FORMATS, convert

NAME = "chancery"
GZIP_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Dump:
    """One file of a release: its name, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


def write_dumps(graphs: dict[str, Path], whole: Path, folder: Path) -> tuple[Dump, ...]:
    """Write every dump.

    `whole` is the sorted N-Quads of the release; `graphs` gives the same by the path of each
    named graph below the base (`document/another-reset`).
    """
    folder.mkdir()
    plain = folder / f"{NAME}.ttl"
    with plain.open("wb") as output:
        convert(whole, output, "ttl")
    with plain.open("rb") as source, compressed(folder / f"{NAME}.ttl.gz") as output:
        shutil.copyfileobj(source, output)
    with whole.open("rb") as source, compressed(folder / f"{NAME}.nq.gz") as output:
        shutil.copyfileobj(source, output)
    by_graph = folder / ".by-graph.nq"
    with by_graph.open("wb") as joined:
        for _, path in sorted(graphs.items()):
            with path.open("rb") as source:
                shutil.copyfileobj(source, joined)
    for extension in sorted(FORMATS.keys() - {"ttl", "nq"}):
        with compressed(folder / f"{NAME}.{extension}.gz") as output:
            # Grouped by graph, so that TriG and JSON-LD open each graph once.
            grouped = FORMATS[extension].supports_datasets
            convert(by_graph if grouped else whole, output, extension)
    by_graph.unlink()
    for name, path in graphs.items():
        with compressed(folder / f"graph-{name.replace('/', '-')}.ttl.gz") as output:
            convert(path, output, "ttl")
    return tuple(describe(path) for path in sorted(folder.iterdir()))


@contextmanager
def compressed(path: Path) -> Iterator[gzip.GzipFile]:
    """A gzip file whose bytes depend on its content alone."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0) as output,
    ):
        yield output


def describe(path: Path) -> Dump:
    """Size and hash of a file."""
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    return Dump(path.name, path.stat().st_size, digest)
