"""Dumps: the whole graph in each format, and one file a named graph, with sizes and hashes.

All are made from the release's sorted N-Quads. The gzip header carries no name and no time
(RFC 1952 §2.3.1), so that the same graph gives the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, BinaryIO, cast

from kg.store.load import FORMATS, convert

NAME = "chancery"
GZIP_LEVEL = 4  # 10 % larger than level 6 in half the time


@dataclass(frozen=True, slots=True)
class Dump:
    """One file of a release: its name, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


def write_dumps(whole: Path, graphs: str, folder: Path) -> tuple[Dump, ...]:
    """Write every dump of the graph whose sorted N-Quads are in `whole`.

    `graphs` is what the IRIs of the named graphs have in common; the rest names their files.
    """
    folder.mkdir()
    with TemporaryDirectory(dir=folder.parent) as work:
        by_graph = _split(whole, graphs, Path(work))
        grouped = Path(work) / "grouped.nq"
        with grouped.open("wb") as joined:
            for _, path in sorted(by_graph.items()):
                _append(path, joined)
        plain = folder / f"{NAME}.ttl"
        with plain.open("wb") as output:
            convert(whole, output, "ttl")
        for extension, chosen in sorted(FORMATS.items()):
            with compressed(folder / f"{NAME}.{extension}.gz") as output:
                match extension:
                    case "ttl":
                        _append(plain, output)
                    case "nq":
                        _append(whole, output)
                    case "nt":
                        _triples(whole, output)
                    case _:
                        # Grouped, so that TriG and JSON-LD open each graph once.
                        source = grouped if chosen.supports_datasets else whole
                        convert(source, output, extension)
        for name, path in by_graph.items():
            with compressed(folder / f"graph-{name.replace('/', '-')}.ttl.gz") as output:
                convert(path, output, "ttl")
    return tuple(describe(path) for path in sorted(folder.iterdir()))


def _split(whole: Path, graphs: str, work: Path) -> dict[str, Path]:
    """One N-Quads file a named graph, by the rest of the graph's IRI."""
    outputs: dict[str, BinaryIO] = {}
    prefix = f"<{graphs}".encode()
    with ExitStack() as stack, whole.open("rb") as lines:
        for line in lines:
            name = line[line.rindex(b" <") + 1 + len(prefix) : -4].decode()
            if name not in outputs:
                outputs[name] = stack.enter_context((work / f"{len(outputs)}.nq").open("wb"))
            outputs[name].write(line)
    return {name: Path(output.name) for name, output in outputs.items()}


def _triples(whole: Path, output: IO[bytes]) -> None:
    """N-Quads without their graphs are N-Triples; each triple has one home, so none comes twice."""
    with whole.open("rb") as lines:
        while chunk := lines.readlines(1 << 20):
            output.write(b"".join(line[: line.rindex(b" <")] + b" .\n" for line in chunk))


def _append(path: Path, output: IO[bytes]) -> None:
    with path.open("rb") as source:
        shutil.copyfileobj(source, output, 1 << 20)


@contextmanager
def compressed(path: Path) -> Iterator[IO[bytes]]:
    """A gzip file whose bytes depend on its content alone."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0) as output,
    ):
        yield cast("IO[bytes]", output)  # it has every method; typeshed keeps it apart


def describe(path: Path) -> Dump:
    """Size and hash of a file."""
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    return Dump(path.name, path.stat().st_size, digest)
