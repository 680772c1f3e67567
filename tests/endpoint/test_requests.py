"""Hostile and faulty HTTP at the endpoint: exact status, media type and body."""

from __future__ import annotations

import gzip
import re
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as some
from werkzeug.test import TestResponse

from kg.model.settings import Settings
from web.sparql.protocol import BadRequest, unescaped

ASK = "ASK {}"
PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"


def assert_problem(response: TestResponse, status: int, slug: str) -> dict[str, Any]:
    """The response is the problem `slug`, in JSON, and says so in each place."""
    assert response.status_code == status, response.text
    assert response.content_type == PROBLEM
    assert response.headers["Cache-Control"] == "no-store"
    document: dict[str, Any] = response.json
    assert document["type"] == f"http://localhost:8000/problems/{slug}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(client: FlaskClient, method: str) -> None:
    """A method that the protocol has not gets 405 and the list of those that it has."""
    response = client.open("/sparql", method=method)
    assert_problem(response, 405, "method-not-allowed")
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    ("query_string", "slug"),
    [
        ("query=ASK%20%7B%7D&query=ASK%20%7B%7D", "repeated-parameter"),
        ("query=ASK%20%7B%7D&timeout=1&timeout=2", "repeated-parameter"),
        ("query=ASK%20%7B%7D&timeout=soon", "bad-timeout"),
        ("query=ASK%20%7B%7D&timeout=0", "bad-timeout"),
        ("query=ASK%20%7B%7D&timeout=-1", "bad-timeout"),
        ("query=ASK%20%7B%7D&timeout=1e9", "bad-timeout"),
        ("query=ASK%20%7B%7D&default-graph-uri=relative", "bad-graph"),
        ("query=ASK%20%7B%7D&named-graph-uri=http%3A%2F%2Fa%3E%20b", "bad-graph"),
        ("query=ASK%20%7B%7", "bad-encoding"),
        ("query=ASK%20%7B%7D&%ff=1", "bad-encoding"),
        ("query=ASK%20%7B%7D&format=%ff", "bad-encoding"),
        ("query=%ff", "query-syntax"),
        ("query=%ED%A0%80", "query-syntax"),
        ("query=ASK%20%7B%7D%00", "query-syntax"),
        ("query=", "query-syntax"),
    ],
)
def test_faulty_parameters(client: FlaskClient, query_string: str, slug: str) -> None:
    """Each parameter is read strictly from its bytes, by GET and in a form alike."""
    assert_problem(client.get(f"/sparql?{query_string}"), 400, slug)
    assert_problem(client.post("/sparql", data=query_string, content_type=FORM), 400, slug)


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/json", "multipart/form-data; boundary=x"]
)
def test_a_body_of_another_kind(client: FlaskClient, content_type: str) -> None:
    """A POST without one of the protocol's two media types gets 415, which names them."""
    response = client.post("/sparql", data="ASK {}", content_type=content_type or None)
    document = assert_problem(response, 415, "unsupported-media-type")
    assert "application/sparql-query" in str(document["detail"])
    assert FORM in response.headers["Accept-Post"]


def test_a_direct_query_in_another_charset(client: FlaskClient) -> None:
    """The protocol knows UTF-8 only."""
    response = client.post(
        "/sparql",
        data="ASK {}".encode("utf-16"),
        content_type="application/sparql-query; charset=utf-16",
    )
    assert_problem(response, 415, "unsupported-media-type")


def test_a_compressed_body(client: FlaskClient) -> None:
    """A gzip bomb is not unpacked: compressed bodies get 415."""
    response = client.post(
        "/sparql",
        data=gzip.compress(b"ASK {}"),
        content_type="application/sparql-query",
        headers={"Content-Encoding": "gzip"},
    )
    assert_problem(response, 415, "unsupported-media-type")


def test_a_query_in_two_places(client: FlaskClient) -> None:
    """A direct POST with a second query in its URL is no operation of the protocol."""
    response = client.post(
        f"/sparql?query={quote(ASK)}", data=ASK, content_type="application/sparql-query"
    )
    assert_problem(response, 400, "two-queries")


def test_a_form_without_a_query(client: FlaskClient) -> None:
    """A form that asks nothing is an error, not the service description."""
    assert_problem(client.post("/sparql", data={"x": "1"}), 400, "no-query")


@pytest.mark.parametrize(
    "arguments",
    [
        {"data": {"update": "CLEAR ALL"}},
        {"data": "CLEAR ALL", "content_type": "application/sparql-update"},
        {"query_string": {"update": "CLEAR ALL"}},
        {"query_string": {"update": "CLEAR ALL"}, "method": "GET"},
        {"data": {"query": "INSERT DATA { <a:a> <a:b> <a:c> }"}},
        {"data": {"query": "PREFIX a: <a:> # INSERT\nload <http://localhost/>"}},
        {"data": {"query": "\\u0064rop all"}},
    ],
)
def test_updates_are_refused(client: FlaskClient, arguments: dict[str, object]) -> None:
    """An update, wherever it stands, gets 403."""
    response = client.open("/sparql", **{"method": "POST", "content_type": FORM, **arguments})
    assert_problem(response, 403, "read-only")


def test_too_long_a_query(strict: FlaskClient) -> None:
    """A query past the limit gets 413, which names both lengths."""
    response = strict.post("/sparql", data={"query": "#" * 30_001})
    document = assert_problem(response, 413, "query-too-long")
    assert "30001 bytes" in str(document["detail"])
    assert "30000" in str(document["detail"])


def test_nothing_acceptable(client: FlaskClient) -> None:
    """An Accept header that nothing fits gets 406, which lists what there is."""
    response = client.get("/sparql", query_string={"query": ASK}, headers={"Accept": "image/png"})
    document = assert_problem(response, 406, "not-acceptable")
    assert document["available"] == [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "application/n-quads",
        "application/trig",
    ]


SELECT, CONSTRUCT = "SELECT ?s { ?s a dip:Visit } LIMIT 1", "CONSTRUCT WHERE { ?s a dip:Visit }"
JSON, XML, CSV, TSV = (
    "application/sparql-results+json", "application/sparql-results+xml",
    "text/csv; charset=utf-8", "text/tab-separated-values; charset=utf-8",
)  # fmt: skip
TURTLE, RDF_XML, JSON_LD = (
    "text/turtle; charset=utf-8",
    "application/rdf+xml",
    "application/ld+json",
)


@pytest.mark.parametrize(
    ("name", "rows", "triples"),
    [
        # What SPARQLWrapper sends, also twice and by three names.
        ("json", JSON, JSON_LD), ("xml", XML, RDF_XML), ("turtle", JSON, TURTLE),
        ("n3", JSON, TURTLE), ("rdf", JSON, RDF_XML), ("rdf+xml", JSON, RDF_XML),
        ("csv", CSV, TURTLE), ("tsv", TSV, TURTLE), ("json-ld", JSON, JSON_LD),
        # Others', whatever their case; a form has a space for each plus.
        ("JSON", JSON, JSON_LD), ("application/sparql-results json", JSON, TURTLE),
        ("application/json", JSON, JSON_LD), ("text/turtle; charset=utf-8", JSON, TURTLE),
        ("ntriples", JSON, "application/n-triples"), ("N-Quads", JSON, "application/n-quads"),
        ("srj", JSON, TURTLE), ("srx", XML, TURTLE), ("text/n3", JSON, TURTLE),
        ("sparql-results+xml", XML, TURTLE), ("application/x-trig", JSON, "application/trig"),
        # Of which nothing is known: Accept decides.
        ("auto", JSON, TURTLE), ("pdf", JSON, TURTLE), ("", JSON, TURTLE),
    ],
)  # fmt: skip
@pytest.mark.parametrize("parameter", ["format", "output", "results"])
def test_names_of_formats(app: Flask, parameter: str, name: str, rows: str, triples: str) -> None:
    """The format that a client names is taken where it suits the query, else Accept decides."""
    client = app.test_client()
    for query, wanted in ((SELECT, rows), (CONSTRUCT, triples)):
        response = client.get(
            "/sparql",
            query_string={"query": query, parameter: [name, name]},
            headers={"Accept": "*/*"},
        )
        assert (response.status_code, response.content_type) == (200, wanted)


def test_a_browser_gets_the_page_unless_it_names_data(client: FlaskClient) -> None:
    """A link with a known format is a download; with none, or one of pages, it is the editor."""
    for name, page in (("csv", False), ("html", True), ("", True)):
        response = client.get(
            "/sparql",
            query_string={"query": SELECT, "format": name},
            headers={"Accept": "text/html"},
        )
        assert (response.mimetype == "text/html") is page


def test_a_format_of_another_form(client: FlaskClient) -> None:
    """A graph format for rows gets 406, which lists the formats of rows."""
    response = client.get("/sparql", query_string={"query": "ASK {}", "format": "ttl"})
    document = assert_problem(response, 406, "not-acceptable")
    assert "text/csv" in document["available"]


def test_line_breaks_are_not_reflected(client: FlaskClient) -> None:
    """CR and LF in a parameter reach no header."""
    response = client.get("/sparql?query=ASK%7B%7D&format=json%0d%0aX-Evil:%201")
    assert response.status_code == 200
    assert "X-Evil" not in response.headers


def test_a_forged_host(client: FlaskClient) -> None:
    """The configured base stands in what is published, whatever the Host header says."""
    response = client.get("/sparql", headers={"Host": "evil.example", "Accept": "text/turtle"})
    assert response.status_code == 200
    assert "evil.example" not in response.text
    assert "<http://localhost:8000/sparql>" in response.text


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"ASK {} # \xff", "The query is not UTF-8: byte 10 is 0xff."),
        (b"ASK {} # \xed\xa0\x80", "The query is not UTF-8: byte 10 is 0xed."),
        (b"ASK {\n\x00}", "The query holds a NUL character."),
    ],
)
def test_bytes_that_are_no_text(client: FlaskClient, body: bytes, detail: str) -> None:
    """What is no UTF-8, a lone surrogate included, and NUL get 400, which says where."""
    response = client.post("/sparql", data=body, content_type="application/sparql-query")
    document = assert_problem(response, 400, "query-syntax")
    assert document["detail"] == detail


@pytest.mark.parametrize("escape", ["\\uD800", "\\uDFFF", "\\U00110000"])
def test_escapes_of_no_character(client: FlaskClient, escape: str) -> None:
    """An escape that stands for no character gets 400 (SPARQL 1.1 Query §19.2)."""
    response = client.post("/sparql", data={"query": f"SELECT ('{escape}' AS ?x) {{}}"})
    assert_problem(response, 400, "query-syntax")


def test_bytes_that_are_not_escaped(client: FlaskClient) -> None:
    """A form may hold UTF-8 as it is (WHATWG URL §5.1)."""
    form = "query=SELECT ('é😀' AS ?x) {}".encode()
    response = client.post("/sparql", data=form, content_type=FORM)
    assert response.json["results"]["bindings"][0]["x"]["value"] == "é😀"


_BYTES = some.binary().map(lambda data: data.decode("latin-1"))
_PARTS = some.sampled_from(
    ["%41", "%3d", "%0D%0a", "%", "%4", "%%", "%g0", "=", "=41", "+", "\r\n"]
)


@given(some.lists(some.one_of(_PARTS, _BYTES, some.binary().map(quote))).map("".join))
def test_escapes_are_read_as_the_standard_library_does(encoded: str) -> None:
    """Any bytes, quoted-printable's own signs included; a broken escape is refused."""
    if re.search("%(?![0-9A-Fa-f]{2})", encoded):
        with pytest.raises(BadRequest):
            unescaped(encoded)
    else:
        assert unescaped(encoded) == unquote_to_bytes(encoded.replace("+", " ").encode("latin-1"))


def test_the_longest_query(client: FlaskClient, settings: Settings) -> None:
    """A query as long as the setting allows is more than a socket holds, and is answered."""
    text = "ASK { ?s ?p ?o } #"
    query = text + "x" * (settings.query_bytes - len(text))
    headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    response = client.post("/sparql", data=query, headers=headers)
    assert (response.status_code, response.text) == (200, "true")


@pytest.mark.parametrize("accept", ["text/csv", "text/html"])
def test_a_server_is_told_how_long_a_query_may_take(
    app: Flask, settings: Settings, accept: str
) -> None:
    """Before it runs: the setting's limit, or what the request makes of it, data or page."""
    told: list[float] = []

    def ask(**parameters: str) -> None:
        app.test_client().get(
            "/sparql",
            query_string={"query": ASK, **parameters},
            headers={"Accept": accept},
            environ_overrides={"chancery.deadline": told.append},
        )

    ask()
    ask(timeout="0.5")
    ask(timeout="86400")
    ask(timeout="soon")
    assert told == [settings.query_timeout, 0.5, settings.query_timeout]
