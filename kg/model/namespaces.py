"""The namespaces that the code uses. No vocabulary of a domain is among them.

rdflib brings the well-known ones (`DCTERMS`, `PROV`, `SKOS`, …); here are ours and those it lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rdflib import Namespace, URIRef
from rdflib.namespace import (
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    QB,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    TIME,
    VOID,
    XSD,
    DefinedNamespace,
)

# The base vocabulary, `kg/ontology/base`; `tests/test_architecture.py` holds each use of it here to
# those files, which alone list its terms.
CLM = Namespace("https://w3id.org/chancery/claims#")
TEXT = "http://jena.apache.org/text#"
TEXT_QUERY = f"{TEXT}query"  # full text, as Apache Jena has it
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"  # the datatype; of all levels


class OA(DefinedNamespace):
    """Web Annotation Vocabulary, the terms that point into a text."""

    _fail = True
    _NS = Namespace("http://www.w3.org/ns/oa#")

    SpecificResource: URIRef
    TextPositionSelector: URIRef
    TextQuoteSelector: URIRef
    end: URIRef
    exact: URIRef
    hasSelector: URIRef
    hasSource: URIRef
    start: URIRef


# Whose literals are words, for the search and for `text:query`; the first four can be a title.
SPOKEN = tuple(map(str, (RDFS.label, DCTERMS.abstract, OA.exact, SKOS.altLabel, SDO.text)))


class SD(DefinedNamespace):
    """SPARQL 1.1 Service Description, §3."""

    _fail = True
    _NS = Namespace("http://www.w3.org/ns/sparql-service-description#")

    Dataset: URIRef
    Feature: URIRef
    Graph: URIRef
    NamedGraph: URIRef
    SPARQL11Query: URIRef
    Service: URIRef
    UnionDefaultGraph: URIRef
    availableGraphs: URIRef
    defaultDataset: URIRef
    defaultGraph: URIRef
    endpoint: URIRef
    feature: URIRef
    graph: URIRef
    name: URIRef
    namedGraph: URIRef
    propertyFeature: URIRef
    resultFormat: URIRef
    supportedLanguage: URIRef


class LABEL(DefinedNamespace):
    """Terms that name terms (vocab.org, 2004)."""

    _fail = True
    _NS = Namespace("http://purl.org/net/vocab/2004/03/label#")

    inverseSingular: URIRef


class WGS84(DefinedNamespace):
    """WGS84 Geo Positioning; rdflib's `WGS` spells the namespace with https, a name of nothing."""

    _fail = True
    _NS = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")

    SpatialThing: URIRef
    lat: URIRef
    long: URIRef


# The prefixes that each project has: in dumps and pages, in CURIEs of sheets, and declared in
# advance at the endpoint. Its vocabulary adds its own (`kg.ontology.Ontology.prefixes`).
PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "clm": str(CLM),
        "dcat": str(DCAT),
        "dcterms": str(DCTERMS),
        "edtf": EDTF.removesuffix("EDTF"),
        "foaf": str(FOAF),
        "geo": "http://www.opengis.net/ont/geosparql#",
        "label": str(LABEL),
        "oa": str(OA),
        "org": str(ORG),
        "owl": str(OWL),
        "prov": str(PROV),
        "qb": str(QB),
        "rdf": str(RDF),
        "rdfs": str(RDFS),
        "schema": str(SDO),
        "sd": str(SD),
        "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
        "sh": str(SH),
        "skos": str(SKOS),
        "time": str(TIME),
        "vann": "http://purl.org/vocab/vann/",
        "void": str(VOID),
        "wgs84": str(WGS84),
        "xsd": str(XSD),
    }
)
