"""Dumps: the whole graph in each format, and one file a named graph, with sizes and hashes.

All are made from the release's sorted N-Quads. The gzip header carries no name and no time
(RFC 1952 §2.3.1), so that the same graph gives the same bytes.

A gzip file may have several members, which read as one text (RFC 1952 §2.2). So the Turtle of a
named graph is written and compressed once, and its member stands in three files: the graph's own,
the Turtle of the whole and, in braces, the TriG.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from kg.store.embedded.load import convert

NAME = "chancery"
GZIP_LEVEL = 2  # 10 % larger than level 4 in two thirds of the time
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Dump:
    """One file of a release: its name, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Split:
    """A graph's triples in sorted N-Triples, and again by named graph.

    `by_graph` gives, by the IRI of each, the file of its triples (`.nt`); one of its quads (`.nq`)
    lies beside that. `graphs` is what those IRIs have in common; the rest names their dumps.
    `prefixes` are those of the formats that have some.
    """

    whole: Path
    by_graph: Mapping[str, Path]
    graphs: str
    prefixes: Mapping[str, str]


def split(
    whole: Path, graphs: str, prefixes: Mapping[str, str], parts: Path, folder: Path
) -> Split:
    """Split the sorted N-Quads in `whole` into files in `parts`.

    Writes the dumps of the whole in N-Quads and N-Triples to `folder` on the way. A quad without
    its graph is a triple; each has one home, so none comes twice.
    """
    outputs: dict[str, tuple[Path, BinaryIO, BinaryIO]] = {}
    with (
        ExitStack() as stack,
        compressed(folder / f"{NAME}.nq.gz") as all_quads,
        compressed(folder / f"{NAME}.nt.gz") as all_triples,
        (parts / "whole.nt").open("wb") as plain,
        whole.open("rb") as source,
    ):
        while lines := source.readlines(_BLOCK):
            shorter: list[bytes] = []
            groups = defaultdict[bytes, tuple[list[bytes], list[bytes]]](lambda: ([], []))
            for line in lines:
                triple, _, graph = line.rpartition(b" <")
                own_triples, own_quads = groups[graph]
                own_triples.append(triple)
                own_quads.append(line)
                shorter.append(triple)
            for graph, (own_triples, own_quads) in groups.items():
                iri = graph.partition(b">")[0].decode()
                if iri not in outputs:
                    path = parts / f"{len(outputs)}.nt"
                    opened = (path.open("wb"), path.with_suffix(".nq").open("wb"))
                    for each in opened:
                        stack.enter_context(each)
                    outputs[iri] = (path, *opened)
                _, triples, quads = outputs[iri]
                triples.write(_ended(own_triples))
                quads.writelines(own_quads)
            all_quads.write(b"".join(lines))
            joined = _ended(shorter)
            all_triples.write(joined)
            plain.write(joined)
    by_graph = {iri: path for iri, (path, _, _) in sorted(outputs.items())}
    return Split(parts / "whole.nt", by_graph, graphs, prefixes)


def _ended(triples: list[bytes]) -> bytes:
    return b" .\n".join([*triples, b""])


def write_turtle(split: Split, folder: Path) -> None:
    """Every file of Turtle, and TriG, which is Turtle in braces: a section a named graph."""
    with (
        (folder / f"{NAME}.ttl").open("wb") as plain,
        (folder / f"{NAME}.ttl.gz").open("wb") as turtle,
        (folder / f"{NAME}.trig.gz").open("wb") as trig,
    ):
        for iri, path in split.by_graph.items():
            section, packed = path.with_suffix(".ttl"), path.with_suffix(".gz")
            with section.open("wb") as output:
                convert(path, output, "ttl", split.prefixes)
            with section.open("rb") as source, compressed(packed) as output:
                prefixes = _prefixes(source)
                shutil.copyfileobj(source, output, _BLOCK)
            if plain.tell() == 0:
                plain.write(prefixes)
                _put(prefixes, turtle, trig)
            title = f"\n# {iri}\n".encode()
            plain.write(title)
            _append(section, plain, len(prefixes))
            _put(title, turtle)
            _append(packed, turtle)
            _put(f"\n<{iri}> {{\n".encode(), trig)
            _append(packed, trig)
            _put(b"}\n", trig)
            name = iri.removeprefix(split.graphs).replace("/", "-")
            with (folder / f"graph-{name}.ttl.gz").open("wb") as own:
                _put(prefixes, own)
                _append(packed, own)


def write_rdf_xml(split: Split, folder: Path) -> None:
    """The triples of the whole, as the format knows no named graphs."""
    with compressed(folder / f"{NAME}.rdf.gz") as output:
        convert(split.whole, output, "rdf", split.prefixes)


def write_json_ld(split: Split, folder: Path) -> None:
    """Grouped, so that JSON-LD opens each graph once."""
    grouped = split.whole.with_name("grouped.nq")
    with grouped.open("wb") as joined:
        for path in split.by_graph.values():
            _append(path.with_suffix(".nq"), joined)
    with compressed(folder / f"{NAME}.jsonld.gz") as output:
        convert(grouped, output, "jsonld", split.prefixes)


# Each can run beside the others; the longest come first.
WRITERS: tuple[Callable[[Split, Path], None], ...] = (write_json_ld, write_rdf_xml, write_turtle)


def _prefixes(turtle: BinaryIO) -> bytes:
    """The lines that declare prefixes; reading goes on behind them."""
    text = b""
    while (line := turtle.readline()).startswith(b"@prefix "):
        text += line
    turtle.seek(len(text))
    return text


def _append(path: Path, output: IO[bytes], start: int = 0) -> None:
    with path.open("rb") as source:
        source.seek(start)
        shutil.copyfileobj(source, output, _BLOCK)


def _put(text: bytes, *outputs: BinaryIO) -> None:
    """Append a member that holds `text`."""
    for output in outputs:
        with _member(output) as member:
            member.write(text)


@contextmanager
def compressed(path: Path) -> Iterator[IO[bytes]]:
    """A gzip file whose bytes depend on its content alone."""
    with path.open("wb") as raw, _member(raw) as output:
        yield output


@contextmanager
def _member(raw: BinaryIO) -> Iterator[IO[bytes]]:
    with gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0) as output:
        yield cast("IO[bytes]", output)  # it has every method; typeshed keeps it apart


def describe(folder: Path) -> tuple[Dump, ...]:
    """Size and hash of each file."""
    return tuple(
        Dump(path.name, path.stat().st_size, _digest(path)) for path in sorted(folder.iterdir())
    )


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
