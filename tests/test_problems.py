"""The `type` of each problem leads to a page that says what it means and what to do."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import ImATeapot

from kg.model.settings import Settings
from kg.store import Graph, QueryError
from tests.conftest import ROOT
from web.app import create_app
from web.site import errors
from web.site.problems import kinds

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def sent() -> Iterator[str]:
    """The kinds that the code names: errors of the store, and what the web side writes."""
    yield from (each.slug for each in QueryError.__subclasses__())
    for path in sorted((ROOT / "web").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = ast.unparse(node.func)
                first = node.args[0]
                names = ("ProblemDetails.of", "Refused", "_bad")
                if name in names and isinstance(first, ast.Constant):
                    yield str(first.value)
                if name == "Hold":  # the kind that a state of a connection ends in stands last
                    yield from (ast.literal_eval(each) for each in node.args[3:])
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_OF_STATUS":
                yield from ast.literal_eval(node.value).values()


def test_kinds_are_those_that_are_sent() -> None:
    """No answer names a kind that has no page, and no page is of a kind that nothing sends."""
    assert set(sent()) == set(kinds())


@pytest.mark.parametrize("slug", kinds())
def test_page(client: FlaskClient, slug: str) -> None:
    """Each kind has a page for people, and the same as JSON."""
    kind = kinds()[slug]
    page = client.get(f"/problems/{slug}", headers=BROWSER)
    assert page.status_code == 200
    assert page.content_type == "text/html; charset=utf-8"
    assert page.headers["Vary"] == "Accept"
    assert kind.title in page.text
    response = client.get(f"/problems/{slug}")
    assert response.status_code == 200
    assert response.content_type == "application/json"
    document = response.get_json()
    assert document["type"] == f"http://localhost:8000/problems/{slug}"
    assert document["status"] == kind.status
    assert document["meaning"].endswith(".")
    assert document["remedy"].endswith(".")
    assert [each["name"] for each in document["settings"]] == list(kind.settings)


def test_the_limit_is_the_present_one(settings: Settings, graph: Graph) -> None:
    """The page shows the value that this server works with, and its tag changes with it."""
    tags = set()
    for seconds in (7.0, 30.0):
        app = create_app(dataclasses.replace(settings, query_timeout=seconds), graph)
        response = app.test_client().get("/problems/query-timeout?format=json")
        limit = {
            "name": "query_timeout",
            "value": seconds,
            "meaning": "seconds that a query may run",
        }
        assert response.get_json()["settings"] == [limit]
        tags.add(response.headers["ETag"])
    assert len(tags) == 2


def test_index(client: FlaskClient) -> None:
    """The index leads to each kind."""
    response = client.get("/problems/")
    assert (response.status_code, response.content_type) == (200, "application/json")
    assert [each["type"].rpartition("/")[2] for each in response.get_json()] == list(kinds())
    page = client.get("/problems/", headers=BROWSER)
    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
    assert all(f'href="/problems/{slug}"' in page.text for slug in kinds())


def test_an_unchanged_page_is_not_sent_again(client: FlaskClient) -> None:
    """Pages on problems have validators as other pages have."""
    tag = client.get("/problems/busy").headers["ETag"]
    again = client.get("/problems/busy", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("accept", ["text/turtle", "image/png"])
def test_not_acceptable(client: FlaskClient, accept: str) -> None:
    """What is neither HTML nor JSON gets 406, which lists both."""
    response = client.get("/problems/busy", headers={"Accept": accept})
    assert (response.status_code, response.content_type) == (406, "application/problem+json")
    assert response.get_json()["available"] == ["application/json", "text/html"]


def test_unknown_kind(client: FlaskClient) -> None:
    """A kind that there is not is a problem, too."""
    response = client.get("/problems/no-such-kind")
    assert (response.status_code, response.content_type) == (404, "application/problem+json")
    assert response.get_json()["type"].endswith("/problems/not-in-the-graph")


@pytest.mark.parametrize("path", ["/nowhere", "/sparql?query=SELECT", "/page/person/nobody"])
def test_pages_of_errors_lead_there(client: FlaskClient, path: str) -> None:
    """A person who meets an error finds the link to what it means."""
    page = client.get(path, headers=BROWSER)
    assert page.status_code in (400, 404)
    kind = client.get(path).get_json()["type"].removeprefix("http://localhost:8000")
    assert f'<a href="{kind}">What this means</a>' in page.text


def test_a_status_without_a_kind() -> None:
    """A status that has no kind of its own is `about:blank`, as RFC 9457 §4.2.1 has it."""
    document = errors.of_http(ImATeapot()).document("http://localhost:8000/")
    assert document["type"] == "about:blank"
    assert document["status"] == 418
    assert document["title"] == "I'm a teapot"
