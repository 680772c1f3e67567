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


def test_other_columns(client: FlaskClient) -> None:
    """Values of properties rank namesakes, by text, by date and by entity, and tell what they did.

    Each visit of Kerry's has the same traveller; where and when it was decides.
    """
    plain = {"query": "John Kerry", "type": "Visit", "limit": 25}
    where = {"pid": "place", "v": "Sochi"}
    when = {"pid": "start", "v": "2015-05-12"}
    entity = {"pid": "place", "v": {"id": "place/sochi", "name": "Sochi"}}
    several = {"pid": "place", "v": ["Paris", "Sochi"]}
    found = ask(
        client,
        text={**plain, "properties": [where, when]},
        entity={**plain, "properties": [entity, when]},
        several={**plain, "properties": [several, when]},
        wrong={**plain, "properties": [{"pid": "place", "v": "Ulan Bator"}, when]},
    )
    for key in ("text", "entity", "several"):
        best = found[key]["result"][0]
        assert best["id"] == "visit/kerry-russia-2015-05"
        assert {each["id"]: each["value"] for each in best["features"]}.items() >= {
            ("place", 100.0),
            ("start", 100.0),
        }
    best = found["text"]["result"][0]
    (wrong,) = (each for each in found["wrong"]["result"] if each["id"] == best["id"])
    assert wrong["score"] < best["score"]
    name, place, start = (each["value"] for each in best["features"])
    assert best["score"] == pytest.approx((2 * name + place + start) / 4, abs=0.1)


def test_a_match_needs_all_its_values(client: FlaskClient) -> None:
    """The very name is a match no longer where another column contradicts it."""
    asked = {"query": "Sergey Lavrov", "type": "Person"}
    found = ask(client, plain=asked, more={**asked, "properties": [{"pid": "place", "v": "Paris"}]})
    assert found["plain"]["result"][0]["match"] is True
    assert found["plain"]["result"][0]["features"] == [{"id": "name", "value": 100.0}]
    assert found["more"]["result"][0]["match"] is False


@pytest.mark.parametrize(
    "properties",
    [[{"pid": "colour", "v": "red"}], [{"v": "red"}], [{"pid": "place"}], "place", [1],
     [{"pid": "place", "v": {"name": "Sochi"}}]],
)  # fmt: skip
def test_faulty_properties(client: FlaskClient, properties: Any) -> None:
    """What is no list of known properties with values gets 400, which says so."""
    queries = json.dumps({"q": {"query": "Sochi", "properties": properties}})
    response = client.post("/reconcile", data={"queries": queries})
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert "pid" in response.get_json()["detail"]


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


@pytest.mark.parametrize(
    "path",
    ["/reconcile", "/reconcile/suggest/entity?prefix=ke", "/reconcile/suggest/type?prefix=v",
     "/reconcile/suggest/property?prefix=p", "/reconcile/properties?type=Visit", "/sparql/terms",
     "/neighbourhood?iri=http%3A%2F%2Flocalhost%3A8000%2Fid%2Fplace%2Fsochi"],
)  # fmt: skip
def test_addresses_for_programs_in_a_browser(client: FlaskClient, path: str) -> None:
    """Who opens one in a browser reads what it is for; programs get JSON, as before."""
    page = client.get(path, headers={"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"})
    assert page.content_type == "text/html; charset=utf-8"
    assert "For programs" in page.text
    assert "What programs get" in page.text
    assert ("From OpenRefine" in page.text) == (path == "/reconcile")
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}):
        answer = client.get(path, headers=headers)
        assert answer.content_type == "application/json"
        assert "Accept" in answer.vary
