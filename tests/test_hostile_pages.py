"""Hostile literals and IRIs stay text on every kind of page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import graph_of
from tests.hostile import BIDI, EVIL_IRIS, hostile_project
from web.app import create_app

KINDS = (
    "/",
    "/page/visit/evil",
    "/page/place/evil",
    "/page/document/evil",
    "/page/claim/evil/1",
    "/page/visit/",
    "/page/place/",
    "/page/claim/",
    "/graph/document/evil",
    "/graph/accepted",
    "/ontology/place",
    "/ontology/Visit",
    "/describe?iri=javascript:alert(3)",
    "/describe?iri=http://evil.example/Сочи",
    "/references?iri=javascript:alert(3)&by=https://w3id.org/chancery/ns%23participant",
    "/page/visit/<script>alert(1)</script>",
    "/search?q=<script>alert(1)</script>",
    "/search?q=evil",
    "/timeline",
    "/map",
    "/disagreements",
    "/queries/",
    "/sparql?query=SELECT*%7B%3Fs+%3Fp+%3Fo%7DLIMIT+30",
)


class Elements(HTMLParser):
    """Collects the elements of a page and the text of those that scripts could hide in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    project: Path = hostile_project(tmp_path_factory.mktemp("hostile"))
    settings = Settings.load(project)
    return create_app(settings, graph_of(Release.current(project), settings)).test_client()


@pytest.mark.parametrize("path", KINDS)
def test_inert(hostile: FlaskClient, path: str) -> None:
    """No literal becomes an element, no IRI of a dangerous scheme a link, and pages stay small."""
    answer = hostile.get(path, headers={"Accept": "text/html"})
    assert answer.status_code in (200, 404)
    assert answer.content_type == "text/html; charset=utf-8"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    for tag, attributes in Elements(answer.text).found:
        assert not [name for name in attributes if name.startswith("on")]
        assert "style" not in attributes
        assert tag not in ("iframe", "object", "embed", "base", "style")
        if tag == "script":
            assert attributes.get("src", "").startswith("/static/") or attributes["type"] in (
                "application/ld+json",
                "application/json",
            )
        if tag == "img":
            assert attributes["src"] != "x"
        for name in ("href", "src", "action", "formaction"):
            link = (attributes.get(name) or "").strip().lower()
            assert not link.startswith(("javascript:", "data:", "vbscript:"))
    assert len(answer.data) < 200_000
    assert "49" not in re.findall(r"7 \* 7|\b49\b", answer.text)


@pytest.mark.parametrize("path", ["/page/visit/evil", "/page/document/evil", "/page/claim/evil/1"])
def test_json_in_the_head(hostile: FlaskClient, path: str) -> None:
    """A literal with `</script>` cannot end the JSON-LD that holds it."""
    text = hostile.get(path).text
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert len(blocks) == 1
    assert "<" not in blocks[0]
    assert "</script>" in json.dumps(json.loads(blocks[0])) or path.endswith("/1")


def test_names_cannot_turn_the_line(hostile: FlaskClient) -> None:
    """A literal with direction controls is isolated from what surrounds it."""
    assert f'<bdi lang="ar">{BIDI}</bdi>' in hostile.get("/page/visit/evil").text


def test_long_literals_are_cut(hostile: FlaskClient) -> None:
    """A page shows the start of a long literal and says how much more the data has."""
    assert "9,998,000 more characters in the data" in hostile.get("/page/visit/evil").text
    assert len(hostile.get("/data/visit/evil.nt").data) > 10_000_000


def test_evil_iris_are_shown(hostile: FlaskClient) -> None:
    """An IRI that must not be followed is still shown, as text."""
    text = hostile.get("/page/visit/evil").text
    assert f"<bdi>{EVIL_IRIS[0]}</bdi>" in text


def test_withdrawn(hostile: FlaskClient) -> None:
    """What the graph no longer vouches for is gone, and leads to what replaces it."""
    page = hostile.get("/page/person/gone", headers={"Accept": "text/html"})
    assert page.status_code == 410
    assert '<a href="/page/place/evil">' in page.text
    data = hostile.get("/page/person/gone", headers={"Accept": "application/json"})
    assert data.get_json(force=True)["neighbours"][0]["iri"].endswith("/id/place/evil")
