"""What the graph says of itself is so: VoID, the service description, DCAT as catalogues have."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from flask import Flask
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, VOID, Namespace
from rdflib.plugins.sparql import parser as sparql_parser
from rdflib.term import Node

from kg.model.namespaces import SD
from kg.store import Graph as Published
from kg.store import rows

BASE = "http://localhost:8000/"
DATASET = URIRef(f"{BASE}id/dataset/chancery")
SPDX = Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture(scope="module")
def void(app: Flask) -> Graph:
    answer = app.test_client().get("/void.ttl")
    assert answer.content_type == "text/turtle; charset=utf-8"
    return Graph().parse(data=answer.text, format="turtle")


@pytest.fixture(scope="module")
def catalogue_shapes(shared: Path) -> Path:
    found = shared / "data" / "dcat-ap"
    if not found.is_dir():
        pytest.skip(f"{found} is absent: it holds the shapes of DCAT-AP 3.0.1")
    return found


def counted(graph: Published, text: str) -> dict[tuple[str, ...], int]:
    """The rows of a query, whose last column is a count, by the others."""
    found = [
        [str(getattr(term, "value", term)) for term in row.values()] for row in rows(graph, text)
    ]
    return {tuple(row[:-1]): int(row[-1]) for row in found}


def number(graph: Graph, subject: Node, predicate: URIRef) -> int:
    return int(str(graph.value(subject, predicate, any=False)))


def test_counts_are_those_of_queries(void: Graph, graph: Published) -> None:
    """Each number is what COUNT says: of all, of classes, of properties, of both, of graphs."""
    whole = counted(graph, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert {(): number(void, DATASET, VOID.triples)} == whole
    subjects = counted(graph, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")
    assert {(): number(void, DATASET, VOID.distinctSubjects)} == subjects
    classes = {
        void.value(part, VOID["class"]): part for part in void.objects(DATASET, VOID.classPartition)
    }
    assert len(classes) == number(void, DATASET, VOID.classes)
    assert {
        (str(each),): number(void, part, VOID.entities) for each, part in classes.items()
    } == counted(graph, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c")
    assert {
        (str(each), str(void.value(inner, VOID.property))): number(void, inner, VOID.triples)
        for each, part in classes.items()
        for inner in void.objects(part, VOID.propertyPartition)
    } == counted(graph, "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c ?p")
    assert {
        (str(void.value(part, VOID.property)),): number(void, part, VOID.triples)
        for part in void.objects(DATASET, VOID.propertyPartition)
    } == counted(graph, "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")
    assert {
        (str(part),): number(void, part, VOID.triples)
        for part in void.objects(DATASET, VOID.subset)
    } == counted(graph, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")


def test_the_service_description_is_so(app: Flask, graph: Published) -> None:
    """The graphs that it names, and no others, answer, with as many triples as it says."""
    text = app.test_client().get("/sparql", headers={"Accept": "text/turtle"}).text
    said = Graph().parse(data=text, format="turtle")
    service = URIRef(f"{BASE}sparql")
    dataset = said.value(service, SD.defaultDataset)
    assert dataset is not None
    default = said.value(dataset, SD.defaultGraph)
    assert default is not None
    whole = counted(graph, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert {(): number(said, default, VOID.triples)} == whole
    named = {said.value(each, SD.name) for each in said.objects(dataset, SD.namedGraph)}
    graphs = counted(graph, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert {(str(each),): number(said, each, VOID.triples) for each in named if each} == graphs
    for each in said.objects(service, SD.resultFormat):  # each is what the endpoint writes
        assert str(each).startswith(("http://www.w3.org/ns/formats/", "https://www.w3.org/ns/"))


def test_files_are_described(void: Graph, app: Flask, graph: Published) -> None:
    """Each dump is that of the whole or of one graph, with its checksum, and can be fetched."""
    known = {each.name: each.sha256 for each in graph.release.manifest.dumps}
    files = {str(url).rpartition("/")[2]: url for url in void.objects(None, DCAT.downloadURL)}
    assert files.keys() == known.keys()
    for name, url in files.items():
        owner = void.value(None, VOID.dataDump, url, any=False)
        assert (owner == DATASET) is name.startswith("chancery.")
        checksum = void.value(url, SPDX.checksum)
        assert str(void.value(checksum, SPDX.checksumValue)) == known[name]
        path = str(void.value(url, DCAT.accessURL)).removeprefix(BASE.rstrip("/"))
        assert f"/dumps/{name}" in app.test_client().get(path, headers={"Accept": "text/html"}).text


def test_who_publishes_what_when(void: Graph, graph: Published) -> None:
    """A catalogue has what harvesters look for: publisher, dates, version, and the endpoint."""
    catalogue = void.value(None, DCAT.dataset, DATASET)
    service = void.value(None, DCAT.servesDataset, DATASET)
    assert (catalogue, RDF.type, DCAT.Catalog) in void
    assert (catalogue, DCAT.service, service) in void
    assert str(void.value(service, DCAT.endpointURL)) == f"{BASE}sparql"
    for each in (catalogue, DATASET, service):
        publisher = void.value(each, DCTERMS.publisher)
        assert str(void.value(publisher, FOAF.name)) == "Chancery"
    for each in (DCTERMS.issued, DCTERMS.modified):
        assert str(void.value(DATASET, each)) == graph.release.manifest.built
    assert str(void.value(DATASET, URIRef(f"{DCAT}version"))) == graph.release.id


@pytest.mark.parametrize("name", ["shapes.ttl", "range.ttl"])
def test_dcat_ap(void: Graph, catalogue_shapes: Path, name: str) -> None:
    """DCAT-AP 3.0.1 finds nothing wrong."""
    shapes = Graph().parse(catalogue_shapes / name)
    conforms, _, report = pyshacl.validate(void, shacl_graph=shapes)
    assert conforms, report


@pytest.mark.parametrize("extension", ["rdf", "jsonld", "nt"])
def test_in_other_formats(void: Graph, app: Flask, extension: str) -> None:
    """Harvesters read what they can: by address, or by what they accept."""
    client = app.test_client()
    named = client.get(f"/void.{extension}")
    chosen = client.get("/.well-known/void", headers={"Accept": named.mimetype})
    assert named.text == chosen.text
    assert len(Graph().parse(data=named.text, format=named.mimetype)) == len(void)


def test_saved_questions_are_examples(graph: Published) -> None:
    """Editors that ask the endpoint for examples get each question, ready to be asked anywhere."""
    found = rows(
        graph,
        "SELECT ?example ?comment ?query { ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ;"
        " sh:select ?query } ORDER BY ?example",
    )
    assert len(found) > 20
    for each in found:
        text = str(getattr(each["query"], "value", ""))
        assert sparql_parser.parseQuery(text)
    first = str(getattr(found[0]["query"], "value", ""))
    assert "PREFIX dip: <https://w3id.org/chancery/ns#>" in first


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv", "text/csv"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/html, text/csv;q=0.5", "text/html"),
        ("*/*", "text/html"),
    ],
)
def test_a_saved_query_as_rows(app: Flask, accept: str, kind: str) -> None:
    """The page of a question is its rows for who asks for these."""
    client = app.test_client()
    answer = client.get("/queries/who-speaks", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert "Accept" in answer.vary
    refused = client.get("/queries/who-speaks", headers={"Accept": "text/turtle"})
    assert refused.status_code == 406


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sitemap/visit/999.xml", 404), ("/timeline?from=x", 400), ("/dumps/?format=foo", 400),
        ("/map?to=2015", 400), ("/ontology?format=foo", 400), ("/shapes?format=foo", 400),
        ("/describe?iri=http://localhost:8000/id/place/sochi&format=turtle", 200),
        ("/graph/accepted?format=n3", 200), ("/void.foo", 404), ("/search?type=foo", 400),
    ],
)  # fmt: skip
def test_unknown_values(app: Flask, path: str, status: int) -> None:
    """What a client asks for is there, or is refused: nothing is passed over in silence."""
    assert app.test_client().get(path).status_code == status


def test_an_empty_cell_is_explained(app: Flask) -> None:
    """The editor says why GROUP_CONCAT of IRIs comes to nothing."""
    text = "SELECT (GROUP_CONCAT({}) AS ?all) {{ ?s a dip:Visit }}"
    for joined, told in (("?s", True), ("STR(?s)", False)):
        answer = app.test_client().get(
            "/sparql", query_string={"query": text.format(joined)}, headers={"Accept": "text/html"}
        )
        assert ("GROUP_CONCAT joins strings alone" in answer.text) is told
