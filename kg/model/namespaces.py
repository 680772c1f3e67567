"""The namespaces that the code uses, closed: a misspelt term fails where it stands.

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


class DIP(DefinedNamespace):
    """The diplomacy ontology; `tests/test_ontology.py` holds this list to its files."""

    _fail = True
    _NS = Namespace("https://w3id.org/chancery/ns#")

    Agent: URIRef
    Agreement: URIRef
    Alleged: URIRef
    Asserted: URIRef
    Attack: URIRef
    Attributed: URIRef
    CameoScheme: URIRef
    Cancelled: URIRef
    Claim: URIRef
    ClaimProperty: URIRef
    Conference: URIRef
    Dataset: URIRef
    Document: URIRef
    Draft: URIRef
    Event: URIRef
    Evidence: URIRef
    Expected: URIRef
    FunctionalClaimProperty: URIRef
    Hypothetical: URIRef
    Intended: URIRef
    Meeting: URIRef
    ModalityScheme: URIRef
    Name: URIRef
    Occurred: URIRef
    Opinion: URIRef
    Organization: URIRef
    Person: URIRef
    Place: URIRef
    Planned: URIRef
    Post: URIRef
    Proposal: URIRef
    Record: URIRef
    RelationState: URIRef
    Reported: URIRef
    ReviewStatusScheme: URIRef
    Reviewed: URIRef
    SanctionMeasure: URIRef
    State: URIRef
    StatusScheme: URIRef
    Tenure: URIRef
    TextEvidence: URIRef
    Topic: URIRef
    Unlikely: URIRef
    UnnamedSource: URIRef
    Utterance: URIRef
    Visit: URIRef
    affiliation: URIRef
    assessment: URIRef
    attributedTo: URIRef
    cameo01: URIRef
    cameo010: URIRef
    cameo013: URIRef
    cameo014: URIRef
    cameo02: URIRef
    cameo020: URIRef
    cameo03: URIRef
    cameo036: URIRef
    cameo04: URIRef
    cameo040: URIRef
    cameo041: URIRef
    cameo042: URIRef
    cameo043: URIRef
    cameo044: URIRef
    cameo046: URIRef
    cameo05: URIRef
    cameo057: URIRef
    cameo06: URIRef
    cameo062: URIRef
    cameo08: URIRef
    cameo11: URIRef
    cameo111: URIRef
    cameo112: URIRef
    cameo13: URIRef
    cameo138: URIRef
    cameo16: URIRef
    cameo163: URIRef
    cameo164: URIRef
    cameo18: URIRef
    cameo19: URIRef
    cameo190: URIRef
    cameo192: URIRef
    cameo20: URIRef
    cameo2041: URIRef
    cause: URIRef
    confidence: URIRef
    contradicts: URIRef
    corroborates: URIRef
    datePrecision: URIRef
    disputed: URIRef
    effect: URIRef
    end: URIRef
    eventCode: URIRef
    evidence: URIRef
    excludesScope: URIRef
    field: URIRef
    fullText: URIRef
    gloss: URIRef
    holder: URIRef
    host: URIRef
    imposedBy: URIRef
    inverseLabel: URIRef
    modality: URIRef
    nameOf: URIRef
    onDate: URIRef
    partOf: URIRef
    paragraph: URIRef
    participant: URIRef
    place: URIRef
    polarity: URIRef
    positionHeld: URIRef
    post: URIRef
    purpose: URIRef
    rangeScheme: URIRef
    represents: URIRef
    requires: URIRef
    reviewStatus: URIRef
    segment: URIRef
    signatory: URIRef
    start: URIRef
    statedIn: URIRef
    status: URIRef
    target: URIRef
    textHash: URIRef
    textLength: URIRef
    topic: URIRef
    traveller: URIRef
    within: URIRef


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


class SD(DefinedNamespace):
    """SPARQL 1.1 Service Description, §3."""

    _fail = True
    _NS = Namespace("http://www.w3.org/ns/sparql-service-description#")

    Dataset: URIRef
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
    resultFormat: URIRef
    supportedLanguage: URIRef


class WGS84(DefinedNamespace):
    """WGS84 Geo Positioning; rdflib's `WGS` spells the namespace with https, a name of nothing."""

    _fail = True
    _NS = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")

    SpatialThing: URIRef
    lat: URIRef
    long: URIRef


# The one table of prefixes: of dumps and pages, of CURIEs in sheets, and declared in advance at
# the endpoint.
PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "dcat": str(DCAT),
        "dcterms": str(DCTERMS),
        "dip": str(DIP),
        "foaf": str(FOAF),
        "geo": "http://www.opengis.net/ont/geosparql#",
        "oa": str(OA),
        "org": str(ORG),
        "owl": str(OWL),
        "prov": str(PROV),
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
