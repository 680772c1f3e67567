"""Dump files over HTTP: whole, in ranges, and only where the client has them not yet."""

from __future__ import annotations

import hashlib

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kg.store.release import Release

FILE = "/dumps/chancery.ttl"


@pytest.fixture
def content(release: Release) -> bytes:
    return (release.dumps / "chancery.ttl").read_bytes()


def get(client: FlaskClient, method: str = "GET", **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.open(FILE, method=method, headers=named, buffered=True)


def assert_whole(response: TestResponse, content: bytes) -> None:
    assert response.status_code == 200
    assert response.content_type == "text/turtle; charset=utf-8"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert "Content-Range" not in response.headers
    assert response.data == content


def assert_problem(response: TestResponse, status: int, slug: str) -> None:
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.get_json()["type"] == f"http://localhost:8000/problems/{slug}"


def test_whole(client: FlaskClient, content: bytes) -> None:
    """A file comes whole, under the strong tag of its checksum, for any site's script."""
    response = get(client)
    assert_whole(response, content)
    assert response.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("bytes=0-99", 0, 100), ("bytes=-10", -10, None), ("bytes=1000-", 1000, None),
     ("bytes=5-999999999", 5, None)],
)  # fmt: skip
def test_range(
    client: FlaskClient, content: bytes, wanted: str, start: int, end: int | None
) -> None:
    """One range gets 206 with those bytes, and says which they are."""
    response = get(client, Range=wanted)
    assert response.status_code == 206
    assert response.content_type == "text/turtle; charset=utf-8"
    assert response.data == content[start:end]
    first = start % len(content)
    last = first + len(response.data) - 1
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(content)}"


def test_past_the_end(client: FlaskClient, content: bytes) -> None:
    """A range past the end gets 416, which tells the length."""
    response = get(client, Range="bytes=999999999-")
    assert_problem(response, 416, "range-not-satisfiable")
    assert response.headers["Content-Range"] == f"bytes */{len(content)}"


@pytest.mark.parametrize(
    "wanted", ["potatoes", "lines=1-2", "bytes=0-1,5-6", "bytes=9-1", "bytes="]
)
def test_ranges_that_are_ignored(client: FlaskClient, content: bytes, wanted: str) -> None:
    """RFC 9110 §14.2: a unit or a set that the server does not know gets the whole file."""
    assert_whole(get(client, Range=wanted), content)


def test_if_range(client: FlaskClient, content: bytes) -> None:
    """The rest of a file is only the rest of the same file (RFC 9110 §13.1.5)."""
    tag = get(client).headers["ETag"]
    same = get(client, Range="bytes=0-9", If_Range=tag)
    assert (same.status_code, same.data) == (206, content[:10])
    assert_whole(get(client, Range="bytes=0-9", If_Range='"of an earlier release"'), content)


def test_conditions(client: FlaskClient, content: bytes) -> None:
    """What the client has is not sent again, and what it does not mean is not sent at all."""
    first = get(client)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for held in ({"If_None_Match": tag}, {"If_None_Match": "*"}, {"If_Modified_Since": date}):
        response = get(client, **held)
        assert (response.status_code, response.data) == (304, b"")
        assert response.headers["ETag"] == tag
    assert_whole(get(client, If_None_Match='"other"'), content)
    assert_whole(get(client, If_Match=tag), content)
    assert_problem(get(client, If_Match='"other"'), 412, "precondition-failed")


def test_head(client: FlaskClient) -> None:
    """HEAD has the headers of GET, and knows no ranges (RFC 9110 §14.2)."""
    full, head = get(client), get(client, "HEAD")
    assert head.data == b""
    differing = {"Date"}
    assert {k: v for k, v in head.headers if k not in differing} == {
        k: v for k, v in full.headers if k not in differing
    }
    assert get(client, "HEAD", Range="bytes=0-9").status_code == 200


def test_what_is_not_there(client: FlaskClient) -> None:
    """A file that no release has gets 404, and a way up leads nowhere."""
    assert_problem(client.get("/dumps/none.ttl"), 404, "not-found")
    for path in ("/dumps/..%2fmanifest.json", "/dumps/../manifest.json", "/dumps/%00"):
        assert client.get(path).status_code == 404
