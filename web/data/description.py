"""The concise description of a thing, as quads in one order whatever the engine's."""

from __future__ import annotations

from kg.model.rdf import Iri, Quad, line
from kg.store import Graph, rows
from web.site.asking import ask


def description(graph: Graph, iri: Iri) -> list[Quad]:
    """Everything `/data` says of `iri`: sorted, each quad once, empty where there is nothing."""
    found = rows(graph, ask("web.data", "description", entity=iri))
    quads = {Quad(str(row["s"]), str(row["p"]), row["o"], str(row["graph"])) for row in found}
    return sorted(quads, key=line)
