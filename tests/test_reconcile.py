"""OpenRefine's questions to `/reconcile`, as the Reconciliation Service API 0.2 puts them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient


def ask(client: FlaskClient, **queries: dict[str, Any]) -> Any:
    response = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return response.get_json()


def test_manifest(client: FlaskClient) -> None:
    """The manifest names the version, both spaces and each service, with absolute addresses."""
    manifest = client.get("/reconcile").get_json()
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "http://localhost:8000/id/"
    assert manifest["schemaSpace"] == "https://w3id.org/chancery/ns#"
    assert manifest["view"] == {"url": "http://localhost:8000/id/{{id}}"}
    assert {"id": "Place", "name": "place"} in manifest["defaultTypes"]
    for service in (*manifest["suggest"].values(), manifest["extend"]["propose_properties"]):
        address = service["service_url"] + service["service_path"]
        assert client.get(address.removeprefix("http://localhost:8000")).status_code == 200


def test_batch(client: FlaskClient) -> None:
    """Names in any order and spelling find their entity; only the very name is a match."""
    found = ask(
        client,
        q0={"query": "Lavrov, Sergey", "type": "Person"},
        q1={"query": "Sergei Lavrow"},
        q2={"query": "Sotchi", "type": "Place", "limit": 1},
        q3={"query": "Nobody Of That Name", "type": "Person"},
    )
    first = found["q0"]["result"][0]
    assert first["id"] == "person/sergey-lavrov"
    assert (first["score"], first["match"]) == (100.0, True)
    assert first["type"] == [{"id": "Person", "name": "person"}]
    second = found["q1"]["result"][0]
    assert second["id"] == "person/sergey-lavrov"
    assert second["match"] is False
    assert [each["id"] for each in found["q2"]["result"]] == ["place/sochi"]
    assert found["q3"]["result"] == []


def test_type_includes_its_subclasses(client: FlaskClient) -> None:
    """A visit is an event, so asking for events finds it."""
    (hit, *_) = ask(client, q={"query": "John Kerry in Sochi", "type": ["Event"]})["q"]["result"]
    assert hit["id"] == "visit/kerry-russia-2015-05"


def test_extension(client: FlaskClient) -> None:
    """Values of properties come a row an entity: entities by id and name, dates as dates."""
    query = {
        "ids": ["visit/kerry-russia-2015-05", "visit/nothing"],
        "properties": [{"id": "place"}, {"id": "start"}],
    }
    answer = client.get("/reconcile", query_string={"extend": json.dumps(query)}).get_json()
    assert [each["id"] for each in answer["meta"]] == ["place", "start"]
    assert answer["rows"] == {
        "visit/kerry-russia-2015-05": {
            "place": [{"id": "place/sochi", "name": "Sochi"}],
            "start": [{"date": "2015-05-12"}],
        },
        "visit/nothing": {"place": [], "start": []},
    }


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("suggest/entity?prefix=lavr", "person/sergey-lavrov"),
        ("suggest/type?prefix=vis", "Visit"),
        ("suggest/property?prefix=trav", "traveller"),
    ],
)
def test_suggestions(client: FlaskClient, path: str, found: str) -> None:
    """Beginnings of names lead to entities, types and properties."""
    result = client.get(f"/reconcile/{path}").get_json()["result"]
    assert found in {each["id"] for each in result}


def test_proposed_properties_fit_the_type(client: FlaskClient) -> None:
    """A tenure is offered its holder, and not what only events have."""
    answer = client.get("/reconcile/properties?type=Tenure").get_json()
    names = {each["id"] for each in answer["properties"]}
    assert "holder" in names
    assert "traveller" not in names


def test_preview_may_be_framed(client: FlaskClient) -> None:
    """The preview names the entity and, unlike all other pages, may stand in a frame."""
    response = client.get("/reconcile/preview?id=place/sochi")
    assert "Сочи" in response.text
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert client.get("/reconcile/preview?id=place/nowhere").status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {"queries": "{"},
        {"queries": "[]"},
        {"queries": '{"q": {}}'},
        {"queries": '{"q": {"query": "x", "type": "Unicorn"}}'},
        {"queries": '{"q": {"query": "x", "limit": "many"}}'},
        {"extend": "[]"},
        {"extend": '{"ids": ["place/sochi"], "properties": [{"id": "colour"}]}'},
    ],
)
def test_faulty_requests(client: FlaskClient, form: dict[str, str]) -> None:
    """What has another form is refused as a problem, open to any origin as well."""
    response = client.post("/reconcile", data=form)
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
