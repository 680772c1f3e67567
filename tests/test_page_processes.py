"""Pages are made by children beside the store, which may be lost without harm to any other."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kg.store.release import Release
from tests.conftest import served
from tests.endpoint.test_server import _children, _pid, fetch, processes, wait_until

HTML = {"Accept": "text/html"}
VISIT = "/page/visit/kerry-russia-2015-05"


@pytest.fixture(scope="module")
def impatient(release: Release, project: Path) -> Iterator[str]:
    """A server whose pages may take three seconds."""
    assert release.id
    with served(project, KG_QUERY_TIMEOUT="3") as url:
        yield url


def page_processes(server: str) -> list[int]:
    """The children of the process that holds the store, once pages leave them as they are.

    The first pages of a busy machine may call for more of them, and one that took long is ended.
    """
    found: list[int] = []
    before: list[int] | None = None
    while not found or found != before:
        assert fetch(f"{server}/timeline?fresh={time.time_ns()}", **HTML)[0] == 200
        found, before = forked(server), found
        time.sleep(0.5)
    return found


def forked(server: str) -> list[int]:
    return [worker for each in _children(_pid(server)) for worker in _children(each)]


@contextmanager
def halted(children: list[int]) -> Iterator[None]:
    """Processes that do not get on while the block runs."""
    for each in children:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in children:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGCONT)


def test_a_page_past_its_time(impatient: str) -> None:
    """It ends with its process at the deadline, and says so; the next page is made by another."""
    children = page_processes(impatient)
    with halted(children):
        status, headers, body = fetch(f"{impatient}/page/place/sochi", **HTML)
        assert (status, headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert b"It took more than 3 s, which is the limit." in body
    assert fetch(f"{impatient}/page/place/sochi", **HTML)[0] == 200


def test_a_reader_who_goes(server: str) -> None:
    """The process that makes the page for nobody is ended, long before its time is up."""
    children = page_processes(server)
    parts = urlsplit(server)
    with halted(children):
        with socket.create_connection((parts.hostname, parts.port)) as client:
            client.sendall(b"GET /page/place/turkey HTTP/1.1\r\nHost: a\r\n\r\n")
            # Who goes before the request was read has asked for nothing.
            wait_until(lambda: processes(server)["busy"] == 1, 5)
        wait_until(lambda: not all(Path(f"/proc/{each}").exists() for each in children), 5)
    assert fetch(f"{server}/page/place/turkey", **HTML)[0] == 200


def test_a_page_that_was_made_needs_no_process(server: str) -> None:
    """It is answered from memory: whole, to HEAD, and to who holds it already."""
    url = f"{server}{VISIT}"
    made = fetch(url, **HTML)
    with halted(page_processes(server)):
        status, headers, body = fetch(url, **HTML)
        assert (made[0], status, body) == (200, 200, made[2])
        for held in (headers["etag"], f'"other", W/{headers["etag"]}', "*"):
            status, fields, body = fetch(url, **HTML, **{"If-None-Match": held})
            assert (status, body) == (304, b"")
            assert fields["etag"] == headers["etag"]
            assert fields["vary"] == headers["vary"]
            assert "content-type" not in fields


def test_without_a_filter_of_system_calls(release: Release, project: Path) -> None:
    """Where the kernel has none, threads of the server make the same pages, and it says so."""
    assert release.id
    script = (
        "from kg.cli import main; from kg.store.embedded import seccomp; "
        "seccomp.supported = lambda: False; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, "serve", str(project), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+(?=/)", process.stdout.readline())
        assert found is not None
        status, headers, body = fetch(found[0] + VISIT, **HTML)
        assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert b"Sochi" in body
        again = fetch(found[0] + VISIT, **HTML, **{"If-None-Match": headers["etag"]})
        assert (again[0], again[2]) == (304, b"")
    finally:
        process.send_signal(signal.SIGINT)
        _, messages = process.communicate(timeout=20)
    assert "a cap on file descriptors stands in for it" in messages
