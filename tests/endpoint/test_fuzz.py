"""No input makes the endpoint fail: random requests, and random SPARQL."""

from __future__ import annotations

import pytest
import requests
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.diplomacy import PREFIXES
from web.site.problems import kinds

OWN = (429, 503)  # statuses that the limits answer with
AS_DESCRIBED = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
relaxed = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@schemathesis.serializer("application/sparql-query")
def direct(context: schemathesis.SerializationContext, value: object) -> bytes:
    return str(value).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("mode", GenerationMode)
def test_parameters(server: str, method: str, mode: GenerationMode) -> None:
    """Whatever is sent, the live server answers as its own /openapi.json says it may.

    Positive mode keeps to the description of parameters and bodies, negative mode breaks it.
    """
    schema = schemathesis.openapi.from_url(f"{server}/openapi.json")
    operation = schema["/sparql"][method]
    accept = st.sampled_from([*operation.definition.raw["responses"]["200"]["content"], "*/*", "x"])
    session = requests.Session()

    @relaxed
    @given(case=operation.as_strategy(generation_mode=mode), accept=accept)
    def check(case: schemathesis.Case, accept: str) -> None:
        response = case.call(base_url=server, session=session, headers={"Accept": accept})
        assert response.status_code < 500 or response.status_code in OWN, response.text
        case.validate_response(response, checks=AS_DESCRIBED)

    check()


def test_every_status_is_described(server: str) -> None:
    """Each problem that the endpoint's tests meet stands in the description, with its type."""
    document = requests.get(f"{server}/openapi.json", timeout=10).json()
    described = {
        kind.rpartition("/")[2]: int(status)
        for operation in document["paths"]["/sparql"].values()
        for status, response in operation["responses"].items()
        for content in response.get("content", {}).values()
        for kind in content["schema"].get("properties", {}).get("type", {}).get("enum", [])
    }
    elsewhere = {"bad-request", "not-found", "not-in-the-graph", "withdrawn",
                 "range-not-satisfiable", "precondition-failed", "method-not-allowed"}  # fmt: skip
    assert described == {
        slug: kind.status for slug, kind in kinds().items() if slug not in elsewhere
    }


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
