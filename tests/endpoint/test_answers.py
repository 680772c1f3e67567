"""What the endpoint answers: formats, headers, caching, compression, help with errors."""

from __future__ import annotations

import gzip

import pyoxigraph as ox
import pytest
import zstandard
from flask.testing import FlaskClient

from tests.diplomacy import PREFIXES
from tests.endpoint.test_requests import assert_problem

SELECT = "SELECT ?label { ?v a dip:Visit ; rdfs:label ?label } ORDER BY ?label LIMIT 3"
CONSTRUCT = "CONSTRUCT WHERE { ?v a dip:Visit ; rdfs:label ?label }"
JSON = "application/sparql-results+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", "text/csv; charset=utf-8"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("APPLICATION/SPARQL-RESULTS+XML", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("application/json", JSON),
        ("application/xml", "application/sparql-results+xml"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.6", "application/sparql-results+xml"),
        ("text/csv;q=0, */*;q=0.1", JSON),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("*/*;q=0.1, text/csv;q=0.2", "text/csv; charset=utf-8"),
        ("text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8"),
        ("text/csv; header=present", "text/csv; charset=utf-8"),
        ("nonsense", JSON),
        ("text/csv;q=2, text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (";;;, ,/, text/csv", "text/csv; charset=utf-8"),
        ("*/csv, text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_negotiation_of_rows(client: FlaskClient, accept: str | None, content_type: str) -> None:
    """Rows come in the format that the client likes best; malformed wishes are ignored."""
    headers = {} if accept is None else {"Accept": accept}
    response = client.get("/sparql", query_string={"query": SELECT}, headers=headers)
    assert response.status_code == 200, response.text
    assert response.content_type == content_type
    assert response.headers["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize(
    ("accept", "content_type", "rdf"),
    [
        ("*/*", "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("text/plain", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/n-quads", "application/n-quads", ox.RdfFormat.N_QUADS),
        ("application/trig", "application/trig", ox.RdfFormat.TRIG),
    ],
)
def test_negotiation_of_graphs(
    client: FlaskClient, accept: str, content_type: str, rdf: ox.RdfFormat
) -> None:
    """A graph is the same in each of its formats."""
    response = client.get("/sparql", query_string={"query": CONSTRUCT}, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.content_type == content_type
    plain = client.get("/sparql", query_string={"query": CONSTRUCT, "format": "nt"})
    assert set(ox.parse(response.data, format=rdf)) == set(
        ox.parse(plain.data, format=ox.RdfFormat.N_TRIPLES)
    )


@pytest.mark.parametrize(
    ("name", "query", "content_type"),
    [
        ("json", SELECT, JSON),
        ("xml", SELECT, "application/sparql-results+xml"),
        ("csv", SELECT, "text/csv; charset=utf-8"),
        ("tsv", SELECT, "text/tab-separated-values; charset=utf-8"),
        ("json", CONSTRUCT, "application/ld+json"),
        ("xml", CONSTRUCT, "application/rdf+xml"),
        ("ttl", CONSTRUCT, "text/turtle; charset=utf-8"),
        ("text/csv", SELECT, "text/csv; charset=utf-8"),
    ],
)
def test_formats_of_links(client: FlaskClient, name: str, query: str, content_type: str) -> None:
    """`format=` decides before the Accept header, which a browser's link cannot set."""
    response = client.get(
        "/sparql", query_string={"query": query, "format": name}, headers={"Accept": BROWSER}
    )
    assert response.content_type == content_type


def test_a_person_gets_a_page(client: FlaskClient) -> None:
    """A browser gets the editor, with the query in it and its answer below."""
    response = client.get("/sparql", query_string={"query": SELECT}, headers={"Accept": BROWSER})
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    assert "<textarea" in response.text
    empty = client.get("/sparql", headers={"Accept": BROWSER})
    assert empty.status_code == 200
    assert empty.content_type == "text/html; charset=utf-8"


def test_a_person_gets_errors_as_a_page(client: FlaskClient) -> None:
    """A browser sees what is wrong in the editor, with the caret, and the right status."""
    response = client.get(
        "/sparql",
        query_string={"query": "SELECT * {\n ?s fo:bar ?o }"},
        headers={"Accept": BROWSER},
    )
    assert response.status_code == 400
    assert response.content_type == "text/html; charset=utf-8"
    assert "fo:" in response.text
    assert "^</pre>" in response.text


def test_head_and_options(client: FlaskClient) -> None:
    """HEAD has the headers of GET and no body; OPTIONS lets any site ask."""
    query = {"query": SELECT}
    full, head = (
        client.get("/sparql", query_string=query),
        client.head("/sparql", query_string=query),
    )
    assert head.data == b""
    assert dict(head.headers) == dict(full.headers)
    assert full.headers["Access-Control-Allow-Origin"] == "*"
    options = client.options("/sparql", headers={"Origin": "https://example.org"})
    assert options.status_code == 204
    assert options.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert "POST" in options.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in options.headers["Access-Control-Allow-Headers"]


def test_not_modified(client: FlaskClient) -> None:
    """An answer that the client has is not sent again; another format or query is another tag."""
    first = client.get("/sparql", query_string={"query": SELECT})
    assert first.headers["Cache-Control"] == "public, no-cache"
    tag = first.headers["ETag"]
    held = {"If-None-Match": tag}
    again = client.get("/sparql", query_string={"query": SELECT}, headers=held)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    new = client.get("/sparql", query_string={"query": SELECT, "x": "never asked"}, headers=held)
    assert new.status_code == 304, "a tag decides before any cache"
    other = client.get("/sparql", query_string={"query": SELECT, "format": "csv"}, headers=held)
    assert other.status_code == 200
    assert other.headers["ETag"] != tag
    graph = {"query": SELECT, "default-graph-uri": "http://localhost:8000/graph/accepted"}
    assert client.get("/sparql", query_string=graph).headers["ETag"] != tag


@pytest.mark.parametrize(
    "function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()", "RAND#c\n()"]
)
def test_what_changes_is_not_kept(client: FlaskClient, function: str) -> None:
    """A query whose answer differs from run to run is neither tagged nor kept."""
    query = {"query": f"SELECT ({function} AS ?x) {{}}"}
    first, second = (client.get("/sparql", query_string=query) for _ in range(2))
    assert first.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers
    assert first.data != second.data


@pytest.mark.parametrize(
    ("accept", "coding"),
    [("gzip", "gzip"), ("zstd", "zstd"), ("gzip, zstd;q=0.1", "zstd"), ("*", "zstd"),
     ("gzip;q=0", None), ("identity", None), ("br", None)],
)  # fmt: skip
def test_compression(client: FlaskClient, accept: str, coding: str | None) -> None:
    """A long answer is compressed as the client takes it, under a tag of its own."""
    query = {"query": "SELECT * { ?s ?p ?o } LIMIT 100"}
    plain = client.get("/sparql", query_string=query)
    response = client.get("/sparql", query_string=query, headers={"Accept-Encoding": accept})
    assert response.headers.get("Content-Encoding") == coding
    unpack = {"gzip": gzip.decompress, "zstd": zstandard.decompress, None: bytes}[coding]
    assert unpack(response.data) == plain.data
    assert (response.headers["ETag"] == plain.headers["ETag"]) == (coding is None)
    assert int(response.headers["Content-Length"]) == len(response.data)


def test_a_short_answer_is_not_compressed(client: FlaskClient) -> None:
    """Compression has to pay."""
    response = client.get(
        "/sparql", query_string={"query": "ASK {}"}, headers={"Accept-Encoding": "gzip, zstd"}
    )
    assert "Content-Encoding" not in response.headers


def test_a_syntax_error_shows_its_place(client: FlaskClient) -> None:
    """Line, column and a caret under the spot, in JSON and in text."""
    query = {"query": "SELECT *\nWHERE { ?s ?p ?o ] }"}
    document = assert_problem(client.get("/sparql", query_string=query), 400, "query-syntax")
    assert (document["line"], document["column"]) == (2, 18)
    excerpt = "WHERE { ?s ?p ?o ] }\n                 ^"
    assert document["excerpt"] == excerpt
    assert document["detail"] == "Line 2, column 18: from ']' on, this is not SPARQL."
    text = client.get("/sparql", query_string=query, headers={"Accept": "text/plain"})
    assert text.status_code == 400
    assert text.content_type == "text/plain; charset=utf-8"
    assert text.text == (
        "The query has a syntax error.\n"
        f"Line 2, column 18: from ']' on, this is not SPARQL.\n{excerpt}\n"
        "See http://localhost:8000/problems/query-syntax\n"
    )


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("SELCT * { ?s ?p ?o }", "Line 1, column 1: from 'SELCT' on"),
        ("SELECT * { ?s ?p ?o } ORDER ?s", "Line 1, column 23: from 'ORDER' on"),
        ("ASK { ?s ?p ?o", "something is missing"),
        ("ASK { ?s sckema:name 'x:y' }", "Did you mean 'schema:' (PREFIX schema: <"),
        (
            "ASK { ?s wikibase:rank ?o }",
            "Add a line 'PREFIX wikibase: <…>'. Predeclared are clm,",
        ),
        ("PREFIX a: <a:> ASK { ?s a:b b:c }", "the prefix 'b:' is not declared"),
        ("ASK { ?s ?p 'http://open }", ", this is not SPARQL"),
        ("SELECT (fo:f(1) AS ?x) {}", "Line 1, column 9: the prefix 'fo:' is not declared"),
        ("ASK { ?s ?p 1^^fo:x }", "from '^' on, this is not SPARQL"),
        ("ASK { ?s <relative path> ?o }", "IRI parsing failed"),
        ("SELECT ?x ?y { ?x ?p ?y } GROUP BY ?x", "The SELECT contains a variable"),
        ("SELECT ?s ?s { ?s ?p ?o }", "Line 1, column 11: SELECT has the variable ?s twice"),
        ("SELECT (1 AS ?a) (2 AS ?a) {}", "column 24: SELECT has the variable ?a twice"),
        ("SELECT (1 AS ?p) { ?s ?p ?o }", "column 14: SELECT computes ?p, but its pattern"),
        ("SELECT * {{ SELECT ?s ?s { ?s ?p ?o } }}", "column 23: SELECT has the variable ?s"),
        ("SELECT ?s { ?s ?p ?o BIND(1 AS ?s) }", "column 32: BIND gives ?s a value, but its"),
        ("ASK { ?s ?p ?o { ?s ?q ?r } BIND(?r + 1 AS ?r) }", "column 44: BIND gives ?r"),
        ("ASK { VALUES (?a ?b) { (1) } }", "a row of VALUES has as many"),
        ("ASK { { ?s ?p _:a } { ?s ?q _:a } }", "a blank node's label is of one group"),
        ("ASK { ?s\u00a0?p ?o }", "column 9: U+00A0 (no-break space) is no character of SPARQL"),
        ("ASK { ?s rdfs:label \u201cSochi\u201d }", "column 21: U+201C (left double quotation"),
        ("ASK { ?s ?p ?o } # \u00a0\nASK", "Line 2, column 1: from 'ASK' on"),
        ("ASK { ?s ?p ?o FILTER(?o \u2265 '\u00a0') }", "U+2265 (greater-than or equal to)"),
    ],
)
def test_help_with_syntax(client: FlaskClient, query: str, detail: str) -> None:
    """The message says what to mend."""
    document = assert_problem(client.post("/sparql", data={"query": query}), 400, "query-syntax")
    assert detail in str(document["detail"])


@pytest.mark.parametrize(
    ("query", "line", "column", "excerpt"),
    [
        ("ASK { ?s fo:bar ?o }", 1, 10, "ASK { ?s fo:bar ?o }\n         ^"),
        ("ASK {\n  ?s ?p fo:bar }", 2, 9, "  ?s ?p fo:bar }\n        ^"),
        ("ASK { ?s a fo: }", 1, 12, "ASK { ?s a fo: }\n           ^"),
        ("ASK { ?s ?p 'fo:x', <fo:y>, fo:z }", 1, 29,
         "ASK { ?s ?p 'fo:x', <fo:y>, fo:z }\n                            ^"),
        ("ASK { # fo:x\n ?s\tfo:x 1 }", 2, 5, " ?s fo:x 1 }\n    ^"),
    ],
)  # fmt: skip
def test_an_undeclared_prefix_is_pointed_at(
    client: FlaskClient, query: str, line: int, column: int, excerpt: str
) -> None:
    """The caret stands under the prefix itself, not where the engine noticed it."""
    document = assert_problem(client.post("/sparql", data={"query": query}), 400, "query-syntax")
    assert (document["line"], document["column"]) == (line, column)
    assert document["excerpt"] == excerpt
    assert f"Line {line}, column {column}: the prefix 'fo:' is not declared." in str(
        document["detail"]
    )
    assert document["prefixes"] == PREFIXES


def test_prefixes_are_predeclared(client: FlaskClient) -> None:
    """Each of the common prefixes works without a PREFIX line, and can be declared anew."""
    for name, namespace in PREFIXES.items():
        query = f"SELECT (STR({name}:x) AS ?x) {{}}"
        rows = client.post("/sparql", data={"query": query}).json["results"]["bindings"]
        assert rows == [{"x": {"type": "literal", "value": f"{namespace}x"}}]
    own = "PREFIX dip: <http://example.org/> SELECT (STR(dip:x) AS ?x) {}"
    rows = client.post("/sparql", data={"query": own}).json["results"]["bindings"]
    assert rows[0]["x"]["value"] == "http://example.org/x"


def test_the_dataset(client: FlaskClient) -> None:
    """The union of all graphs, unless the query or the request names another."""
    accepted = "http://localhost:8000/graph/accepted"

    def count(query: str, **graphs: str) -> int:
        response = client.post("/sparql", data={"query": query, **graphs})
        return int(response.json["results"]["bindings"][0]["n"]["value"])

    everything = count("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert everything == count("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    some = count(f"SELECT (COUNT(*) AS ?n) FROM <{accepted}> {{ ?s ?p ?o }}")
    assert 0 < some < everything
    assert count("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", **{"default-graph-uri": accepted}) == some
    named = {"named-graph-uri": accepted}
    assert count("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", **named) == some
    assert count("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", **named) == 0
    assert count(f"SELECT (COUNT(*) AS ?n) FROM NAMED <{accepted}> {{ ?s ?p ?o }}") == 0
    both = f"SELECT (COUNT(*) AS ?n) FROM <{accepted}> {{ ?s ?p ?o }}"
    assert count(both, **{"default-graph-uri": "http://example.org/none"}) == 0


def test_service_description(client: FlaskClient) -> None:
    """Without a query a machine gets the description: stable bytes, and no blank node."""
    first, second = client.get("/sparql"), client.get("/sparql")
    assert first.content_type == "text/turtle; charset=utf-8"
    assert first.data == second.data
    assert "_:" not in first.text
    assert "BasicFederatedQuery" not in first.text
    assert "graph/document/another-reset" in first.text
    linked = client.get("/sparql", headers={"Accept": "application/ld+json"})
    assert set(ox.parse(linked.data, format=ox.RdfFormat.JSON_LD)) == set(
        ox.parse(first.data, format=ox.RdfFormat.TURTLE)
    )
    refused = client.get("/sparql", headers={"Accept": "text/csv"})
    document = assert_problem(refused, 406, "not-acceptable")
    assert "text/csv" not in document["available"]
    assert "text/turtle" in document["available"]
    held = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/sparql", headers=held).status_code == 304
    assert linked.headers["ETag"] != first.headers["ETag"]


def test_health_and_metrics(client: FlaskClient) -> None:
    """Operators see the release, the processes, and queries by outcome."""
    client.post("/sparql", data={"query": "ASK {"})
    health = client.get("/health")
    assert health.status_code == 200
    assert health.json["ready"] is True
    assert set(health.json["processes"]) == {"busy", "idle", "waiting"}
    metrics = client.get("/metrics")
    assert metrics.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert 'chancery_queries_total{outcome="query-syntax"}' in metrics.text
    assert 'chancery_queries_total{outcome="answered"}' in metrics.text
    assert "chancery_cache_hits_total" in metrics.text
    assert f'chancery_release{{release="{health.json["release"]}"}} 1.0' in metrics.text
