"""The graph of these tests: a store of their own for each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.model.settings import Settings
from kg.store import Answer, Query
from kg.store.embedded.graph import EmbeddedGraph
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

    def answer(self, query: Query) -> Answer:
        return EmbeddedGraph(self.release, self._settings, PREFIXES, self._store).answer(query)

    def contents(self) -> set[ox.Quad]:
        return set(self._store)
