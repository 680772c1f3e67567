"""The graph of these tests: the code of a query child over a store, without its process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.model.settings import Settings
from kg.store import Answer, Cancel, Query, Status
from kg.store.embedded import evaluator, wire_format
from kg.store.manifest import Counts, Manifest
from kg.store.release import Release
from tests.diplomacy import PREFIXES

FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES,
           ".n3": ox.RdfFormat.TURTLE}  # fmt: skip


class FreshGraph:
    """A `Graph` with a fresh store for each test."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loads = 0
        self.load({})

    def load(self, files: Mapping[str, Path]) -> None:
        """Start anew with `files`, each in the named graph of its IRI."""
        self._loads += 1
        self._store = ox.Store()
        for graph, path in files.items():
            self._store.load(
                path=str(path),
                format=FORMATS[path.suffix],
                base_iri=graph,
                to_graph=ox.NamedNode(graph),
            )
        counts = Counts(triples=len(self._store), graphs=dict.fromkeys(map(str, files), 1))
        name = str(self._loads)
        self.release = Release(name, Path(), Manifest(name, counts=counts))

    def answer(self, query: Query, cancel: Cancel | None = None) -> Answer:
        start = time.perf_counter()
        request = wire_format.encode(query, self._settings)
        reply = evaluator.evaluate(self._store, request, PREFIXES)
        reply.fields["seconds"] = time.perf_counter() - start
        return wire_format.decode(reply, self.release.id, self._settings)

    def status(self) -> Status:
        return Status(ready=True, in_memory=True, busy=0, idle=1, waiting=0)

    def contents(self) -> set[ox.Quad]:
        return set(self._store)
