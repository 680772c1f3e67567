"""Pages are made by children of the server, which may be lost without harm to any other."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from kg.store.release import Release
from tests.conftest import served
from tests.endpoint.test_server import (
    SLOW,
    _connection,
    _ticks,
    _workers,
    fetch,
    processes,
    wait_until,
)

HTML = {"Accept": "text/html"}
VISIT = "/page/visit/kerry-russia-2015-05"
EDITOR = f"/sparql?{urlencode({'query': SLOW})}"  # a page that takes long


@pytest.fixture(scope="module")
def impatient(release: Release, project: Path) -> Iterator[str]:
    """A server whose pages may take three seconds."""
    assert release.id
    with served(project, KG_QUERY_TIMEOUT="3") as url:
        yield url


def asking(server: str) -> socket.socket:
    """A reader who waits for the page that takes long; a child is at work on it."""
    parts = urlsplit(server)
    reader = socket.create_connection((parts.hostname, parts.port), timeout=10)
    reader.sendall(f"GET {EDITOR} HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n".encode())
    wait_until(lambda: processes(server)["busy"] == 1, 5)
    return reader


def at_work(server: str) -> int:
    """The child that uses the processor."""
    before = {each: _ticks(each) for each in _workers(server)}
    time.sleep(0.5)
    return max(before, key=lambda each: _ticks(each) - before[each])


def test_a_page_past_its_time(impatient: str) -> None:
    """It ends with its process at the deadline, and says so; the next page is made by another."""
    status, headers, body = fetch(impatient + EDITOR, **HTML)
    assert (status, headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert b"ran for 3 s, which is its limit" in body
    assert fetch(f"{impatient}/page/place/sochi", **HTML)[0] == 200


def test_a_page_whose_process_halts(impatient: str) -> None:
    """A child that does not get on any more is ended at the deadline, too."""
    with asking(impatient) as reader:
        os.kill(at_work(impatient), signal.SIGSTOP)
        assert reader.recv(12) == b"HTTP/1.1 503"


def test_a_reader_who_goes(server: str) -> None:
    """The process that makes the page for nobody is ended, long before its time is up."""
    with asking(server):
        child = at_work(server)
    wait_until(lambda: not Path(f"/proc/{child}").exists(), 5)
    assert fetch(f"{server}/page/place/turkey", **HTML)[0] == 200


def test_a_page_that_was_made(server: str) -> None:
    """It is answered from memory: whole, to HEAD, and to who holds it already."""
    with _connection(server) as connection:

        def ask(method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
            connection.request(method, VISIT, headers={**HTML, **headers})
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            fields.pop("date")
            return response.status, fields, response.read()

        made = ask()
        status, headers, body = made
        assert status == 200
        assert ask() == made
        assert ask("HEAD") == (200, headers, b"")
        for held in (headers["etag"], f'"other", W/{headers["etag"]}', "*"):
            status, fields, body = ask(**{"If-None-Match": held})
            assert (status, body) == (304, b"")
            assert fields["etag"] == headers["etag"]
            assert fields["vary"] == headers["vary"]
            assert "content-type" not in fields
