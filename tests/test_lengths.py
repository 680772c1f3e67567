"""What a client may send: how long a text is, how deep its JSON, and what it holds already."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("path", "name", "longest"),
    [
        ("/search", "q", 500),
        ("/search", "source", 2000),
        ("/search", "unknown", 2000),
        ("/timeline", "about", 2000),
        ("/describe", "iri", 2000),
        ("/queries/itinerary.json", "person", 2000),
        ("/reconcile/suggest/entity", "prefix", 200),
    ],
)
def test_a_parameter_has_a_length(client: FlaskClient, path: str, name: str, longest: int) -> None:
    """What is longer gets 400 with the name of the parameter and what is allowed."""
    response = client.get(path, query_string={name: "x" * (longest + 1)})
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    detail = response.get_json()["detail"]
    assert detail == f"{name}: found {longest + 1:,} characters; allowed: up to {longest:,}"
    assert b"allowed: up to" not in client.get(path, query_string={name: "x" * longest}).data


def test_every_value_of_a_parameter_counts(client: FlaskClient) -> None:
    """A second value of the same name, and a name that no page knows, have a length as well."""
    assert client.get(f"/search?q=a&q={'x' * 501}").status_code == 400
    assert client.get(f"/?{'x' * 2001}=a&y={'x' * 2001}").status_code == 400
    assert client.get("/search?q=a" + "&a" * 99).status_code == 200
    assert client.get("/search?q=a" + "&a" * 100).status_code == 400


@pytest.mark.parametrize("path", ["/page/", "/id/", "/data/", "/graph/", "/ontology/", "/queries/"])
def test_a_path_has_a_length(client: FlaskClient, path: str) -> None:
    """No address has a part of 2,001 characters, whatever would answer it."""
    response = client.get(f"{path}{'x' * 2001}")
    assert response.status_code == 404
    assert len(response.data) < 1000


@pytest.mark.parametrize("code", ["x" * 60_000, "é", "%ED%A0%80", "====", "eJw"])
def test_a_short_link_that_holds_nothing(client: FlaskClient, code: str) -> None:
    """A code that is too long, or none, is 404."""
    assert client.get(f"/s/{code}").status_code == 404


def test_lengths_stand_in_the_description(client: FlaskClient) -> None:
    """OpenAPI tells them as `maxLength`."""
    paths = client.get("/openapi.json").get_json()["paths"]
    described = {
        (path, each["name"]): each["schema"].get("maxLength")
        for path in ("/search", "/sparql", "/queries/itinerary.json")
        for each in paths[path]["get"]["parameters"]
        if each.get("schema", {}).get("type") == "string" and "enum" not in each["schema"]
    }
    assert described["/search", "q"] == 500
    assert described["/sparql", "query"] == 262_144
    assert all(described.values()), described


DEEP = "[" * 100_000 + "]" * 100_000
NESTED = "[" * 900 + "]" * 900
BAD_QUERIES = [
    '{"query": 5}', '{"query": null}', '{"query": ["x"]}', '{"query": {"a": 1}}', "5", "null",
    "[]", '"x"', '{"query": "x", "type": [["Person"]]}', '{"query": "x", "type": [{"a": 1}]}',
    '{"query": "x", "type": 5}', '{"query": "x", "type": {"id": "Person"}}',
    '{"query": "x", "type": [null]}', '{"query": "x", "limit": [1]}',
    '{"query": "x", "properties": 5}', '{"query": "x", "properties": {"pid": "place"}}',
    '{"query": "x", "properties": [[]]}', '{"query": "x", "properties": [{"pid": [], "v": 1}]}',
    '{"query": "x", "properties": [{"pid": "place", "v": [[1]]}]}',
    '{"query": "x", "properties": [{"pid": "place", "v": {"id": {"a": 1}}}]}',
    f'{{"query": "x", "properties": [{{"pid": "place", "v": {NESTED}}}]}}',
    f'{{"query": "x", "type": {NESTED}}}', f'{{"query": {NESTED}}}',
    f'{{"query": "{"x" * 201}"}}',
    f'{{"query": "x", "properties": [{{"pid": "place", "v": "{"x" * 201}"}}]}}',
    f'{{"query": "x", "properties": [{{"pid": "place", "v": [{"1," * 50}1]}}]}}',
]  # fmt: skip


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_bad_query_of_a_batch(client: FlaskClient, query: str) -> None:
    """It has an empty result, and the others theirs; alone it gets 400 and a reason."""
    good = '{"query": "Sochi", "type": "Place"}'
    mixed = client.post("/reconcile", data={"queries": f'{{"bad": {query}, "good": {good}}}'})
    assert mixed.status_code == 200
    assert mixed.get_json()["bad"] == {"result": []}
    assert mixed.get_json()["good"]["result"][0]["id"] == "place/sochi"
    alone = client.post("/reconcile", data={"queries": f'{{"bad": {query}}}'})
    assert alone.status_code == 400
    assert len(alone.get_json()["detail"]) < 300


@pytest.mark.parametrize(
    "text",
    [DEEP, f'{{"q": {DEEP}}}', "1" * 100_000, "1e999", "NaN", "[]", '""', "null", "{", "",
     '{"q": "\\ud800"', json.dumps({str(n): {"query": "x"} for n in range(101)})],
)  # fmt: skip
@pytest.mark.parametrize("name", ["queries", "extend"])
def test_json_of_any_kind(client: FlaskClient, name: str, text: str) -> None:
    """JSON of another form, depth or size is refused, not stumbled over."""
    response = client.post("/reconcile", data={name: text})
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert len(response.data) < 1000


@pytest.mark.parametrize(
    "extend",
    [{"ids": [1], "properties": []}, {"ids": [["a"]], "properties": []}, {"ids": 5},
     {"ids": [], "properties": [5]}, {"ids": [], "properties": [{"id": {}}]},
     {"ids": [], "properties": 5}, {"ids": None, "properties": None}],
)  # fmt: skip
def test_a_bad_extension(client: FlaskClient, extend: Any) -> None:
    """Ids and properties are lists of texts and of objects."""
    response = client.post("/reconcile", data={"extend": json.dumps(extend)})
    assert response.status_code == 400


def test_a_name_of_lone_surrogates(client: FlaskClient) -> None:
    """A text that is no Unicode finds nothing."""
    queries = '{"\\ud800": {"query": "\\ud800", "properties": [{"pid": "place", "v": "\\ud800"}]}}'
    response = client.post("/reconcile", data={"queries": queries})
    assert response.get_json() == {"\ud800": {"result": []}}


PAGE = "/page/place/sochi"


@pytest.mark.parametrize(
    "path", ["/", PAGE, "/search?q=sochi", "/ontology", "/queries/sources.json"]
)
def test_any_tag_of_what_exists(client: FlaskClient, path: str) -> None:
    """RFC 9110 §13.1.2: `If-None-Match: *` is false where there is something, so that is 304."""
    for method in (client.get, client.head):
        response = method(path, headers={"If-None-Match": " * "})
        assert (response.status_code, response.data) == (304, b"")
        assert response.headers["ETag"]
        assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize(
    "path", ["/page/place/nowhere", "/nothing", "/page/nothing/", "/search?page=x"]
)
def test_any_tag_of_what_does_not_exist(client: FlaskClient, path: str) -> None:
    """§13.2.1: a precondition is ignored where the answer would be no success without it."""
    expected = client.get(path).status_code
    assert expected in (400, 404)
    assert client.get(path, headers={"If-None-Match": "*"}).status_code == expected


def test_any_tag_of_a_query(client: FlaskClient) -> None:
    """The endpoint does as the pages do; what differs from run to run is not there already."""
    star = {"If-None-Match": "*"}
    for query, status in (("ASK {}", 304), ("SELECT (RAND() AS ?x) {}", 200), ("ASK {", 400)):
        response = client.get("/sparql", query_string={"query": query}, headers=star)
        assert response.status_code == status


@pytest.mark.parametrize(
    ("form", "status"),
    [("{0}", 304), ("W/{0}", 304), ('"a", {0}', 304), ('"a",{0},"b"', 304), ('"a" {0}', 304),
     ("{1}", 200), ('"*"', 200), ("*, *", 200), ('"', 200), ('""', 200), ("W/*", 200), ("é", 200),
     ('"a{1}"', 200)],
)  # fmt: skip
@pytest.mark.parametrize("path", [PAGE, "/sparql?query=ASK%20%7B%7D"])
def test_forms_of_tags(client: FlaskClient, path: str, form: str, status: int) -> None:
    """Lists, weak tags and odd fields: a tag matches as a whole, or not at all."""
    tag = client.get(path).headers["ETag"]
    sent = form.format(tag, tag.strip('"'))
    assert client.get(path, headers={"If-None-Match": sent}).status_code == status
