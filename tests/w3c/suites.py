"""Reads the manifests of the W3C's SPARQL suites (github.com/w3c/rdf-tests)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")


@dataclass(frozen=True)
class Case:
    """One test: its name (folder/fragment), its class, and the files it is made of."""

    name: str
    kind: str
    query: str
    data: tuple[str, ...]
    graphs: tuple[str, ...]
    result: str | None
    lax: bool


def path_of(iri: str) -> Path:
    return Path(unquote(urlparse(iri).path))


def manifest(path: Path) -> Graph:
    return Graph().parse(path, format="turtle", publicID=path.as_uri())


def entries(graph: Graph, path: Path) -> list[Node]:
    listed = graph.value(URIRef(path.as_uri()), MF.entries)
    return list(Collection(graph, listed)) if listed else []


def cases(path: Path) -> Iterator[Case]:
    """The cases of a manifest and of those that it includes, in their order."""
    graph = manifest(path)
    for head in graph.objects(None, MF.include):
        for included in Collection(graph, head):
            yield from cases(path_of(str(included)))
    for entry in entries(graph, path):
        action = graph.value(entry, MF.action)
        whole = action if isinstance(action, URIRef) else graph.value(action, QT.query)
        if whole is None:
            continue
        result = graph.value(entry, MF.result)
        yield Case(
            name=f"{path.parent.name}/{str(entry).rpartition('#')[2]}",
            kind=str(graph.value(entry, RDF.type)).rpartition("#")[2],
            query=str(whole),
            data=tuple(sorted(map(str, graph.objects(action, QT.data)))),
            graphs=tuple(sorted(_named(graph, action))),
            result=str(result) if isinstance(result, URIRef) else None,
            lax=(entry, MF.resultCardinality, MF.LaxCardinality) in graph,
        )


def _named(graph: Graph, action: Node | None) -> Iterator[str]:
    for each in graph.objects(action, QT.graphData):
        yield str(graph.value(each, QT.graph) or each)


def label(graph: Graph, node: Node) -> str:
    return str(graph.value(node, MF.name) or graph.value(node, RDFS.label))
