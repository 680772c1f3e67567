"""The service description (SPARQL 1.1 Service Description): a pure function to sorted triples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from pyoxigraph import QueryResultsFormat, RdfFormat
from rdflib.namespace import DCTERMS, RDF, RDFS, VOID, XSD

from kg.model.formats import GRAPH_TYPES, RESULT_TYPES
from kg.model.namespaces import SD, TEXT_QUERY
from kg.model.rdf import Iri, Literal, Term

Triple = tuple[Iri, Iri, Term]


def describe(endpoint: Iri, title: str, licence: Iri, graphs: Mapping[Iri, int]) -> list[Triple]:
    """What the service at `endpoint` offers.

    `graphs` maps each named graph to its number of triples. Every node has an IRI.
    """
    return sorted(
        _triples(endpoint, title, licence, graphs),
        key=lambda triple: [str(term) for term in triple],
    )


def _triples(
    endpoint: Iri, title: str, licence: Iri, graphs: Mapping[Iri, int]
) -> Iterable[Triple]:
    dataset, default = f"{endpoint}#dataset", f"{endpoint}#default-graph"
    yield endpoint, RDF.type, SD.Service
    yield endpoint, SD.endpoint, endpoint  # §3.2.1: absolute
    yield endpoint, SD.supportedLanguage, SD.SPARQL11Query
    yield endpoint, SD.feature, SD.UnionDefaultGraph
    yield endpoint, SD.propertyFeature, TEXT_QUERY
    yield TEXT_QUERY, RDF.type, SD.Feature
    yield TEXT_QUERY, RDFS.label, Literal("full text", language="en")
    for media_type in RESULT_TYPES:
        found = QueryResultsFormat.from_media_type(media_type)
        if found:
            yield endpoint, SD.resultFormat, found.iri
    for media_type in GRAPH_TYPES:
        written = RdfFormat.from_media_type(media_type)
        if written:
            yield endpoint, SD.resultFormat, written.iri
    yield endpoint, SD.defaultDataset, dataset
    yield dataset, RDF.type, SD.Dataset
    yield dataset, DCTERMS.title, Literal(title)
    yield dataset, DCTERMS.license, licence
    yield dataset, SD.defaultGraph, default
    yield dataset, VOID.sparqlEndpoint, endpoint
    yield default, RDF.type, SD.Graph
    yield default, VOID.triples, _number(sum(graphs.values()))  # each triple has one home
    for name, triples in graphs.items():
        named = f"{endpoint}#{quote(name)}"
        yield dataset, SD.namedGraph, named
        yield named, RDF.type, SD.NamedGraph
        yield named, SD.name, name
        yield named, SD.graph, name
        yield name, RDF.type, SD.Graph
        yield name, VOID.triples, _number(triples)


def _number(value: int) -> Literal:
    return Literal(str(value), str(XSD.integer))
