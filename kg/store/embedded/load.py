"""Writing a store, and turning quads into the formats of the dumps."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Quad, RdfFormat, Store, parse, serialize

from kg.model.files import Unreadable
from kg.model.formats import BY_EXTENSION
from kg.store.xml import ReturnsKept

# Quads loaded at once. The bulk loader keeps a million and more in memory: 1.3 GB where slices of
# this size take 0.22 GB, whatever the size of the graph, and little more time.
SLICE = 150_000


def load_store(nquads: Path, directory: Path) -> None:
    """Bulk-load canonical N-Quads (`kg.model.rdf.line`) into a fresh store in `directory`.

    `kg.build.lines.census` has validated them. A kill in the middle leaves files behind, so
    `directory` must be one to throw away then.
    """
    load_quads([nquads], directory)
    optimize(directory)


def load_quads(files: Iterable[Path], directory: Path) -> None:
    """Add the lines of N-Quads files, in any order and any number of times each; see `load_store`.

    A store that is finished by `optimize` answers faster.
    """
    store = Store(str(directory))
    lines = chain.from_iterable(map(_lines, files))
    while piece := b"".join(islice(lines, SLICE)):
        store.bulk_load(piece, format=RdfFormat.N_QUADS, lenient=True)
    store.flush()
    for log in directory.glob("LOG*"):  # RocksDB's, for its makers: it names this machine's paths
        log.unlink()


def canonical(path: Path) -> Iterator[str]:
    """The canonical lines of a file of N-Quads or TriG, which gzip may have packed.

    Raises:
        Unreadable: it is neither.
    """
    name = path.name.removesuffix(".gz")
    if not name.endswith((".nq", ".trig")):
        raise Unreadable(path, path.suffix or "no ending", ".nq or .trig, or either with .gz")
    unpack = gzip.open if path.suffix == ".gz" else open
    try:
        with cast("IO[bytes]", unpack(path, "rb")) as source:
            for quad in parse(source, format=_rdf(name.rpartition(".")[2]), lenient=True):
                yield f"{quad} ."
    except (SyntaxError, OSError, EOFError) as error:
        raise Unreadable(path, str(error), "a graph that can be parsed") from None


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        yield from source


def optimize(directory: Path) -> None:
    """Merge what separate loads have left in the store."""
    Store(str(directory)).optimize()
    for log in directory.glob("LOG*"):
        log.unlink()


def _rdf(extension: str) -> RdfFormat:
    """The engine's format for files with this extension."""
    # Each format of graphs in the table is one of the engine's.
    return cast("RdfFormat", RdfFormat.from_media_type(BY_EXTENSION[extension].media_type))


def convert(
    lines: IO[bytes],
    source: str,
    output: IO[bytes],
    extension: str,
    prefixes: Mapping[str, str],
) -> None:
    """Write N-Quads (`nq`) or N-Triples (`nt`), as `source` says, in another format, in its order.

    A format without named graphs gets the triples.
    """
    chosen, given = _rdf(extension), _rdf(source)
    quads: Iterable[Quad] = parse(lines, format=given, lenient=True)
    # The quads of N-Triples are triples already.
    drop = given.supports_datasets and not chosen.supports_datasets
    terms = (quad.triple for quad in quads) if drop else quads
    if chosen == RdfFormat.RDF_XML:
        output = cast("IO[bytes]", ReturnsKept(output))
    serialize(terms, output, chosen, prefixes=dict(prefixes))
