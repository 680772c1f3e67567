"""The W3C's suites for the SPARQL 1.1 protocol and service description."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from tests.w3c import suites as suites_module
from tests.w3c.conftest import HOW, SUITES
from tests.w3c.graphs import FreshGraph
from tests.w3c.suites import MF

HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
MANIFEST = SUITES / "sparql11" / "protocol" / "manifest.ttl"
RESULTS = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv",
           "text/tab-separated-values")  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "entry" not in metafunc.fixturenames:
        return
    if not MANIFEST.exists():
        metafunc.parametrize("entry", [pytest.param(None, marks=pytest.mark.skip(reason=HOW))])
        return
    graph = suites_module.manifest(MANIFEST)
    found = suites_module.entries(graph, MANIFEST)
    metafunc.parametrize("entry", found, ids=[str(each).rpartition("#")[2] for each in found])


@pytest.fixture(scope="module")
def manifest(suites: Path) -> Graph:
    return suites_module.manifest(MANIFEST)


def test_protocol(entry: Node, manifest: Graph, fresh: FreshGraph, endpoint: FlaskClient) -> None:
    """A query is answered as the suite says; an update is refused, and nothing has changed."""
    files = {
        str(manifest.value(each, RDFS.label)): suites_module.path_of(
            str(manifest.value(each, UT.graph))
        )
        for each in manifest.objects(entry, UT.graphData)
    }
    fresh.load(files)
    before = fresh.contents()
    connection = manifest.value(entry, MF.action)
    updating = "update" in str(entry)
    for request in Collection(manifest, manifest.value(connection, HT.requests)):
        response = endpoint.open(**arguments(manifest, request))
        if updating:
            expected = 415 if "type" in str(entry) else 403
            is_query = "ASK" in str(arguments(manifest, request))
            assert is_query or response.status_code == expected, response.text
        else:
            check(manifest, manifest.value(request, HT.resp), response)
    assert fresh.contents() == before


def arguments(manifest: Graph, request: Node) -> dict[str, object]:
    path = str(manifest.value(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1)
    headers = {}
    listed = manifest.value(request, HT.headers)
    for each in Collection(manifest, listed) if listed else ():
        headers[str(manifest.value(each, HT.fieldName))] = str(manifest.value(each, HT.fieldValue))
    body = manifest.value(request, HT.body)
    content = b""
    if body is not None:
        encoding = str(manifest.value(body, CNT.characterEncoding) or "utf-8")
        content = str(manifest.value(body, CNT.chars)).encode(encoding)
    method = str(manifest.value(request, HT.methodName))
    return {"path": path, "method": method, "headers": headers, "data": content}


def check(manifest: Graph, expected: Node, response) -> None:
    classes = {str(each)[-3] for each in manifest.objects(expected, MF.expectedStatus)}
    assert str(response.status_code)[0] in classes, response.text
    kind = manifest.value(expected, MF.expectedFormat)
    if kind == Literal("RDF"):
        assert ox.RdfFormat.from_media_type(response.mimetype) is not None
    elif kind is not None:
        assert response.mimetype in RESULTS
    boolean = manifest.value(expected, MF.expectedBoolean)
    if boolean is not None:
        assert response.json["boolean"] is boolean.toPython()


@pytest.fixture
def description(suites: Path, fresh: FreshGraph, endpoint: FlaskClient) -> Graph:
    fresh.load({"http://example.org/g": suites / "sparql11/protocol/data1.nt"})
    response = endpoint.get("/sparql")
    assert response.status_code == 200
    assert response.mimetype == "text/turtle"  # returns-rdf
    return Graph().parse(data=response.data, format="turtle")


def test_description_has_the_endpoint(description: Graph) -> None:
    """`has-endpoint-triple`: the description names the address that it came from."""
    assert list(description.objects(None, SD.endpoint)) == [URIRef("http://localhost:8000/sparql")]


def test_description_conforms(description: Graph) -> None:
    """`conforms-to-schema`: a service, its features, formats, dataset and named graphs."""
    service = description.value(None, RDF.type, SD.Service)
    assert (service, SD.supportedLanguage, SD.SPARQL11Query) in description
    assert (service, SD.feature, SD.UnionDefaultGraph) in description
    assert (service, SD.feature, SD.BasicFederatedQuery) not in description
    dataset = description.value(service, SD.defaultDataset)
    named = description.value(dataset, SD.namedGraph)
    assert description.value(named, SD.name) == URIRef("http://example.org/g")
    assert not any(isinstance(term, BNode) for term in description.all_nodes())
