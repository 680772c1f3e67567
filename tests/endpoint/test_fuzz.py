"""No input makes the endpoint fail: random requests, and random SPARQL."""

from __future__ import annotations

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.vocab import PREFIXES

OWN = (429, 503)  # statuses that the limits answer with
relaxed = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_STRING = {"type": "string"}
DESCRIPTION = {
    "openapi": "3.1.0",
    "info": {"title": "SPARQL 1.1 Protocol", "version": "1"},
    "paths": {
        "/sparql": {
            "get": {
                "parameters": [
                    {"name": name, "in": "query", "schema": schema}
                    for name, schema in {
                        "query": _STRING,
                        "format": _STRING,
                        "timeout": {"anyOf": [{"type": "number"}, _STRING]},
                        "default-graph-uri": {"type": "array", "items": _STRING},
                        "named-graph-uri": {"type": "array", "items": _STRING},
                    }.items()
                ]
                + [{"name": name, "in": "header", "schema": _STRING}
                   for name in ("Accept", "Accept-Encoding", "If-None-Match")],
                "responses": {"default": {"description": "a result or a problem"}},
            },
            "post": {
                "requestBody": {
                    "content": {
                        "application/sparql-query": {"schema": _STRING},
                        "application/x-www-form-urlencoded": {
                            "schema": {
                                "type": "object",
                                "properties": {"query": _STRING, "timeout": _STRING},
                            }
                        },
                    }
                },
                "responses": {"default": {"description": "a result or a problem"}},
            },
        }
    },
}  # fmt: skip


@schemathesis.serializer("application/sparql-query")
def direct(context: schemathesis.SerializationContext, value: object) -> bytes:
    return str(value).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_parameters(client: FlaskClient, method: str) -> None:
    """Whatever the parameters, headers and bodies are, the answer is a result or a problem."""
    schema = schemathesis.openapi.from_dict(DESCRIPTION)
    schema.app = client.application

    @relaxed
    @given(case=schema["/sparql"][method].as_strategy())
    def check(case: schemathesis.Case) -> None:
        response = case.call()
        assert response.status_code < 500 or response.status_code in OWN, response.text
        if response.status_code >= 400:
            kind = response.headers["content-type"][0]
            assert kind.startswith(("application/problem+json", "text/html", "text/plain"))

    check()


VOCABULARY = """SELECT * ASK CONSTRUCT DESCRIBE WHERE FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER
BIND AS VALUES UNDEF DISTINCT REDUCED COUNT ( ) { } [ ] . ; , ?s ?p ?o $x a dip:place rdfs:label
xsd:date "x" 'y'@en "2015-05-12"^^xsd:date 1 2.5 1e9 true <http://example.org/> <relative> _:b
ORDER BY DESC GROUP HAVING LIMIT 3 OFFSET 1 EXISTS NOT IN && || ! = != < > + - * / ^ | BASE PREFIX
p: : STRLEN REGEX NOW RAND IRI BNODE SUM AVG GROUP_CONCAT SEPARATOR \\u0041 #"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n"])


@relaxed
@given(words=st.lists(WORDS, max_size=30))
def test_words(client: FlaskClient, words: list[str]) -> None:
    """Words of SPARQL in any order are a query or a 400 that says where it is at fault."""
    response = client.post("/sparql", data={"query": " ".join(words), "timeout": "2"})
    assert response.status_code in (200, 400, *OWN), response.text
    if response.status_code == 400:
        assert response.json["detail"]


@relaxed
@given(text=st.text(max_size=200))
def test_text(client: FlaskClient, text: str) -> None:
    """Any text at all, sent directly, gets an answer."""
    body = text.encode("utf-8", "surrogatepass")
    response = client.post("/sparql", data=body, content_type="application/sparql-query")
    assert response.status_code in (200, 400, 403, *OWN), response.text


@relaxed
@given(value=st.text(max_size=60))
def test_literals(client: FlaskClient, value: str) -> None:
    """A value comes back as it went in, whatever it holds."""
    escaped = "".join(f"\\U{ord(character):08X}" for character in value)
    if any(0xD800 <= ord(character) < 0xE000 or character == "\0" for character in value):
        return
    response = client.post("/sparql", data={"query": f"SELECT ('{escaped}' AS ?x) {{}}"})
    assert response.status_code in (200, 400), response.text
    if response.status_code == 200:
        assert response.json["results"]["bindings"][0]["x"]["value"] == value


@relaxed
@given(header=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_accept(client: FlaskClient, header: str) -> None:
    """Any Accept header gets a result or a 406."""
    response = client.get("/sparql", query_string={"query": "ASK {}"}, headers={"Accept": header})
    assert response.status_code in (200, 406), response.text


def test_the_words_know_the_prefixes() -> None:
    """The random queries use prefixes that the endpoint has."""
    assert {"dip", "rdfs", "xsd"} <= set(PREFIXES)
