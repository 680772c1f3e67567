"""Dumps: the whole graph in each format, and one file a named graph, with sizes and hashes.

All are made from the release's sorted N-Quads. The gzip header carries no name and no time
(RFC 1952 §2.3.1), so that the same graph gives the same bytes.

A gzip file may have several members, which read as one text (RFC 1952 §2.2). So the Turtle of a
named graph is written and compressed once, and its member stands in three files: the graph's own,
the Turtle of the whole and, in braces, the TriG.
"""

from __future__ import annotations

import gzip
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from kg.store.embedded.load import convert

NAME = "chancery"
GZIP_LEVEL = 2  # 10 % larger than level 4 in two thirds of the time
_BLOCK = 1 << 20
_HELD = 8 << 20  # bytes that are held in memory at once


@dataclass(frozen=True, slots=True)
class Split:
    """A graph's triples in N-Triples: sorted in `whole`, and by named graph in `grouped`.

    `pieces` gives, by the IRI of each graph, where in `grouped` its triples lie: starts and ends,
    in bytes. `graphs` is what those IRIs have in common; the rest names their dumps.
    `prefixes` are those of the formats that have some.
    """

    whole: Path
    grouped: Path
    pieces: Mapping[str, Sequence[tuple[int, int]]]
    graphs: str
    prefixes: Mapping[str, str]

    def blocks(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """The triples of each graph, in blocks of whole lines, to be taken in order."""
        with self.grouped.open("rb") as source:
            for iri, pieces in self.pieces.items():
                yield iri, _read(source, pieces)


def split(
    whole: Path, graphs: str, prefixes: Mapping[str, str], parts: Path, folder: Path
) -> Split:
    """Write the sorted N-Quads in `whole` to `parts` as N-Triples, and again by named graph.

    Writes the dumps of the whole in N-Quads and N-Triples to `folder` on the way. A quad without
    its graph is a triple; each has one home, so none comes twice.
    """
    # A graph more costs no file: a process may have few open, and each takes a disk's time.
    pieces: dict[str, list[tuple[int, int]]] = defaultdict(list)
    held: dict[bytes, list[bytes]] = defaultdict(list)
    plain, grouped = parts / "whole.nt", parts / "grouped.nt"
    with (
        compressed(folder / f"{NAME}.nq.gz") as all_quads,
        compressed(folder / f"{NAME}.nt.gz") as all_triples,
        plain.open("wb") as output,
        grouped.open("wb") as by_graph,
        whole.open("rb") as source,
    ):
        while lines := source.readlines(_HELD):
            for line in lines:
                triple, _, graph = line.rpartition(b" <")
                held[graph].append(triple)
            triples = _ended(line.rpartition(b" <")[0] for line in lines)
            all_quads.write(b"".join(lines))
            all_triples.write(triples)
            output.write(triples)
            for graph, own in held.items():
                start = by_graph.tell()
                by_graph.write(_ended(own))
                iri = graph.partition(b">")[0].decode()
                pieces[iri].append((start, by_graph.tell()))
            held.clear()
    return Split(plain, grouped, dict(sorted(pieces.items())), graphs, prefixes)


def _ended(triples: Iterable[bytes]) -> bytes:
    return b" .\n".join([*triples, b""])


def _read(source: BinaryIO, pieces: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    for start, end in pieces:
        source.seek(start)
        while (left := end - source.tell()) > 0:
            block = source.read(min(left, _BLOCK))
            yield block if len(block) == left else block + source.readline()


def write_turtle(split: Split, folder: Path) -> None:
    """Every file of Turtle, and TriG, which is Turtle in braces: a section a named graph."""
    with (
        (folder / f"{NAME}.ttl").open("wb") as plain,
        (folder / f"{NAME}.ttl.gz").open("wb") as turtle,
        (folder / f"{NAME}.trig.gz").open("wb") as trig,
    ):
        for iri, blocks in split.blocks():
            with _scratch() as triples, _scratch() as section, _scratch() as packed:
                triples.writelines(blocks)
                triples.seek(0)
                convert(triples, "nt", section, "ttl", split.prefixes)
                prefixes = _prefixes(section)
                with _member(packed) as output:
                    shutil.copyfileobj(section, output, _BLOCK)
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
    with split.whole.open("rb") as source, compressed(folder / f"{NAME}.rdf.gz") as output:
        convert(source, "nt", output, "rdf", split.prefixes)


def write_json_ld(split: Split, folder: Path) -> None:
    """Grouped, so that JSON-LD opens each graph once."""
    with split.whole.with_name("grouped.nq").open("w+b") as quads:
        for iri, blocks in split.blocks():
            home = f" <{iri}> .\n".encode()
            # No literal holds a newline as it is, so this is the end of a line.
            quads.writelines(block.replace(b" .\n", home) for block in blocks)
        quads.seek(0)
        with compressed(folder / f"{NAME}.jsonld.gz") as output:
            convert(quads, "nq", output, "jsonld", split.prefixes)


# Each can run beside the others; the longest come first.
WRITERS: tuple[Callable[[Split, Path], None], ...] = (write_json_ld, write_rdf_xml, write_turtle)


def _scratch() -> IO[bytes]:
    return SpooledTemporaryFile(_HELD)


def _prefixes(turtle: IO[bytes]) -> bytes:
    """The lines that declare prefixes; reading goes on behind them."""
    turtle.seek(0)
    text = b""
    while (line := turtle.readline()).startswith(b"@prefix "):
        text += line
    turtle.seek(len(text))
    return text


def _append(source: IO[bytes], output: IO[bytes], start: int = 0) -> None:
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
def _member(raw: IO[bytes]) -> Iterator[IO[bytes]]:
    with gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0) as output:
        yield cast("IO[bytes]", output)  # it has every method; typeshed keeps it apart
