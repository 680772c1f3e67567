"""What is not sure: yielded by a source, shipped with the release, shown page by page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.build import pipeline
from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import graph_of
from web.app import create_app

SOURCE = """
from kg.model.facts import Entity, Ref, Text
from kg.model.sources import Review

class Rumours:
    def partitions(self):
        return ["later", "earlier"]

    def read(self, partition):
        for ref in ("person/ann", "person/beth", "person/carl"):
            yield Entity(ref=Ref(ref), label=Text(ref[7:].title()))
        if partition == "later":
            for number in range(60):
                yield Review("mention", Ref("person/carl"), f"Seen {number:02}.", "A witness.")
        found = "One <b>hat</b>."
        yield Review("merge", Ref("person/ann"), found, "Her name.", (Ref("person/beth"),))
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("rumours")
    (folder / "rumours.py").write_text(SOURCE, "utf-8")
    (folder / "kg.toml").write_text('[sources.rumours]\nuse = "rumours:Rumours"\n', "utf-8")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "entities.yaml").write_text("person/ann: {label: Ann}\n", "utf-8")
    return pipeline.build(Settings.load(folder))


@pytest.fixture
def client(release: Release) -> FlaskClient:
    settings = Settings.load(release.directory.parents[2])
    return create_app(settings, graph_of(release, settings)).test_client()


def test_the_release_lists_each_thing_once(release: Release) -> None:
    """Sorted by kind, whichever partition told it; the manifest knows the file."""
    lines = [json.loads(each) for each in release.review.read_text("utf-8").splitlines()]
    assert [each["kind"] for each in lines] == ["mention"] * 60 + ["merge"]
    assert lines[-1] == {
        "kind": "merge",
        "about": "http://localhost:8000/id/person/ann",
        "found": "One <b>hat</b>.",
        "would_settle": "Her name.",
        "candidates": ["http://localhost:8000/id/person/beth"],
    }
    assert "review.jsonl" in {each.name for each in release.manifest.files}


def test_the_page_is_turned_and_narrowed(client: FlaskClient) -> None:
    """Fifty to a page; a kind alone; names and links for what it is about and may be."""
    first = client.get("/review", headers={"Accept": "text/html"}).text
    assert "Seen 49." in first
    assert "Seen 50." not in first
    assert 'href="/review?kind=merge"' in first
    assert 'href="/review?page=2"' in first
    second = client.get("/review?page=2", headers={"Accept": "text/html"}).text
    assert '<a href="/page/person/ann"><bdi lang="en">Ann</bdi></a>' in second
    assert '<a href="/page/person/beth"><bdi lang="en">Beth</bdi></a>' in second
    assert "One &lt;b&gt;hat&lt;/b&gt;." in second
    narrowed = client.get("/review?kind=merge", headers={"Accept": "text/html"}).text
    assert "Beth" in narrowed
    assert "Seen" not in narrowed


def test_json_by_accept(client: FlaskClient) -> None:
    """The same as data, with the counts of kinds and the address of more."""
    told = client.get("/review?kind=mention", headers={"Accept": "application/json"}).get_json()
    assert told["kinds"] == {"merge": 1, "mention": 60}
    assert told["next"] == "/review?kind=mention&page=2"
    assert len(told["review"]) == 50
    assert told["review"][0] == {
        "kind": "mention",
        "about": {"iri": "http://localhost:8000/id/person/carl", "label": "Carl"},
        "found": "Seen 00.",
        "would_settle": "A witness.",
        "candidates": [],
    }


def test_an_unknown_kind_is_refused(client: FlaskClient) -> None:
    """It says which there are."""
    answer = client.get("/review?kind=guess")
    assert answer.status_code == 400
    assert "allowed: mention, merge" in answer.text


def test_a_release_of_an_earlier_version_lists_nothing(
    client: FlaskClient, release: Release
) -> None:
    """It has no such file, and its page says so."""
    kept = release.review.read_bytes()
    release.review.unlink()
    try:
        assert "Nothing is listed." in client.get("/review", headers={"Accept": "text/html"}).text
    finally:
        Path(release.review).write_bytes(kept)
