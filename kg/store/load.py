"""Writing a store, and turning quads into the formats of the dumps."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import IO

from pyoxigraph import Quad, RdfFormat, Store, parse, serialize

from kg.vocab import PREFIXES

# By file name extension, the formats of dumps and of `/data` (DESIGN §8).
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}

# Quads loaded at once. The bulk loader keeps a million and more in memory: 1.3 GB where slices of
# this size take 0.25 GB, whatever the size of the graph, and little more time.
SLICE = 200_000


def load_store(nquads: Path, directory: Path) -> None:
    """Bulk-load an N-Quads file into a fresh store in `directory`.

    A kill in the middle leaves files behind, so `directory` must be one to throw away then.
    """
    store = Store(str(directory))
    with nquads.open("rb") as lines:
        while piece := b"".join(islice(lines, SLICE)):
            store.bulk_load(piece, format=RdfFormat.N_QUADS)
    store.flush()
    store.optimize()


def convert(nquads: Path, output: IO[bytes], extension: str) -> None:
    """Write an N-Quads file in another format, in the order of its lines.

    A format without named graphs gets the triples.
    """
    chosen = FORMATS[extension]
    quads: Iterable[Quad] = parse(path=str(nquads), format=RdfFormat.N_QUADS)
    terms = quads if chosen.supports_datasets else (quad.triple for quad in quads)
    prefixes = dict(PREFIXES)
    serialize(terms, output, chosen, prefixes=prefixes)
