"""Hostile and faulty SPARQL: exact status, media type and body."""

from __future__ import annotations

import socket
import threading
import time
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.endpoint.test_requests import assert_problem

ROWS = "application/sparql-results+xml"
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
TIMEOUTS = {
    "count of a cross product": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "a pattern of 800 triples": "ASK {"
    + " ".join(f"?v{i} ?p{i} ?v{i + 1} ." for i in range(800))
    + "}",
    "paths from everywhere": "SELECT (COUNT(*) AS ?n) {?a (!<x:x>)* ?b. ?c (!<x:x>)* ?d}",
}
MEMORY = {
    "ORDER BY of a cross product": f"SELECT * {{ {CROSS} }} ORDER BY ?c",
    "doubling CONCAT": "SELECT ?a30 { BIND('aaaaaaaaaaaaaaaa' AS ?a0) "
    + " ".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1})" for i in range(30))
    + "}",
}
BOMBS = {
    "braces": "ASK " + "{" * 3000 + "}" * 3000,
    "unclosed braces": "ASK " + "{" * 3000,
    "parentheses": "ASK { FILTER(" + "(" * 3000 + "1" + ")" * 3000 + ") }",
    "UNION": "ASK {" + " UNION ".join(["{}"] * 4500) + "}",
    "negations": "ASK { FILTER(" + "!" * 5000 + "true) }",
    "lists": "ASK { ?s ?p " + "(" * 3000 + ")" * 3000 + " }",
    "blank nodes": "ASK { ?s ?p " + "[ ?p " * 3000 + "?o" + "]" * 3000 + " }",
    "OPTIONAL": "ASK " + "{ OPTIONAL " * 1000 + "{}" + "}" * 1000,
    "paths": "ASK { ?s " + "^" * 5000 + "<a:a> ?o }",
    "sums": "ASK { FILTER(1" + "+1" * 5000 + " > 0) }",
}


@pytest.mark.parametrize("query", TIMEOUTS.values(), ids=TIMEOUTS)
def test_time(strict: FlaskClient, query: str) -> None:
    """A query that runs out of time gets 503 in time, which says how much there is."""
    start = time.monotonic()
    document = assert_problem(strict.post("/sparql", data={"query": query}), 503, "query-timeout")
    assert time.monotonic() - start < 6
    assert "2 s" in str(document["detail"])


def test_a_shorter_time(strict: FlaskClient) -> None:
    """`timeout=` lowers the limit for one query, and cannot raise it."""
    start = time.monotonic()
    query = {"query": TIMEOUTS["count of a cross product"], "timeout": "0.2"}
    document = assert_problem(strict.post("/sparql", data=query), 503, "query-timeout")
    assert time.monotonic() - start < 3
    assert "0.2 s" in str(document["detail"])


@pytest.mark.parametrize("query", MEMORY.values(), ids=MEMORY)
def test_memory(strict: FlaskClient, query: str) -> None:
    """A query that needs too much memory gets 503, or its deadline's if that is sooner."""
    response = strict.post("/sparql", data={"query": query})
    assert response.status_code == 503
    assert response.json["type"].rpartition("/")[2] in ("memory-limit", "query-timeout")


def test_memory_is_named(forgetful: FlaskClient) -> None:
    """Where there is time enough, it is the memory limit that a growing query meets."""
    query = MEMORY["doubling CONCAT"].replace("aaaaaaaaaaaaaaaa", "a" * 15_000)
    document = assert_problem(forgetful.post("/sparql", data={"query": query}), 503, "memory-limit")
    assert "64 MB" in str(document["detail"])


def test_size(strict: FlaskClient) -> None:
    """An answer past the limit is an error that names it, never a cut result."""
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
    document = assert_problem(
        strict.post("/sparql", data={"query": query}), 413, "result-too-large"
    )
    assert "1 MB" in str(document["detail"])


@pytest.mark.parametrize("query", BOMBS.values(), ids=BOMBS)
def test_bombs(client: FlaskClient, query: str) -> None:
    """What would overflow a parser's stack is refused before any engine reads it."""
    assert_problem(client.post("/sparql", data={"query": query}), 400, "query-too-complex")
    assert client.post("/sparql", data={"query": "ASK {}"}).json["boolean"] is True


@pytest.mark.parametrize(
    "clause",
    [
        "SERVICE <URL> { ?s ?p ?o }",
        "service<URL>{ ?s ?p ?o }",
        "SERVICE SILENT <URL> { ?s ?p ?o }",
        "SeRvIcE ?where { ?s ?p ?o }",
        "{ SELECT * { SERVICE <URL> { ?s ?p ?o } } }",
        "# a comment\nSERVICE # another\n<URL> { ?s ?p ?o }",
        "\\u0053ERVICE <URL> { ?s ?p ?o }",
        "\\U00000053ERVICE <URL> { ?s ?p ?o }",
        "FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } }",
        "?s ?p 'SERVICE' SERVICE <URL> { ?s ?p ?o }",
    ],
)
def test_federation(client: FlaskClient, clause: str) -> None:
    """SERVICE in any spelling gets 400, and a listening socket sees no connection."""
    with _Listener() as listener:
        query = f"SELECT * {{ {clause.replace('URL', listener.url)} }}"
        document = assert_problem(
            client.post("/sparql", data={"query": query}), 400, "federation-disabled"
        )
        assert "SERVICE" in str(document["detail"])
    assert listener.connections == 0


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?service a ?SERVICE }",
        "PREFIX service: <a:> ASK { ?s service:service service:SERVICE }",
        "ASK { ?s ?p 'SERVICE <http://localhost/> { }' }",
        'ASK { ?s ?p """SERVICE "" <http://localhost/> """ }',
        "ASK { ?s ?p <http://localhost/SERVICE> } # SERVICE",
        "SELECT ?load ?insert { ?load ?insert 'LOAD' } LIMIT 1",
    ],
)
def test_what_only_looks_refused(client: FlaskClient, query: str) -> None:
    """Words in names, variables, strings, IRIs and comments are no keywords."""
    assert client.post("/sparql", data={"query": query}).status_code == 200


def test_an_unknown_graph(client: FlaskClient) -> None:
    """A graph that is not there is empty: nothing is fetched for FROM or for the protocol's own."""
    with _Listener() as listener:
        url = f"{listener.url}graph.ttl"
        for form in (
            {"query": f"SELECT * FROM <{url}> {{ ?s ?p ?o }}"},
            {"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": url},
            {"query": f"SELECT * {{ GRAPH <{url}> {{ ?s ?p ?o }} }}"},
            {"query": "SELECT * { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": url},
        ):
            response = client.post("/sparql", data=form)
            assert response.status_code == 200
            assert response.json["results"]["bindings"] == []
    assert listener.connections == 0


def test_a_byte_order_mark(client: FlaskClient) -> None:
    """A BOM before the query is no part of it."""
    response = client.post(
        "/sparql", data=b"\xef\xbb\xbfASK {}", content_type="application/sparql-query"
    )
    assert response.status_code == 200
    assert response.json == {"head": {}, "boolean": True}


def test_an_unknown_function(client: FlaskClient) -> None:
    """A function that there is not gets 400, which names it."""
    query = "SELECT (<http://example.org/f>(1) AS ?x) {}"
    document = assert_problem(
        client.post("/sparql", data={"query": query}), 400, "unknown-function"
    )
    assert "<http://example.org/f>" in str(document["detail"])


@pytest.mark.parametrize(
    ("query", "xml"),
    [
        ("SELECT ('a\\u0001b' AS ?x) {}", ROWS),
        ("SELECT ('a\\uFFFFb' AS ?x) {}", ROWS),
        ("SELECT (CONCAT(STR(?o), '\\u0001') AS ?x) { ?s ?p ?o }", ROWS),
        ("CONSTRUCT { <a:a> <a:b> 'a\\u000Bb' } {}", "application/rdf+xml"),
        ("CONSTRUCT { <a:a> <http://a.example/b/> 1 } {}", "application/rdf+xml"),
    ],
    ids=["control", "noncharacter", "large", "graph", "predicate"],
)
def test_what_xml_cannot_hold(client: FlaskClient, query: str, xml: str) -> None:
    """An answer that XML cannot tell gets 406 there, and comes in the other formats."""
    form = {"query": query}
    refused = client.post("/sparql", data=form, headers={"Accept": xml})
    document = assert_problem(refused, 406, "not-acceptable")
    others = document["available"]
    assert isinstance(others, list)
    assert xml not in others
    assert str(document["detail"]).startswith("It holds a character or a name that XML cannot.")
    for other in others:
        assert client.post("/sparql", data=form, headers={"Accept": other}).status_code == 200


def test_xml_is_well_formed(client: FlaskClient) -> None:
    """What XML can hold comes as XML: line ends, markup and characters beyond the first plane."""
    value = "\\t\\n\\r<&>\\u00E9\\U0001F600"
    query = f"SELECT ('{value}' AS ?x) {{}}"
    response = client.post("/sparql", data={"query": query}, headers={"Accept": ROWS})
    assert response.status_code == 200
    literal = ElementTree.fromstring(response.data).find(".//{*}literal")
    assert literal is not None
    assert literal.text == "\t\n\r<&>é😀"


class _Listener:
    """A socket on loopback that counts who connects."""

    def __enter__(self) -> _Listener:
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(5)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()
        return self

    def _accept(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            data = connection.recv(4)
            connection.close()
            if data == b"end.":
                return
            self.connections += 1

    def __exit__(self, *_: object) -> None:
        with socket.create_connection(self._socket.getsockname()) as last:
            last.send(b"end.")
        self._thread.join()
        self._socket.close()
